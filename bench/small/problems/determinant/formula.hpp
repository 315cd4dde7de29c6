// SPDX-License-Identifier: BSL-1.0
// Determinants: of 4 x 4 by Laplace's expansion into 2 x 2, of 8 x 8 by elimination without pivots.
#pragma once
#include "../../problem.hpp"

namespace small {

template <int N>
struct determinant {
  static_assert(N == 4 || N == 8);
  static constexpr int inputs = N * N, results = 1, order = 1;
  static void point(generator& random, double* x) {
    for (int i = 0; i < N * N; ++i) x[i] = random(-1, 1) + (i % (N + 1) == 0 ? N / 2 : 0);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    if constexpr (N == 4) {
      const auto upper = [x](int i, int j) -> T { return x[i] * x[4 + j] - x[j] * x[4 + i]; };
      const auto lower = [x](int i, int j) -> T { return x[8 + i] * x[12 + j] - x[8 + j] * x[12 + i]; };
      y[0] = upper(0, 1) * lower(2, 3) - upper(0, 2) * lower(1, 3) + upper(0, 3) * lower(1, 2) + upper(1, 2) * lower(0, 3) -
             upper(1, 3) * lower(0, 2) + upper(2, 3) * lower(0, 1);
    } else {
      T m[N * N];
      for (int i = 0; i < N * N; ++i) m[i] = x[i];
      T product = m[0];
      for (int k = 0; k + 1 < N; ++k) {
        for (int i = k + 1; i < N; ++i) {
          const T factor = m[N * i + k] / m[N * k + k];
          for (int j = k + 1; j < N; ++j) m[N * i + j] -= factor * m[N * k + j];
        }
        product *= m[N * (k + 1) + k + 1];
      }
      y[0] = product;
    }
  }
};

}  // namespace small
