// SPDX-License-Identifier: BSL-1.0
// atan, atan2, asin, acos.
#pragma once

#include <typegrad/math/sqrt.hpp>

namespace typegrad::math {

namespace detail {

/// k pi/4 for k = 0 .. 4 in two pieces.
template <class S>
struct eighths {
  S high[5]{}, low[5]{};
  constexpr eighths() {
    constexpr long double angle[] = {0, 0.785398163397448309615660845819875721049L, 1.57079632679489661923132169163975144210L,
                                     2.35619449019234492884698253745962716315L, 3.14159265358979323846264338327950288420L};
    constexpr long double rest[] = {0, -1.25413940316708300588933177e-20L, -2.50827880633416601177866354e-20L, -9.18342907192877118770525931e-20L,
                                    -5.01655761266833202355732708e-20L};
    for (int k = 0; k < 5; ++k) high[k] = static_cast<S>(angle[k]), low[k] = static_cast<S>((angle[k] - static_cast<long double>(high[k])) + rest[k]);
  }
};
template <class T>
inline constexpr eighths<scalar_of<T>> eighth_turns{};

/// -1/3, 1/5, -1/7, ...: atan(r) = r + r^3 * polynomial(r^2), for |r| <= tan(pi/8).
template <class S>
struct atan_series {
  static constexpr int n = terms<S>(9, 20, 25);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr atan_series() {
    for (int k = 0; k < n; ++k) coefficient[k] = static_cast<S>((k % 2 == 0 ? -1.0L : 1.0L) / (2 * k + 3));
  }
};
template <class T>
inline constexpr atan_series<scalar_of<T>> atan_terms{};

/// The angle from the x axis to (+-x, y), in the first quadrant or (`left`) the second, for x, y >= 0 that are not both 0. It is turned by
/// 0, 45 or 90 degrees towards the axis; the quotient a / b that is left is known to twice the digits.
template <class T, class Condition>
constexpr T angle_of(T y, T x, Condition left) {
  using S = scalar_of<T>;
  constexpr S near = S(0.414213562373095048801688724209698079L), far = S(2.41421356237309504880168872420969808L);
  const auto flat = y<T(near) * x, steep = y> T(far) * x;
  const pair<T> difference = two_sum(y, -x), sum = two_sum(y, x);
  const pair<T> a{select(flat, y, select(steep, -x, difference.high)), select(flat | steep, T(0), difference.low)};
  const pair<T> b{select(flat, x, select(steep, y, sum.high)), select(flat | steep, T(0), sum.low)};
  const T inverse = T(1) / b.high, r = kept(a.high * inverse);
  const pair<T> back = two_product(r, b.high);
  const T r_low = (kept(kept(a.high - back.high) - back.low) + (a.low - r * b.low)) * inverse;
  const T z = r * r, rest = kept(r_low + r * (z * polynomial(atan_terms<T>.coefficient, z)));
  const auto& high = eighth_turns<T>.high;
  const auto& low = eighth_turns<T>.low;
  const T start = select(flat, select(left, T(high[4]), T(0)), select(steep, T(high[2]), select(left, T(high[3]), T(high[1]))));
  const T start_low = select(flat, select(left, T(low[4]), T(0)), select(steep, T(low[2]), select(left, T(low[3]), T(low[1]))));
  const pair<T> turned = two_sum(start, select(left, -r, r));
  return turned.high + kept(turned.low + (start_low + select(left, -rest, rest)));
}

}  // namespace detail

/// Arc tangent, between -pi/2 and pi/2. NaN and -0 stay.
template <class T>
constexpr T atan(T x) {
  constexpr scalar_of<T> far = detail::power_of_two<scalar_of<T>>(limits<T>::digits + 8);
  const T size = select(x < T(0), -x, x), y = detail::angle_of(clamp(size, T(0), T(far)), T(1), size < T(0));
  return select(is_zero(x), x, select(x < T(0), -y, y));
}

/// The angle of the point (x, y), between -pi and pi; that of 0, 0 and of infinities as C defines it: by their signs.
template <class T>
constexpr T atan2(T y, T x) {
  using S = scalar_of<T>;
  constexpr int far = limits<T>::max_exponent - 8, up = limits<T>::max_exponent / 16 * 9;
  const auto below = detail::is_negative(y), left = detail::is_negative(x);
  T a = select(below, -y, y), b = select(left, -x, x);
  const auto tall = a >= T(infinity<T>), wide = b >= T(infinity<T>);
  const auto finite = (a < T(infinity<T>)) & (b < T(infinity<T>)), origin = (a <= T(0)) & (b <= T(0));
  const auto special = origin | !finite;
  const auto nan_in = !(tall | wide | finite);
  a = select(special, select(tall, T(1), T(0)), a), b = select(special, select(wide | origin, T(1), T(0)), b);
  b = select(nan_in, T(1), b);
  const T m = select(a < b, b, a);
  const T scale = select(m < T(1), T(detail::power_of_two<S>(up)), select(m > T(detail::power_of_two<S>(far)), T(S(0.0625L)), T(1)));
  const T angle = detail::angle_of(a * scale, b * scale, left);
  return select(is_nan(x), x, select(is_nan(y), y, select(below, -angle, angle)));
}

namespace detail {

/// (2k)! / (4^k k!^2 (2k + 1)) from k = 1 on: asin(s) = s + s^3 * polynomial(s^2), for s <= 1/2.
template <class S>
struct asin_series {
  static constexpr int n = terms<S>(9, 23, 28);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr asin_series() {
    long double factor = 1;
    for (int k = 1; k <= n; ++k) {
      factor *= static_cast<long double>(2 * k - 1) / static_cast<long double>(2 * k);
      coefficient[k - 1] = static_cast<S>(factor / (2 * k + 1));
    }
  }
};
template <class T>
inline constexpr asin_series<scalar_of<T>> asin_terms{};

/// asin(s) = s + rest, for s = |x| if that is at most 1/2, else for sqrt((1 - |x|) / 2): acos(x) = 2 asin(sqrt((1 - x) / 2)).
template <class T>
constexpr pair<T> half_angle(T size) {
  const T half = T(scalar_of<T>(0.5L));
  const auto small = size <= half;
  const T z = select(small, size * size, half * (T(1) - size)), s = select(small, size, sqrt(z));
  return {s, s * (z * polynomial(asin_terms<T>.coefficient, z))};
}

}  // namespace detail

/// Arc sine; NaN beyond -1 .. 1. -0 stays.
template <class T>
constexpr T asin(T x) {
  const T size = select(x < T(0), -x, x);
  const auto inside = size <= T(1);
  const auto [s, rest] = detail::half_angle(select(inside, size, T(0)));
  const T quarter = T(detail::eighth_turns<T>.high[2]), low = T(detail::eighth_turns<T>.low[2]);
  const detail::pair<T> difference = detail::two_sum(quarter, -(s + s));
  const T y = select(size <= T(scalar_of<T>(0.5L)), s + rest, difference.high + kept(difference.low + (low - T(2) * rest)));
  return select(inside, select(is_zero(x), x, select(x < T(0), -y, y)), select(is_nan(x), x, T(nan<T>)));
}

/// Arc cosine, between 0 and pi; NaN beyond -1 .. 1.
template <class T>
constexpr T acos(T x) {
  const T size = select(x < T(0), -x, x);
  const auto inside = size <= T(1);
  const auto [s, rest] = detail::half_angle(select(inside, size, T(0)));
  const T quarter = T(detail::eighth_turns<T>.high[2]), low = T(detail::eighth_turns<T>.low[2]);
  const T sine = select(x < T(0), -s, s), sine_rest = select(x < T(0), -rest, rest);
  const T far = select(x < T(0), T(2) * quarter - kept(T(2) * s - T(2) * (low - rest)), T(2) * (s + rest));
  const T y = select(size <= T(scalar_of<T>(0.5L)), quarter - kept(sine - (low - sine_rest)), far);
  return select(inside, y, select(is_nan(x), x, T(nan<T>)));
}

}  // namespace typegrad::math
