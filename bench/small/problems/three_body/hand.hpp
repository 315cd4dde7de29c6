// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<three_body> {
  static void solve(const double* x, double* y) {
    constexpr auto& m = three_body::mass;
    const double ax = x[3] - x[0], ay = x[4] - x[1], az = x[5] - x[2];
    const double bx = x[6] - x[0], by = x[7] - x[1], bz = x[8] - x[2];
    const double cx = x[6] - x[3], cy = x[7] - x[4], cz = x[8] - x[5];
    const double a = ax * ax + ay * ay + az * az, b = bx * bx + by * by + bz * bz, c = cx * cx + cy * cy + cz * cz;
    const double pa = m[0] * m[1] / std::sqrt(a), pb = m[0] * m[2] / std::sqrt(b), pc = m[1] * m[2] / std::sqrt(c);
    const double sa = pa / a, sb = pb / b, sc = pc / c;
    y[0] = -(pa + pb + pc);
    const double fx = sa * ax, fy = sa * ay, fz = sa * az, gx = sb * bx, gy = sb * by, gz = sb * bz, hx = sc * cx, hy = sc * cy, hz = sc * cz;
    y[1] = -fx - gx, y[2] = -fy - gy, y[3] = -fz - gz;
    y[4] = fx - hx, y[5] = fy - hy, y[6] = fz - hz;
    y[7] = gx + hx, y[8] = gy + hy, y[9] = gz + hz;
  }
};

}  // namespace small
