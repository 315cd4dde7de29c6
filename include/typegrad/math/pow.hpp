// SPDX-License-Identifier: BSL-1.0
// Powers: integer by repeated squaring, rational by roots where possible, general by exp(b log a) with a long logarithm.
#pragma once

#include <typegrad/expr/number.hpp>
#include <typegrad/math/logarithm.hpp>
#include <typegrad/math/sqrt.hpp>

namespace typegrad::math {

namespace detail {

/// log(x) to about 1.25 times the digits of T, for finite x > 0: the first two terms of the series are kept in two pieces.
template <class T>
constexpr pair<T> long_log(T x) {
  const auto [m, e] = decompose(x);
  const auto [g, g_low] = two_sum(m, T(1));
  const T f = kept(m - T(1)), s = kept(f / g);
  const pair<T> back = two_product(s, g);
  const T s_low = (kept(kept(f - back.high) - back.low) - s * g_low) / g;
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

/// The same of x / 2^less for a normal number x in double, by table, to 64 binary digits.
constexpr pair<double> long_log(double x, double less) {
  const auto [r, rest, log_high, log_low] = logarithm_by_table(x, less);
  const auto [a, b] = split_digits(r);  // a^2 is exact
  const double half = -0.5 * a * a, square = r * r, fourth = square * square, power[] = {r, square, fourth, fourth * fourth};
  const double first = kept(log_high + r), second = kept(first + half);
  const double lost = kept(kept(kept(log_high - first) + r) + kept(kept(first - second) + half)) + (rest + log_low);
  const double low = lost + (square * r * polynomial_tree<0, 9>(long_logarithm_polynomial, power) - 0.5 * (b + rest) * (a + r));
  const double high = kept(second + low);
  return {high, kept(kept(second - high) + low)};
}

/// An exponent in two pieces, so that constants are not rounded, and what it is among the whole numbers.
template <class T>
struct power_exponent {
  T high;
  T low;
  bool whole;
  bool odd;
};

template <class T>
constexpr power_exponent<T> exponent_of(T b) {
  const T size = b < T(0) ? -b : b;
  if (!(size < power_of_two<T>(std::numeric_limits<T>::digits))) return {b, T(0), !is_nan(size), false};  // even, or infinite
  const auto n = static_cast<std::int64_t>(size);
  const bool whole = equal(static_cast<T>(n), size);
  return {b, T(0), whole, whole && n % 2 != 0};
}

template <class T>
constexpr power_exponent<T> exponent_of(number b) {
  const T high = b.template to<T>();
  return {high, typegrad::detail::rounding_error(b, high), b.is_integer(), b.is_integer() && b.num % 2 != 0};
}

/// a^b for finite a > 0
template <class T>
constexpr T pow_positive(T a, power_exponent<T> b) {
  pair<T> l{};
  if constexpr (!std::is_same_v<T, double>) l = long_log(a);
  else l = a < limits<T>::min() ? long_log(a * 0x1p53, 53.0) : long_log(a, 0.0);
  const pair<T> p = two_product(l.high, b.high);
  const T low = p.low + (l.low * b.high + l.high * b.low);
  const T y = exp(p.high);
  return is_finite(y) && is_finite(low) ? y + kept(y * low) : y;
}

template <class T>
constexpr T pow_of(T a, power_exponent<T> e) {
  const T b = e.high;
  if constexpr (std::is_same_v<T, double>)
    if (a >= limits<T>::min() && a < infinity<T>) {
      const pair<T> l = long_log(a, T(0)), p = two_product(l.high, b);
      if (p.high > -moderate<double> && p.high < moderate<double>) return moderate_exp(p.high, -(p.low + (l.low * b + l.high * e.low)));
    }
  if (is_zero(b) || equal(a, T(1))) return T(1);
  if (is_nan(a) || is_nan(b)) return is_nan(a) ? a : b;
  const bool below = is_negative(a);
  const T size = below ? -a : a, magnitude = b < T(0) ? -b : b;
  T y = T(0);
  if (is_zero(size)) y = b > T(0) ? T(0) : infinity<T>;
  else if (!is_finite(size)) y = b > T(0) ? infinity<T> : T(0);
  else if (!is_finite(b)) y = equal(size, T(1)) ? T(1) : (size > T(1)) == (b > T(0)) ? infinity<T> : T(0);
  else if (magnitude > T(1e9L) && differ(size, T(1)) && (size > T(2) || size < T(0.5L))) y = (size > T(1)) == (b > T(0)) ? infinity<T> : T(0);
  else if (a < T(0) && !e.whole) return nan<T>;
  else if constexpr (sizeof(T) == 4) y = static_cast<T>(exp((static_cast<double>(b) + static_cast<double>(e.low)) * log(static_cast<double>(size))));
  else y = pow_positive(size, e);
  return below && e.odd ? -y : y;
}

template <class T>
constexpr T pow_of(T a, T b) {
  return pow_of(a, exponent_of(b));
}

/// x^n by repeated squaring, n > 0; the error is about n/2 units in the last place.
template <class T>
TYPEGRAD_INLINE constexpr T squared_power(T x, std::int64_t n) {
  T result = T(1), square = x;
  for (std::int64_t k = n; k != 0; k /= 2) {
    if (k % 2 != 0) result *= square;
    if (k > 1) square *= square;
  }
  return result;
}

template <class T>
TYPEGRAD_INLINE constexpr pair<T> multiply_pairs(pair<T> a, pair<T> b) {
  const pair<T> product = two_product(a.high, b.high);
  return {product.high, product.low + (a.high * b.low + a.low * b.high)};
}

/// The same in two pieces; the second one is no number where the first overflows.
template <class T>
TYPEGRAD_INLINE constexpr pair<T> long_power(T x, std::int64_t n) {
  pair<T> square{x, T(0)};
  for (; n % 2 == 0; n /= 2) square = multiply_pairs(square, square);
  pair<T> result = square;
  for (n /= 2; n != 0; n /= 2) {
    square = multiply_pairs(square, square);
    if (n % 2 != 0) result = multiply_pairs(result, square);
  }
  return result;
}

/// high + low, where that is finite and not a zero, whose sign is that of `high`.
template <class T>
TYPEGRAD_INLINE constexpr T joined(pair<T> x) {
  const auto finite = is_finite(x.low);
  return select(finite & differ(x.low, T(0)), x.high + kept(x.low), x.high);
}

/// x^n. Squaring alone, as long as it is good to 5 units in the last place.
template <class T>
TYPEGRAD_INLINE constexpr T integer_power(T x, std::int64_t n) {
  if (n == 0) return T(1);
  const std::int64_t size = n < 0 ? -n : n;
  const T y = n > 8 || n < -5 ? joined(long_power(x, size)) : squared_power(x, size);
  return n < 0 ? T(1) / y : y;
}

/// x^(n/2) for odd n, of root = sqrt(x).
template <class T>
TYPEGRAD_INLINE constexpr T half_power(T x, T root, std::int64_t n) {
  const std::int64_t whole = (n < 0 ? -n : n) / 2;
  const T y = whole == 0 ? root : whole == 1 ? x * root : joined(multiply_pairs(long_power(x, whole), {root, T(0)}));
  return n < 0 ? T(1) / y : y;
}

/// a^(a constant), as a function of a.
template <class T>
struct constant_power {
  power_exponent<T> exponent;
  constexpr T operator()(T base) const { return pow_of(base, exponent); }
};

}  // namespace detail

/// a^b as C defines it: pow(x, 0) = 1 for every x, pow(0, b > 0) = 0, NaN for a < 0 and b no integer.
template <class T>
constexpr T pow(T a, T b) {
  if constexpr (is_lanes<T>) return by_lane([](auto base, auto exponent) { return detail::pow_of(base, exponent); }, a, b);
  else return detail::pow_of(a, b);
}

/// x^(P/Q), of the fraction itself, not of its rounding: by multiplications for integers, with sqrt for halves, else as `pow`.
template <class T>
TYPEGRAD_INLINE constexpr T power(T x, number exponent, detail::constant_power<scalar_of<T>> general) {
  if (exponent.is(2)) return x * x;
  if (exponent.is_integer() && exponent.num <= 64 && exponent.num >= -64) return detail::integer_power(x, exponent.num);
  if (exponent.den == 2 && exponent.exponent == 0 && exponent.num <= 64 && exponent.num >= -64) return detail::half_power(x, sqrt(x), exponent.num);
  if constexpr (is_lanes<T>) return by_lane(general, x);
  else return general(x);
}
template <class T>
TYPEGRAD_INLINE constexpr T power(T x, number exponent) {
  const number copy{exponent.num, exponent.den};  // whose address is taken: the exponent itself stays in registers
  return power(x, exponent, detail::constant_power<scalar_of<T>>{detail::exponent_of<scalar_of<T>>(copy)});
}
/// The same, the exponent known to the compiler.
template <number Exponent, class T>
TYPEGRAD_INLINE constexpr T power(T x) {
  constexpr detail::constant_power<scalar_of<T>> general{detail::exponent_of<scalar_of<T>>(Exponent)};
  return power(x, Exponent, general);
}

}  // namespace typegrad::math
