// SPDX-License-Identifier: BSL-1.0
// lgamma, digamma and polygamma: Taylor's series around 2 and the product x (x + 1) ..., Stirling's series beyond, reflection below 0.
#pragma once

#include <typegrad/math/logarithm.hpp>

namespace typegrad::math {

namespace detail {

/// B_2, B_4, ..., B_24.
inline constexpr long double bernoulli[] = {1.0L / 6, -1.0L / 30,     1.0L / 42,      -1.0L / 30,       5.0L / 66,       -691.0L / 2730,
                                            7.0L / 6, -3617.0L / 510, 43867.0L / 798, -174611.0L / 330, 854513.0L / 138, -236364091.0L / 2730};

/// zeta(k) - 1 for k >= 2, by the formula of Euler and Maclaurin from n = 16 on.
constexpr long double zeta_minus_one(int k) {
  const auto power = [k](long double n) {
    long double result = 1;
    for (int i = 0; i < k; ++i) result /= n;
    return result;
  };
  constexpr long double from = 16;
  const long double last = power(from);
  long double sum = last * (from / static_cast<long double>(k - 1) + 0.5L), factor = last * static_cast<long double>(k) / (2 * from);
  for (int j = 0; j < 8; ++j) {  // B_2j / (2j)! k (k + 1) ... (k + 2j - 2) / 16^(k + 2j - 1)
    sum += bernoulli[j] * factor;
    factor *= static_cast<long double>((k + 2 * j + 1) * (k + 2 * j + 2)) / (static_cast<long double>((2 * j + 3) * (2 * j + 4)) * from * from);
  }
  for (int n = 15; n >= 2; --n) sum += power(static_cast<long double>(n));
  return sum;
}

/// lgamma(2 + z) = z * polynomial(z), digamma(2 + z) = polynomial of `slope`, for |z| <= 1/2.
template <class S>
struct gamma_series {
  static constexpr int n = terms<S>(12, 25, 31);
  S coefficient[typegrad::detail::bound(n)]{}, slope[typegrad::detail::bound(n)]{};
  constexpr gamma_series() {
    for (int k = 1; k <= n; ++k) {
      const long double c = k == 1 ? 0.422784335098467139393487909917597568958L : (k % 2 == 0 ? 1 : -1) * zeta_minus_one(k);  // 1: 1 - gamma
      coefficient[k - 1] = static_cast<S>(c / k), slope[k - 1] = static_cast<S>(c);
    }
  }
};
template <class T>
inline constexpr gamma_series<scalar_of<T>> gamma_terms{};

/// B_2k / (2k (2k - 1)) for lgamma, B_2k / 2k for digamma: their asymptotic series in 1/x^2 (Abramowitz and Stegun 6.1.41, 6.3.18).
template <class S>
struct stirling_series {
  static constexpr int n = terms<S>(4, 9, 12);
  S coefficient[typegrad::detail::bound(n)]{}, slope[typegrad::detail::bound(n)]{};
  constexpr stirling_series() {
    for (int k = 1; k <= n; ++k) {
      coefficient[k - 1] = static_cast<S>(bernoulli[k - 1] / (2 * k * (2 * k - 1)));
      slope[k - 1] = static_cast<S>(bernoulli[k - 1] / (2 * k));
    }
  }
};
template <class T>
inline constexpr stirling_series<scalar_of<T>> stirling_terms{};

template <class T>
inline constexpr scalar_of<T> stirling_start = scalar_of<T>(8.5L);

/// x in 0 .. 8.5 as 2 + z and steps of 1: gamma(x) = gamma(2 + z) * product^(1 or -1), and the derivative of the product.
template <class T, class Condition>
struct gamma_steps {
  T z;
  T product;
  T slope;
  Condition up;  // steps above 2 + z, else below
};
template <class T>
constexpr auto steps_of(T x) {
  using S = scalar_of<T>;
  T z = x, product = x * (x + T(1)), slope = x + x + T(1);  // gamma(x) = gamma(x + 2) / (x (x + 1))
  const auto second = x >= T(S(0.5L)), third = x >= T(S(1.5L));
  z = select(second, x - T(1), z), product = select(second, x, product), slope = select(second, T(1), slope);
  z = select(third, x - T(2), z), product = select(third, T(1), product), slope = select(third, T(0), slope);
  for (int k = 1; k <= 6; ++k) {
    const auto more = x >= T(S(k) + S(1.5L));
    const T factor = x - T(S(k));
    z = select(more, x - T(S(k + 2)), z);
    slope = select(more, slope * factor + product, slope), product = select(more, product * factor, product);
  }
  return gamma_steps<T, decltype(x < x)>{z, product, slope, third};
}

/// sin(pi f) and cos(pi f) for |f| <= 1/2.
template <class S>
struct turn_series {
  static constexpr int n = terms<S>(7, 12, 14);
  S sine[typegrad::detail::bound(n)]{}, cosine[typegrad::detail::bound(n)]{};
  constexpr turn_series() {
    constexpr long double pi = 3.14159265358979323846264338327950288L;
    long double factor = 1;
    for (int k = 0; k < n; ++k) {
      cosine[k] = static_cast<S>(factor), factor *= pi / static_cast<long double>(2 * k + 1);
      sine[k] = static_cast<S>(factor), factor *= -pi / static_cast<long double>(2 * k + 2);
    }
  }
};
template <class T>
inline constexpr turn_series<scalar_of<T>> turn_terms{};

/// x - (the nearest integer), for x > 0.
template <class T>
constexpr T off_integer(T x) {
  constexpr scalar_of<T> shift = power_of_two<scalar_of<T>>(limits<T>::digits - 1);
  const auto inside = x < T(shift);
  const T safe = select(inside, x, T(0));
  return safe - kept(kept(safe + T(shift)) - T(shift));
}

template <class T>
constexpr T lgamma_positive(T x) {
  using S = scalar_of<T>;
  const auto near = x < T(stirling_start<T>), far = x >= T(stirling_start<T>);
  T small = x, large = x;
  if (any(near)) {
    const auto s = steps_of(select(near, x, T(2)));
    const T l = log(s.product);
    small = s.z * polynomial(gamma_terms<T>.coefficient, s.z) + select(s.up, l, -l);
  }
  if (any(far)) {
    const T inner = select(far, x, T(stirling_start<T>)), v = T(1) / inner;
    const T tail = v * polynomial(stirling_terms<T>.coefficient, v * v) + T(S(0.418938533204672741780329736405617640L));  // log(2 pi) / 2 - 1/2
    large = (inner - T(S(0.5L))) * (log(inner) - T(1)) + tail;
  }
  return select(near, small, large);
}

template <class T>
constexpr T digamma_positive(T x) {
  using S = scalar_of<T>;
  const auto near = x < T(stirling_start<T>), far = x >= T(stirling_start<T>);
  T small = x, large = x;
  if (any(near)) {
    const auto s = steps_of(select(near, x, T(2)));
    const T l = divide(s.slope, s.product);
    small = polynomial(gamma_terms<T>.slope, s.z) + select(s.up, l, -l);
  }
  if (any(far)) {
    const T inner = select(far, x, T(stirling_start<T>)), v = T(1) / inner, w = v * v;
    large = log(inner) - (T(S(0.5L)) * v + w * polynomial(stirling_terms<T>.slope, w));
  }
  return select(near, small, large);
}

}  // namespace detail

/// log |gamma(x)|; infinite at 0, -1, -2, ... and at both infinities.
template <class T>
constexpr T lgamma(T x) {
  const auto below = x < T(0);
  const T size = select(below, -x, x);
  T y = detail::lgamma_positive(size);
  if (any(below)) {  // |gamma(-x)| = pi / (x |sin(pi x)| gamma(x))
    const T f = detail::off_integer(size), sine = f * detail::polynomial(detail::turn_terms<T>.sine, f * f);
    const auto finite = size < T(infinity<T>);
    const T reflected =
        T(scalar_of<T>(1.14472988584940017414342735135305871L)) - log(select(below & finite, size * select(sine < T(0), -sine, sine), T(1)));
    y = select(below & finite, reflected - y, y);
  }
  return select(is_nan(x), x, y);
}

/// The derivative of lgamma. -infinity at 0; NaN at -1, -2, ..., where both signs meet.
template <class T>
constexpr T digamma(T x) {
  const auto below = x < T(0);
  const T size = select(below, -x, x);
  T y = detail::digamma_positive(size);
  if (any(below)) {  // psi(-x) = psi(x) + 1/x + pi cot(pi x)
    const T f = detail::off_integer(size), square = f * f;
    const auto pole = is_zero(f);
    const T safe = select(pole, T(scalar_of<T>(0.5L)), f);
    const T cotangent =
        detail::polynomial(detail::turn_terms<T>.cosine, square) / (safe * detail::polynomial(detail::turn_terms<T>.sine, safe * safe));
    const T pi = T(scalar_of<T>(3.14159265358979323846264338327950288L));
    y = select(below, select(pole, T(nan<T>), y + T(1) / select(below, size, T(1)) + pi * cotangent), y);
  }
  return select(is_nan(x), x, select(is_zero(x), T(-infinity<T>), y));
}

}  // namespace typegrad::math
