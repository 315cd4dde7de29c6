// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <int N, int Order>
struct hand<rosenbrock<N, Order>> {
  static void solve(const double* __restrict x, double* __restrict y) {
    if constexpr (Order == 2) {
      for (int i = 0; i < N * N; ++i) y[i] = 0;
      y[0] = 2 + 1200 * x[0] * x[0] - 400 * x[1];
      y[1] = y[N] = -400 * x[0];
      for (int i = 1; i + 1 < N; ++i) {
        y[(N + 1) * i] = 202 + 1200 * x[i] * x[i] - 400 * x[i + 1];
        y[(N + 1) * i + 1] = y[(N + 1) * i + N] = -400 * x[i];
      }
      y[N * N - 1] = 200;
    } else {  // one loop over elements that reads its neighbours, so that it has no carried dependence but the sum
      const double a0 = x[1] - x[0] * x[0], b0 = 1 - x[0];
      double squares = a0 * a0, others = b0 * b0;
      y[1] = -400 * a0 * x[0] - 2 * b0;
      double last = a0;
      for (int i = 1; i + 1 < N; ++i) {
        const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        squares += a * a, others += b * b;
        y[1 + i] = 200 * last - 400 * a * x[i] - 2 * b;
        last = a;
      }
      y[N] = 200 * last;
      y[0] = 100 * squares + others;
    }
  }
};

}  // namespace small
