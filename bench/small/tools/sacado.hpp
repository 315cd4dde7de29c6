// SPDX-License-Identifier: BSL-1.0
// Sacado (Trilinos): forward mode by expression templates, SFad for the known number of inputs; SFad of SFad for second derivatives.
#pragma once
#define OMPI_SKIP_MPICXX 1  // it includes MPI, whose C++ part would have to be linked
#include <Sacado_No_Kokkos.hpp>

#include "../problem.hpp"

namespace small {

/// Sacado has no erfc: its value and the slope.
template <int N>
Sacado::Fad::SFad<double, N> cumulative_normal(const Sacado::Fad::SFad<double, N>& x) {
  Sacado::Fad::SFad<double, N> result(cumulative_normal(x.val()));
  const double density = 0.39894228040143268 * std::exp(-0.5 * x.val() * x.val());
  for (int i = 0; i < N; ++i) result.fastAccessDx(i) = density * x.fastAccessDx(i);
  return result;
}

template <class Problem>
struct sacado {
  static void solve(const double* x, double* y) {
    constexpr int n = Problem::inputs, m = Problem::results;
    using number = Sacado::Fad::SFad<double, n>;
    if constexpr (Problem::order == 1) {
      number at[n], value[m];
      for (int i = 0; i < n; ++i) at[i] = number(n, i, x[i]);
      Problem::evaluate(at, value);
      for (int k = 0; k < m; ++k) {
        y[k] = value[k].val();
        for (int i = 0; i < n; ++i) y[m + n * k + i] = value[k].fastAccessDx(i);
      }
    } else {
      using second = Sacado::Fad::SFad<number, n>;
      second at[n], value;
      for (int i = 0; i < n; ++i) at[i] = second(n, i, number(n, i, x[i]));
      Problem::evaluate(at, &value);
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) y[n * i + j] = value.fastAccessDx(i).fastAccessDx(j);
    }
  }
};

}  // namespace small
