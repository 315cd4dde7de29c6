// SPDX-License-Identifier: BSL-1.0
// log2, log10 and exp2, of the same series as log and exp.
#pragma once

#include <typegrad/math/exponential.hpp>

namespace typegrad::math {

namespace detail {

/// A factor in two pieces.
template <class S>
constexpr pair<S> in_two(long double value, long double rest) {
  const S high = static_cast<S>(value);
  return {high, static_cast<S>((value - static_cast<long double>(high)) + rest)};
}

/// log(x) / log(base) = e step + log(m) factor for x = m 2^e; step is short enough that e step is exact.
template <class T, class S>
constexpr T logarithm(T x, pair<S> factor, pair<S> step) {
  const auto inside = (x > T(0)) & (x < T(infinity<T>));
  const auto [m, e] = decompose(select(inside, x, T(1)));
  const T f = kept(m - T(1)), s = f / (T(2) + f), z = s * s, half = T(S(0.5L)) * f * f;
  const T r = z * polynomial(log_terms<T>.coefficient, z);
  const pair<T> l = two_sum(f, -(half - s * (half + r))), p = two_product(l.high, T(factor.high));
  const pair<T> sum = two_sum(e * T(step.high), p.high);
  const T y = sum.high + kept(sum.low + (p.low + (l.high * T(factor.low) + l.low * T(factor.high)) + e * T(step.low)));
  return select(inside, y, select(is_zero(x), T(-infinity<T>), select(x > T(0), x, select(x < T(0), T(nan<T>), x))));
}

/// log10(2) as a short high part and the rest.
template <class S>
constexpr pair<S> log10_of_two() {
  constexpr long double value = 0.301029995663981195213738894724493026768L;
  constexpr S scale = power_of_two<S>(sizeof(S) == 4 ? 12 : 32);
  const S high = static_cast<S>(static_cast<std::int64_t>(value * static_cast<long double>(scale))) / scale;
  return {high, static_cast<S>(value - static_cast<long double>(high))};
}

}  // namespace detail

/// Logarithm to the base 2, exact at powers of 2: -infinity at 0, NaN below.
template <class T>
constexpr T log2(T x) {
  using S = scalar_of<T>;
  return detail::logarithm(x, detail::in_two<S>(1.44269504088896340735992468100189214L, -2.7727101796451309785e-20L), detail::pair<S>{S(1), S(0)});
}

/// Logarithm to the base 10: -infinity at 0, NaN below.
template <class T>
constexpr T log10(T x) {
  using S = scalar_of<T>;
  return detail::logarithm(x, detail::in_two<S>(0.434294481903251827651128918916605082L, 5.649505751918704781e-21L), detail::log10_of_two<S>());
}

/// 2^x, exact at integers. Overflow gives infinity, underflow 0. NaN stays.
template <class T>
constexpr T exp2(T x) {
  using S = scalar_of<T>;
  constexpr S high = S(limits<T>::max_exponent + 1), low = -S(limits<T>::max_exponent + limits<T>::digits);
  const T inside = clamp(x, T(low), T(high));
  const auto [n, integer] = detail::round_product(inside, T(1));
  const T fraction = kept(inside - n), r = fraction * T(S(0.693147180559945309417232121458176568L));
  return detail::scale(T(1) + kept(multiply_add(r * r, detail::polynomial(detail::exp_terms<T>.coefficient, r), r)), integer);
}

}  // namespace typegrad::math
