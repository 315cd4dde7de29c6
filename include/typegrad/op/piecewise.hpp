// SPDX-License-Identifier: BSL-1.0
// abs, sign, max, min, elementwise.
#pragma once

#include <typegrad/op/comparison.hpp>

namespace typegrad {

namespace detail {
/// The slope of an operand of max or min that does not lose: 1/2 where both are equal.
constexpr term shared_slope(term a, term b) {
  return select(make<op::equal>({}, a, b), constant_term(*a.graph, {1, 2, 0}), constant_term(*a.graph, {1, 1, 0}));
}
}  // namespace detail

namespace op {

/// -1, 0 or 1
struct sign : elementwise<1> {
  static constexpr char name[] = "sign";
  static constexpr growth grows = growth::none;
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr T value(T x) {
    return math::select(x > T(0), T(1), math::select(x < T(0), T(-1), x));
  }
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {}); }
};

struct abs : elementwise<1> {
  static constexpr char name[] = "abs";
  static constexpr sign_of sign = sign_of::never_negative;
  template <class T>
  static constexpr T value(T x) {
    return math::select(x < T(0), -x, math::select(math::is_zero(x), T(0), x));
  }
  static constexpr term slope(term y, int) { return make<op::sign>({}, y[0]); }                            // d |x| = sign(x) dx
  static constexpr term loses(term y, int) { return typegrad::equal(y[0], constant_term(*y.graph, {})); }  // 0 at x = 0
  static constexpr bool slope_vanishes = true;
};

struct max : elementwise<2> {
  static constexpr char name[] = "max";
  static constexpr bool commutative = true;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::larger(a, b);
  }
  // d max(a, b) = da if a > b, db if a < b, their mean at a tie
  static constexpr slopes slope_from = slopes::constant;
  static constexpr term slope(term y, int k) { return detail::shared_slope(y[k], y[1 - k]); }
  static constexpr term loses(term y, int k) { return typegrad::less(y[k], y[1 - k]); }
};

struct min : elementwise<2> {
  static constexpr char name[] = "min";
  static constexpr bool commutative = true;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::smaller(a, b);
  }
  static constexpr slopes slope_from = slopes::constant;
  static constexpr term slope(term y, int k) { return detail::shared_slope(y[k], y[1 - k]); }
  static constexpr term loses(term y, int k) { return typegrad::less(y[1 - k], y[k]); }
};

}  // namespace op

/// |x|; its derivative at 0 is 0.
template <Expression X>
constexpr auto abs(X) {
  return typename detail::composite<op::abs, X>::type{};
}
/// -1, 0 or 1; its derivative is 0.
template <Expression X>
constexpr auto sign(X) {
  return typename detail::composite<op::sign, X>::type{};
}
/// The larger of a and b; at a tie each has half of the derivative.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto max(A, B) {
  return typename detail::composite<op::max, A, B>::type{};
}
/// The smaller of a and b; at a tie each has half of the derivative.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto min(A, B) {
  return typename detail::composite<op::min, A, B>::type{};
}

}  // namespace typegrad
