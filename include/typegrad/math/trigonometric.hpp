// SPDX-License-Identifier: BSL-1.0
// sin, cos, tan over the whole range: two-piece reduction by pi/2 for moderate arguments, Payne-Hanek for large ones.
#pragma once

#include <typegrad/math/series.hpp>

namespace typegrad::math {

namespace detail {

/// x = (quadrant + 4 k) pi/2 + r with |r| <= pi/4 (a little more by rounding).
template <class T>
struct reduced_angle {
  int quadrant;
  T r;
};

// The bits of 2/pi after the point.
inline constexpr std::uint64_t two_over_pi[] = {0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
                                                0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
                                                0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
                                                0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
                                                0xa9e391615ee61b08, 0x6599855f14a06840};

/// 64 bits of 2/pi, the first of weight 2^-(first + 1); bits before the point are 0.
constexpr std::uint64_t window(int first) {
  if (first <= -64) return 0;
  if (first < 0) return two_over_pi[0] >> -first;
  const int word = first / 64, shift = first % 64;
  return shift == 0 ? two_over_pi[word] : (two_over_pi[word] << shift) | (two_over_pi[word + 1] >> (64 - shift));
}

/// Payne and Hanek, 1983: only the bits of 2/pi that decide the product modulo 4 are multiplied. For 1 < x < 2^1024.
template <class T>
constexpr reduced_angle<T> reduce_large(T x) {
  __extension__ using wide = unsigned __int128;
  const auto [m, exponent] = decompose(x);
  const int e = static_cast<int>(exponent);
  const auto mantissa = static_cast<std::uint64_t>(scale(m, 62));  // x = mantissa * 2^(e - 62)
  const int first = e - 62 - 2;                                    // bits of weight >= 4 after the product drop out
  const wide low = static_cast<wide>(mantissa) * window(first + 128);
  const wide middle = static_cast<wide>(mantissa) * window(first + 64) + static_cast<std::uint64_t>(low >> 64);
  const std::uint64_t top = mantissa * window(first) + static_cast<std::uint64_t>(middle >> 64);
  int quadrant = static_cast<int>(top >> 62);
  wide fraction = (static_cast<wide>(top << 2 | static_cast<std::uint64_t>(middle) >> 62) << 64) |
                  (static_cast<std::uint64_t>(middle) << 2 | static_cast<std::uint64_t>(low) >> 62);
  const bool up = (fraction >> 127) != 0;
  if (up) fraction = 0 - fraction, quadrant = (quadrant + 1) % 4;
  int shift = 0;
  while (shift < 127 && (fraction >> (127 - shift)) == 0) ++shift;
  fraction <<= shift;
  const auto high = static_cast<std::uint64_t>(fraction >> 64);
  constexpr int digits = std::numeric_limits<T>::digits;
  const auto leading = high >> (64 - digits);
  const auto trailing =
      digits == 64 ? static_cast<std::uint64_t>(fraction) : (high << (digits % 64) | static_cast<std::uint64_t>(fraction) >> ((64 - digits) % 64));
  const T r = scale(static_cast<T>(leading), -digits - shift);
  const T rest = scale(static_cast<T>(trailing >> 1), -63 - digits - shift);
  constexpr T half_pi = static_cast<T>(1.57079632679489661923132169163975144L);
  constexpr T half_pi_low = static_cast<T>(sizeof(T) == 8 ? 6.12323399573676588613032966137500529e-17L : -2.50827880633416601177909354281416e-20L);
  const T angle = r * half_pi + kept(r * half_pi_low + rest * half_pi);
  return {quadrant, up ? -angle : angle};
}

template <class T>
constexpr reduced_angle<T> reduce_angle(T x) {
  constexpr T pieces[] = {static_cast<T>(1.570796326734125614166259765625L), static_cast<T>(6.07710050630396597659554913661850150674581528e-11L),
                          static_cast<T>(2.02226624871116645579599562365517070178233539e-21L),
                          static_cast<T>(8.47842766036889964395870146938670187755202841e-32L)};
  const T n = round_product(x, static_cast<T>(0.636619772367581343075535053490057448L)).value;
  const T a = kept(x - n * pieces[0]);  // exact
  const pair<T> b = two_sum(a, -n * pieces[1]);
  return {static_cast<int>(static_cast<std::int64_t>(n) & 3), b.high + kept(b.low - n * pieces[2] - n * pieces[3])};
}

template <class T>
struct trigonometric_series {
  static constexpr int n = terms<T>(8, 8, 11);  // float is computed in double
  T sine[typegrad::detail::bound(n)]{}, cosine[typegrad::detail::bound(n)]{};
  constexpr trigonometric_series() {
    long double factorial = 1;
    for (int k = 0; k < n; ++k) {  // sin: -1/3!, 1/5!, ...; cos: 1/4!, -1/6!, ...
      cosine[k] = static_cast<T>((k % 2 == 0 ? 1 : -1) / (factorial * (2 * k + 3) * (2 * k + 4) * (2 * k + 2)));
      factorial *= (2 * k + 2) * (2 * k + 3);
      sine[k] = static_cast<T>((k % 2 == 0 ? -1 : 1) / factorial);
    }
  }
};
template <class T>
inline constexpr trigonometric_series<T> trigonometric_terms{};

template <class T>
constexpr T sine(T r) {
  const T z = r * r;
  return r + kept(r * z * polynomial(trigonometric_terms<T>.sine, z));
}

template <class T>
constexpr T cosine(T r) {
  const T z = r * r, half = T(0.5L) * z, w = kept(T(1) - half);
  return w + kept(kept(kept(T(1) - w) - half) + z * z * polynomial(trigonometric_terms<T>.cosine, z));
}

template <class T>
constexpr reduced_angle<T> reduce(T x) {
  const T size = x < T(0) ? -x : x;
  constexpr T moderate = power_of_two<T>(std::numeric_limits<T>::digits >= 64 ? 30 : 19);
  if (size < moderate) return reduce_angle(x);
  if constexpr (sizeof(T) > 8)
    if (size >= power_of_two<T>(1024)) return {0, nan<T>};
  auto [quadrant, r] = reduce_large(size);
  return x < T(0) ? reduced_angle<T>{(4 - quadrant) % 4, -r} : reduced_angle<T>{quadrant, r};
}

template <class T>
constexpr T sine_of(T x) {
  if constexpr (sizeof(T) == 4) return static_cast<T>(sine_of(static_cast<double>(x)));
  if (!(x < infinity<T> && x > -infinity<T>)) return nan<T>;
  if (is_zero(x)) return x;
  const auto [quadrant, r] = reduce(x);
  const T y = quadrant % 2 == 0 ? sine(r) : cosine(r);
  return quadrant < 2 ? y : -y;
}

template <class T>
constexpr T cosine_of(T x) {
  if constexpr (sizeof(T) == 4) return static_cast<T>(cosine_of(static_cast<double>(x)));
  if (!(x < infinity<T> && x > -infinity<T>)) return nan<T>;
  const auto [quadrant, r] = reduce(x);
  const T y = quadrant % 2 == 0 ? cosine(r) : sine(r);
  return quadrant == 0 || quadrant == 3 ? y : -y;
}

template <class T>
constexpr T tangent_of(T x) {
  if constexpr (sizeof(T) == 4) return static_cast<T>(tangent_of(static_cast<double>(x)));
  if (!(x < infinity<T> && x > -infinity<T>)) return nan<T>;
  if (is_zero(x)) return x;
  const auto [quadrant, r] = reduce(x);
  const T s = sine(r), c = cosine(r);
  return quadrant % 2 == 0 ? s / c : -(c / s);
}

}  // namespace detail

/// Sine of x radians; NaN for infinite x (and for |x| >= 2^1024 in long double).
template <class T>
constexpr T sin(T x) {
  if constexpr (is_lanes<T>) return by_lane([](auto angle) { return detail::sine_of(angle); }, x);
  else return detail::sine_of(x);
}

/// Cosine of x radians; NaN for infinite x.
template <class T>
constexpr T cos(T x) {
  if constexpr (is_lanes<T>) return by_lane([](auto angle) { return detail::cosine_of(angle); }, x);
  else return detail::cosine_of(x);
}

/// Tangent of x radians; NaN for infinite x.
template <class T>
constexpr T tan(T x) {
  if constexpr (is_lanes<T>) return by_lane([](auto angle) { return detail::tangent_of(angle); }, x);
  else return detail::tangent_of(x);
}

}  // namespace typegrad::math
