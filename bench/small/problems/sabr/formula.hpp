// SPDX-License-Identifier: BSL-1.0
// Hagan's expansion of implied volatility in the SABR model.
#pragma once
#include "../../problem.hpp"

namespace small {

struct sabr {
  static constexpr int inputs = 5, results = 1, order = 1;  // forward, alpha, beta, rho, nu
  static constexpr double strike = 0.03, time = 2;
  static void point(generator& random, double* x) {
    x[0] = random(0.031, 0.045), x[1] = random(0.02, 0.06), x[2] = random(0.3, 0.8), x[3] = random(-0.6, 0.3), x[4] = random(0.2, 0.6);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::exp, std::log, std::sqrt;
    const T &f = x[0], &alpha = x[1], &beta = x[2], &rho = x[3], &nu = x[4];
    const T away = log(f / strike), b = 1.0 - beta, b2 = b * b, away2 = away * away;
    const T middle = exp(0.5 * b * log(f * strike));  // (f k)^((1 - beta) / 2)
    const T z = nu / alpha * middle * away;
    const T chi = log((sqrt(1.0 - 2.0 * rho * z + z * z) + z - rho) / (1.0 - rho));
    const T scale = middle * (1.0 + b2 / 24.0 * away2 + b2 * b2 / 1920.0 * away2 * away2);
    const T drift =
        b2 / 24.0 * alpha * alpha / (middle * middle) + 0.25 * rho * beta * nu * alpha / middle + (2.0 - 3.0 * rho * rho) / 24.0 * nu * nu;
    y[0] = alpha / scale * (z / chi) * (1.0 + drift * time);
  }
};

}  // namespace small
