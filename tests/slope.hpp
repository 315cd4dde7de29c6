// SPDX-License-Identifier: BSL-1.0
// A slope by central differences.
#pragma once

/// Of what f computes from a number, which is moved there and back again.
template <class F>
inline double slope_at(double& number, F f) {
  const double before = number;
  number = before + 1e-5;
  const double above = f();
  number = before - 1e-5;
  const double below = f();
  number = before;
  return (above - below) / 2e-5;
}
