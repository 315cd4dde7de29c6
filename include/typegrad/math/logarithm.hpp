// SPDX-License-Identifier: BSL-1.0
// log, log1p; log2, log10 and exp2, of the same series as log and exp.
#pragma once

#include <typegrad/math/exponential.hpp>

namespace typegrad::math {

namespace detail {

/// 2/3, 2/5, 2/7, ...: log((1 + s) / (1 - s)) = 2 s + s^3 * polynomial(s^2).
template <class S>
struct log_series {
  static constexpr int n = terms<S>(4, 10, 13);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr log_series() {
    for (int k = 0; k < n; ++k) coefficient[k] = static_cast<S>(2.0L / (2 * k + 3));
  }
};
template <class T>
inline constexpr log_series<scalar_of<T>> log_terms{};

/// log(1 + f) + e log(2) + correction, for 1 + f in [sqrt(1/2), sqrt(2)).
template <class T>
constexpr T log_near_one(T f, T e, T correction) {
  using S = scalar_of<T>;
  f = kept(f);
  const T s = f / (T(2) + f), z = s * s, half = T(S(0.5L)) * f * f;
  const T r = z * polynomial(log_terms<T>.coefficient, z);
  // log(1 + f) = f - (f^2/2 - s (f^2/2 + r))
  return e * T(log2_high<S>) - kept(kept(half - kept(s * (half + r) + kept(e * T(log2_low<S>) + correction))) - f);
}

}  // namespace detail

namespace detail {

/// log(x) of a normal number x = 2^e z, in parts: (e log(2) - log(c)) + log(1 + r), where 1/c is near 1/z and r = z (1/c) - 1.
template <class T>
struct table_logarithm {
  T r, rest;  // exact
  T log_high, log_low;
};
/// The same of x / 2^less.
template <class T>
TYPEGRAD_INLINE constexpr table_logarithm<T> logarithm_by_table(T x, T less) {
  using I = integer_of<double>;
  const auto raw = __builtin_bit_cast(integer_of<T>, x), above = raw + I{0x0019'8000'0000'0000};  // minus 0.703125, its exponent shifted by 1024
  const auto j = shifted_down<T>(above, 48) & I{15}, exponent = shifted_down<T>(above, 52) - I{1024}, bits = raw - (exponent << I{52});
  const T z = __builtin_bit_cast(T, bits), leading = __builtin_bit_cast(T, bits & I{-0x800'0000}), inverse = looked_up<T>(reciprocal_table, j);
  const T e = to_number<T>(exponent) - less;
  const T high = kept(kept(leading * inverse) - T(1)), low = kept(kept(z - leading) * inverse), r = kept(high + low);
  return {r, kept(low - kept(r - high)), kept(kept(e * T(log2_high<double>)) + looked_up<T>(logarithm_table, j)),
          kept(multiply_add(e, T(log2_low<double>), looked_up<T>(logarithm_table_low, j)))};
}

/// log(x 2^-less) + correction for a normal number x.
template <class T>
TYPEGRAD_INLINE constexpr T log_normal(T x, T less, T correction) {
  if constexpr (std::is_same_v<scalar_of<T>, double>) {
    const auto [r, rest, log_high, log_low] = logarithm_by_table(x, less);
    const T sum = kept(log_high + r), lost = kept(kept(log_high - sum) + r);
    const T square = r * r, fourth = square * square, power[] = {r, square, fourth, fourth * fourth};
    return sum + kept(multiply_add(square, polynomial_tree<0, 9>(logarithm_polynomial, power), kept(lost + kept(kept(rest + log_low) + correction))));
  } else {
    const auto [m, e] = decompose_normal(x);
    return log_near_one(m - T(1), e - less, correction);
  }
}

}  // namespace detail

/// Natural logarithm: -infinity at 0, NaN below.
template <class T>
constexpr T log(T x) {
  if (!all(x >= T(limits<T>::min()), x < T(infinity<T>))) {  // not a normal number: rare, so a branch
    constexpr int digits = limits<T>::digits;
    const auto inside = (x > T(0)) & (x < T(infinity<T>));
    const auto tiny = x < T(limits<T>::min());
    const T normal = select(tiny, x * T(detail::power_of_two<scalar_of<T>>(digits)), x);
    const T y = detail::log_normal(select(inside, normal, T(1)), select(tiny, T(scalar_of<T>(digits)), T(0)), T(0));
    return select(inside, y, select(is_zero(x), T(-infinity<T>), select(x > T(0), x, select(x < T(0), T(nan<T>), x))));
  }
  return detail::log_normal(x, T(0), T(0));
}

/// log(1 + x), accurate near 0.
template <class T>
constexpr T log1p(T x) {
  const auto inside = (x > T(-1)) & (x < T(infinity<T>));
  const T safe = select(inside, x, T(0)), u = kept(T(1) + safe);
  const T lost = select(safe < T(1), kept(safe - kept(u - T(1))), kept(T(1) - kept(u - safe))) / u;  // what u lost of 1 + x, relative
  T y = x;
  if constexpr (std::is_same_v<scalar_of<T>, double>) {
    y = detail::log_normal(u, T(0), lost);
  } else {
    const auto [m, e] = detail::decompose(u);
    const auto near = is_zero(e);
    y = detail::log_near_one(select(near, safe, m - T(1)), e, select(near, T(0), lost));
  }
  return select(inside, select(is_zero(x), x, y), select(equal(x, T(-1)), T(-infinity<T>), select(x > T(0), x, select(x < T(-1), T(nan<T>), x))));
}

namespace detail {

/// A factor in two pieces.
template <class S>
constexpr pair<S> in_two(long double value, long double rest) {
  const S high = static_cast<S>(value);
  return {high, static_cast<S>((value - static_cast<long double>(high)) + rest)};
}

/// log(x) / log(base) = e step + log(m) factor for x = m 2^e; step is short enough that e step is exact.
template <class T, class S>
constexpr T logarithm(T x, pair<S> factor, pair<S> step) {
  const auto inside = (x > T(0)) & (x < T(infinity<T>));
  const auto [m, e] = decompose(select(inside, x, T(1)));
  const T f = kept(m - T(1)), s = f / (T(2) + f), z = s * s, half = T(S(0.5L)) * f * f;
  const T r = z * polynomial(log_terms<T>.coefficient, z);
  const pair<T> l = two_sum(f, -(half - s * (half + r))), p = two_product(l.high, T(factor.high));
  const pair<T> sum = two_sum(e * T(step.high), p.high);
  const T y = sum.high + kept(sum.low + (p.low + (l.high * T(factor.low) + l.low * T(factor.high)) + e * T(step.low)));
  return select(inside, y, select(is_zero(x), T(-infinity<T>), select(x > T(0), x, select(x < T(0), T(nan<T>), x))));
}

/// log10(2) as a short high part and the rest.
template <class S>
constexpr pair<S> log10_of_two() {
  constexpr long double value = 0.301029995663981195213738894724493026768L;
  constexpr S scale = power_of_two<S>(sizeof(S) == 4 ? 12 : 32);
  const S high = static_cast<S>(static_cast<std::int64_t>(value * static_cast<long double>(scale))) / scale;
  return {high, static_cast<S>(value - static_cast<long double>(high))};
}

}  // namespace detail

/// Logarithm to the base 2, exact at powers of 2: -infinity at 0, NaN below.
template <class T>
constexpr T log2(T x) {
  using S = scalar_of<T>;
  return detail::logarithm(x, detail::in_two<S>(1.44269504088896340735992468100189214L, -2.7727101796451309785e-20L), detail::pair<S>{S(1), S(0)});
}

/// Logarithm to the base 10: -infinity at 0, NaN below.
template <class T>
constexpr T log10(T x) {
  using S = scalar_of<T>;
  return detail::logarithm(x, detail::in_two<S>(0.434294481903251827651128918916605082L, 5.649505751918704781e-21L), detail::log10_of_two<S>());
}

/// 2^x, exact at integers. Overflow gives infinity, underflow 0. NaN stays.
template <class T>
constexpr T exp2(T x) {
  using S = scalar_of<T>;
  constexpr S high = S(limits<T>::max_exponent + 1), low = -S(limits<T>::max_exponent + limits<T>::digits);
  const T inside = clamp(x, T(low), T(high));
  const auto [n, integer] = detail::round_product(inside, T(1));
  const T fraction = kept(inside - n), r = fraction * T(S(0.693147180559945309417232121458176568L));
  return detail::scale(T(1) + kept(multiply_add(r * r, detail::polynomial(detail::exp_terms<T>.coefficient, r), r)), integer);
}

}  // namespace typegrad::math
