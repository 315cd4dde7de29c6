// SPDX-License-Identifier: BSL-1.0
#include "reference.hpp"

#include <cmath>
#include <limits>

namespace reference {

long double value(function f, long double x) {
  switch (f) {
#define CASE(name, formula, ...) \
  case name:                     \
    return formula;
    FUNCTIONS(CASE)
#undef CASE
  }
  return std::numeric_limits<long double>::quiet_NaN();
}

namespace {
template <class T>
double units(T got, long double exact) {
  const T size = std::fabs(static_cast<T>(exact));
  const long double unit = static_cast<long double>(std::nextafter(size, std::numeric_limits<T>::infinity())) - static_cast<long double>(size);
  const double result = static_cast<double>(std::fabs(static_cast<long double>(got) - exact) / unit);
  return result >= 0 ? result : std::numeric_limits<double>::infinity();
}
}  // namespace

double error(float got, long double exact) { return units(got, exact); }
double error(double got, long double exact) { return units(got, exact); }

}  // namespace reference
