// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "formula.hpp"

namespace small {

template <>
struct hand<sabr> {
  static void solve(const double* x, double* y) {
    const double f = x[0], alpha = x[1], beta = x[2], rho = x[3], nu = x[4];
    constexpr double log_strike = -3.5065578973199818;
    const double lf = std::log(f), away = lf - log_strike, both = lf + log_strike, b = 1 - beta, b2 = b * b;
    const double middle = std::exp(0.5 * b * both);
    const double l2 = b2 * away * away, series = 1 + l2 * (1 / 24.0 + l2 * (1 / 1920.0));
    const double ratio = nu * middle * away;  // alpha z
    const double rest = 1 - rho;
    // Reciprocals of alpha, middle, f, rest and series from one division.
    const double am = alpha * middle, fr = f * rest, amfr = am * fr, one = 1 / (amfr * series);
    const double one_series = one * amfr, one_amfr = one * series, one_am = one_amfr * fr, one_fr = one_amfr * am;
    const double one_alpha = one_am * middle, one_middle = one_am * alpha, one_f = one_fr * rest, one_rest = one_fr * f;
    const double z = ratio * one_alpha, root = std::sqrt(1 + z * (z - 2 * rho)), top = root + z - rho;
    const double chi = std::log(top * one_rest);
    const double one_chi_root = 1 / (chi * root), one_chi = one_chi_root * root, one_root = one_chi_root * chi;
    const double am1 = alpha * one_middle;  // alpha / middle
    const double q = b2 * (1 / 24.0) * am1 * am1, w = 0.25 * rho * beta * nu * am1, e = (2 - 3 * rho * rho) * (1 / 24.0) * nu;
    const double drift = 1 + sabr::time * (q + w + e * nu), lead = nu * away * one_series;  // alpha z / (middle series)
    const double value = lead * one_chi * drift;
    y[0] = value;
    // Logarithmic derivatives: value = nu away / (series chi) drift.
    const double chain = -value * one_chi;          // by chi
    const double by_z = chain * one_root;           // d chi / dz = 1 / root
    const double td = sabr::time * lead * one_chi;  // by the terms of the drift
    const double by_log_middle = by_z * z - td * (2 * q + w);
    const double by_l2 = -value * one_series * (1 / 24.0 + l2 * (1 / 960.0));
    const double lf_slope =
        lead == 0 ? 0 : nu * one_series * one_chi * drift + by_z * nu * middle * one_alpha + 2 * by_l2 * b2 * away + by_log_middle * 0.5 * b;
    y[1] = lf_slope * one_f;
    y[2] = one_alpha * (td * (2 * q + w) - by_z * z);
    y[3] = -0.5 * both * by_log_middle - 2 * by_l2 * b * away * away + td * (0.25 * rho * nu * am1 - b * (1 / 12.0) * am1 * am1);
    // d chi / d rho = (-z / root - 1) / top + 1 / (1 - rho), where (z + root) / (root top) meets top (root - z + rho) = 1 - rho^2.
    y[4] = chain * (one_rest - (z + root) * one_root * (root - z + rho) * one_rest / (1 + rho)) + td * nu * (0.25 * beta * am1 - 0.25 * rho * nu);
    y[5] = one_series * away * one_chi * drift + by_z * middle * away * one_alpha + td * (0.25 * rho * beta * am1 + 2 * e);
  }
};

}  // namespace small
