// SPDX-License-Identifier: BSL-1.0
// asinh, acosh, atanh, made of log1p so that they are accurate near their zeros.
#pragma once

#include <typegrad/math/logarithm.hpp>
#include <typegrad/math/sqrt.hpp>

namespace typegrad::math {

namespace detail {

/// From here on log(2x) is what asinh and acosh are, and log(1 + x) is log(x).
template <class T>
inline constexpr scalar_of<T> huge_argument = power_of_two<scalar_of<T>>(limits<T>::digits + 2);
template <class T>
inline constexpr scalar_of<T> log_of_two = static_cast<scalar_of<T>>(0.693147180559945309417232121458176568L);

}  // namespace detail

/// log(x + sqrt(x^2 + 1)) = log(1 + x + x^2 / (1 + sqrt(x^2 + 1))). Infinities, NaN and -0 stay.
template <class T>
constexpr T asinh(T x) {
  const T size = select(x < T(0), -x, x);
  const auto large = size >= T(detail::huge_argument<T>);
  const T inner = select(large, T(0), size), square = inner * inner;
  const T y = log1p(select(large, size, inner + square / (T(1) + sqrt(T(1) + square)))) + select(large, T(detail::log_of_two<T>), T(0));
  return select(is_zero(x), x, select(x < T(0), -y, y));
}

/// log(x + sqrt(x^2 - 1)) = log(1 + t + sqrt(2t + t^2)) with t = x - 1; NaN for x < 1.
template <class T>
constexpr T acosh(T x) {
  const auto inside = x >= T(1), large = x >= T(detail::huge_argument<T>);
  const T t = select(inside & !large, x - T(1), T(0));
  const T y = log1p(select(large, x, t + sqrt(T(2) * t + t * t))) + select(large, T(detail::log_of_two<T>), T(0));
  return select(inside, y, select(is_nan(x), x, T(nan<T>)));
}

/// log((1 + x) / (1 - x)) / 2; infinite at -1 and 1, NaN beyond. -0 stays.
template <class T>
constexpr T atanh(T x) {
  const T size = select(x < T(0), -x, x);
  const auto inside = size < T(1);
  const T inner = select(inside, size, T(0)), half = T(scalar_of<T>(0.5L));
  const T near = half * log1p((inner + inner) / (T(1) - inner)), y = select(inside, near, T(infinity<T>));
  return select(size <= T(1), select(is_zero(x), x, select(x < T(0), -y, y)), select(is_nan(x), x, T(nan<T>)));
}

}  // namespace typegrad::math
