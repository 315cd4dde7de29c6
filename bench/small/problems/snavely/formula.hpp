// SPDX-License-Identifier: BSL-1.0
// Bundle adjustment: the reprojection error of Snavely's camera, two residuals.
#pragma once
#include "../../problem.hpp"

namespace small {

struct snavely {
  // angle-axis 3, translation 3, focal length, distortion 2; point 3
  static constexpr int inputs = 12, results = 2, order = 1;
  static constexpr double seen[2] = {30, -20};
  static void point(generator& random, double* x) {
    for (int i = 0; i < 3; ++i) x[i] = random(0.1, 0.5), x[3 + i] = random(-0.5, 0.5), x[9 + i] = random(-1, 1);
    x[5] = random(-6, -4), x[6] = random(400, 600), x[7] = random(-0.1, 0.1), x[8] = random(-0.02, 0.02);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::cos, std::sin, std::sqrt;
    const T *w = x, *t = x + 3, *p = x + 9;
    const T angle2 = w[0] * w[0] + w[1] * w[1] + w[2] * w[2], angle = sqrt(angle2);
    const T c = cos(angle), s = sin(angle) / angle;
    const T along = (1.0 - c) / angle2 * (w[0] * p[0] + w[1] * p[1] + w[2] * p[2]);
    const T px = p[0] * c + (w[1] * p[2] - w[2] * p[1]) * s + w[0] * along + t[0];
    const T py = p[1] * c + (w[2] * p[0] - w[0] * p[2]) * s + w[1] * along + t[1];
    const T pz = p[2] * c + (w[0] * p[1] - w[1] * p[0]) * s + w[2] * along + t[2];
    const T u = -px / pz, v = -py / pz;
    const T r2 = u * u + v * v;
    const T scale = x[6] * (1.0 + r2 * (x[7] + x[8] * r2));
    y[0] = scale * u - seen[0];
    y[1] = scale * v - seen[1];
  }
};

}  // namespace small
