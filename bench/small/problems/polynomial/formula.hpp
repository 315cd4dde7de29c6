// SPDX-License-Identifier: BSL-1.0
// A polynomial of degree 16 as powers times coefficients: derivatives with respect to the coefficients and the variable.
#pragma once
#include "../../problem.hpp"

namespace small {

struct polynomial {
  static constexpr int degree = 16, inputs = degree + 2, results = 1, order = 1;  // coefficients, then t
  static void point(generator& random, double* x) {
    for (int i = 0; i <= degree; ++i) x[i] = random(-1, 1);
    x[degree + 1] = random(-1.2, 1.2);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    const T& t = x[degree + 1];
    T sum = x[0], power = t;
    for (int i = 1; i <= degree; ++i) {
      sum += x[i] * power;
      if (i < degree) power *= t;
    }
    y[0] = sum;
  }
};

}  // namespace small
