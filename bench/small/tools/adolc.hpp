// SPDX-License-Identifier: BSL-1.0
// ADOL-C: a tape, recorded once, then played by its drivers.
#pragma once
#define ATRIG_ERF 1  // erf is in the library, but declared only so
#include <adolc/adolc.h>

#include "../problem.hpp"
#include <vector>

namespace small {

inline adouble cumulative_normal(const adouble& x) { return 0.5 + 0.5 * erf(0.70710678118654752 * x); }
inline adouble larger(const adouble& a, const adouble& b) { return fmax(a, b); }

template <class Problem>
struct adolc_tape {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    static const bool recorded = [&] {
      trace_on(1);
      std::vector<adouble> at(n), value(m);
      for (int i = 0; i < n; ++i) at[i] <<= x[i];
      Problem::evaluate(at.data(), value.data());
      double ignored[m];
      for (int k = 0; k < m; ++k) value[k] >>= ignored[k];
      trace_off();
      return true;
    }();
    static_cast<void>(recorded);
    if constexpr (Problem::order == 2) {
      static double rows[n][n];
      static double* pointers[n];
      for (int i = 0; i < n; ++i) pointers[i] = rows[i];
      hessian(1, n, const_cast<double*>(x), pointers);  // the lower half
      for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) y[n * i + j] = y[n * j + i] = rows[i][j];
    } else {
      zos_forward(1, m, n, 1, x, y);
      double weight[m] = {};
      for (int k = 0; k < m; ++k) {
        weight[k] = 1;
        fos_reverse(1, m, n, weight, y + m + n * k);
        weight[k] = 0;
      }
    }
  }
};

}  // namespace small
