// SPDX-License-Identifier: BSL-1.0
// The potential of three bodies that attract each other, and the forces.
#pragma once
#include "../../problem.hpp"

namespace small {

struct three_body {
  static constexpr int inputs = 9, results = 1, order = 1;
  static constexpr double mass[3] = {1, 2, 3};
  static void point(generator& random, double* x) {
    for (int i = 0; i < 9; ++i) x[i] = random(-0.3, 0.3) + (i % 4 == 0 ? 2 : 0);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::sqrt;
    T potential = T(0.0);
    for (int i = 0; i < 3; ++i)
      for (int j = 0; j < i; ++j) {
        const T dx = x[3 * i] - x[3 * j], dy = x[3 * i + 1] - x[3 * j + 1], dz = x[3 * i + 2] - x[3 * j + 2];
        potential -= mass[i] * mass[j] / sqrt(dx * dx + dy * dy + dz * dz);
      }
    y[0] = potential;
  }
};

}  // namespace small
