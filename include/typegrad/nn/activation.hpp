// SPDX-License-Identifier: BSL-1.0
// Activations as values: tanh, relu, sigmoid, softplus, gelu, linear.
#pragma once

#include <typegrad/op/activation.hpp>

namespace typegrad::nn {

/// An activation: applies Op elementwise to an expression or, inside the compiler, to a term.
template <class Op, fixed_string Name>
struct activation {
  static constexpr auto name = Name;
  template <Expression E>
  constexpr auto operator()(E e) const {
    return apply<Op>(e);
  }
  constexpr term operator()(term t) const { return make<Op>({}, t); }
};

struct linear_activation {
  static constexpr fixed_string name{"Linear"};
  template <Expression E>
  constexpr auto operator()(E e) const {
    return e;
  }
  constexpr term operator()(term t) const { return t; }
};

inline constexpr activation<op::tanh, "Tanh"> tanh{};
inline constexpr activation<op::relu, "ReLU"> relu{};
inline constexpr activation<op::sigmoid, "Sigmoid"> sigmoid{};
inline constexpr activation<op::softplus, "Softplus"> softplus{};
inline constexpr activation<op::gelu, "GELU"> gelu{};
inline constexpr linear_activation linear{};

template <class A>
concept Activation = requires(A a, term t) { a(t), A::name; };

}  // namespace typegrad::nn
