// SPDX-License-Identifier: BSL-1.0
// erf, erfc and the normal distribution function.
#pragma once

#include <typegrad/math/exponential.hpp>

namespace typegrad::math {

namespace detail {

// Chebyshev coefficients of (1 + 2x) e^(x^2) erfc(x) in t = (x - 3.75) / (x + 3.75), the variable of Shepherd and
// Laframboise, Math. Comp. 36 (1981); computed here with 60 digits by docs/tools/erfc_coefficients.py.
inline constexpr long double erfc_chebyshev[] = {
    1.17757893456740175408L,      -0.004590054580646477330853L,  -0.08424913336651791558351L,   0.05920993999819189049808L,
    -0.02665866843530575227739L,  0.009074997670705265093879L,   -0.002413163540417608190943L,  0.0004907758365258086322859L,
    -6.916973302501206367096e-5L, 4.139027986073010167534e-6L,   7.740383066198490668633e-7L,   -2.188640104923439566149e-7L,
    1.076499946567091037714e-8L,  4.521959811218286897931e-9L,   -7.754400208831351106474e-10L, -6.318088340886684494385e-11L,
    2.868795010930669898142e-11L, 1.945586854577734722953e-13L,  -9.654696748433438905851e-13L, 3.252548148148739841542e-14L,
    3.347811948286805387827e-14L, -1.864562880419313101544e-15L, -1.250795053068864708532e-15L, 7.418235256624043463048e-17L,
    5.068148904796111316807e-17L, -2.237056659435999597369e-18L, -2.187342944303017664995e-18L, 2.676632739925876174458e-20L,
    9.73656140174145076655e-20L};

/// (1 + 2x) e^(x^2) erfc(x) for x >= 0, by Clenshaw's recurrence.
template <class T>
constexpr T erfc_shape(T x) {
  const T t = (x - T(3.75L)) / (x + T(3.75L));
  T later = 0, last = 0;
  for (int k = terms<T>(12, 25, 29) - 1; k > 0; --k) {
    const T next = T(2) * t * last - later + static_cast<T>(erfc_chebyshev[k]);
    later = last;
    last = next;
  }
  return t * last - later + static_cast<T>(erfc_chebyshev[0]);
}

/// 2/sqrt(pi) * (-1)^n / (n! (2n + 1)): erf(x) = x * polynomial(x^2).
template <class T>
struct erf_series {
  static constexpr int n = terms<T>(11, 19, 21);
  T coefficient[n]{};
  constexpr erf_series() {
    long double factorial = 1.128379167095512573896158903121545172L;
    for (int k = 0; k < n; ++k) {
      coefficient[k] = static_cast<T>(factorial / (2 * k + 1));
      factorial /= -(k + 1);
    }
  }
};
template <class T>
inline constexpr erf_series<T> erf_terms{};

/// erfc(x) for x >= 0; x^2 comes in two pieces, else its rounding would be multiplied by x^2.
template <class T>
constexpr T erfc_positive(T x, pair<T> square) {
  const T e = exp(-square.high);
  return (e - e * square.low) * (erfc_shape(x) / (T(1) + T(2) * x));
}

template <class T>
inline constexpr T erfc_limit = static_cast<T>(terms<T>(11, 28, 107));  // erfc is 0 from here on

template <class T>
constexpr T erfc_positive(T x) {
  const T inside = select(x < erfc_limit<T>, x, erfc_limit<T>);
  return select(x < erfc_limit<T>, erfc_positive(inside, two_product(inside, inside)), T(0));
}

}  // namespace detail

/// Error function, 2/sqrt(pi) * integral of e^(-t^2) from 0 to x.
template <class T>
constexpr T erf(T x) {
  const T size = select(x < T(0), -x, x);
  const T inner = select(size < T(1), x, T(0)), outer = select(size < T(1), T(1), size);
  const T small = inner * detail::polynomial(detail::erf_terms<T>.coefficient, inner * inner);
  const T large = T(1) - detail::erfc_positive(outer);
  return select(x == x, select(size < T(1), small, select(x < T(0), -large, large)), x);
}

/// 1 - erf(x), accurate where it is small.
template <class T>
constexpr T erfc(T x) {
  if (x != x) return x;
  if (x < T(0.5L)) return T(1) - erf(x);
  return detail::erfc_positive(x);
}

/// P(Z <= x) = erfc(-x / sqrt(2)) / 2 for the standard normal Z.
template <class T>
constexpr T normal_cdf(T x) {
  constexpr T limit = detail::erfc_limit<T> * T(1.4L);
  if (x != x) return x;
  if (x < -limit || x > limit) return x < T(0) ? T(0) : T(1);
  const T size = x < T(0) ? -x : x;
  const detail::pair<T> square = detail::two_product(size, size);
  const T tail = T(0.5L) * detail::erfc_positive(size * static_cast<T>(0.707106781186547524400844362104849039L), {square.high / 2, square.low / 2});
  return x < T(0) ? tail : T(1) - tail;
}

}  // namespace typegrad::math
