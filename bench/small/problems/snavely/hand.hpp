// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<snavely> {
  static void solve(const double* x, double* y) {
    const double *w = x, *p = x + 9;
    const double square = w[0] * w[0] + w[1] * w[1] + w[2] * w[2], angle = std::sqrt(square), inverse = 1 / square;
    const double sine = std::sin(angle), c = std::cos(angle);
    const double a = sine * angle * inverse, b = (1 - c) * inverse, da = (c - a) * inverse, db = (a - 2 * b) * inverse;  // d a = da (w . dw), ...
    const double cross[3] = {w[1] * p[2] - w[2] * p[1], w[2] * p[0] - w[0] * p[2], w[0] * p[1] - w[1] * p[0]};
    const double dotted = w[0] * p[0] + w[1] * p[1] + w[2] * p[2], along = b * dotted;
    const double q[3] = {p[0] * c + cross[0] * a + w[0] * along + x[3], p[1] * c + cross[1] * a + w[1] * along + x[4],
                         p[2] * c + cross[2] * a + w[2] * along + x[5]};
    const double z = -1 / q[2], u = q[0] * z, v = q[1] * z, r = u * u + v * v, f = x[6];
    const double g = 1 + r * (x[7] + x[8] * r), slope = 2 * f * (x[7] + 2 * x[8] * r), fg = f * g;
    y[0] = fg * u - snavely::seen[0], y[1] = fg * v - snavely::seen[1];
    const double uv = slope * u * v;
    const double partial[2][2] = {{fg + slope * u * u, uv}, {uv, fg + slope * v * v}};
    for (int n = 0; n < 2; ++n) {
      double* const row = y + 2 + 12 * n;
      // The cotangent of q; then through the rotation, backwards: it meets w and p by one dot and one cross product.
      const double h[3] = {partial[n][0] * z, partial[n][1] * z, (partial[n][0] * u + partial[n][1] * v) * z};
      const double hw = h[0] * w[0] + h[1] * w[1] + h[2] * w[2];
      const double hp = h[0] * p[0] + h[1] * p[1] + h[2] * p[2];
      const double hc = h[0] * cross[0] + h[1] * cross[1] + h[2] * cross[2];
      const double common = hc * da - hp * a + hw * dotted * db, bhw = b * hw;
      row[0] = w[0] * common + a * (p[1] * h[2] - p[2] * h[1]) + along * h[0] + bhw * p[0];
      row[1] = w[1] * common + a * (p[2] * h[0] - p[0] * h[2]) + along * h[1] + bhw * p[1];
      row[2] = w[2] * common + a * (p[0] * h[1] - p[1] * h[0]) + along * h[2] + bhw * p[2];
      row[3] = h[0], row[4] = h[1], row[5] = h[2];
      const double own = n == 0 ? u : v, fr = f * r * own;
      row[6] = g * own, row[7] = fr, row[8] = fr * r;
      row[9] = c * h[0] + a * (h[1] * w[2] - h[2] * w[1]) + bhw * w[0];
      row[10] = c * h[1] + a * (h[2] * w[0] - h[0] * w[2]) + bhw * w[1];
      row[11] = c * h[2] + a * (h[0] * w[1] - h[1] * w[0]) + bhw * w[2];
    }
  }
};

}  // namespace small
