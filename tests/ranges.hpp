// SPDX-License-Identifier: BSL-1.0
// Functions of one number over ranges of it: the largest error, and lanes against single numbers.
#pragma once

#include <ulps.hpp>

#include <typegrad/math/lane_instructions.hpp>

#include <algorithm>
#include <cmath>
#include <random>

namespace ranges {

namespace m = typegrad::math;

enum class spacing { even, powers };  // powers: +-2^low .. +-2^high

/// The largest error of f in units in the last place.
template <class T, class F, class G>
double worst(F f, G exact, double low, double high, spacing s) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  double result = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double u = low + (high - low) * uniform(random);
    const T x = s == spacing::even ? static_cast<T>(u) : static_cast<T>((i % 2 == 0 ? 1 : -1) * std::exp2(u));
    result = std::max(result, ulps(f(x), exact(static_cast<long double>(x))));
  }
  return result;
}

/// Every lane has what the scalar function has: the same bits, or a few units in the last place where a*b + c is contracted.
template <class T, class F>
long different_lanes(F f) {
  using lanes = m::lanes<T, m::native_lanes<T>>;
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(-1, 1);
  long different = 0;
  for (int i = 0; i < 20'000; ++i) {
    lanes in;
    for (int l = 0; l < lanes::count; ++l) {
      const double range[] = {1, 3, 30, 100}, special[] = {0.0, -0.0, HUGE_VAL, -HUGE_VAL, NAN, 1e-42};
      in.v[l] = static_cast<T>(i % 50 == 0 ? special[(i / 50 + l) % 6] : range[i % 4] * uniform(random));
    }
    const lanes out = f(in);
    for (int l = 0; l < lanes::count; ++l) {
      const T expected = f(static_cast<T>(in.v[l])), got = out.v[l];
#if defined(__FP_FAST_FMA) || defined(__FMA__)
      const bool same = std::fabs(got - expected) <= 8 * std::numeric_limits<T>::epsilon() * std::fabs(expected);
#else
      const bool same = got == expected && std::signbit(got) == std::signbit(expected);
#endif
      different += same || (std::isnan(got) && std::isnan(expected)) || got == expected ? 0 : 1;
    }
  }
  return different;
}

}  // namespace ranges
