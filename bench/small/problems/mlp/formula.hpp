// SPDX-License-Identifier: BSL-1.0
// A network 4-8-1 with tanh, and the gradient of its output with respect to all weights.
#pragma once
#include "../../problem.hpp"
#include <array>

namespace small {

struct mlp {
  static constexpr int in = 4, hidden = 8, inputs = hidden * in + hidden + hidden + 1, results = 1, order = 1;
  static constexpr std::array<double, in> sample = {0.5, -1.0, 0.25, 2.0};
  static void point(generator& random, double* x) {
    for (int i = 0; i < inputs; ++i) x[i] = random(-1, 1);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::tanh;
    const T *weight = x, *bias = x + hidden * in, *out = bias + hidden;
    T sum = out[hidden];
    for (int i = 0; i < hidden; ++i) {
      T z = bias[i];
      for (int j = 0; j < in; ++j) z += weight[in * i + j] * sample[static_cast<std::size_t>(j)];
      sum += out[i] * tanh(z);
    }
    y[0] = sum;
  }
};

}  // namespace small
