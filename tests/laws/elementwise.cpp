// SPDX-License-Identifier: BSL-1.0
#include <laws/laws.hpp>

namespace laws {

using namespace tg::literals;

namespace {
constexpr auto s = tg::variable<"s">;
constexpr auto u = tg::variable<"u", tg::vector<3>>;
constexpr auto v = tg::variable<"v", tg::vector<3>>;
constexpr auto M = tg::variable<"M", tg::matrix<2, 2>>;
}  // namespace

// Every scalar function elementwise on a vector; scalars broadcast on either side.
std::vector<law_case> elementwise_cases() {
  return {
      make(u + v * s, "vector add, scale", "u + v*s", -3, 3),
      make(s + u, "scalar plus vector", "s + u", -3, 3),
      make(u - s, "vector minus scalar", "u - s", -3, 3),
      make(s - M, "scalar minus matrix", "s - M", -3, 3),
      make(hadamard(u, v), "hadamard", "u*v", -3, 3),
      make(u / v, "vector divide", "u/v", 0.3, 3),
      make(s / u, "scalar over vector", "s/u", 0.3, 3),
      make(M / s, "matrix over scalar", "M/s", 0.3, 3),
      make(-u, "vector negate", "-u", -3, 3),
      make(tg::pow<3>(M), "matrix elementwise power", "M^3", -3, 3),
      make(pow(u, s), "vector to scalar", "u^s", 0.3, 3),
      make(pow(s, u), "scalar to vector", "s^u", 0.3, 3),
      make(exp(u) + log(v), "exp, log", "exp(u) + log(v)", 0.3, 3),
      make(log1p(u) + expm1(v) + sqrt(u), "log1p, expm1, sqrt", "log1p(u) + expm1(v) + sqrt(u)", 0.3, 3),
      make(sin(M) + cos(M) + tan(M), "sin, cos, tan", "sin(M) + cos(M) + tan(M)", -1.2, 1.2),
      make(tanh(u) + sigmoid(v) + softplus(u), "tanh, sigmoid, softplus", "tanh(u) + sigmoid(v) + softplus(u)", -3, 3),
      make(relu(u) + gelu(v) + erf(u) + normal_cdf(v), "relu, gelu, erf, normal_cdf", "relu(u) + gelu(v) + erf(u) + normal_cdf(v)", 0.1, 3),
      make(atan2(u, s) + hypot(s, v), "atan2, hypot", "atan2(u, s) + hypot(s, v)", 0.3, 3),
      make(asin(u) + acos(v) + atan(u), "asin, acos, atan", "asin(u) + acos(v) + atan(u)", -0.8, 0.8),
      make(sinh(M) + cosh(M) + asinh(M), "sinh, cosh, asinh", "sinh(M) + cosh(M) + asinh(M)", -3, 3),
      make(acosh(u) + atanh(1_c / v), "acosh, atanh", "acosh(u) + atanh(1/v)", 1.3, 3),
      make(log2(u) + log10(v) + exp2(u) + cbrt(v), "log2, log10, exp2, cbrt", "log2(u) + log10(v) + exp2(u) + cbrt(v)", 0.3, 3),
      make(erfc(u) + normal_pdf(v) + normal_quantile(u / 4_c), "erfc, normal_pdf, normal_quantile", "erfc(u) + normal_pdf(v) + normal_quantile(u/4)",
           0.5, 3),
      make(lgamma(u) + digamma(v) + tg::trigamma(u), "lgamma, digamma, trigamma", "lgamma(u) + digamma(v) + polygamma<1>(u)", 0.5, 12),
      make(hadamard(floor(u), v) + hadamard(ceil(v), u) + round(u), "floor, ceil, round", "floor(u)*v + ceil(v)*u + round(u)", 0.6, 0.9),
      make(abs(u) + sign(v), "abs, sign", "abs(u) + sign(v)", -3, -0.1),
      make(max(u, -1_c * v) + min(v, -2_c * s), "max, min", "max(u, -1*v) + min(v, -2*s)", 0.1, 3),
      make(select(u > 0_c, hadamard(u, v), s), "select", "select(0 < u, u*v, s)", 0.1, 3),
  };
}

}  // namespace laws
