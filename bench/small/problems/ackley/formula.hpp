// SPDX-License-Identifier: BSL-1.0
// Ackley's function of ten variables.
#pragma once
#include "../../problem.hpp"

namespace small {

struct ackley {
  static constexpr int inputs = 10, results = 1, order = 1;
  static void point(generator& random, double* x) {
    for (int i = 0; i < inputs; ++i) x[i] = random(-3, 3);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::cos, std::exp, std::sqrt;
    T squares = T(0.0), cosines = T(0.0);
    for (int i = 0; i < inputs; ++i) squares += x[i] * x[i], cosines += cos(6.283185307179586 * x[i]);
    y[0] = -20.0 * exp(-0.2 * sqrt(squares / 10.0)) - exp(cosines / 10.0) + 22.718281828459045;
  }
};

}  // namespace small
