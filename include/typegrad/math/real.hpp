// SPDX-License-Identifier: BSL-1.0
// The bits of a floating-point number, in constant expressions and at run time alike.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>

/// Elementary functions that work in constant expressions and give the same result at run time (as long as the compiler
/// does not contract a*b + c into one instruction). Errors in units in the last place: docs/numerics.md.
namespace typegrad::math {

template <class T>
inline constexpr T infinity = std::numeric_limits<T>::infinity();
template <class T>
inline constexpr T nan = std::numeric_limits<T>::quiet_NaN();

/// condition ? a : b, without a branch where the target has none.
template <class T>
constexpr T select(bool condition, T a, T b) {
  return condition ? a : b;
}

template <class T>
constexpr bool is_finite(T x) {
  return x - x == T(0);
}

namespace detail {

template <class T>
struct bits;
template <>
struct bits<float> {
  using type = std::uint32_t;
  static constexpr int mantissa = 23, bias = 127;
};
template <>
struct bits<double> {
  using type = std::uint64_t;
  static constexpr int mantissa = 52, bias = 1023;
};

/// 2^n for a normal result.
template <class T>
constexpr T power_of_two(int n) {
  if constexpr (sizeof(T) <= 8) {
    using U = typename bits<T>::type;
    return std::bit_cast<T>(static_cast<U>(static_cast<U>(n + bits<T>::bias) << bits<T>::mantissa));
  } else {
    T result = 1, step = n < 0 ? T(0.5) : T(2);
    for (int k = n < 0 ? -n : n; k > 0; k /= 2) {
      if (k % 2 != 0) result *= step;
      if (k > 1) step *= step;
    }
    return result;
  }
}

/// x * 2^n in two steps, so that results may be subnormal, and 2^n may be twice as large as the largest T allows.
template <class T>
constexpr T scale(T x, int n) {
  const int half = n / 2;
  return x * power_of_two<T>(half) * power_of_two<T>(n - half);
}

/// x = mantissa * 2^exponent with mantissa in [sqrt(1/2), sqrt(2)), for finite x > 0.
template <class T>
struct decomposed {
  T mantissa;
  int exponent;
};

template <class T>
constexpr decomposed<T> decompose(T x) {
  constexpr T root_half = T(0.707106781186547524400844362104849039L);
  int exponent = 0;
  if (x < std::numeric_limits<T>::min()) {
    exponent = -std::numeric_limits<T>::digits;
    x *= power_of_two<T>(std::numeric_limits<T>::digits);
  }
  if constexpr (sizeof(T) <= 8) {
    using U = typename bits<T>::type;
    const U raw = std::bit_cast<U>(x);
    const int e = static_cast<int>(raw >> bits<T>::mantissa) - bits<T>::bias + 1;
    const U fraction = (raw & ((U{1} << bits<T>::mantissa) - 1)) | (static_cast<U>(bits<T>::bias - 1) << bits<T>::mantissa);
    x = std::bit_cast<T>(fraction);  // in [1/2, 1)
    exponent += e;
  } else {
    for (int k = 8192; k > 0; k /= 2) {
      const T up = power_of_two<T>(k);
      if (x >= up) x /= up, exponent += k;
      if (x * up < T(1)) x *= up, exponent -= k;
    }
    if (x >= T(1)) x /= 2, ++exponent;  // [1/2, 1), whatever side of 1 the steps ended on
  }
  const bool low = x < root_half;
  return {low ? x + x : x, low ? exponent - 1 : exponent};
}

/// A sum that is kept in two pieces, high + low.
template <class T>
struct pair {
  T high;
  T low;
};

// Knuth: high = fl(a + b), low the exact error.
template <class T>
constexpr pair<T> two_sum(T a, T b) {
  const T s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}

// Dekker: high = fl(a b), low the exact error (short of overflow).
template <class T>
constexpr pair<T> two_product(T a, T b) {
  constexpr T splitter = power_of_two<T>((std::numeric_limits<T>::digits + 1) / 2) + T(1);
  const T p = a * b, ca = splitter * a, cb = splitter * b;
  const T ah = ca - (ca - a), al = a - ah, bh = cb - (cb - b), bl = b - bh;
  return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

/// Horner's rule, coefficient[0] the constant term.
template <class T, int N>
constexpr T polynomial(const T (&coefficient)[N], T x) {
  T sum = coefficient[N - 1];
  for (int k = N - 2; k >= 0; --k) sum = sum * x + coefficient[k];
  return sum;
}

/// `single`, `twice` or `extended`, by the precision of T: how many terms a series needs.
template <class T>
constexpr int terms(int single, int twice, int extended) {
  return std::numeric_limits<T>::digits <= 24 ? single : std::numeric_limits<T>::digits <= 53 ? twice : extended;
}

}  // namespace detail
}  // namespace typegrad::math
