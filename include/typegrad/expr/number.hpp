// SPDX-License-Identifier: BSL-1.0
// Exact constants: num / den * 10^exponent, folded only while nothing is lost.
#pragma once

#include <typegrad/version.hpp>

#include <cstdint>
#include <limits>

namespace typegrad {

/// A rational number in lowest terms, times a power of ten that is 0 unless the number would not fit otherwise.
struct number {
  std::int64_t num = 0;
  std::int64_t den = 1;
  int exponent = 0;

  constexpr bool operator==(const number&) const = default;
  constexpr bool is_integer() const { return den == 1 && exponent == 0; }
  constexpr bool is(std::int64_t n) const { return num == n && is_integer(); }

  /// The nearest T, up to the rounding of one division (and of the scaling, if there is an exponent).
  template <class T>
  constexpr T to() const {
    if (den == 1 && exponent == 0) return static_cast<T>(num);
    constexpr std::int64_t exact = std::int64_t{1} << (std::numeric_limits<T>::digits < 62 ? std::numeric_limits<T>::digits : 62);
    if (exponent == 0 && num <= exact && num >= -exact && den <= exact) return static_cast<T>(num) / static_cast<T>(den);
    auto x = static_cast<long double>(num) / static_cast<long double>(den);
    long double power = 1;
    for (int i = 0; i < (exponent < 0 ? -exponent : exponent); ++i) power *= 10;
    return static_cast<T>(exponent < 0 ? x / power : x * power);
  }
};

namespace detail {

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

constexpr folded fraction(std::int64_t num, std::int64_t den, int exponent = 0) {
  if (den == 0 || num == std::numeric_limits<std::int64_t>::min() || den == std::numeric_limits<std::int64_t>::min()) return {};
  if (num == 0) return {true, {}};
  const std::int64_t g = greatest_common_divisor(num, den);
  return {true, den < 0 ? number{-num / g, -den / g, exponent} : number{num / g, den / g, exponent}};
}

constexpr folded multiply(number a, number b) {
  const folded left = fraction(a.num, b.den), right = fraction(b.num, a.den);  // cancel before multiplying
  if (!left.exact || !right.exact) return {};
  std::int64_t num = 0, den = 0;
  if (__builtin_mul_overflow(left.value.num, right.value.num, &num) || __builtin_mul_overflow(left.value.den, right.value.den, &den)) return {};
  return fraction(num, den, num == 0 ? 0 : a.exponent + b.exponent);
}

constexpr folded divide(number a, number b) {
  return b.num == 0 ? folded{} : multiply(a, b.num < 0 ? number{-b.den, -b.num, -b.exponent} : number{b.den, b.num, -b.exponent});
}

constexpr folded add(number a, number b) {
  if (a.exponent != b.exponent) return a.num == 0 ? folded{true, b} : b.num == 0 ? folded{true, a} : folded{};
  std::int64_t left = 0, right = 0, num = 0, den = 0;
  if (__builtin_mul_overflow(a.num, b.den, &left) || __builtin_mul_overflow(b.num, a.den, &right) || __builtin_add_overflow(left, right, &num) ||
      __builtin_mul_overflow(a.den, b.den, &den))
    return {};
  return fraction(num, den, num == 0 ? 0 : a.exponent);
}

constexpr number negate(number a) { return {-a.num, a.den, a.exponent}; }

constexpr folded power(number a, std::int64_t n) {
  if (n < 0) return a.num == 0 ? folded{} : power(divide({1, 1, 0}, a).value, -n);
  folded result{true, {1, 1, 0}};
  for (; n > 0 && result.exact; --n) result = n > 64 ? folded{} : multiply(result.value, a);
  return result;
}

/// digits * 10^exponent: a plain fraction if it fits, else the digits with what exponent they need.
constexpr number scaled(std::int64_t digits, int exponent) {
  if (digits == 0) return {};
  for (; digits % 10 == 0; digits /= 10) ++exponent;
  folded result{true, {digits, 1, 0}};
  for (int k = exponent; k != 0 && result.exact; k += k < 0 ? 1 : -1)
    result = k < 0 ? divide(result.value, {10, 1, 0}) : multiply(result.value, {10, 1, 0});
  return result.exact ? result.value : number{digits, 1, exponent};
}

/// A decimal literal, digit separators allowed: 2, 0.5, 1.5e-3, 1'000.
constexpr number parse(const char* text) {
  std::int64_t digits = 0;
  int exponent = 0;
  bool fractional = false;
  for (; *text != '\0' && *text != 'e' && *text != 'E'; ++text) {
    if (*text == '\'') continue;
    if (*text == '.') {
      fractional = true;
      continue;
    }
    if (digits < 92'233'720'368'547'758) {
      digits = 10 * digits + (*text - '0');
      exponent -= fractional ? 1 : 0;
    } else {
      exponent += fractional ? 0 : 1;
    }
  }
  if (*text != '\0') {
    const bool negative = *++text == '-';
    if (*text == '-' || *text == '+') ++text;
    int e = 0;
    for (; *text != '\0'; ++text) e = 10 * e + (*text - '0');
    exponent += negative ? -e : e;
  }
  return scaled(digits, exponent);
}

/// The shortest decimal that names the double `x` again (17 digits at most), as an exact number.
constexpr number from_double(double x) {
  if (x < 0) return negate(from_double(-x));
  if (x == 0) return {};
  if (x < 9e15 && x == static_cast<double>(static_cast<std::int64_t>(x))) return {static_cast<std::int64_t>(x), 1, 0};
  int exponent = 0;
  long double leading = x;
  while (leading >= 1e17L) leading /= 10, ++exponent;
  while (leading < 1e16L) leading *= 10, --exponent;
  std::int64_t digits = static_cast<std::int64_t>(leading + 0.5L), unit = 1;
  for (std::int64_t next = 10; next < 100'000'000'000'000'000; next *= 10) {
    const std::int64_t rounded = (digits + next / 2) / next * next;
    long double back = static_cast<long double>(rounded);
    for (int i = 0; i < exponent; ++i) back *= 10;
    for (int i = 0; i > exponent; --i) back /= 10;
    if (static_cast<double>(back) != x) break;
    digits = rounded, unit = next;
  }
  digits /= unit;
  for (; unit > 1; unit /= 10) ++exponent;
  return scaled(digits, exponent);
}

}  // namespace detail
}  // namespace typegrad
