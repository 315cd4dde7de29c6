// SPDX-License-Identifier: BSL-1.0
// The logarithm of a sum of exponentials, and the softmax as its gradient.
#pragma once
#include "../../problem.hpp"

namespace small {

template <int N>
struct logsumexp {
  static constexpr int inputs = N, results = 1, order = 1;
  static void point(generator& random, double* x) {
    for (int i = 0; i < N; ++i) x[i] = random(-4, 4);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::exp, std::log;
    T top = x[0], sum = T(0.0);
    for (int i = 1; i < N; ++i) top = larger(top, x[i]);
    for (int i = 0; i < N; ++i) sum += exp(x[i] - top);
    y[0] = top + log(sum);
  }
};

}  // namespace small
