// SPDX-License-Identifier: BSL-1.0
// tanh, and the activations made of exponentials: sigmoid, softplus.
#pragma once

#include <typegrad/math/exponential.hpp>

namespace typegrad::math {

/// Hyperbolic tangent: with t = e^(2|x|) - 1, tanh|x| = t / (t + 2).
template <class T>
constexpr T tanh(T x) {
  constexpr T limit = static_cast<T>(std::numeric_limits<T>::digits) * T(0.36L);  // 1 from here on
  const T size = select(x < T(0), -x, x);
  const T t = expm1(T(2) * select(size < limit, size, limit));
  const T y = select(size < limit, t / (t + T(2)), T(1));
  return select(x == x, select(x < T(0), -y, select(x == T(0), x, y)), x);
}

/// 1 / (1 + e^-x), from e^-|x| so that nothing overflows.
template <class T>
constexpr T sigmoid(T x) {
  const T e = exp(select(x < T(0), x, -x));
  return select(x < T(0), e, T(1)) / (T(1) + e);
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
template <class T>
constexpr T softplus(T x) {
  const T e = exp(select(x < T(0), x, -x));
  return select(x > T(0), x, T(0)) + log1p(e);
}

}  // namespace typegrad::math
