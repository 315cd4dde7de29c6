// SPDX-License-Identifier: BSL-1.0
// Fractions times powers of ten, rounded once and correctly: whole numbers of any size, and the nearest T to what they make.
#pragma once

#include <typegrad/math/bits.hpp>

namespace typegrad::detail {

__extension__ typedef unsigned __int128 wide;

/// significand * 2^exponent. With 66 bits or more, the lowest may stand for a remainder ("sticky"): then the number lies between
/// the same neighbours of 65 bits as the one it stands for, so it rounds alike to every format of 64 bits or fewer.
struct binary {
  wide significand = 0;
  int exponent = 0;
};

/// The number of bits of n.
constexpr int width(std::uint64_t n) { return n == 0 ? 0 : 64 - __builtin_clzll(n); }
constexpr int width(wide n) {
  const auto high = static_cast<std::uint64_t>(n >> 64);
  return high != 0 ? 64 + width(high) : width(static_cast<std::uint64_t>(n));
}

/// The nearest T, halfway cases to even; infinity beyond the largest, subnormal numbers below the least normal one.
template <class T>
constexpr T nearest(binary x) {
  using limits = std::numeric_limits<T>;
  constexpr int digits = limits::digits < 64 ? limits::digits : 64, least = limits::min_exponent - limits::digits;
  const int length = width(x.significand), normal = x.exponent + length - digits, last = normal < least ? least : normal;
  const int dropped = last - x.exponent;
  if (length == 0 || dropped > length) return T(0);
  if (x.exponent + length > limits::max_exponent) return math::infinity<T>;
  if (dropped <= 0) return math::detail::scale(static_cast<T>(static_cast<std::uint64_t>(x.significand)), x.exponent);
  wide kept = x.significand >> dropped;
  const wide rest = x.significand - (kept << dropped), half = wide{1} << (dropped - 1);
  if (rest > half || (rest == half && kept % 2 != 0)) ++kept;
  if (width(kept) + last > limits::max_exponent) return math::infinity<T>;
  if (width(kept) > 64) return math::detail::scale(T(1), last + 64);
  return math::detail::scale(static_cast<T>(static_cast<std::uint64_t>(kept)), last);
}

/// num / den for num, den > 0.
constexpr binary ratio(std::uint64_t num, std::uint64_t den) {
  const int up = 64 - width(num), down = 64 - width(den);
  const std::uint64_t d = den << down;
  const wide n = static_cast<wide>(num << up) << 64, first = n / d, rest = (n - first * d) << 3, second = rest / d;
  return {first << 3 | second | (rest != second * d ? 1 : 0), down - up - 67};
}

/// A whole number; it has room for 1,000 digits times 5^5000.
struct whole {
  static constexpr int room = 240;
  std::uint64_t word[room];  // those from `size` on have no value
  int size;

  constexpr explicit whole(std::uint64_t n) : size(1) { word[0] = n; }
  constexpr int length() const { return 64 * (size - 1) + width(word[size - 1]); }
  /// this = this * factor + carry
  constexpr void multiply(std::uint64_t factor, std::uint64_t carry = 0) {
    for (int i = 0; i < size; ++i) {
      const wide product = static_cast<wide>(word[i]) * factor + carry;
      word[i] = static_cast<std::uint64_t>(product), carry = static_cast<std::uint64_t>(product >> 64);
    }
    if (carry != 0) word[size++] = carry;
  }
  constexpr void multiply_by_fives(int n) {
    for (; n >= 27; n -= 27) multiply(7'450'580'596'923'828'125U);  // 5^27
    std::uint64_t rest = 1;
    for (; n > 0; --n) rest *= 5;
    if (rest != 1) multiply(rest);
  }
  /// Bits first .. first + 63; there are none below 0.
  constexpr std::uint64_t bits(int first) const {
    if (first <= -64) return 0;
    if (first < 0) return word[0] << -first;
    const int i = first / 64, shift = first % 64;
    const std::uint64_t low = i < size ? word[i] : 0, high = i + 1 < size ? word[i + 1] : 0;
    return shift == 0 ? low : low >> shift | high << (64 - shift);
  }
  constexpr bool any_below(int first) const {
    for (int i = 0; i < size && 64 * i < first; ++i)
      if ((64 * (i + 1) <= first ? word[i] : word[i] << (64 * (i + 1) - first)) != 0) return true;
    return false;
  }
};

/// n to 68 bits.
constexpr binary leading(const whole& n) {
  const int first = n.length() - 68;
  return {static_cast<wide>(n.bits(first + 64) & 15) << 64 | n.bits(first) | (n.any_below(first) ? 1 : 0), first};
}

/// n / d, to 68 bits at least: long division (Knuth, The Art of Computer Programming 4.3.1 D) of as much of n as decides them.
constexpr binary quotient(const whole& n, const whole& d) {
  const int size = d.size, up = 64 * size - d.length(), first = n.length() - 64 * size - 68;
  std::uint64_t divisor[whole::room], rest[whole::room + 2];
  for (int i = 0; i < size; ++i) divisor[i] = d.bits(64 * i - up);
  for (int i = 0; i < size + 2; ++i) rest[i] = n.bits(first + 64 * i);
  bool lost = n.any_below(first);
  wide result = 0;
  for (int at = 1; at >= 0; --at) {
    const std::uint64_t top = divisor[size - 1];
    const wide two = static_cast<wide>(rest[at + size]) << 64 | rest[at + size - 1];
    wide guess = rest[at + size] >= top ? static_cast<wide>(~std::uint64_t{0}) : two / top;  // too large by 2 at most
    const auto subtract = [&](std::uint64_t factor) {
      std::uint64_t carry = 0, borrow = 0;
      for (int i = 0; i <= size; ++i) {
        const wide product = static_cast<wide>(i < size ? divisor[i] : 0) * factor + carry;
        carry = static_cast<std::uint64_t>(product >> 64);
        const wide difference = static_cast<wide>(rest[at + i]) - static_cast<std::uint64_t>(product) - borrow;
        rest[at + i] = static_cast<std::uint64_t>(difference), borrow = static_cast<std::uint64_t>(difference >> 64) != 0 ? 1 : 0;
      }
      return borrow != 0;
    };
    if (subtract(static_cast<std::uint64_t>(guess))) {
      bool below_zero = true;
      while (below_zero) {
        --guess;
        std::uint64_t carry = 0;
        for (int i = 0; i <= size; ++i) {
          const wide sum = static_cast<wide>(rest[at + i]) + (i < size ? divisor[i] : 0) + carry;
          rest[at + i] = static_cast<std::uint64_t>(sum), carry = static_cast<std::uint64_t>(sum >> 64);
        }
        below_zero = carry == 0;
      }
    }
    result = result << 64 | guess;
  }
  for (int i = 0; i < size; ++i) lost = lost || rest[i] != 0;
  return {result | (lost ? 1 : 0), first + up};
}

/// num / den * 5^fives for num, den > 0.
constexpr binary with_fives(std::uint64_t num, std::uint64_t den, int fives) {
  if (fives == 0) return ratio(num, den);
  whole n(num), d(den);
  (fives < 0 ? d : n).multiply_by_fives(fives < 0 ? -fives : fives);
  return den == 1 && fives > 0 ? leading(n) : quotient(n, d);
}

/// digits * 10^exponent
struct decimal {
  std::int64_t digits;
  int exponent;
};

/// The first `count` decimal digits (18 at most) of significand * 2^exponent; what follows is cut off.
constexpr decimal leading_digits(std::uint64_t significand, int exponent, int count) {
  wide limit = 1;
  for (int k = 0; k < count; ++k) limit *= 10;
  int tens = count - ((exponent + width(significand) - 1) * 78913 >> 18);  // 78913/2^18 is log10(2)
  wide digits = limit;
  while (digits >= limit) {
    --tens;
    const binary scaled = with_fives(significand, 1, tens);
    digits = scaled.significand >> -(scaled.exponent + exponent + tens);
  }
  return {static_cast<std::int64_t>(digits), -tens};
}

}  // namespace typegrad::detail
