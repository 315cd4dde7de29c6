// SPDX-License-Identifier: BSL-1.0
// What the functions are summed from: numbers in two pieces, and polynomials in short chains.
#pragma once

#include <typegrad/math/real.hpp>

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
  const T s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}

// Dekker: high = fl(a b), low the exact error (short of overflow).
template <class T>
constexpr pair<T> two_product(T a, T b) {
  using S = scalar_of<T>;
#ifdef __FP_FAST_FMA  // contraction would spoil the splitting below
  if constexpr (std::is_same_v<T, double>) return {a * b, __builtin_fma(a, b, -(a * b))};
  if constexpr (std::is_same_v<T, float>) return {a * b, __builtin_fmaf(a, b, -(a * b))};
#endif
  constexpr S splitter = power_of_two<S>((limits<T>::digits + 1) / 2) + S(1);
  const T p = a * b, ca = T(splitter) * a, cb = T(splitter) * b;
  const T ah = ca - (ca - a), al = a - ah, bh = cb - (cb - b), bl = b - bh;
  return {p, ((ah * bh - p) + ah * bl + al * bh) + al * bl};
}

/// The terms First .. First + Count - 1 of a polynomial as a tree (Estrin's scheme), at most 32; power[k] = x^(2^k).
template <int First, int Count, class T, std::size_t N>
TYPEGRAD_INLINE constexpr T polynomial_tree(const scalar_of<T> (&coefficient)[N], const T* power) {
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
