// SPDX-License-Identifier: BSL-1.0
// The density and the quantiles of the standard normal distribution.
#pragma once

#include <typegrad/math/erf.hpp>
#include <typegrad/math/sqrt.hpp>

namespace typegrad::math {

/// e^(-x^2/2) / sqrt(2 pi), with x^2 in two pieces.
template <class T>
constexpr T normal_pdf(T x) {
  using S = scalar_of<T>;
  constexpr S limit = detail::erfc_limit<T> * S(1.4L);  // 0 from here on
  const T inside = clamp(x, T(-limit), T(limit)), half = T(S(0.5L));
  const detail::pair<T> square = detail::two_product(inside, inside);
  const T e = exp(-(half * square.high));
  return (e - kept(e * (half * square.low))) * T(S(0.398942280401432677939946059934381868L));
}

namespace detail {

/// The inverse of P(Z <= x): 1/2 + q belongs to q * polynomial(q^2), |q| <= 1/4, with the coefficients of the inverse error function,
/// c_0 = 1, c_k = sum of c_m c_(k - 1 - m) / ((m + 1) (2m + 1)) (Carlitz, Pacific J. Math. 13, 1963).
template <class S>
struct quantile_series {
  static constexpr int n = terms<S>(13, 27, 32);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr quantile_series() {
    constexpr long double pi = 3.14159265358979323846264338327950288L;
    long double c[typegrad::detail::bound(n)]{1}, factor = 2.50662827463100050241576528481104525L;
    for (int k = 0; k < n; ++k) {
      for (int m = 0; m < k; ++m) c[k] += c[m] * c[k - 1 - m] / static_cast<long double>((m + 1) * (2 * m + 1));
      coefficient[k] = static_cast<S>(factor * c[k] / (2 * k + 1));
      factor *= pi;
    }
  }
};
template <class T>
inline constexpr quantile_series<scalar_of<T>> quantile_terms{};

/// One step of Halley's method to log Q(t) = log p, Q(t) = e^(-t^2/2) R(t): nothing underflows, and log Q is nearly quadratic.
template <class T>
constexpr T quantile_step(T t, T scaled, T scale) {  // p = scaled e^-scale
  using S = scalar_of<T>;
  const T root_half = T(S(0.707106781186547524400844362104849039L)), half = T(S(0.5L)), x = t * root_half;
  const T ratio = half * (erfc_shape(x) / (T(1) + T(2) * x));
  const T hazard = T(S(0.398942280401432677939946059934381868L)) / ratio;  // -(log Q)'
  const pair<T> square = two_product(t, t);
  const T off = kept(kept(scale - log(scaled / ratio)) - half * square.high) - half * square.low, newton = off / hazard;
  return t + kept(newton / (T(1) + half * newton * (hazard - t)));
}

/// t > 0 with P(Z > t) = p, for 0 < p < 1/2. The start is formula 26.2.23 of Abramowitz and Stegun, good to 4.5e-4.
template <class T>
constexpr T quantile_tail(T p) {
  using S = scalar_of<T>;
  constexpr S top[] = {S(2.515517L), S(0.802853L), S(0.010328L)}, bottom[] = {S(1), S(1.432788L), S(0.189269L), S(0.001308L)};
  const auto tiny = p < T(limits<T>::min());  // few digits are left, and a quotient would have no more
  const T scaled = select(tiny, p * T(power_of_two<S>(limits<T>::digits)), p);
  const T scale = select(tiny, T(S(limits<T>::digits) * S(0.693147180559945309417232121458176568L)), T(0));
  const T s = sqrt(T(2) * (scale - log(scaled)));
  T t = quantile_step(s - polynomial(top, s) / polynomial(bottom, s), scaled, scale);
  if constexpr (limits<T>::digits > 24) t = quantile_step(t, scaled, scale);
  return t;
}

}  // namespace detail

/// The x with P(Z <= x) = p for the standard normal Z: infinite at 0 and 1, NaN beyond.
template <class T>
constexpr T normal_quantile(T p) {
  using S = scalar_of<T>;
  const T quarter = T(S(0.25L)), half = T(S(0.5L)), q = p - half;
  const auto inside = (p > T(0)) & (p < T(1)), middle = (p >= quarter) & (p <= T(S(0.75L))), tail = inside & !middle;
  T near = p, far = p;
  if (any(middle)) {
    const T inner = select(middle, q, T(0));
    near = inner * detail::polynomial(detail::quantile_terms<T>.coefficient, inner * inner);
  }
  if (any(tail)) {
    const T t = detail::quantile_tail(select(tail, select(q < T(0), p, T(1) - p), quarter));
    far = select(q < T(0), -t, t);
  }
  const T outside = select(is_zero(p), T(-infinity<T>), select(equal(p, T(1)), T(infinity<T>), select(is_nan(p), p, T(nan<T>))));
  return select(inside, select(middle, near, far), outside);
}

}  // namespace typegrad::math
