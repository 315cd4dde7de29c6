// SPDX-License-Identifier: BSL-1.0
// CppAD: a tape, recorded and optimised once, then played: forward and one reverse sweep for each result.
#pragma once
#include <cppad/cppad.hpp>

#include "../problem.hpp"
#include <vector>

namespace small {

inline CppAD::AD<double> larger(const CppAD::AD<double>& a, const CppAD::AD<double>& b) { return CppAD::CondExpGt(a, b, a, b); }

template <class Problem>
struct cppad_tape {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    static CppAD::ADFun<double> tape = [&] {
      std::vector<CppAD::AD<double>> at(x, x + n), value(m);
      CppAD::Independent(at);
      Problem::evaluate(at.data(), value.data());
      CppAD::ADFun<double> f(at, value);
      f.optimize();
      f.check_for_nan(false);
      return f;
    }();
    static std::vector<double> at(n), weight(m);
    at.assign(x, x + n);
    if constexpr (Problem::order == 1) {
      const std::vector<double> value = tape.Forward(0, at);
      for (int k = 0; k < m; ++k) {
        y[k] = value[k];
        weight[k] = 1;
        const std::vector<double> row = tape.Reverse(1, weight);
        weight[k] = 0;
        for (int i = 0; i < n; ++i) y[m + n * k + i] = row[i];
      }
    } else {
      const std::vector<double> hessian = tape.Hessian(at, 0);
      for (int i = 0; i < n * n; ++i) y[i] = hessian[i];
    }
  }
};

}  // namespace small
