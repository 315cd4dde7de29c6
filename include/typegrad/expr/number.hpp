// SPDX-License-Identifier: BSL-1.0
// Exact constants: num / den * 10^exponent, folded only while nothing is lost.
#pragma once

#include <typegrad/expr/rounding.hpp>

#include <cstdint>
#include <limits>

namespace typegrad {

/// A rational number in lowest terms (den 0: infinity), times a power of ten (or of two) that is 0 unless the number would not fit otherwise.
struct number {
  std::int64_t num = 0;
  std::int64_t den = 1;
  int exponent = 0;
  std::int16_t base = 10;
  /// Added to num, in sixteenths: a literal with more digits than fit, cut such that it rounds as all of it would. Has the sign
  /// of num; then den is 1, base 2, and the exponent not 0.
  std::int16_t rest = 0;

  constexpr bool operator==(const number&) const = default;
  constexpr bool is_integer() const { return den == 1 && exponent == 0; }
  constexpr bool is(std::int64_t n) const { return num == n && is_integer(); }

  /// The nearest T, halfway cases to even; infinity if it is too large for T. (T of 64 digits at most; wider ones get 64.)
  template <class T>
  constexpr T to() const;
};

namespace detail {

constexpr std::uint64_t magnitude(std::int64_t n) { return n < 0 ? 0 - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n); }

/// |x|, for x with an exponent.
template <class T>
constexpr T rounded_scaled(number x) {
  using limits = std::numeric_limits<T>;
  const std::uint64_t num = magnitude(x.num), den = static_cast<std::uint64_t>(x.den);
  binary b{static_cast<wide>(num) << 4 | magnitude(x.rest), -4};
  if (x.base == 10) {
    if (x.exponent > limits::max_exponent10 + 20) return math::infinity<T>;
    if (x.exponent < limits::min_exponent10 - limits::digits10 - 21) return T(0);
    b = with_fives(num, den, x.exponent);
  } else if (den != 1) {
    b = ratio(num, den);
  }
  b.exponent += x.exponent;
  return nearest<T>(b);
}

}  // namespace detail

template <class T>
constexpr T number::to() const {
  if (exponent == 0) {
    if (den == 1) return static_cast<T>(num);
    if (den == 0) return num < 0 ? -math::infinity<T> : math::infinity<T>;
    constexpr std::int64_t exact =
        std::numeric_limits<T>::digits < 63 ? std::int64_t{1} << std::numeric_limits<T>::digits % 63 : std::numeric_limits<std::int64_t>::max();
    if (num <= exact && num >= -exact && den <= exact) return static_cast<T>(num) / static_cast<T>(den);
    const T size = detail::nearest<T>(detail::ratio(detail::magnitude(num), static_cast<std::uint64_t>(den)));
    return num < 0 ? -size : size;
  }
  const T size = detail::rounded_scaled<T>(*this);
  return num < 0 ? -size : size;
}

namespace detail {

/// x - near, for a fraction x and the T nearest to it: the difference as an exact fraction, then rounded.
template <class T>
constexpr T rounding_error(number x, T near) {
  constexpr int digits = std::numeric_limits<T>::digits;
  if (math::is_zero(near)) return near;
  const auto [mantissa, exponent] = math::detail::split(near < T(0) ? -near : near);  // |near| = mantissa * 2^exponent
  const int last = static_cast<int>(exponent) - digits;
  wide exact = magnitude(x.num);
  wide rounded = static_cast<wide>(math::detail::scale(mantissa, digits));
  (last < 0 ? exact : rounded) <<= last < 0 ? -last : last;
  rounded *= static_cast<wide>(x.den);
  const T size = static_cast<T>(static_cast<std::int64_t>(exact - rounded)) / static_cast<T>(x.den);
  const T error = math::detail::scale(size, last < 0 ? last : 0);
  return x.num < 0 ? -error : error;
}

constexpr std::int64_t greatest_common_divisor(std::int64_t a, std::int64_t b) {
  while (b != 0) {
    const std::int64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a < 0 ? -a : a;
}

/// The result of folding; `exact` is false when it does not fit and must be left to run time.
struct folded {
  bool exact = false;
  number value{};
};

constexpr folded fraction(std::int64_t num, std::int64_t den) {
  if (den == 0 || num == std::numeric_limits<std::int64_t>::min() || den == std::numeric_limits<std::int64_t>::min()) return {};
  if (num == 0) return {true, {}};
  const std::int64_t g = greatest_common_divisor(num, den);
  return {true, den < 0 ? number{-num / g, -den / g} : number{num / g, den / g}};
}

constexpr folded multiply_fractions(number a, number b) {
  const folded left = fraction(a.num, b.den), right = fraction(b.num, a.den);  // cancel before multiplying
  if (!left.exact || !right.exact) return {};
  std::int64_t num = 0, den = 0;
  if (__builtin_mul_overflow(left.value.num, right.value.num, &num) || __builtin_mul_overflow(left.value.den, right.value.den, &den)) return {};
  return fraction(num, den);
}

/// A fraction in lowest terms times base^exponent: a plain fraction if it fits, else what is left of base goes to the exponent.
constexpr folded scaled(number x, int exponent, std::int16_t base) {
  constexpr int most = 1'000'000;
  if (x.num == 0) return {true, {}};
  if (exponent > most || exponent < -most) return {};
  folded plain{exponent <= 64 && exponent >= -64, x};
  for (int left = exponent < 0 ? -exponent : exponent; left > 0 && plain.exact;) {
    std::int64_t power = 1;
    for (int k = 0; k < (base == 10 ? 18 : 62) && left > 0; ++k, --left) power *= base;
    plain = multiply_fractions(plain.value, exponent < 0 ? number{1, power} : number{power});
  }
  if (plain.exact) return plain;
  for (; x.num % base == 0; x.num /= base) ++exponent;
  for (; x.den % base == 0; x.den /= base) --exponent;
  return {true, {x.num, x.den, exponent, base}};
}

constexpr folded multiply(number a, number b) {
  if (a.exponent == 0 && b.exponent == 0) return multiply_fractions(a, b);
  if (a.num == 0 || b.num == 0) return {true, {}};
  if (a.is(1) || b.is(1)) return {true, a.is(1) ? b : a};
  if (a.rest != 0 || b.rest != 0 || (a.exponent != 0 && b.exponent != 0 && a.base != b.base)) return {};
  const folded product = multiply_fractions({a.num, a.den}, {b.num, b.den});
  return product.exact ? scaled(product.value, a.exponent + b.exponent, a.exponent != 0 ? a.base : b.base) : folded{};
}

constexpr folded divide(number a, number b) {
  if (b.num == 0 || b.rest != 0) return {};
  return multiply(a, b.num < 0 ? number{-b.den, -b.num, -b.exponent, b.base} : number{b.den, b.num, -b.exponent, b.base});
}

constexpr folded add(number a, number b) {
  if (a.exponent != b.exponent || a.base != b.base || a.rest != 0 || b.rest != 0)
    return a.num == 0 ? folded{true, b} : b.num == 0 ? folded{true, a} : folded{};
  std::int64_t left = 0, right = 0, num = 0, den = 0;
  if (__builtin_mul_overflow(a.num, b.den, &left) || __builtin_mul_overflow(b.num, a.den, &right) || __builtin_add_overflow(left, right, &num) ||
      __builtin_mul_overflow(a.den, b.den, &den))
    return {};
  const folded sum = fraction(num, den);
  return sum.exact && a.exponent != 0 ? scaled(sum.value, a.exponent, a.base) : sum;
}

constexpr number negate(number a) { return {-a.num, a.den, a.exponent, a.base, static_cast<std::int16_t>(-a.rest)}; }

constexpr folded power(number a, std::int64_t n) {
  if (n < 0) {
    const folded inverse = divide({1}, a);
    return inverse.exact ? power(inverse.value, -n) : folded{};
  }
  folded result{true, {1, 1, 0}};
  for (; n > 0 && result.exact; --n) result = n > 64 ? folded{} : multiply(result.value, a);
  return result;
}

}  // namespace detail
}  // namespace typegrad
