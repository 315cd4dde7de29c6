// SPDX-License-Identifier: BSL-1.0
// floor, ceil, round, and clamp, elementwise.
#pragma once

#include <typegrad/math/round.hpp>
#include <typegrad/op/piecewise.hpp>

namespace typegrad {

namespace detail {
/// The rewriting rule of steps: an integer stays what it is.
constexpr int stays_integer(const request& r) { return is_constant(*r.graph, r.arg[0]) && (*r.graph)[r.arg[0]].value.is_integer() ? r.arg[0] : -1; }
}  // namespace detail

namespace op {

/// Steps have the derivative 0, also where they jump.
struct floor : elementwise<1> {
  static constexpr char name[] = "floor";
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr T value(T x) {
    return math::floor(x);
  }
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {}); }
  static constexpr int rewrite(const request& r) { return detail::stays_integer(r); }
};

struct ceil : elementwise<1> {
  static constexpr char name[] = "ceil";
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr T value(T x) {
    return math::ceil(x);
  }
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {}); }
  static constexpr int rewrite(const request& r) { return detail::stays_integer(r); }
};

struct round : elementwise<1> {
  static constexpr char name[] = "round";
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr T value(T x) {
    return math::round(x);
  }
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {}); }
  static constexpr int rewrite(const request& r) { return detail::stays_integer(r); }
};

}  // namespace op

/// The largest integer that is not above x; its derivative is 0.
template <Expression X>
constexpr auto floor(X) {
  return typename detail::composite<op::floor, X>::type{};
}
/// The smallest integer that is not below x; its derivative is 0.
template <Expression X>
constexpr auto ceil(X) {
  return typename detail::composite<op::ceil, X>::type{};
}
/// The nearest integer, halfway cases away from 0; its derivative is 0.
template <Expression X>
constexpr auto round(X) {
  return typename detail::composite<op::round, X>::type{};
}
/// min(max(x, low), high): x between low and high. Its derivative is 1 inside, 0 outside, and a half at an end.
template <class X, class Low, class High>
  requires(Expression<X> || Expression<Low> || Expression<High>)
constexpr auto clamp(X x, Low low, High high) {
  return typegrad::min(typegrad::max(x, low), high);
}

}  // namespace typegrad
