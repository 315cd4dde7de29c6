// SPDX-License-Identifier: BSL-1.0
// What the functions are summed from: numbers in two pieces, and polynomials in short chains.
#pragma once

#include <typegrad/math/bits.hpp>

#include <utility>

namespace typegrad::math {

namespace detail {

/// A sum that is kept in two pieces, high + low.
template <class T>
struct pair {
  T high;
  T low;
};

// Knuth: high = fl(a + b), low the exact error.
template <class T>
constexpr pair<T> two_sum(T a, T b) {
  a = kept(a), b = kept(b);
  const T s = kept(a + b), t = kept(s - a);
  return {s, kept(a - kept(s - t)) + kept(b - t)};
}

/// The leading half of the digits of a, and what it lacks of a.
template <class T>
constexpr pair<T> split_digits(T a) {
  using S = scalar_of<T>;
  constexpr int lower = (limits<T>::digits + 1) / 2;
  if constexpr (sizeof(S) <= 8) {  // cut: no multiplication, so nothing overflows
    using I = typename bits<S>::integer;
    const T high = __builtin_bit_cast(T, __builtin_bit_cast(integer_of<T>, a) & ~((I{1} << lower) - I{1}));
    return {high, kept(a - high)};
  } else {  // Veltkamp
    const T c = kept((power_of_two<T>(lower) + T(1)) * a), high = kept(c - kept(c - a));
    return {high, kept(a - high)};
  }
}

/// a b - p where p = fl(a b), exactly, without the instruction for it: for constant expressions, in which Clang has none.
constexpr float product_error(float a, float b, float p) {
  return static_cast<float>(static_cast<double>(a) * static_cast<double>(b) - static_cast<double>(p));
}
constexpr double product_error(double a, double b, double p) {
  const auto halves = [](double x) {  // Veltkamp: 26 digits each, so that their products are exact
    const double c = 134217729.0 * x, high = c - (c - x);
    return pair<double>{high, x - high};
  };
  const auto [a_high, a_low] = halves(a);
  const auto [b_high, b_low] = halves(b);
  return ((a_high * b_high - p) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

// Dekker: high = fl(a b), low its error, but for the last bit of the pair.
template <class T>
constexpr pair<T> two_product(T a, T b) {
  a = kept(a), b = kept(b);
  const T p = kept(a * b);
#if defined(__FP_FAST_FMA) || defined(__FMA__)
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, float>)
    if (__builtin_is_constant_evaluated()) return {p, product_error(a, b, p)};
  if constexpr (std::is_same_v<T, double>) return {p, __builtin_fma(a, b, -p)};
  if constexpr (std::is_same_v<T, float>) return {p, __builtin_fmaf(a, b, -p)};
  if constexpr (is_lanes<T>) return {p, fused_multiply_add(a, b, -p)};
#endif
  const auto [a_high, a_low] = split_digits(a);
  const auto [b_high, b_low] = split_digits(b);
  return {p, (kept(kept(a_high * b_high) - p) + kept(a_high * b_low) + kept(a_low * b_high)) + kept(a_low * b_low)};
}

/// x^2: the square of the leading half of the digits, which is exact, and the rest.
template <class T>
TYPEGRAD_INLINE constexpr pair<T> long_square(T x) {
  const pair<T> parts = split_digits(x);
  return {kept(parts.high * parts.high), kept(parts.low * (x + parts.high))};
}

/// The terms First .. First + Count - 1 of a polynomial as a tree (Estrin's scheme), at most 32; power[k] = x^(2^k).
template <int First, int Count, class T, class C, std::size_t N>
TYPEGRAD_INLINE constexpr T polynomial_tree(const C (&coefficient)[N], const T* power) {
  if constexpr (Count == 1) {
    return T(coefficient[First]);
  } else {
    constexpr int level = Count > 16 ? 4 : Count > 8 ? 3 : Count > 4 ? 2 : Count > 2 ? 1 : 0, half = 1 << level;
    return multiply_add(polynomial_tree<First + half, Count - half>(coefficient, power), power[level],
                        polynomial_tree<First, half>(coefficient, power));
  }
}
/// coefficient[0] is the constant term. Short polynomials go by Horner's rule; long ones as a tree, in which few steps wait for
/// each other, but for the first two terms, whose rounding errors count.
template <class T, std::size_t N>
TYPEGRAD_INLINE constexpr T polynomial(const scalar_of<T> (&coefficient)[N], T x) {
  constexpr int n = static_cast<int>(N);
  if constexpr (n < 8) {
    T sum = T(coefficient[n - 1]);
#pragma GCC unroll 8
    for (int k = n - 2; k >= 0; --k) sum = multiply_add(sum, x, T(coefficient[k]));
    return sum;
  } else {
    T power[5] = {x};
#pragma GCC unroll 4
    for (int k = 1; 1 << k < n - 2; ++k) power[k] = power[k - 1] * power[k - 1];
    const T rest = polynomial_tree<2, n - 2>(coefficient, power);
    return multiply_add(multiply_add(rest, x, T(coefficient[1])), x, T(coefficient[0]));
  }
}

/// `single`, `twice` or `extended`, by the precision of T: how many terms a series needs.
template <class T>
constexpr int terms(int single, int twice, int extended) {
  return limits<T>::digits <= 24 ? single : limits<T>::digits <= 53 ? twice : extended;
}

}  // namespace detail
}  // namespace typegrad::math
