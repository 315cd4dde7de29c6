// SPDX-License-Identifier: BSL-1.0
// erf, erfc and the normal distribution function.
#pragma once

#include <typegrad/math/erfc_table.hpp>
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

/// The same expansion as a polynomial in t. (Its coefficients are of moderate size, so nothing is lost.)
template <class S>
struct erfc_series {
  static constexpr int n = terms<S>(12, 25, 29);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr erfc_series() {
    long double sum[typegrad::detail::bound(n)]{}, before[typegrad::detail::bound(n)]{},
        now[typegrad::detail::bound(n)]{};  // now: T_k, before: T_(k - 1), as polynomials
    before[0] = 1, now[1] = 1;
    for (int i = 0; i < n; ++i) sum[i] = erfc_chebyshev[0] * before[i] + erfc_chebyshev[1] * now[i];
    for (int k = 2; k < n; ++k) {
      long double next[typegrad::detail::bound(n)]{};
      for (int i = 0; i < n; ++i) next[i] = (i > 0 ? 2 * now[i - 1] : 0.0L) - before[i];
      for (int i = 0; i < n; ++i) before[i] = now[i], now[i] = next[i], sum[i] += erfc_chebyshev[k] * next[i];
    }
    for (int i = 0; i < n; ++i) coefficient[i] = static_cast<S>(sum[i]);
  }
};
template <class T>
inline constexpr erfc_series<scalar_of<T>> erfc_terms{};

/// (1 + 2x) e^(x^2) erfc(x) for x >= 0.
template <class T>
constexpr T erfc_shape(T x) {
  constexpr scalar_of<T> center = scalar_of<T>(3.75L);
  return polynomial(erfc_terms<T>.coefficient, (x - T(center)) / (x + T(center)));
}

/// 2/sqrt(pi) * (-1)^n / (n! (2n + 1)): erf(x) = x * polynomial(x^2).
template <class S>
struct erf_series {
  static constexpr int n = terms<S>(11, 19, 21);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr erf_series() {
    long double factorial = 1.128379167095512573896158903121545172L;
    for (int k = 0; k < n; ++k) {
      coefficient[k] = static_cast<S>(factorial / (2 * k + 1));
      factorial /= -(k + 1);
    }
  }
};
template <class T>
inline constexpr erf_series<scalar_of<T>> erf_terms{};

/// 1/sqrt(2 pi) * (-1/2)^n / (n! (2n + 1)): P(Z <= x) = 1/2 + x * polynomial(x^2), for |x| < 1.
template <class S>
struct normal_series {
  static constexpr int n = terms<S>(8, 14, 17);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr normal_series() {
    long double factor = 0.398942280401432677939946059934381868L;
    for (int k = 0; k < n; ++k) {
      coefficient[k] = static_cast<S>(factor / (2 * k + 1));
      factor /= -2 * (k + 1);
    }
  }
};
template <class T>
inline constexpr normal_series<scalar_of<T>> normal_terms{};

/// x^2 in two pieces: any two for the exponential of double, which takes both; else the second one is the error of the first.
template <class T>
constexpr pair<T> square_of(T x) {
  if constexpr (std::is_same_v<scalar_of<T>, double>) return long_square(x);
  else return two_product(x, x);
}

/// erfc(x) for x >= 0; x^2 comes in two pieces, else its rounding would be multiplied by x^2.
template <class T>
constexpr T erfc_positive(T x, pair<T> square) {
  if constexpr (std::is_same_v<scalar_of<T>, double>) {
    return exp_less(-square.high, square.low) * scaled_erfc(x);
  } else {
    const T e = exp(-square.high);
    return (e - kept(e * square.low)) * (erfc_shape(x) / (T(1) + T(2) * x));
  }
}

template <class T>
inline constexpr scalar_of<T> erfc_limit = static_cast<scalar_of<T>>(terms<T>(11, 28, 107));  // erfc is 0 from here on

template <class T>
constexpr T erfc_positive(T x) {
  const auto below = x < T(erfc_limit<T>);
  const T inside = select(below, x, T(erfc_limit<T>));
  return select(below, erfc_positive(inside, square_of(inside)), T(0));
}

}  // namespace detail

// Each range has its own expansion. It is computed only where a number falls into the range: for one number that is a branch.

/// Error function, 2/sqrt(pi) * integral of e^(-t^2) from 0 to x.
template <class T>
constexpr T erf(T x) {
  const T size = select(x < T(0), -x, x);
  const auto near = size < T(1);
  T small = x, large = T(1);
  if (any(near)) {
    const T inner = select(near, x, T(0));
    small = inner * detail::polynomial(detail::erf_terms<T>.coefficient, inner * inner);
  }
  if (any(size >= T(1))) large = T(1) - detail::erfc_positive(select(near, T(1), size));
  return select(equal(x, x), select(near, small, select(x < T(0), -large, large)), x);
}

/// 1 - erf(x), accurate where it is small.
template <class T>
constexpr T erfc(T x) {
  const T size = select(x < T(0), -x, x);
  const auto near = (x > T(-1)) & (x < T(scalar_of<T>(0.5L)));
  T middle = x, tail = x;  // NaN stays
  if (any(near)) {
    const T inner = select(near, x, T(0));
    middle = T(1) - kept(inner * detail::polynomial(detail::erf_terms<T>.coefficient, inner * inner));
  }
  if (any((size >= T(scalar_of<T>(0.5L))) & !near)) tail = detail::erfc_positive(select(near, T(1), size));
  return select(near, middle, select(is_nan(x), x, select(x < T(0), T(2) - tail, tail)));
}

/// P(Z <= x) = erfc(-x / sqrt(2)) / 2 for the standard normal Z.
template <class T>
constexpr T normal_cdf(T x) {
  using S = scalar_of<T>;
  constexpr S limit = detail::erfc_limit<T> * S(1.4L);
  const T root_half = T(static_cast<S>(0.707106781186547524400844362104849039L)), half = T(S(0.5L));
  const T positive = select(x < T(0), -x, x);
  const auto near = positive < T(1);
  T middle = x, tail = T(0);
  if (any(near)) {
    const T inner = select(near, x, T(0));
    middle = multiply_add(inner, detail::polynomial(detail::normal_terms<T>.coefficient, inner * inner), half);
  }
  if (any(positive >= T(1))) {
    const T size = select(near, T(1), select(positive < T(limit), positive, T(limit)));
    const detail::pair<T> square = detail::square_of(size);
    tail = half * detail::erfc_positive(size * root_half, {square.high * half, square.low * half});
  }
  const T outside = select(positive < T(limit), tail, T(0));
  return select(equal(x, x), select(near, middle, select(x < T(0), outside, T(1) - outside)), x);
}

}  // namespace typegrad::math
