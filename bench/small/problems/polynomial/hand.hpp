// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<polynomial> {
  // The powers are the gradient; the chain through t has length five, not sixteen.
  static void solve(const double* __restrict c, double* __restrict y) {
    const double t = c[17], t2 = t * t, t4 = t2 * t2, t8 = t4 * t4;
    const double t3 = t * t2, t5 = t * t4, t6 = t2 * t4, t7 = t3 * t4;
    y[1] = 1, y[2] = t, y[3] = t2, y[4] = t3, y[5] = t4, y[6] = t5, y[7] = t6, y[8] = t7, y[9] = t8;
    y[10] = t * t8, y[11] = t2 * t8, y[12] = t3 * t8, y[13] = t4 * t8, y[14] = t5 * t8, y[15] = t6 * t8, y[16] = t7 * t8, y[17] = t8 * t8;
    // Estrin: fours, then pairs of fours.
    const double a0 = (c[0] + c[1] * t) + t2 * (c[2] + c[3] * t), a1 = (c[4] + c[5] * t) + t2 * (c[6] + c[7] * t);
    const double a2 = (c[8] + c[9] * t) + t2 * (c[10] + c[11] * t), a3 = (c[12] + c[13] * t) + t2 * (c[14] + c[15] * t);
    const double d0 = (c[1] + 2 * c[2] * t) + t2 * (3 * c[3] + 4 * c[4] * t), d1 = (5 * c[5] + 6 * c[6] * t) + t2 * (7 * c[7] + 8 * c[8] * t);
    const double d2 = (9 * c[9] + 10 * c[10] * t) + t2 * (11 * c[11] + 12 * c[12] * t),
                 d3 = (13 * c[13] + 14 * c[14] * t) + t2 * (15 * c[15] + 16 * c[16] * t);
    y[0] = (a0 + t4 * a1) + t8 * ((a2 + t4 * a3) + t8 * c[16]);
    y[18] = (d0 + t4 * d1) + t8 * (d2 + t4 * d3);
  }
};

}  // namespace small
