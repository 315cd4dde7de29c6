// SPDX-License-Identifier: BSL-1.0
// cbrt and hypot: roots that neither overflow nor underflow on the way.
#pragma once

#include <typegrad/math/sqrt.hpp>

namespace typegrad::math {

namespace detail {

// Near the cube root on [1/4, 2), with a relative error below 1.1 %; docs/tools/cbrt_coefficients.py finds them.
inline constexpr float cbrt_coefficients[] = {0.377061099f, 1.25208697f, -1.09349399f, 0.579379261f, -0.118464321f};

/// The cube root of a in [1/4, 2): twice Halley's step y - y (y^3 - a) / (2 y^3 + a), the second time with y^3 - a of twice the digits.
template <class T>
constexpr T cbrt_reduced(T a) {
  using S = scalar_of<T>;
  constexpr S start[] = {S(cbrt_coefficients[0]), S(cbrt_coefficients[1]), S(cbrt_coefficients[2]), S(cbrt_coefficients[3]), S(cbrt_coefficients[4])};
  T guess = polynomial(start, a), cube = guess * guess * guess;
  if constexpr (limits<T>::digits > 53) guess -= guess * (cube - a) / (T(2) * cube + a), cube = guess * guess * guess;
  const T y = kept(guess - guess * (cube - a) / (T(2) * cube + a));
  const pair<T> square = two_product(y, y), third = two_product(square.high, y);
  const T rest = kept(third.high - a) + (third.low + square.low * y);
  return y - kept(y * rest / (T(3) * a + T(2) * rest));
}

}  // namespace detail

/// Cube root, of negative numbers too. Infinities, NaN and -0 stay.
template <class T>
constexpr T cbrt(T x) {
  using S = scalar_of<T>;
  constexpr int digits = limits<T>::digits;
  const T size = select(x < T(0), -x, x);
  const auto inside = (size > T(0)) & (size < T(infinity<T>));
  const T safe = select(inside, size, T(1));
  const auto tiny = safe < T(limits<T>::min());
  const auto [m, exponent] = detail::split(select(tiny, safe * T(detail::power_of_two<S>(digits)), safe));
  const T e = exponent - select(tiny, T(S(digits)), T(0));
  const auto [third, integer] = detail::round_product(e, T(S(1) / S(3)));  // e = 3 third + (-1, 0 or 1)
  const T rest = e - T(3) * third, one = select(rest > T(0), T(2), select(rest < T(0), T(S(0.5L)), T(1)));
  const T y = detail::cbrt_reduced(m * one) * detail::power_of_two<T>(integer);
  return select(inside, select(x < T(0), -y, y), x);
}

namespace detail {

/// A power of two by which numbers up to m may be multiplied so that squares neither overflow nor lose what counts.
template <class T>
struct scaling {
  T up;
  T down;
};
template <class T>
constexpr scaling<T> scaling_of(T m) {
  using S = scalar_of<T>;
  constexpr int far = limits<T>::max_exponent / 2 - 12, step = limits<T>::max_exponent / 2 + limits<T>::digits;
  const auto large = m > T(power_of_two<S>(far)), small = m < T(power_of_two<S>(-far));
  const T up = T(power_of_two<S>(step)), down = T(power_of_two<S>(-step));
  return {select(large, down, select(small, up, T(1))), select(large, up, select(small, down, T(1)))};
}

}  // namespace detail

/// sqrt(x^2 + y^2). Infinite if one of them is, unless the other is NaN.
template <class T>
constexpr T hypot(T x, T y) {
  const T a = select(x < T(0), -x, select(is_zero(x), T(0), x)), b = select(y < T(0), -y, select(is_zero(y), T(0), y));
  const T large = select(a < b, b, a), small = select(a < b, a, b);
  const auto finite = large < T(infinity<T>);
  const T m = select(finite, large, T(1)), n = select(small <= m, small, T(0));
  const auto [up, down] = detail::scaling_of(m);
  const T p = m * up, q = n * up;
  const T h = sqrt(p * p + q * q) * down;
  return select(is_nan(x), x, select(is_nan(y), y, select(finite, h, large)));
}

}  // namespace typegrad::math
