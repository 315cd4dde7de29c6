// SPDX-License-Identifier: BSL-1.0
// The functions that accuracy.cpp checks: name, formula in the C library's terms, range, bounds in units in the last place.
#pragma once

// X(name, reference of x, low, high in float, low, high in double, bound in float, in double)
#define FUNCTIONS(X)                                                                                     \
  X(exp, std::exp(x), -85, 85, -700, 700, 1.2, 1.2)                                                      \
  X(expm1, std::expm1(x), -20, 85, -40, 700, 2.0, 2.0)                                                   \
  X(log, std::log(x), 1e-6, 3, 1e-6, 3, 1.2, 1.2)                                                        \
  X(log1p, std::log1p(x), -0.999, 3, -0.999, 3, 1.2, 1.2)                                                \
  X(sin, std::sin(x), -1e4, 1e4, -1e5, 1e5, 0.6, 2.7)                                                    \
  X(cos, std::cos(x), -1e9, 1e9, -1e9, 1e9, 0.6, 2.7)                                                    \
  X(tan, std::tan(x), -20, 20, -20, 20, 0.6, 3.3)                                                        \
  X(tanh, std::tanh(x), -10, 10, -20, 20, 4.0, 2.7)                                                      \
  X(sigmoid, 1 / (1 + std::exp(-x)), -40, 40, -40, 40, 4.0, 2.7)                                         \
  X(softplus, std::fmax(x, 0.0L) + std::log1p(std::exp(-std::fabs(x))), -40, 40, -40, 40, 2.5, 2.0)      \
  X(erf, std::erf(x), -3, 3, -5, 5, 4.0, 2.9)                                                            \
  X(normal_cdf, std::erfc(-x * 0.707106781186547524400844362104849039L) / 2, -12, 10, -35, 10, 6.5, 6.5) \
  X(sqrt, std::sqrt(x), 1e-6, 1e6, 1e-6, 1e6, 3.1, 0.51)                                                 \
  X(fraction, std::pow(x, 0.7L), 1e-6, 1e20, 1e-6, 1e20, 0.6, 2.0)                                       \
  X(general, std::pow(x, x), 0.01, 20, 0.01, 100, 0.6, 2.0)                                              \
  X(ninth, std::pow(x, 9.0L), 0.01, 1e4, 0.01, 1e4, 0.6, 0.6)

namespace reference {

enum function {
#define NAME(name, ...) name,
  FUNCTIONS(NAME)
#undef NAME
};

/// Compiled without the flags under test.
long double value(function f, long double x);

/// |got - exact| in units in the last place of `exact`; infinite for what is no number.
double error(float got, long double exact);
double error(double got, long double exact);

}  // namespace reference
