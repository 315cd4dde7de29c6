// SPDX-License-Identifier: BSL-1.0
// sinh, cosh, asinh, acosh, atanh, elementwise. (tanh: op/activation.hpp)
#pragma once

#include <typegrad/math/hyperbolic.hpp>
#include <typegrad/math/inverse_hyperbolic.hpp>
#include <typegrad/op/exponential.hpp>
#include <typegrad/op/root.hpp>

namespace typegrad {

namespace op {

struct sinh : elementwise<1> {
  static constexpr char name[] = "sinh";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::sinh(x);
  }
  // d sinh(x) = cosh(x) dx
  static constexpr term slope(term y, int);
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

struct cosh : elementwise<1> {
  static constexpr char name[] = "cosh";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  static constexpr sign_of sign = sign_of::positive;
  template <class T>
  static constexpr T value(T x) {
    return math::cosh(x);
  }
  // d cosh(x) = sinh(x) dx
  static constexpr term slope(term y, int) { return make<op::sinh>({}, y[0]); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 1); }
};

struct asinh : elementwise<1> {
  static constexpr char name[] = "asinh";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::asinh(x);
  }
  // d asinh(x) = dx / sqrt(1 + x^2), which does not overflow so
  static constexpr term slope(term y, int) { return 1 / make<op::hypot>({}, constant_term(*y.graph, {1, 1, 0}), y[0]); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

struct acosh : elementwise<1> {
  static constexpr char name[] = "acosh";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  static constexpr sign_of sign = sign_of::never_negative;
  template <class T>
  static constexpr T value(T x) {
    return math::acosh(x);
  }
  // d acosh(x) = dx / (sqrt(x - 1) sqrt(x + 1)); infinite at 1
  static constexpr term slope(term y, int);
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 1, 0); }
};

struct atanh : elementwise<1> {
  static constexpr char name[] = "atanh";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::atanh(x);
  }
  // d atanh(x) = dx / ((1 - x) (1 + x))
  static constexpr term slope(term y, int) { return 1 / ((1 - y[0]) * (1 + y[0])); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

}  // namespace op

constexpr term op::sinh::slope(term y, int) { return make<op::cosh>({}, y[0]); }
constexpr term op::acosh::slope(term y, int) {
  const term below = y[0] - constant_term(*y.graph, {1, 1, 0});
  return 1 / (make<op::sqrt>({}, below) * make<op::sqrt>({}, 1 + y[0]));
}

/// Hyperbolic sine.
template <Expression X>
constexpr auto sinh(X) {
  return typename detail::composite<op::sinh, X>::type{};
}
/// Hyperbolic cosine.
template <Expression X>
constexpr auto cosh(X) {
  return typename detail::composite<op::cosh, X>::type{};
}
/// Inverse of sinh.
template <Expression X>
constexpr auto asinh(X) {
  return typename detail::composite<op::asinh, X>::type{};
}
/// Inverse of cosh for x >= 0; NaN below 1.
template <Expression X>
constexpr auto acosh(X) {
  return typename detail::composite<op::acosh, X>::type{};
}
/// Inverse of tanh: infinite at -1 and 1, NaN beyond.
template <Expression X>
constexpr auto atanh(X) {
  return typename detail::composite<op::atanh, X>::type{};
}

}  // namespace typegrad
