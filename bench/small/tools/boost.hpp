// SPDX-License-Identifier: BSL-1.0
// Boost.Math's autodiff: forward mode in one variable to any order. For all derivatives the formula is evaluated once for each input, for
// second ones once for each pair.
#pragma once
#include <boost/math/differentiation/autodiff.hpp>

#include "../problem.hpp"

namespace small {

template <class Problem>
struct boost_autodiff {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    namespace autodiff = boost::math::differentiation;
    if constexpr (Problem::order == 1) {
      using number = autodiff::autodiff_fvar<double, 1>;
      number at[n], value[m];
      for (int i = 0; i < n; ++i) at[i] = x[i];
      for (int i = 0; i < n; ++i) {
        at[i] = autodiff::make_fvar<double, 1>(x[i]);
        Problem::evaluate(at, value);
        at[i] = x[i];
        for (int k = 0; k < m; ++k) y[k] = value[k].derivative(0), y[m + n * k + i] = value[k].derivative(1);
      }
    } else {
      using number = autodiff::autodiff_fvar<double, 1, 1>;
      number at[n], value;
      for (int i = 0; i < n; ++i) at[i] = x[i];
      for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) {
          const number a = autodiff::make_fvar<double, 1>(0.0), b = autodiff::make_fvar<double, 0, 1>(0.0);
          at[i] += a, at[j] += b;
          Problem::evaluate(at, &value);
          at[i] = x[i], at[j] = x[j];
          y[n * i + j] = y[n * j + i] = value.derivative(1, 1);
        }
    }
  }
};

}  // namespace small
