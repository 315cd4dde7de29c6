// SPDX-License-Identifier: BSL-1.0
// Layers put together: chain, residual; and dropout, which leaves part of them out.
#pragma once

#include <typegrad/graph/symbols.hpp>
#include <typegrad/nn/initialize.hpp>
#include <typegrad/op/named.hpp>

#include <array>

namespace typegrad::nn {

namespace detail {
/// The parameters of a layer; what is only a function has none.
template <class Layer>
struct parameters_of_layer {
  using type = type_list<>;
};
template <class Layer>
  requires requires { typename Layer::parameters; }
struct parameters_of_layer<Layer> {
  using type = typename Layer::parameters;
};

constexpr auto chained(auto x) { return x; }
template <class First, class... Rest>
constexpr auto chained(auto x, First, Rest... rest) {
  return chained(First{}(x), rest...);
}
}  // namespace detail

/// Layers and functions one after the other: `chain(first, tg::nn::tanh, second)(x)` is second(tanh(first(x))).
/// (`sequential` is the same of layers of vectors, whose sizes it checks.)
template <class... Layer>
struct chain {
  using parameters = typename typegrad::detail::concatenate<typename detail::parameters_of_layer<Layer>::type...>::type;
  constexpr chain() = default;
  constexpr explicit chain(Layer...)
    requires(sizeof...(Layer) > 0)
  {}
  template <Expression X>
  constexpr auto operator()(X x) const {
    return detail::chained(x, Layer{}...);
  }
};

/// x + f(x): He et al., 2016, arXiv:1512.03385.
template <class F>
struct residual {
  using parameters = typename F::parameters;
  template <Expression X>
  constexpr auto operator()(X x) const {
    return x + F{}(x);
  }
};

/// x times a mask of 0 with probability Rate / Of, else 1 / (1 - Rate / Of), so that the mean stays: Srivastava et al., 2014. The mask is a variable
/// of the shape of x, bound to what `draw` makes, anew for each step; the same seed gives the same mask, at compile time too. Where nothing is to be left
/// out, leave the layer out.
template <fixed_string Name, int Rate, int Of = 100>
struct dropout {
  static_assert(0 <= Rate && Rate < Of, "typegrad: dropout<name, rate, of>: the rate is a fraction from 0 to below 1: dropout<\"drop\", 1, 5>");
  template <class Shape>
  static constexpr auto mask = variable<Name, Shape>;

  template <Expression X>
  constexpr auto operator()(X x) const {
    if constexpr (typegrad::detail::is_named<typename X::shape>) return x * mask<typename X::shape>;
    else return hadamard(x, mask<typename X::shape>);
  }
  /// A mask for a tensor of this shape.
  template <class T, class Shape>
  static constexpr auto draw(generator& next) {
    std::array<T, static_cast<std::size_t>(Shape::value.size())> made{};
    for (T& one : made) one = next.uniform() * Of < Rate ? T(0) : static_cast<T>(static_cast<double>(Of) / (Of - Rate));
    return made;
  }
};

}  // namespace typegrad::nn
