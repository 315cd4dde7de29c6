// SPDX-License-Identifier: BSL-1.0
// Ceres Solver's Jets: forward mode, all directions at once; Jets of Jets for second derivatives.
#pragma once
#include <ceres/jet.h>

#include "../problem.hpp"

namespace small {

template <class Problem>
struct ceres_jets {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    using jet = ceres::Jet<double, n>;
    if constexpr (Problem::order == 1) {
      jet at[n], value[m];
      for (int i = 0; i < n; ++i) at[i] = jet(x[i], i);
      Problem::evaluate(at, value);
      for (int k = 0; k < m; ++k) {
        y[k] = value[k].a;
        for (int i = 0; i < n; ++i) y[m + n * k + i] = value[k].v[i];
      }
    } else {
      using second = ceres::Jet<jet, n>;
      second at[n], value;
      for (int i = 0; i < n; ++i) at[i].a = jet(x[i], i), at[i].v.setZero(), at[i].v[i] = jet(1.0);
      Problem::evaluate(at, &value);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) y[n * i + j] = value.v[i].v[j];
    }
  }
};

}  // namespace small
