// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<ackley> {
  static void solve(const double* x, double* y) {
    double squares = 0, cosines = 0, sines[10];
    for (int i = 0; i < 10; ++i) {
      const double angle = 6.283185307179586 * x[i];
      sines[i] = std::sin(angle), cosines += std::cos(angle), squares += x[i] * x[i];
    }
    const double root = std::sqrt(0.1 * squares), a = 20 * std::exp(-0.2 * root), b = std::exp(0.1 * cosines);
    y[0] = 22.718281828459045 - a - b;
    const double radial = 0.02 * a / root, turning = 0.6283185307179586 * b;
    for (int i = 0; i < 10; ++i) y[1 + i] = radial * x[i] + turning * sines[i];
  }
};

}  // namespace small
