// SPDX-License-Identifier: BSL-1.0
// The bits of a floating-point number, in constant expressions and at run time alike.
#pragma once

#include <typegrad/math/bound.hpp>
#include <typegrad/math/equal.hpp>
#include <typegrad/math/order.hpp>

#include <cstdint>
#include <limits>
#include <type_traits>

/// Elementary functions that work in constant expressions and give the same result at run time (as long as the compiler
/// does not contract a*b + c into one instruction). Errors in units in the last place: docs/numerics.md.
namespace typegrad::math {

/// The number type of T: T itself, or that of its lanes (math/lanes.hpp).
template <class T>
struct scalar_type {
  using type = T;
};
template <class T>
using scalar_of = typename scalar_type<T>::type;
template <class T>
using limits = std::numeric_limits<scalar_of<T>>;
template <class T>
inline constexpr bool is_lanes = false;
/// Is there an instruction that multiplies by powers of two, scaled(x, n)?
template <class T>
inline constexpr bool has_scaling = false;

#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wunknown-warning-option"
#pragma clang diagnostic ignored "-Wnan-infinity-disabled"  // under -ffinite-math-only they are compared with, if at all
#endif
template <class T>
inline constexpr scalar_of<T> infinity = limits<T>::infinity();
template <class T>
inline constexpr scalar_of<T> nan = limits<T>::quiet_NaN();
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

/// condition ? a : b, without a branch where the target has none.
template <class Condition, class T>
TYPEGRAD_INLINE constexpr T select(Condition condition, T a, T b) {
  if constexpr (is_lanes<T>) return choose(condition, a, b);
  else return condition ? a : b;
}

/// a / b, also for b = 0, which a constant expression may not divide by.
template <class T>
TYPEGRAD_INLINE constexpr T divide(T a, T b) {
  if constexpr (!is_lanes<T>)
    if (__builtin_is_constant_evaluated() && is_zero(b))
      return is_zero(a) || is_nan(a) ? nan<T> : (a < T(0)) == (__builtin_copysign(1.0, static_cast<double>(b)) < 0) ? infinity<T> : -infinity<T>;
  return a / b;
}

/// Is a condition true in any lane? Are all of these in all lanes?
constexpr bool any(bool condition) { return condition; }
template <class... More>
constexpr bool all(bool condition, More... more) {
  return (condition && ... && more);
}

/// a < b ? a : b and a > b ? a : b: b, if there is no order.
template <class T>
  requires(!is_lanes<T>)
TYPEGRAD_INLINE constexpr T lesser(T a, T b) {
  return a < b ? a : b;
}
template <class T>
  requires(!is_lanes<T>)
TYPEGRAD_INLINE constexpr T greater(T a, T b) {
  return a > b ? a : b;
}

/// The larger and the smaller: NaN if either is, a if they are equal.
template <class T>
TYPEGRAD_INLINE constexpr T larger(T a, T b) {
  return select(equal(b, b), greater(b, a), b);
}
template <class T>
TYPEGRAD_INLINE constexpr T smaller(T a, T b) {
  return select(equal(b, b), lesser(b, a), b);
}

/// x between low and high; NaN stays.
template <class T>
TYPEGRAD_INLINE constexpr T clamp(T x, T low, T high) {
  return greater(low, lesser(high, x));
}

/// a b + c, as one operation where the target has it and the compiler may use it.
template <class T>
  requires(!is_lanes<T>)
constexpr T multiply_add(T a, T b, T c) {
  return a * b + c;
}

template <class T>
constexpr auto is_finite(T x) {
  if constexpr (!is_lanes<T>)
    if (__builtin_is_constant_evaluated()) return x < infinity<T> && x > -infinity<T>;  // no constant is infinity - infinity
  return is_zero(x - x);
}

}  // namespace typegrad::math
