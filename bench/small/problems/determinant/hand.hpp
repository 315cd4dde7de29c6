// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <int N>
struct hand<determinant<N>> {
  static void solve(const double* x, double* y) {
    if constexpr (N == 4) solve4(x, y);
    else solve8(x, y);
  }
  // The cofactors, from the twelve 2 x 2 determinants of the upper and the lower half.
  static void solve4(const double* __restrict m, double* __restrict y) {
    const double s0 = m[0] * m[5] - m[1] * m[4], s1 = m[0] * m[6] - m[2] * m[4], s2 = m[0] * m[7] - m[3] * m[4];
    const double s3 = m[1] * m[6] - m[2] * m[5], s4 = m[1] * m[7] - m[3] * m[5], s5 = m[2] * m[7] - m[3] * m[6];
    const double c0 = m[8] * m[13] - m[9] * m[12], c1 = m[8] * m[14] - m[10] * m[12], c2 = m[8] * m[15] - m[11] * m[12];
    const double c3 = m[9] * m[14] - m[10] * m[13], c4 = m[9] * m[15] - m[11] * m[13], c5 = m[10] * m[15] - m[11] * m[14];
    y[0] = s0 * c5 - s1 * c4 + s2 * c3 + s3 * c2 - s4 * c1 + s5 * c0;
    y[1] = m[5] * c5 - m[6] * c4 + m[7] * c3, y[2] = m[6] * c2 - m[4] * c5 - m[7] * c1;
    y[3] = m[4] * c4 - m[5] * c2 + m[7] * c0, y[4] = m[5] * c1 - m[4] * c3 - m[6] * c0;
    y[5] = m[2] * c4 - m[1] * c5 - m[3] * c3, y[6] = m[0] * c5 - m[2] * c2 + m[3] * c1;
    y[7] = m[1] * c2 - m[0] * c4 - m[3] * c0, y[8] = m[0] * c3 - m[1] * c1 + m[2] * c0;
    y[9] = m[13] * s5 - m[14] * s4 + m[15] * s3, y[10] = m[14] * s2 - m[12] * s5 - m[15] * s1;
    y[11] = m[12] * s4 - m[13] * s2 + m[15] * s0, y[12] = m[13] * s1 - m[12] * s3 - m[14] * s0;
    y[13] = m[10] * s4 - m[9] * s5 - m[11] * s3, y[14] = m[8] * s5 - m[10] * s2 + m[11] * s1;
    y[15] = m[9] * s2 - m[8] * s4 - m[11] * s0, y[16] = m[8] * s3 - m[9] * s1 + m[10] * s0;
  }
  // Gauss and Jordan's inversion in place, row operations in lanes; the gradient is the determinant times the transposed inverse.
  static void solve8(const double* __restrict x, double* __restrict y) {
    double m[64], product = 1;
    for (int i = 0; i < 64; ++i) m[i] = x[i];
#pragma GCC unroll 8
    for (int k = 0; k < 8; ++k) {
      const double pivot = m[9 * k], inverse = 1 / pivot;
      product *= pivot;
      m[9 * k] = 1;
      for (int j = 0; j < 8; ++j) m[8 * k + j] *= inverse;
#pragma GCC unroll 8
      for (int i = 0; i < 8; ++i) {
        if (i == k) continue;
        const double factor = m[8 * i + k];
        m[8 * i + k] = 0;
        for (int j = 0; j < 8; ++j) m[8 * i + j] -= factor * m[8 * k + j];
      }
    }
    y[0] = product;
    for (int i = 0; i < 8; ++i)
      for (int j = 0; j < 8; ++j) y[1 + 8 * i + j] = product * m[8 * j + i];
  }
};

}  // namespace small
