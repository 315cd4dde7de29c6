// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<mlp> {
  // tanh by one exponential: the C library's costs twice as much.
  static void solve(const double* __restrict x, double* __restrict y) {
    constexpr auto& in = mlp::sample;
    const double *bias = x + 32, *out = x + 40;
    double value = x[48];
    for (int i = 0; i < 8; ++i) {
      const double z = bias[i] + (x[4 * i] * in[0] + x[4 * i + 1] * in[1]) + (x[4 * i + 2] * in[2] + x[4 * i + 3] * in[3]);
      const double t = 1 - 2 / (std::exp(2 * z) + 1), g = out[i] * (1 - t * t);
      value += out[i] * t;
      for (std::size_t j = 0; j < 4; ++j) y[1 + 4 * static_cast<std::size_t>(i) + j] = g * in[j];
      y[33 + i] = g, y[41 + i] = t;
    }
    y[0] = value, y[49] = 1;
  }
};

}  // namespace small
