// SPDX-License-Identifier: BSL-1.0
// exp, log, log1p, expm1, sqrt, elementwise.
#pragma once

#include <typegrad/math/logarithm.hpp>
#include <typegrad/math/sqrt.hpp>
#include <typegrad/op/arithmetic.hpp>

namespace typegrad {

namespace op {

struct exp : elementwise<1> {
  static constexpr char name[] = "exp";
  static constexpr bool transcendental = true;
  static constexpr sign_of sign = sign_of::never_negative;
  static constexpr growth growth_of(const request& r) { return detail::is_below_top(*r.graph, r.arg[0]) ? growth::moderate : growth::singular; }
  template <class T>
  static constexpr T value(T x) {
    return math::exp(x);
  }
  static constexpr term slope(term y, int) { return y; }  // d exp(x) = exp(x) dx
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 1); }
};

struct log : elementwise<1> {
  static constexpr char name[] = "log";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::log(x);
  }
  static constexpr term slope(term y, int) { return 1 / y[0]; }  // d log(x) = dx / x
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 1, 0); }
};

struct log1p : elementwise<1> {
  static constexpr char name[] = "log1p";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::log1p(x);
  }
  static constexpr term slope(term y, int) { return 1 / (1 + y[0]); }  // d log(1 + x) = dx / (1 + x)
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

struct expm1 : elementwise<1> {
  static constexpr char name[] = "expm1";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::expm1(x);
  }
  static constexpr term slope(term y, int);  // d (exp(x) - 1) = exp(x) dx; 1 + y would have no digits left where y is near -1
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

struct sqrt : elementwise<1> {
  static constexpr char name[] = "sqrt";
  static constexpr sign_of sign = sign_of::keeps;
  static constexpr growth growth_of(const request& r) { return detail::is_away_from_zero(*r.graph, r.arg[0]) ? growth::moderate : growth::singular; }
  template <class T>
  static constexpr T value(T x) {
    return math::sqrt(x);
  }
  static constexpr term slope(term y, int) { return 1 / (2 * y); }  // d sqrt(x) = dx / (2 sqrt(x)); infinite at 0
  template <class Op>
  static constexpr term pull(term y, int, term g) {
    return number{1, 2, 0} * (g * (1 / y));  // in this form others may share 1 / y, and constants meet
  }
  /// The root of the square of a small integer, or -1.
  static constexpr std::int64_t exact_root(std::int64_t n) {
    for (std::int64_t root = 0; root <= 64 && root * root <= n; ++root)
      if (root * root == n) return root;
    return -1;
  }
  static constexpr int rewrite(const request& r) {
    const vertex v = (*r.graph)[r.arg[0]];
    const std::int64_t num = is_constant(*r.graph, r.arg[0]) ? exact_root(v.value.num) : -1, den = exact_root(v.value.den);
    const bool exact = num >= 0 && den > 0 && v.value == number{v.value.num, v.value.den, 0};
    return exact ? constant_term(*r.graph, {num, den, 0}, r.shape).index : -1;
  }
};

}  // namespace op

constexpr term exp(term x) { return make<op::exp>({}, x); }
constexpr term op::expm1::slope(term y, int) { return typegrad::exp(y[0]); }
constexpr term log(term x) { return make<op::log>({}, x); }

/// e^x.
template <Expression X>
constexpr auto exp(X) {
  return typename detail::composite<op::exp, X>::type{};
}
/// Natural logarithm; -inf at 0, NaN below.
template <Expression X>
constexpr auto log(X) {
  return typename detail::composite<op::log, X>::type{};
}
/// log(1 + x), accurate near 0.
template <Expression X>
constexpr auto log1p(X) {
  return typename detail::composite<op::log1p, X>::type{};
}
/// e^x - 1, accurate near 0.
template <Expression X>
constexpr auto expm1(X) {
  return typename detail::composite<op::expm1, X>::type{};
}
/// Square root, correctly rounded; NaN below 0.
template <Expression X>
constexpr auto sqrt(X) {
  return typename detail::composite<op::sqrt, X>::type{};
}

}  // namespace typegrad
