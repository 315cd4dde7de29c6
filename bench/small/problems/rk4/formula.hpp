// SPDX-License-Identifier: BSL-1.0
// One step of the classical Runge-Kutta method for predators and prey (Lotka and Volterra).
#pragma once
#include "../../problem.hpp"

namespace small {

struct rk4 {
  static constexpr int inputs = 6, results = 2, order = 1;  // u, v; a, b, c, d
  static constexpr double h = 0.1;
  static void point(generator& random, double* x) {
    for (int i = 0; i < 6; ++i) x[i] = random(0.5, 1.5);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    const T &a = x[2], &b = x[3], &c = x[4], &d = x[5];
    T u = x[0], v = x[1], du = T(0.0), dv = T(0.0);
    constexpr double next[4] = {0.5 * h, 0.5 * h, h, 0}, weight[4] = {h / 6, h / 3, h / 3, h / 6};
    for (int stage = 0; stage < 4; ++stage) {
      const T ku = u * (a - b * v), kv = v * (d * u - c);
      du += weight[stage] * ku, dv += weight[stage] * kv;
      u = x[0] + next[stage] * ku, v = x[1] + next[stage] * kv;
    }
    y[0] = x[0] + du, y[1] = x[1] + dv;
  }
};

}  // namespace small
