// SPDX-License-Identifier: BSL-1.0
// The price of a European call (Black and Scholes 1973) and five Greeks.
#pragma once
#include "../../problem.hpp"

namespace small {

struct black_scholes {
  static constexpr int inputs = 5, results = 1, order = 1;  // spot, strike, rate, volatility, time
  static void point(generator& random, double* x) {
    x[0] = random(80, 120), x[1] = random(80, 120), x[2] = random(0.01, 0.06), x[3] = random(0.1, 0.5), x[4] = random(0.25, 2);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::exp, std::log, std::sqrt;
    const T &s = x[0], &k = x[1], &r = x[2], &sigma = x[3], &t = x[4];
    const T width = sigma * sqrt(t);
    const T d1 = (log(s / k) + (r + 0.5 * sigma * sigma) * t) / width;
    const T d2 = d1 - width;
    y[0] = s * cumulative_normal(d1) - k * exp(-r * t) * cumulative_normal(d2);
  }
};

}  // namespace small
