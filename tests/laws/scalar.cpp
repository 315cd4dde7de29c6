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
