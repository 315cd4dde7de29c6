// SPDX-License-Identifier: BSL-1.0
// sin, cos, tan over the whole range: two-piece reduction by pi/2 for moderate arguments, Payne-Hanek for large ones.
#pragma once

#include <typegrad/math/series.hpp>

namespace typegrad::math {

namespace detail {

/// x = (quadrant + 4 k) pi/2 + r + rest with |r| <= pi/4 (a little more by rounding); rest is what r lacks.
template <class T>
struct reduced_angle {
  integer_of<T> quadrant;
  T r;
  T rest;
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
  return {quadrant, up ? -angle : angle, T(0)};
}

template <class T>
inline constexpr T moderate_angle = power_of_two<T>(std::numeric_limits<T>::digits >= 64 ? 30 : 19);

/// For |x| < moderate_angle; of others, anything.
template <class T>
TYPEGRAD_INLINE constexpr reduced_angle<T> reduce_moderate(T x) {
  using S = scalar_of<T>;
  constexpr S pieces[] = {static_cast<S>(1.570796326734125614166259765625L), static_cast<S>(6.07710050630396597659554913661850150674581528e-11L),
                          static_cast<S>(2.02226624871116645579599562365517070178233539e-21L),
                          static_cast<S>(8.47842766036889964395870146938670187755202841e-32L)};
  const auto [n, integer] = round_product(x, T(static_cast<S>(0.636619772367581343075535053490057448L)));
  const T first = kept(x - n * T(pieces[0]));  // exact
  const pair<T> second = two_sum(first, -n * T(pieces[1]));
  return {integer & integer_of<S>{3}, second.high, kept(second.low - kept(n * T(pieces[2]) + n * T(pieces[3])))};
}

/// The polynomials of sin r = r + r^3 sine(r^2) and cos r = 1 - r^2/2 + r^4 cosine(r^2) for |r| <= pi/4: of Taylor, and shorter ones for
/// double, printed by docs/tools/trigonometric_coefficients.py.
template <class T>
struct trigonometric_series {
  static constexpr int n = 11;
  T sine[n]{}, cosine[n]{};
  constexpr trigonometric_series() {
    long double factorial = 1;
    for (int k = 0; k < n; ++k) {  // sin: -1/3!, 1/5!, ...; cos: 1/4!, -1/6!, ...
      cosine[k] = static_cast<T>((k % 2 == 0 ? 1 : -1) / (factorial * (2 * k + 3) * (2 * k + 4) * (2 * k + 2)));
      factorial *= (2 * k + 2) * (2 * k + 3);
      sine[k] = static_cast<T>((k % 2 == 0 ? -1 : 1) / factorial);
    }
  }
};
template <>
struct trigonometric_series<double> {
  static constexpr int n = 6;
  double sine[n] = {-0x1.5555555555555p-3, 0x1.1111111110bb2p-7,   -0x1.a01a019e83816p-13,
                    0x1.71de379654304p-19, -0x1.ae600aca92c64p-26, 0x1.5e0b05bff20f2p-33};
  double cosine[n] = {0x1.5555555555555p-5,   -0x1.6c16c16c16967p-10, 0x1.a01a019f4e9b4p-16,
                      -0x1.27e4fa17bf139p-22, 0x1.1eeb68cd22f56p-29,  -0x1.907d8f29fe831p-37};
};
template <class T>
inline constexpr trigonometric_series<scalar_of<T>> trigonometric_terms{};

template <class T>
TYPEGRAD_INLINE constexpr T trigonometric_sum(const scalar_of<T> (&coefficient)[trigonometric_series<scalar_of<T>>::n], T z) {
  const T second = z * z, fourth = second * second, power[] = {z, second, fourth, fourth * fourth};
  return polynomial_tree<0, trigonometric_series<scalar_of<T>>::n>(coefficient, power);
}

template <class T>
TYPEGRAD_INLINE constexpr T sine(T r, T rest) {
  const T z = r * r, w = T(1) - T(scalar_of<T>(0.5L)) * z;
  return r + kept(multiply_add(r * z, trigonometric_sum<T>(trigonometric_terms<T>.sine, z), kept(rest * w)));
}

template <class T>
TYPEGRAD_INLINE constexpr T cosine(T r, T rest) {
  const T z = r * r, half = T(scalar_of<T>(0.5L)) * z, w = kept(T(1) - half);
  return w + kept(kept(kept(T(1) - w) - half) + kept(multiply_add(z * z, trigonometric_sum<T>(trigonometric_terms<T>.cosine, z), -(r * rest))));
}

/// a where the bits are set, b where they are not.
template <class T>
TYPEGRAD_INLINE constexpr T chosen(integer_of<T> bits, T a, T b) {
  return __builtin_bit_cast(T, (__builtin_bit_cast(integer_of<T>, a) & bits) | (__builtin_bit_cast(integer_of<T>, b) & ~bits));
}

/// What is computed of an angle x = quadrant pi/2 + r + rest. (Of several functions of x, compilers find what they share.)
enum class of_angle { sine, cosine, tangent };

template <of_angle What, class T>
TYPEGRAD_INLINE constexpr T turned(reduced_angle<T> a) {
  using I = integer_of<scalar_of<T>>;
  const auto quadrant = a.quadrant + I{What == of_angle::cosine ? 1 : 0};
  const T s = sine(a.r, a.rest), c = cosine(a.r, a.rest);
  if constexpr (sizeof(scalar_of<T>) > 8) {
    const T y = quadrant % 2 != 0 ? c : s;
    return What == of_angle::tangent ? y / (quadrant % 2 != 0 ? -s : c) : quadrant & 2 ? -y : y;
  } else {  // by bits, so that both are computed whatever the quadrant is, and sin x and cos x have all of it in common
    const T y = chosen(-(quadrant & I{1}), c, s);
    if constexpr (What == of_angle::tangent) return y / chosen(-(quadrant & I{1}), -s, c);
    return __builtin_bit_cast(T, __builtin_bit_cast(integer_of<T>, y) ^ ((quadrant & I{2}) << I{62}));
  }
}

/// For any x that is not NaN; rare, so a call.
template <of_angle What, class T>
__attribute__((noinline, cold)) constexpr T turned_far(T x) {
  const T size = x < T(0) ? -x : x;
  if (!(size < infinity<T>)) return nan<T>;
  if constexpr (sizeof(T) > 8)
    if (size >= power_of_two<T>(1024)) return nan<T>;
  const reduced_angle<T> far = reduce_large(size);
  return turned<What>(x < T(0) ? reduced_angle<T>{4 - far.quadrant, -far.r, T(0)} : far);
}

template <of_angle What, class T>
TYPEGRAD_INLINE constexpr T turned(T x) {
  constexpr scalar_of<T> limit = moderate_angle<scalar_of<T>>;
  if constexpr (sizeof(scalar_of<T>) == 4) {
    return in_double([](auto angle) TYPEGRAD_INLINE { return turned<What>(angle); }, x);
  } else {
    const bool near = all(x > T(-limit), x < T(limit));
    if constexpr (is_lanes<T>)
      if (!near) return by_lane([](auto angle) { return turned<What>(angle); }, x);
    if constexpr (!is_lanes<T>)
      if (!near && (__builtin_is_constant_evaluated() || is_nan(x))) return is_nan(x) ? x : turned_far<What>(x);
    T y = turned<What>(reduce_moderate(x));
    if constexpr (!is_lanes<T>) y = near ? y : turned_far<What>(x);
    return What == of_angle::cosine ? y : select(is_zero(x), x, y);  // -0 stays
  }
}

}  // namespace detail

/// Sine of x radians; NaN for infinite x (and for |x| >= 2^1024 in long double).
template <class T>
TYPEGRAD_INLINE constexpr T sin(T x) {
  return detail::turned<detail::of_angle::sine>(x);
}

/// Cosine of x radians; NaN for infinite x.
template <class T>
TYPEGRAD_INLINE constexpr T cos(T x) {
  return detail::turned<detail::of_angle::cosine>(x);
}

/// Tangent of x radians; NaN for infinite x.
template <class T>
constexpr T tan(T x) {
  return detail::turned<detail::of_angle::tangent>(x);
}

}  // namespace typegrad::math
