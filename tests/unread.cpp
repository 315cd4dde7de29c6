// SPDX-License-Identifier: BSL-1.0
// What an operation leaves out of a tensor reaches no derivative, however steep the way to it is; and what is spread is counted where it is summed.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

constexpr auto a = tg::axis<"a", 4>;
constexpr auto b = tg::axis<"b", 3>;
constexpr auto k = tg::axis<"k", 2>;
constexpr auto b2 = tg::axis<"b2", 2>;
constexpr auto t = tg::axis<"t", 2>;
constexpr auto n = tg::axis<"n">;
constexpr auto x = tg::parameter<"x", tg::axes<a>>;
constexpr auto token = tg::index<"token", a, tg::axes<t>>;
constexpr auto v = tg::parameter<"v", tg::vector<4>>;
constexpr auto M = tg::parameter<"M", tg::matrix<2, 2>>;

constexpr std::array<double, 4> numbers = {4, 0, 1, 0};
constexpr std::array<int, 2> picked = {0, 2};
using four = std::array<double, 4>;

template <class E, class X, class... Given>
four slopes(E e, X symbol, const Given&... given) {
  const auto found = tg::value_and_gradient(e, tg::wrt(symbol))(given...).gradient;
  four result{};
  std::copy(found.begin(), found.end(), result.begin());
  return result;
}
/// Along (1, 1, 1, 1), and twice.
template <class E, class X, class... Given>
std::array<double, 2> along_ones(E e, X symbol, const Given&... given) {
  constexpr auto d = tg::variable<"d", typename X::shape>;
  constexpr four ones = {1, 0, 1, 0};
  const auto twice = tg::evaluate(tg::hvp(E{}, X{}, d), given..., d = ones);
  double total = 0;
  for (const double one : twice) total += one;
  (void)e, (void)symbol;
  return {static_cast<double>(tg::evaluate(tg::jvp(E{}, X{}, d), given..., d = ones)), total};
}

TEST_CASE("elements that are not read have no slope") {
  const auto at = (x = numbers);
  CHECK(slopes(tg::at<a, 0>(sqrt(x)), x, at) == four{0.25, 0, 0, 0});
  CHECK(slopes(tg::sum(tg::slice<a, 0, 1>(sqrt(x))), x, at) == four{0.25, 0, 0, 0});
  CHECK(slopes(tg::sum(tg::slice<a, 0, 1>(tg::cumsum<a>(log(x)))), x, at) == four{0.25, 0, 0, 0});
  CHECK(slopes(tg::sum(tg::window<a, k, 2, 2>(sqrt(x))), x, at) == four{0.25, 0, 1, 0});
  CHECK(slopes(tg::sum(tg::slice<0, 1>(sqrt(v))), v, v = numbers) == four{0.25, 0, 0, 0});
  CHECK(slopes(tg::sum(tg::column<0>(1_c / M)), M, M = numbers) == four{-1. / 16, 0, -1, 0});
  // shifted in is 0, shifted out is not read
  constexpr std::array<double, 4> ends = {4, 1, 0, 0};
  CHECK(slopes(tg::sum(tg::shift<a, 2>(sqrt(x) * 1_c)), x, x = ends) == four{0.25, 0.5, 0, 0});
}

TEST_CASE("elements that are not picked have no slope") {
  const auto at = (x = numbers);
  const auto these = (token = picked);
  CHECK(slopes(tg::sum<t>(take<a>(sqrt(x), token)), x, at, these) == four{0.25, 0, 0.5, 0});
  CHECK(slopes(tg::sum<t>(take<a>(log(x), token)), x, at, these) == four{0.25, 0, 1, 0});
  CHECK(slopes(tg::sum<t>(sqrt(take<a>(1_c / x, token))), x, at, these) == four{-0.0625, 0, -0.5, 0});
  CHECK(slopes(square(tg::sum<t>(take<a>(sqrt(x), token))), x, at, these) == four{1.5, 0, 3, 0});
}

TEST_CASE("elements that are not the largest have no slope") {
  const auto at = (x = numbers);
  CHECK(slopes(tg::max<a>(sqrt(x)), x, at) == four{0.25, 0, 0, 0});
  CHECK(slopes(tg::max<a>(log(x)) * 2_c, x, at) == four{0.5, 0, 0, 0});
  CHECK(slopes(tg::min<a>(-sqrt(x)), x, at) == four{-0.25, 0, 0, 0});
}

TEST_CASE("what the largest hands on") {
  // the winner has an infinite slope, the loser none
  CHECK(slopes(sqrt(tg::max<a>(x)), x, x = four{0, -2, -1, -3}) == four{std::numeric_limits<double>::infinity(), 0, 0, 0});
  // a row that is not read may be NaN
  constexpr auto pairs = tg::split<a, t, b2>(x);
  CHECK(slopes(tg::at<t, 1>(1_c / tg::max<b2>(log(pairs))), x, x = four{0.25, -0.04, 0.5, std::exp(1.)}) == four{0, 0, 0, -1 / std::exp(1.)});
}

TEST_CASE("zeros beside a window have no tangent") {
  constexpr auto d = tg::variable<"d", tg::axes<a>>;
  constexpr four at = {4, 1, 0.25, 1}, ones = {1, 1, 1, 1};
  const auto along = [&](auto e) { return tg::evaluate(tg::jvp(e, x, d), x = at, d = ones); };
  CHECK(along(tg::sum(sqrt(tg::window<a, k, 1, 1, 1>(x)))) == 0.5 + 1 + 2 + 0.5);  // of 4, 1, 0.25 twice, of 1 once
  CHECK(along(tg::sum(sqrt(tg::shift<a, 1>(x)))) == 0.25 + 0.5 + 1);
  CHECK(along(tg::sum(sqrt(tg::cumsum<a>(tg::shift<a, 3>(x))))) == 0.25);
}

TEST_CASE("a softmax of nothing is a constant") {
  constexpr auto nothing = tg::softmax<a>(select(tg::position<a> > 4_c, x, tg::minus_infinity));
  STATIC_REQUIRE(tg::evaluate(tg::sum(nothing), x = four{1, 2, 3, 4}) == 0);
}

TEST_CASE("what is left out reaches no tangent and no second derivative") {
  const auto at = (x = numbers);
  CHECK(along_ones(tg::at<a, 0>(sqrt(x)), x, at) == std::array{0.25, -1. / 32});
  CHECK(along_ones(tg::sum(tg::slice<a, 0, 1>(log(x))), x, at) == std::array{0.25, -1. / 16});
  CHECK(along_ones(tg::max<a>(sqrt(x)), x, at) == std::array{0.25, -1. / 32});
  CHECK(along_ones(tg::sum<t>(take<a>(sqrt(x), token)), x, at, token = picked) == std::array{0.75, -1. / 32 - 1. / 4});
}

TEST_CASE("rows that leave out elements") {
  constexpr auto row_token = tg::index<"token", a, tg::axes<n>>;
  constexpr auto loss = tg::mean<n>(take<a>(sqrt(x), row_token));
  const std::vector<int> tokens = {0, 2, 2, 0, 0};
  const auto at = (x = numbers);
  const four found = slopes(loss, x, at, row_token = tokens);
  CHECK(found[0] == Approx(0.15));
  CHECK(found[1] == 0);
  CHECK(found[2] == Approx(0.2));
  CHECK(found[3] == 0);
}

TEST_CASE("a sum over what is spread counts it for each element") {
  constexpr auto y = tg::parameter<"y", tg::axes<a, b>>;
  constexpr auto spread = (y + x) - y;
  const std::vector<double> any(12, 0.5);
  const auto at = (x = numbers);
  const auto given = (y = any);
  CHECK(tg::evaluate(tg::simplify(tg::sum<b>(spread)), at, given)(0) == 12);
  CHECK(tg::evaluate(tg::mean<b>(spread), at, given)(0) == 4);
  CHECK(slopes(dot<a, b>(spread, spread), x, at, given) == four{24, 0, 6, 0});
  CHECK(tg::evaluate(tg::jvp(dot<a, b>(spread, spread), x, x), at, given) == 102);
  CHECK(tg::evaluate(tg::simplify(tg::sum<b>(square(x) + 0_c * y)), at, given)(0) == 48);
}

}  // namespace
