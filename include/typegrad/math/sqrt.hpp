// SPDX-License-Identifier: BSL-1.0
// sqrt: the hardware's at run time, the same correctly rounded result in constant expressions.
#pragma once

#include <typegrad/math/series.hpp>

namespace typegrad::math {

namespace detail {

/// Digit by digit on an integer of 2 * digits bits, then rounded to nearest (a tie cannot occur).
template <class T>
constexpr T sqrt_by_digits(T x) {
  __extension__ using wide = unsigned __int128;
  constexpr int digits = std::numeric_limits<T>::digits;
  constexpr int spare = digits < 63 ? 1 : 0;  // one digit more than T has, where there is room for it
  const auto [mantissa, exponent] = decompose(x);
  T m = mantissa;
  int e = static_cast<int>(exponent);
  if (e % 2 != 0) m *= 2, e -= 1;
  if (m < T(1)) m *= 4, e -= 2;  // m in [1, 4), e even: the root has exactly digits + spare digits
  wide rest = static_cast<wide>(scale(m, digits - 1)) << (digits - 1 + 2 * spare), root = 0;
  for (wide bit = wide{1} << (2 * (digits - 1 + spare)); bit != 0; bit >>= 2) {
    if (rest >= root + bit) rest -= root + bit, root = (root >> 1) + bit;
    else root >>= 1;
  }
  if (spare != 0 ? root % 2 != 0 : rest > root) ++root;
  return scale(static_cast<T>(root), e / 2 - (digits - 1 + spare));
}

}  // namespace detail

/// Square root, correctly rounded; NaN for x < 0.
template <class T>
constexpr T sqrt(T x) {
  if constexpr (is_lanes<T>) {
    return square_root(x);
  } else {
    if (!std::is_constant_evaluated()) {
      if constexpr (std::is_same_v<T, float>) return __builtin_sqrtf(x);
      else if constexpr (std::is_same_v<T, double>) return __builtin_sqrt(x);
      else return __builtin_sqrtl(x);
    }
    if (!(x > T(0)) || !(x < infinity<T>)) return x < T(0) ? nan<T> : x;
    return detail::sqrt_by_digits(x);
  }
}

}  // namespace typegrad::math
