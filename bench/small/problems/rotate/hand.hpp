// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<rotate> {
  static void solve(const double* x, double* y) {
    const double w = x[0], u0 = x[1], u1 = x[2], u2 = x[3], v0 = x[4], v1 = x[5], v2 = x[6];
    const double w2 = w + w, t0 = u0 + u0, t1 = u1 + u1, t2 = u2 + u2;
    const double a = t1 * v2 - t2 * v1, b = t2 * v0 - t0 * v2, c = t0 * v1 - t1 * v0;
    y[0] = v0 + w * a + (u1 * c - u2 * b);
    y[1] = v1 + w * b + (u2 * a - u0 * c);
    y[2] = v2 + w * c + (u0 * b - u1 * a);
    // With respect to u: 2 (u . v) + 2 u v' - 4 v u' - 2 w [v], and to v: the rotation matrix.
    const double d = t0 * v0 + t1 * v1 + t2 * v2, e0 = w2 * v0, e1 = w2 * v1, e2 = w2 * v2;
    const double m01 = t0 * v1, m10 = t1 * v0, m02 = t0 * v2, m20 = t2 * v0, m12 = t1 * v2, m21 = t2 * v1;
    const double k00 = 1 - t1 * u1 - t2 * u2, k11 = 1 - t0 * u0 - t2 * u2, k22 = 1 - t0 * u0 - t1 * u1;
    const double uu01 = t0 * u1, uu02 = t0 * u2, uu12 = t1 * u2, wu0 = w * t0, wu1 = w * t1, wu2 = w * t2;
    double* r = y + 3;
    r[0] = a, r[1] = d - t0 * v0, r[2] = m01 - 2 * m10 + e2, r[3] = m02 - 2 * m20 - e1, r[4] = k00, r[5] = uu01 - wu2, r[6] = uu02 + wu1;
    r += 7;
    r[0] = b, r[1] = m10 - 2 * m01 - e2, r[2] = d - t1 * v1, r[3] = m12 - 2 * m21 + e0, r[4] = uu01 + wu2, r[5] = k11, r[6] = uu12 - wu0;
    r += 7;
    r[0] = c, r[1] = m20 - 2 * m02 + e1, r[2] = m21 - 2 * m12 - e0, r[3] = d - t2 * v2, r[4] = uu02 - wu1, r[5] = uu12 + wu0, r[6] = k22;
  }
};

}  // namespace small
