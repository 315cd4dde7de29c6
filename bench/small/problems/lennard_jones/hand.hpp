// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<lennard_jones> {
  static void solve(const double* x, double* y) {
    double energy = 0, force[24] = {};
    for (int i = 1; i < 8; ++i) {
      double fx = 0, fy = 0, fz = 0;
      for (int j = 0; j < i; ++j) {
        const double dx = x[3 * i] - x[3 * j], dy = x[3 * i + 1] - x[3 * j + 1], dz = x[3 * i + 2] - x[3 * j + 2];
        const double s = 1 / (dx * dx + dy * dy + dz * dz), s3 = s * s * s;
        energy += s3 * s3 - s3;
        const double slope = s * s3 * (24 - 48 * s3);
        const double gx = slope * dx, gy = slope * dy, gz = slope * dz;
        fx += gx, fy += gy, fz += gz;
        force[3 * j] -= gx, force[3 * j + 1] -= gy, force[3 * j + 2] -= gz;
      }
      force[3 * i] = fx, force[3 * i + 1] = fy, force[3 * i + 2] = fz;
    }
    y[0] = 4 * energy;
    for (int i = 0; i < 24; ++i) y[1 + i] = force[i];
  }
};

}  // namespace small
