// SPDX-License-Identifier: BSL-1.0
// The activations of neural networks: tanh, sigmoid, relu, softplus, gelu, and erf, elementwise.
#pragma once

#include <typegrad/math/erf.hpp>
#include <typegrad/math/hyperbolic.hpp>
#include <typegrad/op/exponential.hpp>
#include <typegrad/op/power.hpp>

namespace typegrad {

namespace op {

struct tanh : elementwise<1> {
  static constexpr char name[] = "tanh";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::tanh(x);
  }
  static constexpr term slope(term y, int) { return 1 - square(y); }  // d tanh(x) = (1 - tanh(x)^2) dx
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

/// 1 / (1 + e^-x)
struct sigmoid : elementwise<1> {
  static constexpr char name[] = "sigmoid";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::sigmoid(x);
  }
  static constexpr term slope(term y, int) { return y * (1 - y); }  // d s(x) = s (1 - s) dx
};

/// max(x, 0)
struct relu : elementwise<1> {
  static constexpr char name[] = "relu";
  template <class T>
  static constexpr T value(T x) {
    return math::select(x <= T(0), T(0), x);  // NaN stays
  }
  // d relu(x) = [x > 0] dx; 0 at x = 0
  static constexpr slopes slope_from = slopes::constant;
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {1, 1, 0}); }
  static constexpr term loses(term y, int) { return typegrad::less_equal(y[0], constant_term(*y.graph, {})); }
};

/// log(1 + e^x)
struct softplus : elementwise<1> {
  static constexpr char name[] = "softplus";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::softplus(x);
  }
  static constexpr term slope(term y, int) { return make<op::sigmoid>({}, y[0]); }  // d softplus(x) = sigmoid(x) dx
};

/// erf(x) = 2/sqrt(pi) * integral of e^(-t^2) from 0 to x
struct erf : elementwise<1> {
  static constexpr char name[] = "erf";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::erf(x);
  }
  // d erf(x) = 2/sqrt(pi) e^(-x^2) dx
  static constexpr term slope(term y, int) { return number{1'128'379'167'095'512'574, 1'000'000'000'000'000'000, 0} * typegrad::exp(-square(y[0])); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

/// The distribution function of the standard normal, P(Z <= x) = (1 + erf(x / sqrt(2))) / 2.
struct normal_cdf : elementwise<1> {
  static constexpr char name[] = "normal_cdf";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::normal_cdf(x);
  }
  // d P(x) = e^(-x^2/2) / sqrt(2 pi) dx
  static constexpr term slope(term y, int) {
    return number{398'942'280'401'432'678, 1'000'000'000'000'000'000, 0} * typegrad::exp(number{-1, 2, 0} * square(y[0]));
  }
};

/// x P(Z <= x), the exact form (Hendrycks and Gimpel, 2016, arXiv:1606.08415).
struct gelu : elementwise<1> {
  static constexpr char name[] = "gelu";
  static constexpr bool transcendental = true;
  template <class T>
  static constexpr T value(T x) {
    return math::select(x < T(-math::limits<T>::max()), T(0), x) * math::normal_cdf(x);  // 0 at -infinity
  }
  // d (x P(x)) = (P(x) + x p(x)) dx; where p(x) is 0, x may be infinite
  static constexpr term slope(term y, int k) {
    const term cdf = make<op::normal_cdf>({}, y[0]);
    const term density = op::normal_cdf::slope(cdf, k), zero = constant_term(*y.graph, {});
    return cdf + typegrad::select(typegrad::equal(density, zero), zero, y[0] * density);
  }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

}  // namespace op

/// Hyperbolic tangent.
template <Expression X>
constexpr auto tanh(X) {
  return typename detail::composite<op::tanh, X>::type{};
}
/// Logistic function 1 / (1 + e^-x).
template <Expression X>
constexpr auto sigmoid(X) {
  return typename detail::composite<op::sigmoid, X>::type{};
}
/// max(x, 0); its derivative at 0 is 0.
template <Expression X>
constexpr auto relu(X) {
  return typename detail::composite<op::relu, X>::type{};
}
/// log(1 + e^x) without overflow.
template <Expression X>
constexpr auto softplus(X) {
  return typename detail::composite<op::softplus, X>::type{};
}
/// Error function.
template <Expression X>
constexpr auto erf(X) {
  return typename detail::composite<op::erf, X>::type{};
}
/// Distribution function of the standard normal.
template <Expression X>
constexpr auto normal_cdf(X) {
  return typename detail::composite<op::normal_cdf, X>::type{};
}
/// Gaussian error linear unit x P(Z <= x), exact form.
template <Expression X>
constexpr auto gelu(X) {
  return typename detail::composite<op::gelu, X>::type{};
}

}  // namespace typegrad
