// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/functions.md.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

namespace {

// [names]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto x = tg::variable<"x">;
constexpr auto y = tg::variable<"y">;
// [names]

TEST_CASE("reference: exp") {
  // [exp]
  CHECK(tg::evaluate(exp(x), x = 1.0) == Approx(2.718281828459045));
  CHECK(tg::evaluate(tg::derivative(exp(x), x), x = 1.0) == Approx(2.718281828459045));
  // [exp]
}

TEST_CASE("reference: expm1") {
  // [expm1]
  CHECK(tg::evaluate(expm1(x), x = 1e-10) == Approx(1e-10));
  CHECK(tg::evaluate(tg::derivative(expm1(x), x), x = 1e-10) == Approx(1));
  // [expm1]
}

TEST_CASE("reference: exp2") {
  // [exp2]
  STATIC_REQUIRE(tg::evaluate(exp2(x), x = 10.0) == 1024);
  // [exp2]
}

TEST_CASE("reference: log") {
  // [log]
  CHECK(tg::evaluate(log(x), x = 2.0) == Approx(0.6931471805599453));
  CHECK(tg::evaluate(tg::derivative(log(x), x), x = 2.0) == Approx(0.5));
  // [log]
}

TEST_CASE("reference: log1p") {
  // [log1p]
  CHECK(tg::evaluate(log1p(x), x = 1e-10) == Approx(1e-10));
  CHECK(tg::evaluate(tg::derivative(log1p(x), x), x = 1e-10) == Approx(1));
  // [log1p]
}

TEST_CASE("reference: log2") {
  // [log2]
  STATIC_REQUIRE(tg::evaluate(log2(x), x = 0.125) == -3);
  // [log2]
}

TEST_CASE("reference: log10") {
  // [log10]
  STATIC_REQUIRE(tg::evaluate(log10(x), x = 1000.0) == 3);
  // [log10]
}

TEST_CASE("reference: sqrt") {
  // [sqrt]
  CHECK(tg::evaluate(sqrt(x), x = 4.0) == Approx(2));
  CHECK(tg::evaluate(tg::derivative(sqrt(x), x), x = 4.0) == Approx(0.25));
  // [sqrt]
}

TEST_CASE("reference: cbrt") {
  // [cbrt]
  CHECK(tg::evaluate(cbrt(x), x = -8.0) == Approx(-2));
  CHECK(tg::evaluate(tg::derivative(cbrt(x), x), x = -8.0) == Approx(1.0 / 12));
  // [cbrt]
}

TEST_CASE("reference: hypot") {
  // [hypot]
  CHECK(tg::evaluate(hypot(x, y), x = 3e200, y = 4e200) == Approx(5e200));
  CHECK(tg::value_and_gradient(hypot(x, y), tg::wrt(x))(x = 3.0, y = 4.0).gradient[x] == Approx(0.6));
  // [hypot]
}

TEST_CASE("reference: pow") {
  // [pow]
  CHECK(tg::evaluate(pow(x, 2.5_c), x = 4.0) == Approx(32));
  CHECK(tg::evaluate(tg::derivative(pow(x, 2.5_c), x), x = 4.0) == Approx(20));
  // [pow]
}

TEST_CASE("reference: sin") {
  // [sin]
  CHECK(tg::evaluate(sin(x), x = 0.5) == Approx(0.479425538604203));
  CHECK(tg::evaluate(tg::derivative(sin(x), x), x = 0.5) == Approx(0.8775825618903728));
  // [sin]
}

TEST_CASE("reference: cos") {
  // [cos]
  CHECK(tg::evaluate(cos(x), x = 0.5) == Approx(0.8775825618903728));
  CHECK(tg::evaluate(tg::derivative(cos(x), x), x = 0.5) == Approx(-0.479425538604203));
  // [cos]
}

TEST_CASE("reference: tan") {
  // [tan]
  CHECK(tg::evaluate(tan(x), x = 0.5) == Approx(0.5463024898437905));
  CHECK(tg::evaluate(tg::derivative(tan(x), x), x = 0.5) == Approx(1.2984464104095248));
  // [tan]
}

TEST_CASE("reference: asin") {
  // [asin]
  CHECK(tg::evaluate(asin(x), x = 0.5) == Approx(0.5235987755982989));
  CHECK(tg::evaluate(tg::derivative(asin(x), x), x = 0.5) == Approx(1.1547005383792517));
  // [asin]
}

TEST_CASE("reference: acos") {
  // [acos]
  CHECK(tg::evaluate(acos(x), x = 0.5) == Approx(1.0471975511965979));
  CHECK(tg::evaluate(tg::derivative(acos(x), x), x = 0.5) == Approx(-1.1547005383792517));
  // [acos]
}

TEST_CASE("reference: atan") {
  // [atan]
  CHECK(tg::evaluate(atan(x), x = 1.0) == Approx(0.7853981633974483));
  CHECK(tg::evaluate(tg::derivative(atan(x), x), x = 1.0) == Approx(0.5));
  // [atan]
}

TEST_CASE("reference: atan2") {
  // [atan2]
  CHECK(tg::evaluate(atan2(y, x), y = 1e300, x = -1e300) == Approx(2.356194490192345));
  CHECK(tg::value_and_gradient(atan2(y, x), tg::wrt(y))(y = 0.0, x = 2.0).gradient[y] == 0.5);
  // [atan2]
}

TEST_CASE("reference: sinh") {
  // [sinh]
  CHECK(tg::evaluate(sinh(x), x = 1.0) == Approx(1.1752011936438014));
  CHECK(tg::evaluate(tg::derivative(sinh(x), x), x = 1.0) == Approx(1.5430806348152437));
  // [sinh]
}

TEST_CASE("reference: cosh") {
  // [cosh]
  CHECK(tg::evaluate(cosh(x), x = 1.0) == Approx(1.5430806348152437));
  CHECK(tg::evaluate(tg::derivative(cosh(x), x), x = 1.0) == Approx(1.1752011936438014));
  // [cosh]
}

TEST_CASE("reference: tanh") {
  // [tanh]
  CHECK(tg::evaluate(tanh(x), x = 1.0) == Approx(0.7615941559557649));
  CHECK(tg::evaluate(tg::derivative(tanh(x), x), x = 1.0) == Approx(0.41997434161402614));
  // [tanh]
}

TEST_CASE("reference: asinh") {
  // [asinh]
  CHECK(tg::evaluate(asinh(x), x = 1.0) == Approx(0.881373587019543));
  CHECK(tg::evaluate(tg::derivative(asinh(x), x), x = 1.0) == Approx(0.7071067811865475));
  // [asinh]
}

TEST_CASE("reference: acosh") {
  // [acosh]
  CHECK(tg::evaluate(acosh(x), x = 2.0) == Approx(1.3169578969248166));
  CHECK(tg::evaluate(tg::derivative(acosh(x), x), x = 2.0) == Approx(0.5773502691896258));
  // [acosh]
}

TEST_CASE("reference: atanh") {
  // [atanh]
  CHECK(tg::evaluate(atanh(x), x = 0.5) == Approx(0.5493061443340549));
  CHECK(tg::evaluate(tg::derivative(atanh(x), x), x = 0.5) == Approx(1.3333333333333333));
  // [atanh]
}

TEST_CASE("reference: sigmoid") {
  // [sigmoid]
  CHECK(tg::evaluate(sigmoid(x), x = 0.0) == Approx(0.5));
  CHECK(tg::evaluate(tg::derivative(sigmoid(x), x), x = 0.0) == Approx(0.25));
  // [sigmoid]
}

TEST_CASE("reference: softplus") {
  // [softplus]
  CHECK(tg::evaluate(softplus(x), x = 0.0) == Approx(0.6931471805599453));
  CHECK(tg::evaluate(tg::derivative(softplus(x), x), x = 0.0) == Approx(0.5));
  // [softplus]
}

TEST_CASE("reference: relu") {
  // [relu]
  STATIC_REQUIRE(tg::evaluate(relu(x), x = -2.0) == 0);
  // [relu]
}

TEST_CASE("reference: gelu") {
  // [gelu]
  CHECK(tg::evaluate(gelu(x), x = 1.0) == Approx(0.8413447460685429));
  CHECK(tg::evaluate(tg::derivative(gelu(x), x), x = 1.0) == Approx(1.0833154705876864));
  // [gelu]
}

TEST_CASE("reference: erf") {
  // [erf]
  CHECK(tg::evaluate(erf(x), x = 0.5) == Approx(0.5204998778130465));
  CHECK(tg::evaluate(tg::derivative(erf(x), x), x = 0.5) == Approx(0.8787825789354448));
  // [erf]
}

TEST_CASE("reference: erfc") {
  // [erfc]
  CHECK(tg::evaluate(erfc(x), x = 3.0) == Approx(2.209049699858544e-05));
  CHECK(tg::evaluate(tg::derivative(erfc(x), x), x = 3.0) == Approx(-0.00013925305194674786));
  // [erfc]
}

TEST_CASE("reference: normal_pdf") {
  // [normal_pdf]
  CHECK(tg::evaluate(normal_pdf(x), x = 1.0) == Approx(0.24197072451914337));
  CHECK(tg::evaluate(tg::derivative(normal_pdf(x), x), x = 1.0) == Approx(-0.24197072451914337));
  // [normal_pdf]
}

TEST_CASE("reference: normal_cdf") {
  // [normal_cdf]
  CHECK(tg::evaluate(normal_cdf(x), x = 1.0) == Approx(0.8413447460685429));
  CHECK(tg::evaluate(tg::derivative(normal_cdf(x), x), x = 1.0) == Approx(0.24197072451914337));
  // [normal_cdf]
}

TEST_CASE("reference: normal_quantile") {
  // [normal_quantile]
  CHECK(tg::evaluate(normal_quantile(x), x = 0.975) == Approx(1.959963984540054));
  CHECK(tg::evaluate(tg::derivative(normal_quantile(x), x), x = 0.975) == Approx(17.110083080332715));
  // [normal_quantile]
}

TEST_CASE("reference: lgamma") {
  // [lgamma]
  CHECK(tg::evaluate(lgamma(x), x = 5.0) == Approx(3.1780538303479458));
  CHECK(tg::evaluate(tg::derivative(lgamma(x), x), x = 5.0) == Approx(1.5061176684318005));
  // [lgamma]
}

TEST_CASE("reference: digamma") {
  // [digamma]
  CHECK(tg::evaluate(digamma(x), x = 1.0) == Approx(-0.5772156649015329));
  CHECK(tg::evaluate(tg::derivative(digamma(x), x), x = 1.0) == Approx(1.6449340668482264));
  // [digamma]
}

TEST_CASE("reference: trigamma, polygamma") {
  // [trigamma_polygamma]
  CHECK(tg::evaluate(tg::trigamma(x), x = 1.0) == Approx(1.6449340668482264));
  CHECK(tg::evaluate(tg::polygamma<2>(x), x = 1.0) == Approx(-2.4041138063191886));
  // [trigamma_polygamma]
}

TEST_CASE("reference: abs") {
  // [abs]
  STATIC_REQUIRE(tg::evaluate(abs(x), x = -2.0) == 2);
  // [abs]
}

TEST_CASE("reference: sign") {
  // [sign]
  STATIC_REQUIRE(tg::evaluate(sign(x), x = -2.0) == -1);
  // [sign]
}

TEST_CASE("reference: max, min, elementwise") {
  // [max_min]
  STATIC_REQUIRE(tg::evaluate(max(x, 1_c) - min(x, 1_c), x = 3.0) == 2);
  // [max_min]
}

TEST_CASE("reference: clamp") {
  // [clamp]
  STATIC_REQUIRE(tg::evaluate(clamp(x, 0_c, 1_c), x = 3.0) == 1);
  // [clamp]
}

TEST_CASE("reference: floor") {
  // [floor]
  STATIC_REQUIRE(tg::evaluate(floor(x), x = -2.5) == -3);
  // [floor]
}

TEST_CASE("reference: ceil") {
  // [ceil]
  STATIC_REQUIRE(tg::evaluate(ceil(x), x = -2.5) == -2);
  // [ceil]
}

TEST_CASE("reference: round") {
  // [round]
  STATIC_REQUIRE(tg::evaluate(round(x), x = -2.5) == -3);
  // [round]
}

TEST_CASE("reference: pi_c, e_c") {
  // [pi_c_e_c]
  STATIC_REQUIRE(tg::evaluate(pi_c * x, x = 1.0f) == 3.14159265358979323846f);
  STATIC_REQUIRE(tg::evaluate(pi_c * x, x = 1.0L) == 3.14159265358979323846264338327950288L);
  // [pi_c_e_c]
}

}  // namespace
