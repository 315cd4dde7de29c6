// SPDX-License-Identifier: BSL-1.0
// erfc, the density of the standard normal distribution and its quantiles, elementwise. (erf, normal_cdf: op/activation.hpp)
#pragma once

#include <typegrad/math/normal.hpp>
#include <typegrad/op/exponential.hpp>
#include <typegrad/op/power.hpp>

namespace typegrad {

namespace op {

/// 1 - erf(x)
struct erfc : elementwise<1> {
  static constexpr char name[] = "erfc";
  static constexpr bool transcendental = true;
  static constexpr sign_of sign = sign_of::never_negative;
  static constexpr number factor{-2'601'865'214'189'558'307, 1, -61, 2, -5};  // -2 / sqrt(pi), as a literal of 45 digits is read
  template <class T>
  static constexpr T value(T x) {
    return math::erfc(x);
  }
  // d erfc(x) = -2/sqrt(pi) e^(-x^2) dx
  static constexpr term slope(term y, int) { return factor * typegrad::exp(-square(y[0])); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 1); }
};

/// e^(-x^2/2) / sqrt(2 pi)
struct normal_pdf : elementwise<1> {
  static constexpr char name[] = "normal_pdf";
  static constexpr bool transcendental = true;
  static constexpr sign_of sign = sign_of::never_negative;
  template <class T>
  static constexpr T value(T x) {
    return math::normal_pdf(x);
  }
  // d p(x) = -x p(x) dx
  static constexpr term slope(term y, int) { return -(y[0] * y); }
};

/// The x with P(Z <= x) = p.
struct normal_quantile : elementwise<1> {
  static constexpr char name[] = "normal_quantile";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::normal_quantile(x);
  }
  // the derivative of an inverse: 1 / p(result); infinite at 0 and 1
  static constexpr term slope(term y, int) { return 1 / make<op::normal_pdf>({}, y); }
};

}  // namespace op

/// 1 - erf(x), accurate where it is small.
template <Expression X>
constexpr auto erfc(X) {
  return typename detail::composite<op::erfc, X>::type{};
}
/// Density of the standard normal.
template <Expression X>
constexpr auto normal_pdf(X) {
  return typename detail::composite<op::normal_pdf, X>::type{};
}
/// The inverse of normal_cdf: infinite at 0 and 1, NaN beyond.
template <Expression X>
constexpr auto normal_quantile(X) {
  return typename detail::composite<op::normal_quantile, X>::type{};
}

}  // namespace typegrad
