// SPDX-License-Identifier: BSL-1.0
// A neuron: activation(w1*x1 + ... + wN*xN + b), every weight a scalar symbol.
#pragma once

#include <typegrad/nn/activation.hpp>
#include <typegrad/op/product.hpp>

#include <utility>

namespace typegrad::nn {

namespace detail {

/// f(w1*x1 + ... + wN*xN + b) for the given inputs.
template <auto F, class... X, std::size_t... I>
constexpr auto neuron_formula(std::index_sequence<I...>, X... x) {
  return F((... + (parameter<numbered<"w", static_cast<int>(I) + 1>()> * x)) + parameter<"b">);
}

template <auto F, std::size_t... I>
constexpr auto default_neuron(std::index_sequence<I...> all) {
  return neuron_formula<F>(all, variable<numbered<"x", static_cast<int>(I) + 1>()>...);
}

template <auto F, int N>
using neuron_base = decltype(default_neuron<F>(std::make_index_sequence<static_cast<std::size_t>(N)>{}));

}  // namespace detail

/// The formula tanh(w1*x1 + ... + wN*xN + b): an expression of the symbols w1..wN, b (parameters) and x1..xN (variables).
/// `neuron<2>`, `neuron<2, relu>`. Called with N expressions, it is the same neuron with these as inputs.
template <int N, Activation auto F = tanh>
struct neuron : detail::neuron_base<F, N> {
  static_assert(N > 0, "typegrad: a neuron needs at least one input");
  /// Its value: n(w1 = 0.5, w2 = ..., b = ..., x1 = ..., x2 = ...).
  template <class... Arg>
    requires(!Expression<Arg> && ...)
  constexpr auto operator()(const Arg&... arg) const {
    return detail::neuron_base<F, N>::operator()(arg...);
  }
  template <Expression... X>
    requires(sizeof...(X) > 0)
  constexpr auto operator()(X... x) const {
    static_assert(sizeof...(X) == N, "typegrad: a neuron<N> takes N inputs");
    return detail::neuron_formula<F>(std::make_index_sequence<static_cast<std::size_t>(N)>{}, x...);
  }
};

}  // namespace typegrad::nn
