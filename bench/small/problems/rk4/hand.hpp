// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<rk4> {
  // Two adjoints back through four stages; the parameters collect as sums.
  static void solve(const double* x, double* y) {
    const double a = x[2], b = x[3], c = x[4], d = x[5], h = rk4::h;
    constexpr double next[3] = {0.5 * rk4::h, 0.5 * rk4::h, rk4::h}, weight[4] = {rk4::h / 6, rk4::h / 3, rk4::h / 3, rk4::h / 6};
    double u[4] = {x[0]}, v[4] = {x[1]}, p[4], q[4], ku[4], kv[4];
#pragma GCC unroll 4
    for (int s = 0; s < 4; ++s) {
      p[s] = a - b * v[s], q[s] = d * u[s] - c;
      ku[s] = u[s] * p[s], kv[s] = v[s] * q[s];
      if (s < 3) u[s + 1] = x[0] + next[s] * ku[s], v[s + 1] = x[1] + next[s] * kv[s];
    }
    y[0] = x[0] + h / 6 * (ku[0] + ku[3] + 2 * (ku[1] + ku[2]));
    y[1] = x[1] + h / 6 * (kv[0] + kv[3] + 2 * (kv[1] + kv[2]));
#pragma GCC unroll 2
    for (int n = 0; n < 2; ++n) {
      double ru = n == 0, rv = n == 1, ga = 0, gb = 0, gc = 0, gd = 0, su = 0, sv = 0;
#pragma GCC unroll 4
      for (int s = 3; s >= 0; --s) {
        const double mu = (n == 0 ? weight[s] : 0) + (s < 3 ? next[s] * su : 0), mv = (n == 1 ? weight[s] : 0) + (s < 3 ? next[s] * sv : 0);
        const double mu_u = mu * u[s], mv_v = mv * v[s];
        ga += mu_u, gb -= mu_u * v[s], gc -= mv_v, gd += mv_v * u[s];
        su = mu * p[s] + mv_v * d, sv = mv * q[s] - mu_u * b;
        ru += su, rv += sv;
      }
      double* const row = y + 2 + 6 * n;
      row[0] = ru, row[1] = rv, row[2] = ga, row[3] = gb, row[4] = gc, row[5] = gd;
    }
  }
};

}  // namespace small
