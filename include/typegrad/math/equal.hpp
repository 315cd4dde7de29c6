// SPDX-License-Identifier: BSL-1.0
// Numbers that are to be compared exactly, said so: warnings of == between them (-Wfloat-equal) end here.
#pragma once

#include <typegrad/math/inline.hpp>

namespace typegrad::math {

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wfloat-equal"

/// a == b, for numbers or for vectors of them; NaN equals nothing.
template <class T>
TYPEGRAD_INLINE constexpr auto equal(T a, T b) {
  return a == b;
}
template <class T>
TYPEGRAD_INLINE constexpr auto differ(T a, T b) {
  return a != b;
}

#pragma GCC diagnostic pop

template <class T>
TYPEGRAD_INLINE constexpr auto is_zero(T x) {
  return equal(x, T(0));
}
template <class T>
TYPEGRAD_INLINE constexpr auto is_nan(T x) {
  return differ(x, x);
}

}  // namespace typegrad::math
