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

/// The terms First, First + Step, ... of a polynomial, in x^Step, by Horner's rule.
template <int First, int Step, class T, int N>
TYPEGRAD_INLINE constexpr T polynomial_chain(const scalar_of<T> (&coefficient)[N], T x) {
  constexpr int last = N - 1 - (N - 1 - First) % Step;
  T sum = T(coefficient[last]);
#pragma GCC unroll 32
  for (int k = last - Step; k >= First; k -= Step) sum = multiply_add(sum, x, T(coefficient[k]));
  return sum;
}
/// coefficient[0] is the constant term. Long ones are evaluated in two or four chains, so that fewer steps wait for each
/// other; the first three terms, whose rounding errors count, one after the other.
template <class T, int N>
TYPEGRAD_INLINE constexpr T polynomial(const scalar_of<T> (&coefficient)[N], T x) {
  if constexpr (N < 9) {
    return polynomial_chain<0, 1>(coefficient, x);
  } else {
    const T square = x * x;
    T rest;
    if constexpr (N < 18) {
      rest = multiply_add(x, polynomial_chain<4, 2>(coefficient, square), polynomial_chain<3, 2>(coefficient, square));
    } else {
      const T fourth = square * square;
      const T low = multiply_add(x, polynomial_chain<4, 4>(coefficient, fourth), polynomial_chain<3, 4>(coefficient, fourth));
      const T high = multiply_add(x, polynomial_chain<6, 4>(coefficient, fourth), polynomial_chain<5, 4>(coefficient, fourth));
      rest = multiply_add(square, high, low);
    }
    return multiply_add(multiply_add(multiply_add(rest, x, T(coefficient[2])), x, T(coefficient[1])), x, T(coefficient[0]));
  }
}

/// `single`, `twice` or `extended`, by the precision of T: how many terms a series needs.
template <class T>
constexpr int terms(int single, int twice, int extended) {
  return limits<T>::digits <= 24 ? single : limits<T>::digits <= 53 ? twice : extended;
}

}  // namespace detail
}  // namespace typegrad::math
