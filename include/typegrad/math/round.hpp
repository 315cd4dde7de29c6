// SPDX-License-Identifier: BSL-1.0
// floor, ceil, round, in any lane without a branch.
#pragma once

#include <typegrad/math/bits.hpp>

namespace typegrad::math {

namespace detail {

/// The integer nearest to x, halfway cases to even, for 0 <= x < 2^(digits - 1): added to it, only integers are left.
template <class T>
TYPEGRAD_INLINE constexpr T nearest_integer(T x) {
  constexpr scalar_of<T> shift = power_of_two<scalar_of<T>>(limits<T>::digits - 1);
  return kept(kept(x + T(shift)) - T(shift));
}

/// Numbers from here on are integers; infinity and NaN are not below it either.
template <class T>
constexpr auto has_fraction(T size) {
  return size < T(power_of_two<scalar_of<T>>(limits<T>::digits - 1));
}

/// 0 with the sign of x; other numbers stay.
template <class T>
TYPEGRAD_INLINE constexpr T signed_zero(T y, T x) {
  return select(is_zero(y), select(x < T(0), -T(0), select(is_zero(x), x, T(0))), y);
}

}  // namespace detail

/// The largest integer that is not above x. Infinities, NaN and -0 stay.
template <class T>
constexpr T floor(T x) {
  const T size = select(x < T(0), -x, x);
  const auto inside = detail::has_fraction(size);
  const T near = detail::nearest_integer(select(inside, size, T(0))), n = select(x < T(0), -near, near);
  return select(inside, detail::signed_zero(select(n > x, n - T(1), n), x), x);
}

/// The smallest integer that is not below x; -0 for -1 < x < 0. Infinities, NaN and -0 stay.
template <class T>
constexpr T ceil(T x) {
  return -floor(-x);
}

/// The nearest integer; halfway cases go away from 0, as C has it. Infinities, NaN and -0 stay.
template <class T>
constexpr T round(T x) {
  const T half = T(scalar_of<T>(0.5L)), size = select(x < T(0), -x, x);
  const auto inside = detail::has_fraction(size);
  const T safe = select(inside, size, T(0)), even = detail::nearest_integer(safe);
  const T n = select(safe - even >= half, even + T(1), even);
  return select(inside, detail::signed_zero(select(x < T(0), -n, n), x), x);
}

}  // namespace typegrad::math
