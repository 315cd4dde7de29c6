// SPDX-License-Identifier: BSL-1.0
// Results that are written where the caller wants them: the same bits as results that are returned.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <span>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

constexpr auto x = tg::parameter<"x", tg::vector<3>>;
constexpr auto s = tg::parameter<"s">;
constexpr auto f = s * dot(x, x) + sin(s) * tg::at<1>(x);
constexpr std::array at = {1.0, -2.0, 0.5};

TEST_CASE("into: a value") {
  double y = 0;
  tg::evaluate(f, x = at, s = 3.0, tg::into(y));
  CHECK(y == tg::evaluate(f, x = at, s = 3.0));
  std::vector<double> squares(3);
  tg::evaluate(square(x), x = at, tg::into(squares));
  CHECK(squares == std::vector{1.0, 4.0, 0.25});
  float narrow[3];
  tg::evaluate(square(x), x = at, tg::into(narrow));
  CHECK(narrow[2] == 0.25F);
}

TEST_CASE("into: a gradient") {
  constexpr auto program = tg::value_and_gradient(f);
  const auto returned = program(x = at, s = 3.0);
  std::array<double, 4> all{};  // in the order of a point: s, x
  CHECK(program(x = at, s = 3.0, tg::into(all)) == returned.value);
  CHECK(std::equal(all.begin(), all.end(), returned.gradient.begin()));
  double for_s = 0, for_x[5] = {};
  constexpr auto turned = tg::value_and_gradient(f, tg::wrt(x, s));
  CHECK(turned(x = at, s = 3.0, tg::into(std::span(for_x + 1, 3), for_s)) == returned.value);
  CHECK(for_s == returned.gradient[s]);
  CHECK(for_x[0] == 0);
  CHECK(for_x[1] == returned.gradient[x][0]);
  CHECK(for_x[3] == returned.gradient[x][2]);
  CHECK(for_x[4] == 0);
  std::array<float, 4> narrow{};
  CHECK(program(x = at, s = 3.0, tg::into(narrow)) == Approx(returned.value));
  CHECK(narrow[0] == Approx(returned.gradient[s]));
  // elements that are read alone, so that the gradient is put together where it goes
  constexpr auto crossed = tg::at<0>(x) * tg::at<2>(x);
  std::array<double, 3> there{};
  tg::value_and_gradient(crossed)(x = at, tg::into(there));
  CHECK(there == std::array{0.5, 0.0, 1.0});
}

TEST_CASE("into: Jacobians and tuples") {
  constexpr auto g = stack(s * tg::at<0>(x), tg::at<1>(x) * tg::at<2>(x));
  std::array<double, 2> value{};
  std::array<double, 2> by_s{};
  std::array<double, 6> by_x{};
  tg::value_and_jacobian(g)(x = at, s = 3.0, tg::into(value, by_s, by_x));
  const auto returned = tg::value_and_jacobian(g)(x = at, s = 3.0);
  CHECK(std::equal(value.begin(), value.end(), returned.value.begin()));
  CHECK(std::equal(by_s.begin(), by_s.end(), returned.jacobian[s].begin()));
  CHECK(by_x == std::array{3.0, 0.0, 0.0, 0.0, 0.5, -2.0});
  double sum = 0;
  std::array<double, 3> scaled{};
  tg::evaluate(tg::tuple(tg::sum(x), s * x), x = at, s = 2.0, tg::into(sum, scaled));
  CHECK(sum == -0.5);
  CHECK(scaled == std::array{2.0, -4.0, 1.0});
}

TEST_CASE("into: means over rows, and in constant expressions") {
  constexpr auto u = tg::variable<"u">;
  constexpr auto loss = square(s * u - 1_c);
  const std::vector<double> us = {1, 2, 3};
  double slope = 0;
  const double value = tg::value_and_gradient(loss)(s = 0.5, tg::batch(u = us), tg::into(slope));
  const auto returned = tg::value_and_gradient(loss)(s = 0.5, tg::batch(u = us));
  CHECK(value == returned.value);
  CHECK(slope == returned.gradient[s]);
  constexpr auto computed = [] {
    std::array<double, 4> g{};
    const double value_there = tg::value_and_gradient(f)(x = at, s = 0.0, tg::into(g));
    return std::pair(value_there, g);
  }();
  STATIC_REQUIRE(computed.first == 0);
  STATIC_REQUIRE(computed.second[0] == 3.25);
}

TEST_CASE("into: the number type that is asked for is that of the range") {
  constexpr auto third = square(s) / 3_c;
  double wide = 0;
  tg::evaluate<double>(third, s = 1.0F, tg::into(wide));
  CHECK(wide == 1.0 / 3);
  float narrow = 0;
  tg::evaluate<float>(third, s = 1.0, tg::into(narrow));
  CHECK(narrow == 1.0F / 3);
  std::array<double, 2> each{};
  tg::evaluate<double>(third, tg::each(s = std::array{1.0F, 2.0F}), tg::into(each));
  CHECK(each == std::array{1.0 / 3, 4.0 / 3});
  long double widest = 0;
  tg::evaluate<long double>(third, s = 1.0, tg::into(widest));
  CHECK(widest == 1.0L / 3);
}

}  // namespace
