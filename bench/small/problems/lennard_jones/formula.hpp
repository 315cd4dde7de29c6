// SPDX-License-Identifier: BSL-1.0
// The energy of eight atoms, 4 (r^-12 - r^-6) for each pair, and the forces.
#pragma once
#include "../../problem.hpp"

namespace small {

struct lennard_jones {
  static constexpr int atoms = 8, inputs = 3 * atoms, results = 1, order = 1;
  static void point(generator& random, double* x) {  // the corners of a cube, shaken
    for (int i = 0; i < atoms; ++i)
      for (int k = 0; k < 3; ++k) x[3 * i + k] = 1.1 * (i >> k & 1) + random(-0.1, 0.1);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    T energy = T(0.0);
    for (int i = 0; i < atoms; ++i)
      for (int j = 0; j < i; ++j) {
        const T dx = x[3 * i] - x[3 * j], dy = x[3 * i + 1] - x[3 * j + 1], dz = x[3 * i + 2] - x[3 * j + 2];
        const T s = 1.0 / (dx * dx + dy * dy + dz * dz);
        const T s3 = s * s * s;
        energy += 4.0 * (s3 * s3 - s3);
      }
    y[0] = energy;
  }
};

}  // namespace small
