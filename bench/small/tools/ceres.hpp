// SPDX-License-Identifier: BSL-1.0
// Ceres Solver's Jets: forward mode, all directions at once. Jets of Jets do not meet numbers: first derivatives only.
#pragma once
#include <ceres/jet.h>

#include "../problem.hpp"

namespace small {

template <class Problem>
struct ceres_jets {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    using jet = ceres::Jet<double, n>;
    jet at[n], value[m];
    for (int i = 0; i < n; ++i) at[i] = jet(x[i], i);
    Problem::evaluate(at, value);
    for (int k = 0; k < m; ++k) {
      y[k] = value[k].a;
      for (int i = 0; i < n; ++i) y[m + n * k + i] = value[k].v[i];
    }
  }
};

}  // namespace small
