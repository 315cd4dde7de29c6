// SPDX-License-Identifier: BSL-1.0
// Numbers as mantissa and exponent: powers of two, rounding to integers, scaling, taking apart.
#pragma once

#include <typegrad/math/real.hpp>

namespace typegrad::math {

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

/// A sign bit, of zeros too.
template <class T>
constexpr auto is_negative(T x) {
  if constexpr (is_lanes<T>) return typename T::mask{__builtin_bit_cast(integer_of<T>, x) < integer_of<T>{}};
  else if constexpr (sizeof(T) <= 8) return __builtin_bit_cast(integer_of<T>, x) < 0;
  else return x < T(0) || (is_zero(x) && __builtin_copysign(1.0, static_cast<double>(x)) < 0);
}

}  // namespace detail
}  // namespace typegrad::math
