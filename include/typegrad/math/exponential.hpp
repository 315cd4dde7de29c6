// SPDX-License-Identifier: BSL-1.0
// exp, expm1, log, log1p.
#pragma once

#include <typegrad/math/real.hpp>

namespace typegrad::math {

namespace detail {

/// 1/2!, 1/3!, ...: e^r = 1 + r + r^2 * polynomial(r).
template <class T>
struct exp_series {
  static constexpr int n = terms<T>(6, 12, 15);
  T coefficient[n]{};
  constexpr exp_series() {
    long double factorial = 1;
    for (int k = 0; k < n; ++k) coefficient[k] = static_cast<T>(1 / (factorial *= k + 2));
  }
};
template <class T>
inline constexpr exp_series<T> exp_terms{};

/// log(2) as a short high part, whose products with exponents are exact, and the rest.
template <class T>
inline constexpr T log2_high = static_cast<T>(sizeof(T) == 4 ? 0.693359375L : 0.69314718036912381649017333984375L);
template <class T>
inline constexpr T log2_low = static_cast<T>(sizeof(T) == 4 ? -2.12194440054690582767878541823432e-4L : 1.90821492927058781614426568e-10L);

/// x = n log(2) + r with |r| <= log(2) / 2.
template <class T>
struct reduced_exponent {
  int n;
  T r;
};

template <class T>
constexpr reduced_exponent<T> reduce_exponent(T x) {
  constexpr T rounder = power_of_two<T>(std::numeric_limits<T>::digits - 1) * T(1.5L);
  const T n = (x * static_cast<T>(1.44269504088896340735992468100189214L) + rounder) - rounder;
  return {static_cast<int>(n), (x - n * log2_high<T>)-n * log2_low<T>};
}

template <class T>
inline constexpr T exp_limit = static_cast<T>(std::numeric_limits<T>::max_exponent) * static_cast<T>(0.69314718055994530942L);

}  // namespace detail

/// e^x. Overflow gives infinity, underflow 0.
template <class T>
constexpr T exp(T x) {
  constexpr T high = detail::exp_limit<T>, low = -high - static_cast<T>(std::numeric_limits<T>::digits) * T(0.7L);
  const T inside = select(x > low, select(x < high, x, high), low);  // NaN goes to low
  const auto [n, r] = detail::reduce_exponent(inside);
  const T y = detail::scale(T(1) + (r + r * r * detail::polynomial(detail::exp_terms<T>.coefficient, r)), select(inside < high, n, 0));
  return select(x < high, select(x > low, y, T(0)), select(x >= high, infinity<T>, x));
}

/// e^x - 1, accurate near 0.
template <class T>
constexpr T expm1(T x) {
  constexpr T high = detail::exp_limit<T>, low = -static_cast<T>(std::numeric_limits<T>::digits + 2);
  const T inside = select(x > low, select(x < high, x, T(0)), low);
  const auto [n, r] = detail::reduce_exponent(inside);
  const T p = r + r * r * detail::polynomial(detail::exp_terms<T>.coefficient, r);  // e^r - 1
  const int half = n / 2;
  const T a = detail::power_of_two<T>(half), b = detail::power_of_two<T>(n - half);
  const T y = select(n < 64, p * a * b + (detail::power_of_two<T>(select(n < 64, n, 0)) - T(1)), (p * a + a) * b);
  return select(x < high, select(x == T(0), x, y), select(x >= high, infinity<T>, x));
}

namespace detail {

/// 2/3, 2/5, 2/7, ...: log((1 + s) / (1 - s)) = 2 s + s^3 * polynomial(s^2).
template <class T>
struct log_series {
  static constexpr int n = terms<T>(4, 10, 13);
  T coefficient[n]{};
  constexpr log_series() {
    for (int k = 0; k < n; ++k) coefficient[k] = static_cast<T>(2.0L / (2 * k + 3));
  }
};
template <class T>
inline constexpr log_series<T> log_terms{};

/// log(1 + f) + e log(2) + correction, for 1 + f in [sqrt(1/2), sqrt(2)).
template <class T>
constexpr T log_near_one(T f, int exponent, T correction) {
  const T s = f / (T(2) + f), z = s * s, half = T(0.5L) * f * f, e = static_cast<T>(exponent);
  const T r = z * polynomial(log_terms<T>.coefficient, z);
  // log(1 + f) = f - (f^2/2 - s (f^2/2 + r))
  return e * log2_high<T> - ((half - (s * (half + r) + (e * log2_low<T> + correction))) - f);
}

}  // namespace detail

/// Natural logarithm: -infinity at 0, NaN below.
template <class T>
constexpr T log(T x) {
  const bool inside = x > T(0) && x < infinity<T>;
  const auto [m, e] = detail::decompose(select(inside, x, T(1)));
  const T y = detail::log_near_one(m - T(1), e, T(0));
  return select(inside, y, select(x == T(0), -infinity<T>, select(x > T(0), x, select(x < T(0), nan<T>, x))));
}

/// log(1 + x), accurate near 0.
template <class T>
constexpr T log1p(T x) {
  const bool inside = x > T(-1) && x < infinity<T>;
  const T safe = select(inside, x, T(0)), u = T(1) + safe;
  const auto [m, e] = detail::decompose(u);
  const T lost = select(safe < T(1), safe - (u - T(1)), T(1) - (u - safe)) / u;  // what u lost of 1 + x, relative
  const T y = e == 0 ? detail::log_near_one(safe, 0, T(0)) : detail::log_near_one(m - T(1), e, lost);
  return select(inside, select(x == T(0), x, y), select(x == T(-1), -infinity<T>, select(x > T(0), x, select(x < T(-1), nan<T>, x))));
}

}  // namespace typegrad::math
