// SPDX-License-Identifier: BSL-1.0
// tanh, sinh, cosh, and the activations made of exponentials: sigmoid, softplus.
#pragma once

#include <typegrad/math/logarithm.hpp>

namespace typegrad::math {

namespace detail {

// (e^(2r) - 1) / 2 = r + r^2 (c0 + c1 r + ...) on |r| <= log(2)/4 with a relative error below 1.4e-8, an eighth of a unit in
// the last place of float; docs/tools/tanh_coefficients.py finds them.
inline constexpr float tanh_coefficients[] = {0.9999999628768f, 0.66666172698915f, 0.3333376149038f, 0.13386529043088f, 0.044424014044889f};

/// With t = e^(2x) - 1, tanh x = t / (t + 2); nothing cancels for negative x either. For float: beyond 9.02 it is 1.
template <class T>
TYPEGRAD_INLINE constexpr T tanh_short(T x) {
  constexpr float limit = 9.02f;
  const T inside = clamp(x, T(-limit), T(limit));
  const auto [n, integer] = round_product(inside, T(2.88539008177792681f));  // 2 / log(2)
  const T r = multiply_add(n, T(-0.34657359027997264f), inside);             // one piece is enough where n is not 0
  const T p = multiply_add(r * r, polynomial(tanh_coefficients, r), r), twice = power_of_two<T>(integer + std::int32_t{1});
  const T t = multiply_add(p, twice, kept(multiply_add(twice, T(0.5f), T(-1))));
  return select(is_zero(x), x, t / (t + T(2)));  // -0 stays
}

/// The same with the longer series of `exp`.
template <class T>
TYPEGRAD_INLINE constexpr T tanh_long(T x) {
  constexpr scalar_of<T> limit = scalar_of<T>(limits<T>::digits) * scalar_of<T>(0.36L);  // 1 from here on
  const T inside = clamp(x, T(-limit), T(limit));
  const auto [n, p] = reduce_exponential(inside + inside);
  const T power = power_of_two<T>(n), t = multiply_add(p, power, kept(power - T(1)));
  return select(is_zero(x), x, t / (t + T(2)));  // -0 stays
}

}  // namespace detail

/// Hyperbolic tangent.
template <class T>
TYPEGRAD_INLINE constexpr T tanh(T x) {
  if constexpr (sizeof(scalar_of<T>) == 4) return detail::tanh_short(x);
  else return detail::tanh_long(x);
}

namespace detail {

/// 1/3!, 1/5!, ...: sinh(x) = x + x^3 * polynomial(x^2), for |x| < 1.
template <class S>
struct sinh_series {
  static constexpr int n = terms<S>(4, 8, 10);
  S coefficient[typegrad::detail::bound(n)]{};
  constexpr sinh_series() {
    long double factorial = 1;
    for (int k = 0; k < n; ++k) coefficient[k] = static_cast<S>(1 / (factorial *= (2 * k + 2) * (2 * k + 3)));
  }
};
template <class T>
inline constexpr sinh_series<scalar_of<T>> sinh_terms{};

/// e^x / 2 for x >= 0, infinite only where sinh and cosh are.
template <class T>
constexpr T half_exponential(T x) {
  using S = scalar_of<T>;
  const auto [n, p] = reduce_exponential(clamp(x, T(0), T(exp_limit<S> + S(2))));
  return scale(T(1) + p, n - integer_of<S>{1});
}

}  // namespace detail

/// Hyperbolic sine. Infinities, NaN and -0 stay.
template <class T>
constexpr T sinh(T x) {
  using S = scalar_of<T>;
  const T size = select(x < T(0), -x, x), half = detail::half_exponential(size), large = half - T(S(0.25L)) / half;
  const auto near = size < T(1);
  const T inner = select(near, x, T(0)), z = inner * inner;
  const T small = multiply_add(inner * z, detail::polynomial(detail::sinh_terms<T>.coefficient, z), inner);
  return select(near, select(is_zero(x), x, small), select(x < T(0), -large, large));
}

/// Hyperbolic cosine. NaN stays.
template <class T>
constexpr T cosh(T x) {
  const T half = detail::half_exponential(select(x < T(0), -x, x));
  return half + T(scalar_of<T>(0.25L)) / half;
}

/// 1 / (1 + e^-x), from e^-|x| so that nothing overflows.
template <class T>
constexpr T sigmoid(T x) {
  const T e = exp(select(x < T(0), x, -x));
  return select(x < T(0), e, T(1)) / (T(1) + e);
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
template <class T>
constexpr T softplus(T x) {
  const T e = exp(select(x < T(0), x, -x));
  return select(x > T(0), x, T(0)) + log1p(e);
}

}  // namespace typegrad::math
