// SPDX-License-Identifier: BSL-1.0
// Eigen's AutoDiffScalar: forward mode with vectors of known length; nested for second derivatives.
#pragma once
#include <Eigen/Core>
#include <unsupported/Eigen/AutoDiff>

#include "../problem.hpp"

namespace small {

/// AutoDiffScalar has no erfc: its value and the slope.
template <class Vector>
Eigen::AutoDiffScalar<Vector> cumulative_normal(const Eigen::AutoDiffScalar<Vector>& x) {
  return {cumulative_normal(x.value()), 0.39894228040143268 * std::exp(-0.5 * x.value() * x.value()) * x.derivatives()};
}

template <class Problem>
struct eigen_autodiff {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    using number = Eigen::AutoDiffScalar<Eigen::Matrix<double, n, 1>>;
    if constexpr (Problem::order == 1) {
      number at[n], value[m];
      for (int i = 0; i < n; ++i) at[i] = number(x[i], n, i);
      Problem::evaluate(at, value);
      for (int k = 0; k < m; ++k) {
        y[k] = value[k].value();
        for (int i = 0; i < n; ++i) y[m + n * k + i] = value[k].derivatives()[i];
      }
    } else {
      using second = Eigen::AutoDiffScalar<Eigen::Matrix<number, n, 1>>;
      second at[n], value;
      for (int i = 0; i < n; ++i) {
        at[i].value() = number(x[i], n, i);
        for (int j = 0; j < n; ++j) at[i].derivatives()[j] = number(i == j ? 1.0 : 0.0, number::DerType::Zero());
      }
      Problem::evaluate(at, &value);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) y[n * i + j] = value.derivatives()[i].derivatives()[j];
    }
  }
};

}  // namespace small
