// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<black_scholes> {
  // S p(d1) = K exp(-r t) p(d2): the derivatives of the distribution functions cancel.
  static void solve(const double* x, double* y) {
    const double s = x[0], k = x[1], r = x[2], sigma = x[3], t = x[4];
    const double root = std::sqrt(t), width = sigma * root, d1 = (std::log(s / k) + (r + 0.5 * sigma * sigma) * t) / width, d2 = d1 - width;
    const double n1 = 0.5 * std::erfc(-0.70710678118654752 * d1), discount = std::exp(-r * t);
    const double paid = 0.5 * discount * std::erfc(-0.70710678118654752 * d2), vega = 0.39894228040143268 * s * root * std::exp(-0.5 * d1 * d1);
    y[0] = s * n1 - k * paid;
    y[1] = n1, y[2] = -paid, y[3] = t * k * paid, y[4] = vega, y[5] = r * k * paid + 0.5 * vega * sigma / t;
  }
};

}  // namespace small
