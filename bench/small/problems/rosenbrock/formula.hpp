// SPDX-License-Identifier: BSL-1.0
// Rosenbrock's function of N variables; Order 2: its Hessian.
#pragma once
#include "../../problem.hpp"

namespace small {

template <int N, int Order>
struct rosenbrock {
  static constexpr int inputs = N, results = 1, order = Order;
  static void point(generator& random, double* x) {
    for (int i = 0; i < N; ++i) x[i] = random(-1.5, 1.5);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    T sum = T(0.0);
    for (int i = 0; i + 1 < N; ++i) {
      const T a = x[i + 1] - x[i] * x[i], b = 1.0 - x[i];
      sum += 100.0 * a * a + b * b;
    }
    y[0] = sum;
  }
};

}  // namespace small
