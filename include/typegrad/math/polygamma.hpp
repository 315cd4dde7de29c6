// SPDX-License-Identifier: BSL-1.0
// polygamma: the derivatives of digamma.
#pragma once

#include <typegrad/math/gamma.hpp>

namespace typegrad::math {

namespace detail {

inline constexpr int most_polygamma = 16;

/// d^n/dx^n cot(pi x) / pi^n = P_n(cot(pi x)) with P_0(c) = c, P_(k + 1) = -(1 + c^2) P_k'.
template <class T>
constexpr T cotangent_derivative(T c, int n) {
  T now[most_polygamma + 2]{T(0), T(1)};
  for (int k = 0; k < n; ++k) {
    T next[most_polygamma + 2]{};
    for (int i = 1; i <= k + 1; ++i) {
      const T slope = T(i) * now[i];
      next[i - 1] -= slope, next[i + 1] -= slope;
    }
    for (int i = 0; i <= k + 2; ++i) now[i] = next[i];
  }
  T sum = T(0);
  for (int i = n + 1; i >= 0; --i) sum = sum * c + now[i];
  return sum;
}

/// 1/x^n
template <class T>
constexpr T inverse_power(T x, int n) {
  T result = T(1);
  for (const T v = T(1) / x; n > 0; --n) result *= v;
  return result;
}

/// n! zeta(n + 1, x) for x > 0: the terms below 16 + n one by one, Euler and Maclaurin's formula from there on (Abramowitz and Stegun 6.4.11).
template <class T>
constexpr T hurwitz(T x, int n) {
  T sum = T(0), factorial = T(1);
  for (int k = 2; k <= n; ++k) factorial *= T(k);
  for (; x < T(16 + n); x += T(1)) sum += inverse_power(x, n + 1);
  T factor = T(n + 1) / T(2), term = inverse_power(x, n + 2), tail = T(0);
  const T v = T(1) / x;
  for (int k = 1; k <= 12; ++k) {  // B_2k (2k + n - 1)! / ((2k)! n!) / x^(2k + n)
    tail += static_cast<T>(bernoulli[k - 1]) * factor * term;
    factor *= T((2 * k + n) * (2 * k + n + 1)) / T((2 * k + 1) * (2 * k + 2)), term *= v * v;
  }
  const T main = inverse_power(x, n);
  return factorial * (sum + (tail + (main * v / T(2) + main / T(n))));
}

template <class T>
constexpr T polygamma_of(T x, int n) {
  if constexpr (sizeof(T) == 4) return static_cast<T>(polygamma_of(static_cast<double>(x), n));
  const bool odd = n % 2 != 0;
  if (is_nan(x) || equal(x, -infinity<T>)) return nan<T>;
  if (is_zero(x)) return odd ? infinity<T> : -infinity<T>;
  if (x > T(0)) return odd ? hurwitz(x, n) : -hurwitz(x, n);
  // psi_n(x) = (-1)^n psi_n(1 - x) - pi (d/dx)^n cot(pi x)
  const T f = off_integer(-x), z = f * f;
  if (is_zero(f)) return odd ? infinity<T> : nan<T>;
  const T cotangent = -polynomial(turn_terms<T>.cosine, z) / (f * polynomial(turn_terms<T>.sine, z));
  T turned = cotangent_derivative(cotangent, n);
  for (int k = 0; k <= n; ++k) turned *= static_cast<T>(3.14159265358979323846264338327950288L);
  return -hurwitz(T(1) - x, n) - turned;
}

}  // namespace detail

/// The n-th derivative of digamma, n = 1 .. 16. At 0, -1, -2, ... infinite for odd n; for even n -infinity at 0, NaN at the others.
template <class T>
constexpr T polygamma(T x, int n) {
  if constexpr (is_lanes<T>) return by_lane([n](auto one) { return detail::polygamma_of(one, n); }, x);
  else return detail::polygamma_of(x, n);
}

}  // namespace typegrad::math
