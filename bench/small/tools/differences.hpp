// SPDX-License-Identifier: BSL-1.0
// Central differences in long double: what the derivatives by hand are checked with; not timed.
#pragma once
#include "../problem.hpp"

namespace small {

template <class Problem>
struct differences {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    using number = long double;
    number at[n];
    for (int i = 0; i < n; ++i) at[i] = x[i];
    if constexpr (Problem::order == 1) {
      number up[m], down[m];
      Problem::evaluate(at, up);
      for (int k = 0; k < m; ++k) y[k] = static_cast<double>(up[k]);
      for (int i = 0; i < n; ++i) {
        const number h = 1e-6L * (std::abs(at[i]) + 1e-3L);
        at[i] = x[i] + h, Problem::evaluate(at, up);
        at[i] = x[i] - h, Problem::evaluate(at, down);
        at[i] = x[i];
        for (int k = 0; k < m; ++k) y[m + n * k + i] = static_cast<double>((up[k] - down[k]) / (2 * h));
      }
    } else {
      const auto second = [&](int i, int j, number h) {
        number sum = 0;
        for (int a : {-1, 1})
          for (int b : {-1, 1}) {
            number value;
            at[i] += a * h, at[j] += b * h;
            Problem::evaluate(at, &value);
            at[i] = x[i], at[j] = x[j];
            sum += a * b * value;
          }
        return sum / (4 * h * h);
      };
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) y[n * i + j] = static_cast<double>((4 * second(i, j, 1e-3L) - second(i, j, 2e-3L)) / 3);  // Richardson
    }
  }
};

}  // namespace small
