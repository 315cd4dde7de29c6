// SPDX-License-Identifier: BSL-1.0
// The edges: one choice each, documented in docs/conventions.md.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <cmath>
#include <limits>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto x = tg::variable<"x">;
constexpr auto y = tg::variable<"y">;

/// The derivative by reverse mode; forward mode must say the same.
template <class E>
double slope(E, double at) {
  const double reverse = tg::value_and_gradient(E{}, tg::wrt(x))(x = at).gradient[x];
  const double forward = tg::evaluate(tg::derivative(E{}, x), x = at);
  CHECK((reverse == forward || (std::isnan(reverse) && std::isnan(forward))));
  return reverse;
}

TEST_CASE("kinks: relu and abs have derivative 0 at 0, ties share") {
  CHECK(slope(relu(x), 0) == 0);
  CHECK(slope(abs(x), 0) == 0);
  CHECK(slope(sign(x), 0) == 0);
  const auto tie = tg::value_and_gradient(max(x, y), tg::wrt(x, y))(x = 2.0, y = 2.0);
  CHECK((tie.gradient[x] == 0.5 && tie.gradient[y] == 0.5));
  const auto low = tg::value_and_gradient(min(x, y), tg::wrt(x, y))(x = 2.0, y = 2.0);
  CHECK((low.gradient[x] == 0.5 && low.gradient[y] == 0.5));
  CHECK(slope(max(x, x), 3) == 1);
}

TEST_CASE("gelu at infinity") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(tg::evaluate(gelu(x), x = -infinity) == 0);
  CHECK(tg::evaluate(gelu(x), x = infinity) == infinity);
  CHECK(std::isnan(tg::evaluate(gelu(x), x = std::nan(""))));
  CHECK(std::isnan(slope(gelu(x), std::nan(""))));
  CHECK((slope(gelu(x), -infinity) == 0 && slope(gelu(x), infinity) == 1 && slope(gelu(x), 0) == 0.5));
  CHECK((slope(tg::derivative(gelu(x), x), -infinity) == 0 && slope(tg::derivative(gelu(x), x), infinity) == 0));
  const double rows[] = {-infinity, -1e300, -infinity, 0};
  CHECK(tg::evaluate(gelu(x), tg::batch(x = rows)) == 0);
  CHECK(tg::evaluate(tg::derivative(gelu(x), x), tg::batch(x = rows)) == 0.125);
}

TEST_CASE("powers at 0") {
  CHECK(tg::evaluate(pow(x, y), x = 0.0, y = 0.0) == 1);
  CHECK(tg::evaluate(pow(x, y), x = 0.0, y = 2.5) == 0);
  CHECK(slope(tg::pow<0>(x), 0) == 0);
  CHECK(slope(tg::pow<1>(x), 0) == 1);
  CHECK(slope(tg::pow<2>(x), 0) == 0);
  const auto p = tg::value_and_gradient(pow(x, y), tg::wrt(x, y))(x = 0.0, y = 2.0);
  CHECK((p.value == 0 && p.gradient[x] == 0 && p.gradient[y] == 0));
  CHECK(slope(sqrt(x), 0) == std::numeric_limits<double>::infinity());
  CHECK(tg::evaluate(sqrt(x), x = 0.0) == 0);
}

TEST_CASE("0 times anything simplifies to 0") {
  CHECK(tg::evaluate(0_c * log(x), x = 0.0) == 0);
  CHECK(tg::evaluate(0_c * x, x = std::numeric_limits<double>::infinity()) == 0);
}

TEST_CASE("the branch that is not taken leaks nothing into value or gradient") {
  CHECK(tg::evaluate(select(x > 0_c, log(x), 0_c), x = -1.0) == 0);
  CHECK(slope(select(x > 0_c, sqrt(x), 0_c), 0) == 0);
  CHECK(slope(select(x > 0_c, sqrt(x), 0_c), -1) == 0);
  CHECK(slope(select(x > 0_c, log(x), x), -1) == 1);
  CHECK(slope(select(x > 0_c, log(sqrt(x)), 2_c * x), -1) == 2);
  CHECK(slope(select(x > 0_c, 1_c / x + sqrt(x) * 3_c, 0_c), 0) == 0);
  CHECK(slope(select(x > 0_c, exp(1_c / x) * log(x), -x), 0) == -1);
  CHECK(slope(select(x < 0_c, 0_c, x * log(x)), -1) == 0);
  CHECK(slope(select(x > 1_c, sqrt(x), 0_c) + select(x > 2_c, 3_c * sqrt(x), 0_c), 0) == 0);  // one root, two conditions
  CHECK(slope(5_c * select(x > 0_c, sqrt(x), 0_c), 0) == 0);
  CHECK(slope(tanh(select(x > 0_c, sqrt(x), 0_c)), 0) == 0);
  CHECK(slope(select(x > 0_c, sqrt(x), 0_c), 4) == 0.25);
  constexpr auto v = tg::variable<"v", tg::vector<3>>;
  const double values[] = {-1, 0, 4};
  const auto g = tg::value_and_gradient(sum(select(v > 0_c, sqrt(v), 0_c)), tg::wrt(v))(v = values).gradient;
  CHECK((g[v][0] == 0 && g[v][1] == 0 && g[v][2] == 0.25));
  const auto second = tg::derivative(tg::derivative(select(x > 0_c, x * sqrt(x), 0_c), x), x);
  CHECK(tg::evaluate(second, x = -1.0) == 0);
  CHECK(tg::evaluate(second, x = 4.0) == Approx(0.375));
}

TEST_CASE("NaN in, NaN out") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(std::isnan(tg::evaluate(tanh(x), x = nan)));
  CHECK(std::isnan(tg::evaluate(abs(x), x = nan)));
  CHECK(std::isnan(tg::evaluate(exp(x) + sigmoid(x), x = nan)));
}

TEST_CASE("edges of roots, angles and steps") {
  constexpr double infinity = std::numeric_limits<double>::infinity(), pi = 3.14159265358979323846;
  const auto origin = tg::value_and_gradient(hypot(x, y) + atan2(y, x), tg::wrt(x, y))(x = 0.0, y = 0.0);
  CHECK((origin.value == 0 && origin.gradient[x] == 0 && origin.gradient[y] == 0));
  CHECK(slope(hypot(x, 0_c), -2) == -1);
  CHECK(slope(hypot(x, 1e300_c), 1e300) == Approx(std::sqrt(0.5)));
  const auto far = tg::value_and_gradient(atan2(y, x), tg::wrt(x, y))(x = -1e200, y = 1e200);
  CHECK((far.value == Approx(0.75 * pi) && far.gradient[x] == Approx(-0.5e-200) && far.gradient[y] == Approx(-0.5e-200)));
  CHECK((slope(cbrt(x), 0) == infinity && slope(cbrt(x), -8) == Approx(1.0 / 12)));
  CHECK((slope(asin(x), 1) == infinity && slope(acos(x), -1) == -infinity && slope(acosh(x), 1) == infinity && slope(atanh(x), 1) == infinity));
  CHECK((slope(asinh(x), 1e300) == Approx(1e-300) && slope(acosh(x), 1e300) == Approx(1e-300) && slope(atan(x), infinity) == 0));
  for (const double at : {-1.5, -1.0, 0.0, 0.5, 2.0}) CHECK((slope(floor(x), at) == 0 && slope(ceil(x), at) == 0 && slope(round(x), at) == 0));
  CHECK((slope(tg::clamp(x, -1_c, 1_c), 0) == 1 && slope(tg::clamp(x, -1_c, 1_c), 3) == 0 && slope(tg::clamp(x, -1_c, 1_c), 1) == 0.5));
  CHECK((slope(normal_quantile(x), 0) == infinity && slope(normal_quantile(x), 0.5) == Approx(std::sqrt(2 * pi))));
}

TEST_CASE("what a dead branch computes of further functions reaches no derivative") {
  CHECK(slope(select(x > 1_c, acosh(x), x), 1) == 1);
  CHECK(slope(select(x < 1_c, asin(x) + atanh(x) + normal_quantile(x), 2_c * x), 1) == 2);
  CHECK(slope(select(x > 0_c, cbrt(x) + lgamma(x) + digamma(x) + log2(x) + log10(x), -x), 0) == -1);
  CHECK(slope(select(x > 0_c, hypot(x, 0_c) + atan2(0_c, x), 3_c * x), 0) == 3);
}

TEST_CASE("pi and e are those of the type") {
  CHECK((tg::evaluate(x * pi_c, x = 1.0f) == 3.14159265358979323846f && tg::evaluate(x * pi_c, x = 1.0L) == 3.14159265358979323846264338327950288L));
  CHECK((tg::evaluate(x * e_c, x = 1.0) == 2.71828182845904523536 && tg::evaluate(x * e_c, x = 1.0L) == 2.71828182845904523536028747135266250L));
  STATIC_REQUIRE(tg::derivative(pi_c * x, x) == pi_c);
  STATIC_REQUIRE(std::is_same_v<decltype(pi_c), decltype(3.1415926535897932384626433832795028841971693993751058_c) const>);
  STATIC_REQUIRE(std::is_same_v<decltype(e_c), decltype(2.7182818284590452353602874713526624977572470936999596_c) const>);
  STATIC_REQUIRE(tg::derivative(log2(x), x) == 1.44269504088896340735992468100189213742664595_c / x);
  STATIC_REQUIRE(tg::derivative(log10(x), x) == 0.434294481903251827651128918916605082294397006_c / x);
  STATIC_REQUIRE(tg::derivative(exp2(x), x) == 0.693147180559945309417232121458176568075500134_c * exp2(x));
  STATIC_REQUIRE(tg::derivative(erfc(x), x) == -1.12837916709551257389615890312154517168810126_c * exp(-square(x)));
}

TEST_CASE("values that are known are folded") {
  STATIC_REQUIRE(tg::simplify(atan(0_c) + asin(0_c) + acos(1_c) + sinh(0_c) + asinh(0_c) + acosh(1_c) + atanh(0_c) + x) == x);
  STATIC_REQUIRE(tg::simplify(cosh(0_c) + exp2(0_c) + erfc(0_c) + log2(1_c) + log10(1_c) + lgamma(1_c) + lgamma(2_c) + cbrt(0_c) + floor(2_c) + x) ==
                 5_c + x);
}

}  // namespace
