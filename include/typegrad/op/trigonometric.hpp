// SPDX-License-Identifier: BSL-1.0
// sin, cos, tan, elementwise; angles in radians.
#pragma once

#include <typegrad/math/trigonometric.hpp>
#include <typegrad/op/power.hpp>

namespace typegrad {

namespace op {

struct sin : elementwise<1> {
  static constexpr char name[] = "sin";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::sin(x);
  }
  static constexpr term slope(term y, int);  // d sin(x) = cos(x) dx
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

struct cos : elementwise<1> {
  static constexpr char name[] = "cos";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::cos(x);
  }
  static constexpr term slope(term y, int);  // d cos(x) = -sin(x) dx
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 1); }
};

struct tan : elementwise<1> {
  static constexpr char name[] = "tan";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::tan(x);
  }
  static constexpr term slope(term y, int) { return 1 + square(y); }  // d tan(x) = (1 + tan(x)^2) dx
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

}  // namespace op

constexpr term sin(term x) { return make<op::sin>({}, x); }
constexpr term cos(term x) { return make<op::cos>({}, x); }
constexpr term op::sin::slope(term y, int) { return typegrad::cos(y[0]); }
constexpr term op::cos::slope(term y, int) { return -typegrad::sin(y[0]); }

/// Sine.
template <Expression X>
constexpr auto sin(X) {
  return typename detail::composite<op::sin, X>::type{};
}
/// Cosine.
template <Expression X>
constexpr auto cos(X) {
  return typename detail::composite<op::cos, X>::type{};
}
/// Tangent.
template <Expression X>
constexpr auto tan(X) {
  return typename detail::composite<op::tan, X>::type{};
}

}  // namespace typegrad
