// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<polynomial> {
  // The powers are the gradient; the chain through t has length five, not sixteen.
  static void solve(const double* __restrict c, double* __restrict y) {
    const double t = c[17], t2 = t * t, t4 = t2 * t2, t8 = t4 * t4;
    double p[17] = {1, t, t2, t * t2, t4, t * t4, t2 * t4, t * t2 * t4, t8};
    for (int i = 1; i <= 8; ++i) p[8 + i] = t8 * p[i];
    double value = 0, slope = 0;
    for (int i = 0; i <= 16; ++i) y[1 + i] = p[i];
    // Four interleaved sums each
    double s[4] = {}, d[4] = {};
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4)
      for (int k = 0; k < 4; ++k) s[k] += c[i + k] * p[i + k], d[k] += (i + k + 1) * c[i + k + 1] * p[i + k];
    value = (s[0] + s[1]) + (s[2] + s[3]) + c[16] * p[16], slope = (d[0] + d[1]) + (d[2] + d[3]);
    y[0] = value, y[18] = slope;
  }
};

}  // namespace small
