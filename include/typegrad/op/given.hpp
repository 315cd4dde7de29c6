// SPDX-License-Identifier: BSL-1.0
// with_derivative(f, x, slope): a formula whose derivative is given, not derived.
#pragma once

#include <typegrad/op/align.hpp>

namespace typegrad {

namespace op {

/// The value of its first operand; its derivative with respect to the second is the third.
struct given_derivative {
  static constexpr char name[] = "with_derivative";
  static constexpr slopes slope_from = slopes::others;
  static constexpr growth grows = growth::product;
  static constexpr extent shape(const extent* arg, int, number) {
    return arg[1] == arg[2] && (arg[0].rank == 0 || arg[0] == arg[1]) ? arg[0] : no_shape;
  }
  template <class T>
  static constexpr void compute(T* y, extent ys, const T* a, extent) {
    for (int i = 0; i < ys.size(); ++i) y[i] = a[i];
  }
  static constexpr term pullback(term y, int k, term g) { return k == 1 ? g * y[2] : constant_term(*y.graph, {}, y[k].shape()); }
  static constexpr term pushforward(term y, int k, term d) {
    if (k != 1) return constant_term(*y.graph, {}, y.shape());
    return detail::fit(d * y[2], y.shape());
  }
};

}  // namespace op

namespace detail {
template <class F, class X, class Slope>
struct derivative_to_give {
  static constexpr bool fits =
      std::is_same_v<typename X::shape, typename Slope::shape> && (F::shape::value.rank == 0 || std::is_same_v<typename F::shape, typename X::shape>);
};
}  // namespace detail

/// f, whose derivative with respect to the formula x is taken to be `slope`: for a number f the gradient, of the shape of x; for an f of the shape
/// of x element by element. Nothing of f itself is differentiated.
template <Expression F, Expression X, Expression Slope>
constexpr auto with_derivative(F, X, Slope) {
  using given = detail::derivative_to_give<F, X, Slope>;
  static_assert(given::fits, "typegrad: with_derivative(f, x, slope): slope has the shape of x, and f that shape or none");
  if constexpr (given::fits) return typename detail::aligned<op::given_derivative, typename F::shape, F, X, Slope>::type{};
  else return constant<0>;
}

}  // namespace typegrad
