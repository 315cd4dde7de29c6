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

/// Is a condition true, in any lane?
constexpr bool any(bool condition) { return condition; }
template <class... More>
constexpr bool all(bool condition, More... more) {
  return (condition && ... && more);
}

/// x between low and high; NaN stays.
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

namespace detail {

template <class T>
struct bits;
template <>
struct bits<float> {
  using type = std::uint32_t;
  using integer = std::int32_t;
  static constexpr int mantissa = 23, bias = 127;
};
template <>
struct bits<double> {
  using type = std::uint64_t;
  using integer = std::int64_t;
  static constexpr int mantissa = 52, bias = 1023;
};
template <>
struct bits<long double> {
  using integer = int;
};

/// An integer as wide as T, one for each lane.
template <class T>
using integer_of = typename bits<T>::integer;

/// f of a float, computed in double; f of lanes, of the halves.
template <class F, class T>
TYPEGRAD_INLINE constexpr T in_double(F f, T x) {
  if constexpr (is_lanes<T>) return T::joined(f(x.template half<double, 0>()), f(x.template half<double, 1>()));
  else return static_cast<T>(f(static_cast<double>(x)));
}

/// 2^n for a normal result.
template <class T>
constexpr T power_of_two(integer_of<T> n) {
  if constexpr (sizeof(scalar_of<T>) <= 8) {
    using I = typename bits<scalar_of<T>>::integer;
    return __builtin_bit_cast(T, (n + I{bits<T>::bias}) << I{bits<T>::mantissa});
  } else {
    T result = 1, step = n < 0 ? T(0.5) : T(2);
    for (int k = n < 0 ? -n : n; k > 0; k /= 2) {
      if (k % 2 != 0) result *= step;
      if (k > 1) step *= step;
    }
    return result;
  }
}

/// Added to a number below 2^(digits - 2) and subtracted again, it rounds to an integer, whose value stands in the low bits.
template <class S>
inline constexpr S rounder = power_of_two<S>(std::numeric_limits<S>::digits - 1) * S(1.5L);

/// A number near x, as a number and as an integer.
template <class T>
struct rounded {
  T value;
  integer_of<T> integer;
};

/// The integer nearest to a b.
template <class T>
constexpr rounded<T> round_product(T a, T b) {
  using S = scalar_of<T>;
  const T shifted = kept(multiply_add(a, b, T(rounder<S>))), value = kept(shifted - T(rounder<S>));
  if constexpr (sizeof(S) <= 8) return {value, __builtin_bit_cast(integer_of<T>, shifted) - __builtin_bit_cast(integer_of<S>, rounder<S>)};
  else return {value, static_cast<int>(value)};
}

template <class T>
constexpr T to_number(integer_of<T> n) {
  using S = scalar_of<T>;
  if constexpr (sizeof(S) <= 8) return kept(__builtin_bit_cast(T, n + __builtin_bit_cast(integer_of<S>, rounder<S>)) - T(rounder<S>));
  else return static_cast<T>(n);
}

/// x * 2^n in two steps, so that results may be subnormal, and 2^n may be twice as large as the largest T allows.
template <class T>
constexpr T scale(T x, integer_of<T> n) {
  const integer_of<T> half = n >> integer_of<scalar_of<T>>{1};
  return kept(x * power_of_two<T>(half)) * power_of_two<T>(n - half);
}

/// x = mantissa * 2^exponent with mantissa in [sqrt(1/2), sqrt(2)), for finite x > 0.
template <class T>
struct decomposed {
  T mantissa;
  T exponent;
};

/// The same with the mantissa in [1/2, 1).
template <class T>
constexpr decomposed<T> split(T x) {
  if constexpr (sizeof(scalar_of<T>) <= 8) {
    using I = typename bits<scalar_of<T>>::integer;
    constexpr I mantissa = bits<T>::mantissa, one_half = I{bits<T>::bias - 1} << mantissa;
    const integer_of<T> raw = __builtin_bit_cast(integer_of<T>, x);  // x > 0: the sign is no matter
    return {__builtin_bit_cast(T, (raw & ((I{1} << mantissa) - I{1})) | one_half), to_number<T>((raw >> mantissa) - I{bits<T>::bias - 1})};
  } else {
    int exponent = 0;
    for (int k = 8192; k > 0; k /= 2) {
      const T up = power_of_two<T>(k);
      if (x >= up) x /= up, exponent += k;
      if (x * up < T(1)) x *= up, exponent -= k;
    }
    if (x >= T(1)) x /= 2, ++exponent;  // [1/2, 1), whatever side of 1 the steps ended on
    return {x, static_cast<T>(exponent)};
  }
}

/// For normal x.
template <class T>
constexpr decomposed<T> decompose_normal(T x) {
  using S = scalar_of<T>;
  constexpr S root_half = S(0.707106781186547524400844362104849039L);
  const auto [m, e] = split(x);
  const auto low = m < T(root_half);
  return {select(low, m + m, m), select(low, e - T(1), e)};
}

template <class T>
constexpr decomposed<T> decompose(T x) {
  constexpr scalar_of<T> digits = limits<T>::digits;
  const auto tiny = x < T(limits<T>::min());
  const auto [m, e] = decompose_normal(select(tiny, x * T(power_of_two<scalar_of<T>>(limits<T>::digits)), x));
  return {m, e - select(tiny, T(digits), T(0))};
}

}  // namespace detail
}  // namespace typegrad::math
