// SPDX-License-Identifier: BSL-1.0
// Printed forms: minimal parentheses, numbers, listings.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <sstream>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto a = tg::variable<"a">;
constexpr auto b = tg::variable<"b">;
constexpr auto c = tg::variable<"c">;

TEST_CASE("parentheses only where they change the meaning") {
  STATIC_REQUIRE(tg::to_string(a + b * c) == "a + b*c");
  STATIC_REQUIRE(tg::to_string((a + b) * c) == "(a + b)*c");
  STATIC_REQUIRE(tg::to_string(a - (b - c)) == "a - (b - c)");
  STATIC_REQUIRE(tg::to_string(a - b - c) == "a - b - c");
  STATIC_REQUIRE(tg::to_string(a / (b * c)) == "a/(b*c)");
  STATIC_REQUIRE(tg::to_string(a / b / c) == "a/b/c");
  STATIC_REQUIRE(tg::to_string(-(a + b)) == "-(a + b)");
  STATIC_REQUIRE(tg::to_string(-a * b) == "-a*b");
  STATIC_REQUIRE(tg::to_string(a * -b) == "a*(-b)");
  STATIC_REQUIRE(tg::to_string(a + -b) == "a + (-b)");
  STATIC_REQUIRE(tg::to_string(tg::pow<2>(a + b)) == "(a + b)^2");
  STATIC_REQUIRE(tg::to_string(tg::pow<2>(-a)) == "(-a)^2");
  STATIC_REQUIRE(tg::to_string(-tg::pow<2>(a)) == "-a^2");
  STATIC_REQUIRE(tg::to_string(tg::pow<2>(tg::pow<3>(a))) == "(a^3)^2");
  STATIC_REQUIRE(tg::to_string(pow(a, b + c)) == "a^(b + c)");
  STATIC_REQUIRE(tg::to_string(select(a > b, a, b)) == "select(b < a, a, b)");
  STATIC_REQUIRE(tg::to_string(tg::derivative(tanh(a * b + 1_c), a)) == "b*(1 - tanh(a*b + 1)^2)");
}

TEST_CASE("numbers") {
  STATIC_REQUIRE(tg::to_string(2_c) == "2");
  STATIC_REQUIRE(tg::to_string(0.5_c) == "0.5");
  STATIC_REQUIRE(tg::to_string(-1.5e-3_c) == "-0.0015");
  STATIC_REQUIRE(tg::to_string(1'000_c) == "1000");
  STATIC_REQUIRE(tg::to_string(6.02e23_c) == "6.02e23");
  STATIC_REQUIRE(tg::to_string(1e-30_c) == "1e-30");
  STATIC_REQUIRE(tg::to_string(tg::constant<1, 3>) == "1/3");
  STATIC_REQUIRE(tg::to_string(tg::constant<2, 3> * a) == "2/3*a");
  STATIC_REQUIRE(tg::to_string(a / tg::constant<2, 3>) == "a/(2/3)");
  STATIC_REQUIRE(tg::to_string(tg::constant<0.1>) == "0.1");
  STATIC_REQUIRE(tg::to_string(tg::constant<-3>) == "-3");
  CHECK(tg::evaluate(6.02e23_c * a, a = 1.0) == 6.02e23);
  CHECK(tg::evaluate(1e-30_c * a, a = 1.0) == Approx(1e-30).epsilon(1e-15));
}

TEST_CASE("listings name what is used twice and what has a name") {
  constexpr auto s = sin(a);
  STATIC_REQUIRE(tg::to_listing(s * exp(s)) == "t1 = sin(a)\nt1*exp(t1)\n");
  STATIC_REQUIRE(tg::to_listing(tg::let<"angle">(a + b) * c) == "angle = a + b\nangle*c\n");
  std::ostringstream out;
  out << a * b;
  CHECK(out.str() == "a*b");
}

}  // namespace
