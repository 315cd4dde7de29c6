// SPDX-License-Identifier: BSL-1.0
// The position of the tool of a robot arm with six joints (the UR5's Denavit-Hartenberg parameters).
#pragma once
#include "../../problem.hpp"

namespace small {

struct arm {
  static constexpr int inputs = 6, results = 3, order = 1;
  static constexpr double length[6] = {0, -0.425, -0.39225, 0, 0, 0};
  static constexpr double offset[6] = {0.089159, 0, 0, 0.10915, 0.09465, 0.0823};
  static constexpr int turn[6] = {1, 0, 0, 1, -1, 0};  // of the next axis, in right angles
  static constexpr double tool[3] = {0.05, 0.02, 0.1};
  static void point(generator& random, double* x) {
    for (int i = 0; i < 6; ++i) x[i] = random(-3, 3);
  }
  template <class T>
  static void evaluate(const T* q, T* y) {
    using std::cos, std::sin;
    T p[3] = {T(tool[0]), T(tool[1]), T(tool[2])};
    for (int i = 5; i >= 0; --i) {
      const T u = p[0] + length[i];
      const T v = turn[i] == 0 ? p[1] : turn[i] == 1 ? T(-p[2]) : p[2];
      const T w = turn[i] == 0 ? p[2] : turn[i] == 1 ? p[1] : T(-p[1]);
      const T c = cos(q[i]), s = sin(q[i]);
      p[0] = c * u - s * v;
      p[1] = s * u + c * v;
      p[2] = w + offset[i];
    }
    for (int k = 0; k < 3; ++k) y[k] = p[k];
  }
};

}  // namespace small
