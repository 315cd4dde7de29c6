// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<arm> {
  // Joints 2 to 4 are parallel: their angles add up, and only sums of two angles need the addition theorem.
  static void solve(const double* q, double* y) {
    constexpr auto &length = arm::length, &offset = arm::offset;
    constexpr auto& tool = arm::tool;
    const double c1 = std::cos(q[0]), s1 = std::sin(q[0]), c2 = std::cos(q[1]), s2 = std::sin(q[1]);
    const double q23 = q[1] + q[2], q234 = q23 + q[3];
    const double c3 = std::cos(q23), s3 = std::sin(q23), c4 = std::cos(q234), s4 = std::sin(q234);
    const double c5 = std::cos(q[4]), s5 = std::sin(q[4]), c6 = std::cos(q[5]), s6 = std::sin(q[5]);
    // The tool behind joint 6, then behind joint 5.
    const double u6 = c6 * tool[0] - s6 * tool[1], v6 = s6 * tool[0] + c6 * tool[1], w6 = tool[2] + offset[5];
    const double u5 = c5 * u6 - s5 * w6, v5 = s5 * u6 + c5 * w6, w5 = offset[4] - v6;
    // In the plane of joints 2 to 4: (r, z) in it, d across.
    const double u4 = c4 * u5 + s4 * w5, v4 = s4 * u5 - c4 * w5, d = v5 + offset[3];
    const double u3 = u4 + c3 * length[2], v3 = v4 + s3 * length[2], r = u3 + c2 * length[1], z = v3 + s2 * length[1];
    y[0] = c1 * r + s1 * d, y[1] = s1 * r - c1 * d, y[2] = z + offset[0];
    double* const jx = y + 3;
    double* const jy = y + 9;
    double* const jz = y + 15;
    jx[0] = -y[1], jy[0] = y[0], jz[0] = 0;
    jx[1] = -c1 * z, jy[1] = -s1 * z, jz[1] = r;
    jx[2] = -c1 * v3, jy[2] = -s1 * v3, jz[2] = u3;
    jx[3] = -c1 * v4, jy[3] = -s1 * v4, jz[3] = u4;
    const double r5 = -c4 * v5;  // joint 5 turns (u5, v5)
    jx[4] = c1 * r5 + s1 * u5, jy[4] = s1 * r5 - c1 * u5, jz[4] = -s4 * v5;
    const double du = -c5 * v6, dv = -s5 * v6, dw = -u6;  // joint 6 turns (u6, v6)
    const double r6 = c4 * du + s4 * dw;
    jx[5] = c1 * r6 + s1 * dv, jy[5] = s1 * r6 - c1 * dv, jz[5] = s4 * du - c4 * dw;
  }
};

}  // namespace small
