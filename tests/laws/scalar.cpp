// SPDX-License-Identifier: BSL-1.0
#include <laws/laws.hpp>

namespace laws {

using namespace tg::literals;

namespace {
constexpr auto x = tg::variable<"x">;
constexpr auto y = tg::variable<"y">;
}  // namespace

std::vector<law_case> scalar_cases() {
  return {
      make(x + y, "add", "x + y", -3, 3),
      make(x + x * y - 3_c * x, "like terms", "x + x*y - 3*x", -3, 3),
      make(x - y, "subtract", "x - y", -3, 3),
      make(x * y, "multiply", "x*y", -3, 3),
      make(x / y, "divide", "x/y", 0.3, 3),
      make(-x, "negate", "-x", -3, 3),
      make(tg::pow<3>(x), "power 3", "x^3", -3, 3),
      make(tg::pow<-2>(x), "power -2", "x^(-2)", 0.3, 3),
      make(tg::pow<1, 2>(x), "power 1/2", "x^(1/2)", 0.3, 3),
      make(tg::pow<-5, 3>(x), "power -5/3", "x^(-5/3)", 0.3, 3),
      make(pow(x, y), "pow", "x^y", 0.3, 3),
      make(pow(x, 2_c), "pow by constant", "x^2", 0.3, 3),
      make(exp(x), "exp", "exp(x)", -3, 3),
      make(log(x), "log", "log(x)", 0.3, 3),
      make(log1p(x), "log1p", "log1p(x)", -0.7, 3),
      make(expm1(x), "expm1", "expm1(x)", -3, 3),
      make(sqrt(x), "sqrt", "sqrt(x)", 0.3, 3),
      make(sin(x), "sin", "sin(x)", -3, 3),
      make(cos(x), "cos", "cos(x)", -3, 3),
      make(tan(x), "tan", "tan(x)", -1.2, 1.2),
      make(tanh(x), "tanh", "tanh(x)", -3, 3),
      make(sigmoid(x), "sigmoid", "sigmoid(x)", -3, 3),
      make(relu(x), "relu above 0", "relu(x)", 0.1, 3),
      make(relu(x), "relu below 0", "relu(x)", -3, -0.1),
      make(softplus(x), "softplus", "softplus(x)", -3, 3),
      make(gelu(x), "gelu", "gelu(x)", -3, 3),
      make(erf(x), "erf", "erf(x)", -3, 3),
      make(normal_cdf(x), "normal_cdf", "normal_cdf(x)", -3, 3),
      make(atan(x), "atan", "atan(x)", -3, 3),
      make(atan2(y, x), "atan2", "atan2(y, x)", 0.3, 3),
      make(atan2(y, x), "atan2, third quadrant", "atan2(y, x)", -3, -0.3),
      make(asin(x), "asin", "asin(x)", -0.9, 0.9),
      make(acos(x), "acos", "acos(x)", -0.9, 0.9),
      make(sinh(x), "sinh", "sinh(x)", -3, 3),
      make(cosh(x), "cosh", "cosh(x)", -3, 3),
      make(asinh(x), "asinh", "asinh(x)", -3, 3),
      make(acosh(x), "acosh", "acosh(x)", 1.3, 3),
      make(atanh(x), "atanh", "atanh(x)", -0.9, 0.9),
      make(hypot(x, y), "hypot", "hypot(x, y)", 0.3, 3),
      make(cbrt(x), "cbrt", "cbrt(x)", 0.3, 3),
      make(cbrt(x), "cbrt below 0", "cbrt(x)", -3, -0.3),
      make(log2(x), "log2", "log2(x)", 0.3, 3),
      make(log10(x), "log10", "log10(x)", 0.3, 3),
      make(exp2(x), "exp2", "exp2(x)", -3, 3),
      make(erfc(x), "erfc", "erfc(x)", -3, 3),
      make(normal_pdf(x), "normal_pdf", "normal_pdf(x)", -3, 3),
      make(normal_quantile(x), "normal_quantile", "normal_quantile(x)", 0.1, 0.9),
      make(floor(x) * x, "floor", "floor(x)*x", 0.1, 0.9),
      make(ceil(x) * x, "ceil", "ceil(x)*x", 0.1, 0.9),
      make(round(x) * x, "round", "round(x)*x", 0.6, 1.4),
      make(tg::clamp(x, -5_c, 5_c), "clamp, inside", "min(max(x, -5), 5)", -3, 3),
      make(tg::clamp(x, y + 3_c, 9_c) * x, "clamp, below", "min(max(x, y + 3), 9)*x", 0.1, 3),
      make(lgamma(x), "lgamma", "lgamma(x)", 0.3, 12),
      make(lgamma(x), "lgamma below 0", "lgamma(x)", -1.8, -1.2),
      make(digamma(x), "digamma", "digamma(x)", 0.3, 12),
      make(digamma(x), "digamma below 0", "digamma(x)", -1.8, -1.2),
      make(tg::trigamma(x), "trigamma", "polygamma<1>(x)", 0.5, 12),
      make(tg::polygamma<2>(x), "polygamma", "polygamma<2>(x)", -1.7, -1.3),
      make(sin(pi_c * x) + e_c * y, "pi_c, e_c", "sin(3.1415926535897932*x) + 2.7182818284590452*y", -3, 3),
      make(abs(x), "abs above 0", "abs(x)", 0.1, 3),
      make(abs(x), "abs below 0", "abs(x)", -3, -0.1),
      make(sign(x) * x, "sign", "sign(x)*x", 0.1, 3),
      make(max(x, 5_c) + max(x, -5_c * y), "max", "max(x, 5) + max(x, -5*y)", 0.1, 3),
      make(min(x, 5_c) + min(x, -5_c * y), "min", "min(x, 5) + min(x, -5*y)", 0.1, 3),
      make(select(x > 0_c, x * y, sqrt(-x)), "select, taken", "select(0 < x, x*y, sqrt(-x))", 0.1, 3),
      make(select(x <= 0_c, sqrt(-x), exp(y)) * x, "select, not taken", "select(x <= 0, sqrt(-x), exp(y))*x", 0.1, 3),
      make(tg::let<"half">(x / 2_c) * y, "let", "x/2*y", -3, 3),
      make((x - (y - 1_c)) * -(x + y), "signs", "(x - (y - 1))*(-(x + y))", -3, 3),
  };
}

}  // namespace laws
