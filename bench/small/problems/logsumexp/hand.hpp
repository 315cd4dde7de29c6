// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <int N>
struct hand<logsumexp<N>> {
  static void solve(const double* __restrict x, double* __restrict y) {
    double top = x[0], sum = 0;
    for (int i = 1; i < N; ++i) top = x[i] > top ? x[i] : top;
    for (int i = 0; i < N; ++i) sum += y[1 + i] = std::exp(x[i] - top);
    y[0] = top + std::log(sum);
    const double inverse = 1 / sum;
    for (int i = 0; i < N; ++i) y[1 + i] *= inverse;
  }
};

}  // namespace small
