// SPDX-License-Identifier: BSL-1.0
// atan, atan2, asin, acos, elementwise; angles in radians.
#pragma once

#include <typegrad/math/inverse_trigonometric.hpp>
#include <typegrad/op/exponential.hpp>
#include <typegrad/op/root.hpp>

namespace typegrad {

namespace op {

struct atan : elementwise<1> {
  static constexpr char name[] = "atan";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::atan(x);
  }
  // d atan(x) = dx / (1 + x^2)
  static constexpr term slope(term y, int) { return 1 / (1 + square(y[0])); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

/// The angle of the point (x, y), written atan2(y, x).
struct atan2 : elementwise<2> {
  static constexpr char name[] = "atan2";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T y, T x) {
    return math::atan2(y, x);
  }
  // d atan2(y, x) = (x dy - y dx) / (x^2 + y^2), divided twice by h = hypot(y, x), which does not overflow; 0 at the origin
  static constexpr term slope(term y, int k);
  static constexpr term loses(term y, int);
};

struct asin : elementwise<1> {
  static constexpr char name[] = "asin";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::asin(x);
  }
  // d asin(x) = dx / sqrt((1 - x) (1 + x)); infinite at -1 and 1
  static constexpr term slope(term y, int) { return 1 / make<op::sqrt>({}, (1 - y[0]) * (1 + y[0])); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

struct acos : elementwise<1> {
  static constexpr char name[] = "acos";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  static constexpr sign_of sign = sign_of::never_negative;
  template <class T>
  static constexpr T value(T x) {
    return math::acos(x);
  }
  // d acos(x) = -dx / sqrt((1 - x) (1 + x))
  static constexpr term slope(term y, int) { return -(1 / make<op::sqrt>({}, (1 - y[0]) * (1 + y[0]))); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 1, 0); }
};

}  // namespace op

constexpr term op::atan2::slope(term y, int k) {
  const term h = make<op::hypot>({}, y[0], y[1]), part = y[1 - k] / h / h;
  return k == 0 ? part : -part;
}
constexpr term op::atan2::loses(term y, int) { return typegrad::equal(make<op::hypot>({}, y[0], y[1]), constant_term(*y.graph, {})); }

/// Arc tangent, between -pi/2 and pi/2.
template <Expression X>
constexpr auto atan(X) {
  return typename detail::composite<op::atan, X>::type{};
}
/// The angle of the point (x, y), between -pi and pi; the signs of zeros and infinities decide as in C. Its derivative at the origin is 0.
template <class Y, class X>
  requires detail::AnyExpression<Y, X>
constexpr auto atan2(Y, X) {
  return typename detail::composite<op::atan2, Y, X>::type{};
}
/// Arc sine; NaN beyond -1 .. 1.
template <Expression X>
constexpr auto asin(X) {
  return typename detail::composite<op::asin, X>::type{};
}
/// Arc cosine, between 0 and pi; NaN beyond -1 .. 1.
template <Expression X>
constexpr auto acos(X) {
  return typename detail::composite<op::acos, X>::type{};
}

}  // namespace typegrad
