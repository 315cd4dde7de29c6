// SPDX-License-Identifier: BSL-1.0
// A neuron: activation(w1*x1 + ... + wN*xN + b), every weight a scalar symbol.
#pragma once

#include <typegrad/nn/activation.hpp>
#include <typegrad/op/product.hpp>

#include <utility>

namespace typegrad::nn {

namespace detail {

/// f(w1*x1 + ... + wN*xN + b) for the given inputs.
template <class A, class... X, std::size_t... I>
constexpr auto neuron_formula(std::index_sequence<I...>, X... x) {
  return A{}((... + (parameter<numbered<"w", static_cast<int>(I) + 1>()> * x)) + parameter<"b">);
}

template <class A, std::size_t... I>
constexpr auto default_neuron(std::index_sequence<I...> all) {
  return neuron_formula<A>(all, variable<numbered<"x", static_cast<int>(I) + 1>()>...);
}

template <class A, int N>
using neuron_base = decltype(default_neuron<A>(std::make_index_sequence<N>{}));

}  // namespace detail

/// The formula tanh(w1*x1 + ... + wN*xN + b): an expression of the symbols w1..wN, b (parameters) and x1..xN (variables).
/// Called with N expressions, it is the same neuron with these as inputs.
template <int N, Activation A = decltype(tanh)>
struct neuron : detail::neuron_base<A, N> {
  static_assert(N > 0, "typegrad: a neuron needs at least one input");
  /// Its value: n(w1 = 0.5, w2 = ..., b = ..., x1 = ..., x2 = ...).
  template <class... Arg>
    requires(!Expression<Arg> && ...)
  constexpr auto operator()(const Arg&... arg) const {
    return detail::neuron_base<A, N>::operator()(arg...);
  }
  template <Expression... X>
    requires(sizeof...(X) > 0)
  constexpr auto operator()(X... x) const {
    static_assert(sizeof...(X) == N, "typegrad: a neuron<N> takes N inputs");
    return detail::neuron_formula<A>(std::make_index_sequence<N>{}, x...);
  }
};

}  // namespace typegrad::nn
