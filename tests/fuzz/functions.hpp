// SPDX-License-Identifier: BSL-1.0
// The elementary functions in long double, each with its first two derivatives and the sizes that scale their rounding errors.
#pragma once

#include <cmath>

namespace fuzz {

/// Every operation of the library that a formula may contain; the generator's table has the same names.
enum class op {
  symbol,
  literal,
  let,  // leaves and names
  add,
  subtract,
  multiply,
  divide,
  negate,
  power,
  square,
  pow,  // arithmetic
  exp,
  log,
  log1p,
  expm1,
  sqrt,
  sin,
  cos,
  tan,  // functions
  tanh,
  sigmoid,
  relu,
  softplus,
  gelu,
  erf,
  normal_cdf,  // activations
  abs,
  sign,
  max,
  min,
  less,
  less_equal,
  greater,
  greater_equal,
  select,  // pieces
  sum,
  mean,
  logsumexp,
  softmax,
  dot,
  outer,
  transpose,
  matmul,
  at,
  stack,
  largest,
  smallest,
  argmax  // tensors
};

/// The k-th derivative at x and the size of what is rounded on the way to it. (`1 - tanh(x)^2` has an error of the size of 1, not of the
/// result, because it is made from the value; exp(-x^2) loses digits as x^2 grows.)
struct sized {
  long double value, size;
};
inline sized plain(long double value) { return {value, std::fabs(value)}; }

/// Derivative k of x^p.
inline sized power_derivative(long double x, long double p, int k) {
  const long double factor = k == 0 ? 1 : k == 1 ? p : p * (p - 1);
  const long double value = factor == 0 ? 0 : factor * std::pow(x, p - k);
  return plain(value);
}

inline sized function(op f, long double x, int k) {
  constexpr long double root_two_pi = 2.506628274631000502415765284811045253L, two_over_root_pi = 1.128379167095512573896158903121545172L;
  constexpr long double root_two = 1.414213562373095048801688724209698079L;
  switch (f) {
    case op::exp:
      return plain(std::exp(x));
    case op::expm1:
      return plain(k == 0 ? std::expm1(x) : std::exp(x));
    case op::log:
      return plain(k == 0 ? std::log(x) : k == 1 ? 1 / x : -1 / (x * x));
    case op::log1p:
      return plain(k == 0 ? std::log1p(x) : k == 1 ? 1 / (1 + x) : -1 / ((1 + x) * (1 + x)));
    case op::sqrt:
      return plain(k == 0 ? std::sqrt(x) : k == 1 ? 0.5L / std::sqrt(x) : -0.25L / (x * std::sqrt(x)));
    case op::sin:
      return plain(k == 0 ? std::sin(x) : k == 1 ? std::cos(x) : -std::sin(x));
    case op::cos:
      return plain(k == 0 ? std::cos(x) : k == 1 ? -std::sin(x) : -std::cos(x));
    case op::tan: {
      const long double t = std::tan(x), c = std::cos(x);
      return plain(k == 0 ? t : k == 1 ? 1 / (c * c) : 2 * t / (c * c));
    }
    case op::tanh: {
      const long double t = std::tanh(x), c = 1 / std::cosh(x);
      return k == 0 ? plain(t) : k == 1 ? sized{c * c, 1} : sized{-2 * t * c * c, 2 * std::fabs(t)};
    }
    case op::sigmoid: {
      const long double s = 1 / (1 + std::exp(-x)), r = 1 / (1 + std::exp(x));
      return k == 0 ? plain(s) : k == 1 ? sized{s * r, s} : sized{s * r * (r - s), s};
    }
    case op::softplus: {
      const long double s = 1 / (1 + std::exp(-x)), r = 1 / (1 + std::exp(x));
      return k == 0 ? plain(std::fmax(x, 0.0L) + std::log1p(std::exp(-std::fabs(x)))) : k == 1 ? plain(s) : sized{s * r, s};
    }
    case op::erf: {
      const long double d = two_over_root_pi * std::exp(-x * x);
      return k == 0 ? plain(std::erf(x)) : k == 1 ? sized{d, d * (1 + x * x)} : sized{-2 * x * d, 2 * std::fabs(x) * d * (1 + x * x)};
    }
    case op::normal_cdf:
    case op::gelu: {
      const long double d = std::exp(-x * x / 2) / root_two_pi, c = 0.5L * std::erfc(-x / root_two), grown = d * (1 + x * x);
      if (f == op::normal_cdf) return k == 0 ? plain(c) : k == 1 ? sized{d, grown} : sized{-x * d, std::fabs(x) * grown};
      return k == 0 ? plain(x * c) : k == 1 ? sized{c + x * d, c + std::fabs(x) * grown} : sized{(2 - x * x) * d, (2 + x * x) * grown};
    }
    default:
      return {std::nanl(""), 0};
  }
}

/// The partial derivative of a^b, i times with respect to a and j times with respect to b (i + j <= 2).
inline sized pow_derivative(long double a, long double b, int i, int j) {
  const long double l = j == 0 ? 0 : std::log(a);
  const long double p = std::pow(a, b - i);
  const long double spread = a == 0 ? 0 : std::fabs(b * std::log(std::fabs(a)));
  const long double value = i == 0 ? (j == 0 ? p : j == 1 ? p * l : p * l * l) : i == 2 ? b * (b - 1) * p : j == 0 ? b * p : p * (1 + b * l);
  const long double size = i == 1 && j == 1 ? p * (1 + spread) : i == 2 ? std::fabs(b) * (1 + std::fabs(b)) * std::fabs(p) : value;
  return {value, std::fabs(size) * (1 + spread)};
}

}  // namespace fuzz
