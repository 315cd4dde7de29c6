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
    double uv[4], bu[4], dv[4];
#pragma GCC unroll 4
    for (int s = 0; s < 4; ++s) uv[s] = u[s] * v[s], bu[s] = b * u[s], dv[s] = d * v[s];
    {  // the adjoint of y[0]; the last stage meets one of the two only
      double mu = weight[3], mv, su = mu * p[3], sv = -mu * bu[3], ru = 1 + su, rv = sv, ga = mu * u[3], gb = mu * uv[3], gc = 0, gd = 0;
#pragma GCC unroll 3
      for (int s = 2; s >= 0; --s) {
        mu = weight[s] + next[s] * su, mv = next[s] * sv;
        ga += mu * u[s], gb += mu * uv[s], gc += mv * v[s], gd += mv * uv[s];
        su = mu * p[s] + mv * dv[s], sv = mv * q[s] - mu * bu[s];
        ru += su, rv += sv;
      }
      y[2] = ru, y[3] = rv, y[4] = ga, y[5] = -gb, y[6] = -gc, y[7] = gd;
    }
    {
      double mu, mv = weight[3], su = mv * dv[3], sv = mv * q[3], ru = su, rv = 1 + sv, ga = 0, gb = 0, gc = mv * v[3], gd = mv * uv[3];
#pragma GCC unroll 3
      for (int s = 2; s >= 0; --s) {
        mu = next[s] * su, mv = weight[s] + next[s] * sv;
        ga += mu * u[s], gb += mu * uv[s], gc += mv * v[s], gd += mv * uv[s];
        su = mu * p[s] + mv * dv[s], sv = mv * q[s] - mu * bu[s];
        ru += su, rv += sv;
      }
      y[8] = ru, y[9] = rv, y[10] = ga, y[11] = -gb, y[12] = -gc, y[13] = gd;
    }
  }
};

}  // namespace small
