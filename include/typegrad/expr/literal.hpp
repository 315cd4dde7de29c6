// SPDX-License-Identifier: BSL-1.0
// From what C++ source can say to exact numbers: literals of every kind, and floating-point values by their shortest decimal.
#pragma once

#include <typegrad/expr/number.hpp>

namespace typegrad::detail {

/// significand * 2^exponent, exactly.
constexpr number power_of_two_times(std::uint64_t significand, int exponent) {
  if (significand == 0) return {};
  const int zeros = __builtin_ctzll(significand);
  return scaled({static_cast<std::int64_t>(significand >> zeros)}, exponent + zeros, 2).value;
}

/// A number of many digits, from 66 bits of it or more, the lowest "sticky": 62 bits are num, four are rest.
constexpr number long_number(binary b) {
  for (; b.significand % 2 == 0; b.significand /= 2) ++b.exponent;
  int length = width(b.significand);
  if (length <= 63) return power_of_two_times(static_cast<std::uint64_t>(b.significand), b.exponent);
  const int wanted = b.exponent + length == 62 ? 67 : 66;  // the exponent is not 0
  if (length < wanted) b.significand <<= wanted - length, b.exponent -= wanted - length;
  if (length > wanted) {
    const int dropped = length - wanted;
    const bool lost = (b.significand & ((wide{1} << dropped) - 1)) != 0;
    b.significand = b.significand >> dropped | (lost ? 1 : 0), b.exponent += dropped;
  }
  return {static_cast<std::int64_t>(b.significand >> 4), 1, b.exponent + 4, 2, static_cast<std::int16_t>(b.significand & 15)};
}

constexpr int most_digits = 1000, most_tens = 5000;

/// What `parse` gives for literals that are too much, by the denominator 0.
inline constexpr number too_many_digits{1, 0}, out_of_range{2, 0};

constexpr int digit_value(char c) { return c <= '9' ? c - '0' : (c | 32) - 'a' + 10; }

/// The digits of a literal, without the zeros around them: digit * base^exponent.
struct digits {
  std::uint64_t value = 0;
  int count = 0;
  int exponent = 0;
  bool fits = true;  // value is all of them, below 2^63
};

/// Reads the digits at `text` up to the exponent or the end. Every one but the zeros around them goes to `take(factor, digit)`.
template <class Take>
constexpr digits read_digits(const char*& text, int base, Take take) {
  digits result;
  int zeros = 0;
  bool fractional = false;
  for (; *text != '\0'; ++text) {
    const char c = *text;
    if (c == '\'') continue;
    if (c == '.') {
      fractional = true;
      continue;
    }
    const int digit = digit_value(c);
    if (digit >= base) break;
    if (fractional) --result.exponent;
    if (digit == 0) {
      zeros += result.count > 0 ? 1 : 0;
      continue;
    }
    result.count += zeros + 1;
    for (; zeros > 0; --zeros) take(result, 0);
    take(result, digit);
  }
  result.exponent += zeros;
  return result;
}

constexpr int read_exponent(const char* text) {
  const bool negative = *text == '-';
  if (*text == '-' || *text == '+') ++text;
  int result = 0;
  for (; *text != '\0'; ++text)
    if (*text != '\'' && result < 1'000'000) result = 10 * result + (*text - '0');
  return negative ? -result : result;
}

/// The literal's base; `text` moves to its digits. A leading 0 means octal unless a point or an exponent follows.
constexpr int read_base(const char*& text) {
  if (*text != '0') return 10;
  const int second = text[1] | 32;
  if (second == 'x' || second == 'b') text += 2;
  if (second == 'x') return 16;
  if (second == 'b') return 2;
  for (const char* c = text; *c != '\0'; ++c)
    if (*c == '.' || *c == 'e' || *c == 'E') return 10;
  return 8;
}

/// A literal whose digits do not fit 63 bits.
constexpr number parse_long(const char* text, int base, int exponent) {
  whole n(0), d(1);
  read_digits(text, base, [&](digits&, int digit) { n.multiply(static_cast<std::uint64_t>(base), static_cast<std::uint64_t>(digit)); });
  if (base == 10) (exponent < 0 ? d : n).multiply_by_fives(exponent < 0 ? -exponent : exponent);
  binary b = base == 10 && exponent < 0 ? quotient(n, d) : leading(n);
  b.exponent += exponent;
  return long_number(b);
}

/// What C++ says of the literal `text`, with no rounding: a decimal, hexadecimal, octal or binary integer or a decimal or
/// hexadecimal floating-point number, digit separators allowed.
constexpr number parse(const char* text) {
  const int base = read_base(text), bits = base == 16 ? 4 : base == 8 ? 3 : base == 2 ? 1 : 0;
  const char* const first = text;
  digits d = read_digits(text, base, [base](digits& so_far, int digit) {
    so_far.fits = so_far.fits &&
                  so_far.value <= (std::numeric_limits<std::int64_t>::max() - static_cast<std::uint64_t>(digit)) / static_cast<std::uint64_t>(base);
    if (so_far.fits) so_far.value = so_far.value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
  });
  if (d.count == 0) return {};
  if (bits != 0) d.exponent *= bits;
  if (*text != '\0') d.exponent += read_exponent(text + 1);
  const int size = bits == 0 ? d.exponent + d.count : (d.exponent + d.count * bits) * 3 / 10;
  if (d.count > most_digits) return too_many_digits;
  if (size > most_tens || size < -most_tens) return out_of_range;
  if (!d.fits) return parse_long(first, base, d.exponent);
  if (bits != 0) return power_of_two_times(d.value, d.exponent);
  return scaled({static_cast<std::int64_t>(d.value)}, d.exponent, 10).value;
}

/// x = significand * 2^exponent for finite x > 0.
template <class T>
constexpr binary exactly(T x) {
  constexpr int count = std::numeric_limits<T>::digits;
  const bool tiny = x < std::numeric_limits<T>::min();
  const auto [mantissa, exponent] = math::detail::split(tiny ? x * math::detail::power_of_two<T>(count) : x);
  return {static_cast<std::uint64_t>(mantissa * math::detail::power_of_two<T>(count)), static_cast<int>(exponent) - count - (tiny ? count : 0)};
}

/// The shortest decimal that names the finite x in its type (of several, the nearest to x); for long double, x itself if that
/// takes more than 17 digits.
template <class T>
constexpr number from_floating(T x) {
  if (x < T(0)) return negate(from_floating(-x));
  if (math::is_zero(x)) return {};
  if (x < T(9e15L) && math::equal(x, static_cast<T>(static_cast<std::int64_t>(x)))) return {static_cast<std::int64_t>(x)};
  constexpr int most = std::numeric_limits<T>::max_digits10 < 17 ? std::numeric_limits<T>::max_digits10 : 17;
  const binary exact = exactly(x);
  const auto significand = static_cast<std::uint64_t>(exact.significand);
  const decimal leading = leading_digits(significand, exact.exponent, most + 1);
  std::int64_t unit = 1;
  for (int k = 0; k < most; ++k) unit *= 10;
  for (int tens = leading.exponent + most; unit > 1; unit /= 10, --tens) {
    const std::int64_t below = leading.digits / unit, nearest = 2 * (leading.digits % unit) >= unit ? 1 : 0;
    for (int attempt = 0; attempt < 2; ++attempt) {
      const number candidate = scaled({below + (attempt == 0 ? nearest : 1 - nearest)}, tens, 10).value;
      if (math::equal(candidate.to<T>(), x)) return candidate;
    }
  }
  return long_number(exact);
}

}  // namespace typegrad::detail
