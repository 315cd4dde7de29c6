// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<helmholtz> {
  static void solve(const double* x, double* y) {
    constexpr int n = helmholtz::n;
    constexpr auto& a = helmholtz::a;
    constexpr auto& b = helmholtz::b;
    double ax[n] = {}, logs[n], bx = 0, xax = 0, sum = 0, xlog = 0;
    for (int j = 0; j < n; ++j)  // a is symmetric: columns are rows
      for (int i = 0; i < n; ++i) ax[i] += a[static_cast<std::size_t>(n * j + i)] * x[j];
    for (int i = 0; i < n; ++i) {
      logs[i] = std::log(x[i]);
      bx += b[static_cast<std::size_t>(i)] * x[i], xax += x[i] * ax[i], sum += x[i], xlog += x[i] * logs[i];
    }
    constexpr double p = 1 + 1.4142135623730951, m = 1 - 1.4142135623730951, r8 = 0.35355339059327376;
    const double rest = 1 - bx, up = 1 + p * bx, down = 1 + m * bx;
    const double all = 1 / (rest * up * down * bx);  // one division for four reciprocals
    const double inverse = all * (rest * up * down), one_rest = all * (up * down * bx), up_down = all * (rest * bx);
    const double lrest = std::log(rest), l = std::log(up * up * (up_down));
    const double factor = r8 * inverse, slope = -2 * factor * l;
    y[0] = xlog - sum * lrest - xax * factor * l;
    // d log(up / down) / d bx = (p down - m up) / (up down) = 2 sqrt(2) / (up down)
    const double by_bx = sum * one_rest + xax * factor * (inverse * l - 2.8284271247461903 * up_down);
    for (int i = 0; i < n; ++i) y[1 + i] = logs[i] - lrest + 1 + by_bx * b[static_cast<std::size_t>(i)] + slope * ax[i];
  }
};

}  // namespace small
