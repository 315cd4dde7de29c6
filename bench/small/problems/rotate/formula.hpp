// SPDX-License-Identifier: BSL-1.0
// A vector v rotated by the unit quaternion (w, u): v + 2 w u x v + 2 u x (u x v).
#pragma once
#include "../../problem.hpp"

namespace small {

struct rotate {
  static constexpr int inputs = 7, results = 3, order = 1;  // w, u, v
  static void point(generator& random, double* x) {
    double square = 0;
    for (int i = 0; i < 4; ++i) x[i] = random(-1, 1), square += x[i] * x[i];
    for (int i = 0; i < 4; ++i) x[i] /= std::sqrt(square);
    for (int i = 4; i < 7; ++i) x[i] = random(-2, 2);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    const T *u = x + 1, *v = x + 4;
    const T a = 2.0 * (u[1] * v[2] - u[2] * v[1]), b = 2.0 * (u[2] * v[0] - u[0] * v[2]), c = 2.0 * (u[0] * v[1] - u[1] * v[0]);
    y[0] = v[0] + x[0] * a + (u[1] * c - u[2] * b);
    y[1] = v[1] + x[0] * b + (u[2] * a - u[0] * c);
    y[2] = v[2] + x[0] * c + (u[0] * b - u[1] * a);
  }
};

}  // namespace small
