// SPDX-License-Identifier: BSL-1.0
// Powers: integer by repeated squaring, rational by roots where possible, general by exp(b log a) with a long logarithm.
#pragma once

#include <typegrad/expr/number.hpp>
#include <typegrad/math/exponential.hpp>
#include <typegrad/math/sqrt.hpp>

namespace typegrad::math {

namespace detail {

/// log(x) to about 1.25 times the digits of T, for finite x > 0: the first two terms of the series are kept in two pieces.
template <class T>
constexpr pair<T> long_log(T x) {
  const auto [m, e] = decompose(x);
  const auto [g, g_low] = two_sum(m, T(1));
  const T f = m - T(1), s = f / g;
  const pair<T> back = two_product(s, g);
  const T s_low = ((f - back.high) - back.low - s * g_low) / g;
  const pair<T> z = two_product(s, s), cube = two_product(s, z.high);
  constexpr T third = T(2) / T(3);
  constexpr T third_low = static_cast<T>((T(2) - third * T(1) - third * T(2)) / T(3));
  const pair<T> c = two_product(third, cube.high);
  const T c_low = c.low + third * (cube.low + s * z.low) + third_low * cube.high;
  T tail = log_terms<T>.coefficient[log_series<T>::n - 1];
  for (int k = log_series<T>::n - 2; k >= 1; --k) tail = tail * z.high + log_terms<T>.coefficient[k];
  const pair<T> top = two_product(e, log2_high<T>);
  const pair<T> a = two_sum(top.high, T(2) * s), b = two_sum(a.high, c.high);
  const pair<T> d = two_product(e, log2_low<T>);
  const pair<T> sum = two_sum(b.high, d.high);
  const T low = sum.low + (a.low + b.low + top.low + d.low + T(2) * s_low * (T(1) + z.high) + c_low + tail * z.high * cube.high);
  return two_sum(sum.high, low);
}

template <class T>
constexpr T pow_positive(T a, T b) {
  const pair<T> l = long_log(a);
  const pair<T> p = two_product(l.high, b);
  const T low = p.low + l.low * b;
  const T y = exp(p.high);
  return is_finite(y) && is_finite(low) ? y + y * low : y;
}

template <class T>
constexpr T integer_power(T x, std::int64_t n) {
  T result = T(1), square = x;
  for (std::uint64_t k = n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n); k != 0; k /= 2) {
    if (k % 2 != 0) result *= square;
    if (k > 1) square *= square;
  }
  return n < 0 ? T(1) / result : result;
}

template <class T>
constexpr T pow_of(T a, T b) {
  if (is_zero(b) || equal(a, T(1))) return T(1);
  if (is_nan(a) || is_nan(b)) return is_nan(a) ? a : b;
  const T size = a < T(0) ? -a : a;
  const T magnitude = b < T(0) ? -b : b;
  constexpr T integers = power_of_two<T>(std::numeric_limits<T>::digits);
  const bool large = magnitude >= integers;  // an even integer, or infinite
  const bool integer = large || equal(static_cast<T>(static_cast<std::int64_t>(magnitude)), magnitude);
  const bool odd = !large && integer && static_cast<std::int64_t>(magnitude) % 2 != 0;
  T y = T(0);
  if (is_zero(size)) y = b > T(0) ? T(0) : infinity<T>;
  else if (!is_finite(size)) y = b > T(0) ? infinity<T> : T(0);
  else if (!is_finite(b)) y = equal(size, T(1)) ? T(1) : (size > T(1)) == (b > T(0)) ? infinity<T> : T(0);
  else if (magnitude > T(1e9L) && differ(size, T(1)) && (size > T(2) || size < T(0.5L))) y = (size > T(1)) == (b > T(0)) ? infinity<T> : T(0);
  else if (a < T(0) && !integer) return nan<T>;
  else if constexpr (sizeof(T) == 4) y = static_cast<T>(exp(static_cast<double>(b) * log(static_cast<double>(size))));
  else y = pow_positive(size, b);
  return a < T(0) && odd ? -y : y;
}

}  // namespace detail

/// a^b as C defines it: pow(x, 0) = 1 for every x, pow(0, b > 0) = 0, NaN for a < 0 and b no integer.
template <class T>
constexpr T pow(T a, T b) {
  if constexpr (is_lanes<T>) return by_lane([](auto base, auto exponent) { return detail::pow_of(base, exponent); }, a, b);
  else return detail::pow_of(a, b);
}

/// x^(P/Q): by multiplications for integers, by sqrt for halves, else pow.
template <class T>
TYPEGRAD_INLINE constexpr T power(T x, number exponent) {  // inline: in a plan the exponent is a constant
  if (exponent.is(2)) return x * x;
  if (exponent.is_integer() && exponent.num <= 64 && exponent.num >= -64) return detail::integer_power(x, exponent.num);
  if (exponent.den == 2 && exponent.exponent == 0 && exponent.num <= 64 && exponent.num >= -64) return detail::integer_power(sqrt(x), exponent.num);
  const number copy{exponent.num, exponent.den, exponent.exponent};  // whose address is taken: the exponent itself stays in registers
  return pow(x, T(copy.template to<scalar_of<T>>()));
}

}  // namespace typegrad::math
