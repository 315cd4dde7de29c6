// SPDX-License-Identifier: BSL-1.0
// Errors in units in the last place.
#pragma once

#include <cmath>
#include <limits>

/// The error of `got` in units in the last place of the exact result.
template <class T>
double ulps(T got, long double exact) {
  if (std::isnan(exact)) return std::isnan(got) ? 0 : 1e9;
  const T rounded = static_cast<T>(exact);
  if (std::isinf(rounded) || std::isinf(got)) return rounded == got ? 0 : 1e9;
  const T size = std::fabs(rounded);
  const long double unit = static_cast<long double>(std::nextafter(size, std::numeric_limits<T>::infinity())) - static_cast<long double>(size);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - exact) / unit);
}
