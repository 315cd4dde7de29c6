// SPDX-License-Identifier: BSL-1.0
// exp, expm1.
#pragma once

#include <typegrad/math/table.hpp>

namespace typegrad::math {

namespace detail {

/// 1/2!, 1/3!, ...: e^r = 1 + r + r^2 * polynomial(r).
template <class S>
struct exp_series {
  static constexpr int n = terms<S>(6, 12, 15);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr exp_series() {
    long double factorial = 1;
    for (int k = 0; k < n; ++k) coefficient[k] = static_cast<S>(1 / (factorial *= k + 2));
  }
};
template <class T>
inline constexpr exp_series<scalar_of<T>> exp_terms{};

/// log(2) as a short high part, whose products with exponents are exact, and the rest.
template <class S>
inline constexpr S log2_high = static_cast<S>(sizeof(S) == 4 ? 0.693359375L : 0.69314718036912381649017333984375L);
template <class S>
inline constexpr S log2_low = static_cast<S>(sizeof(S) == 4 ? -2.12194440054690582767878541823432e-4L : 1.90821492927058781614426568e-10L);

/// e^x = 2^n (1 + p) with |p| <= sqrt(2) - 1, from x = n log(2) + r.
template <class T>
struct reduced_exponential {
  integer_of<T> n;
  T p;
};

template <class T>
TYPEGRAD_INLINE constexpr reduced_exponential<T> reduce_exponential(T x) {
  using S = scalar_of<T>;
  const auto [n, integer] = round_product(x, T(static_cast<S>(1.44269504088896340735992468100189214L)));
  const T r = kept(multiply_add(n, T(-log2_low<S>), kept(multiply_add(n, T(-log2_high<S>), x))));
  return {integer, kept(multiply_add(r * r, polynomial(exp_terms<T>.coefficient, r), r))};
}

template <class S>
inline constexpr S exp_limit = static_cast<S>(std::numeric_limits<S>::max_exponent) * static_cast<S>(0.69314718055994530942L);

}  // namespace detail

namespace detail {

/// e^(x - less) = 2^n power (1 + p), where power = 2^(j/16), |p| <= 0.022, and `less` is at most a unit in the last place of x.
template <class T>
struct table_exponential {
  integer_of<T> shifted;  // 16 n, whose bits from the 48th on are those of the exponent
  T sixteenths;           // 16 n + j
  T power;
  T p;
};
template <class T>
TYPEGRAD_INLINE constexpr table_exponential<T> exponential_by_table(T x, T less) {
  const auto [k, integer] = round_product(x, T(16 * 1.44269504088896340735992468100189214));
  const T r = kept(multiply_add(k, T(log2_low<double> / -16), kept(multiply_add(k, T(log2_high<double> / -16), x))) - less), square = r * r;
  const T power[] = {r, square, square * square};
  const auto j = integer & integer_of<double>{15};
  const T p = kept(multiply_add(square, polynomial_tree<0, 6>(power_polynomial, power), r + looked_up<T>(power_table_low, j)));
  return {integer - j, k, looked_up<T>(power_table, j), p};
}

/// e^(x - less) for -moderate < x < moderate: nothing is subnormal, so that 2^n goes into the exponent.
template <class T>
inline constexpr scalar_of<T> moderate = static_cast<scalar_of<T>>(sizeof(scalar_of<T>) == 4 ? 80 : 650);
template <class T>
TYPEGRAD_INLINE constexpr T moderate_exp(T x, T less) {
  const auto [shifted, sixteenths, power, p] = exponential_by_table(x, less);
  const T scaled = __builtin_bit_cast(T, __builtin_bit_cast(integer_of<T>, power) + times_power_of_two<T>(shifted, 48));
  return scaled + kept(scaled * p);
}
template <class T>
TYPEGRAD_INLINE constexpr T moderate_exp(T x) {
  const auto [n, p] = reduce_exponential(x);
  return __builtin_bit_cast(T, __builtin_bit_cast(integer_of<T>, T(1) + p) + times_power_of_two<T>(n, bits<T>::mantissa));
}

/// Where e^x is 0 or infinity beyond.
template <class T>
TYPEGRAD_INLINE constexpr T within_range(T x) {
  using S = scalar_of<T>;
  constexpr S high = exp_limit<S> + S(1), low = -exp_limit<S> - static_cast<S>(limits<T>::digits) * S(0.75L);
  return clamp(x, T(low), T(high));
}

/// e^(x - less) in double; for any x.
template <class T>
TYPEGRAD_INLINE constexpr T any_exp(T x, T less) {
  const auto [shifted, sixteenths, power, p] = exponential_by_table(within_range(x), less);
  const T near = power + kept(power * p);
  if constexpr (has_scaling<T>) return scaled(near, sixteenths * T(0.0625));
  else return scale(near, shifted_down<T>(shifted + integer_of<double>{0x10000}, 4) - integer_of<double>{0x1000});
}
/// In float, and for long double.
template <class T>
TYPEGRAD_INLINE constexpr T any_exp(T x) {
  const auto [n, p] = reduce_exponential(within_range(x));
  return scale(T(1) + p, n);
}
/// The same where that is rare, so that it stands out of the way.
template <class... T>
[[gnu::noinline, gnu::cold]] constexpr auto rare_exp(T... x) {
  return any_exp(x...);
}

/// e^x, or e^(x - less).
template <class T, class... Less>
TYPEGRAD_INLINE constexpr T exp_less(T x, Less... less) {
  if constexpr (has_scaling<T> || sizeof(scalar_of<T>) > 8) {
    return any_exp(x, less...);
  } else {
    if (all(x > T(-moderate<T>), x < T(moderate<T>))) [[likely]]
      return moderate_exp(x, less...);
    return rare_exp(x, less...);
  }
}

}  // namespace detail

/// e^x. Overflow gives infinity, underflow 0: the bounds lie where both have happened. NaN stays.
template <class T>
TYPEGRAD_INLINE constexpr T exp(T x) {
  if constexpr (std::is_same_v<scalar_of<T>, double>) return detail::exp_less(x, T(0));
  else return detail::exp_less(x);
}

/// e^x - 1, accurate near 0.
template <class T>
constexpr T expm1(T x) {
  using S = scalar_of<T>;
  constexpr S high = detail::exp_limit<S>, low = -static_cast<S>(limits<T>::digits + 2);
  const T inside = select(x > T(low), select(x < T(high), x, T(0)), T(low));
  const auto [n, p] = detail::reduce_exponential(inside);
  const auto half = n >> detail::integer_of<S>{1};
  const T a = detail::power_of_two<T>(half), b = detail::power_of_two<T>(n - half);
  const T y = select(inside < T(44), p * a * b + kept(a * b - T(1)), kept(p * a + a) * b);
  return select(x < T(high), select(is_zero(x), x, y), select(x >= T(high), T(infinity<T>), x));
}

}  // namespace typegrad::math
