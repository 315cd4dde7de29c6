// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/axes.md.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <vector>

namespace {

// [names]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto row = tg::axis<"row", 2>;
constexpr auto column = tg::axis<"column", 3>;
constexpr auto A = tg::variable<"A", tg::axes<row, column>>;
constexpr auto u = tg::variable<"u", tg::axes<row>>;
constexpr auto v = tg::variable<"v", tg::axes<column>>;
constexpr std::array matrix = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
constexpr std::array two = {10.0, 20.0};
constexpr std::array three = {1.0, 2.0, 3.0};
// [names]

TEST_CASE("reference: axis") {
  // [axis]
  constexpr auto length = tg::axis<"length", 3>;
  STATIC_REQUIRE(length.size == 3);
  // [axis]
}

TEST_CASE("reference: axes") {
  // [axes]
  constexpr auto M = tg::variable<"M", tg::axes<row, column>>;
  constexpr double numbers[2][3] = {{1, 2, 3}, {4, 5, 6}};
  STATIC_REQUIRE(tg::evaluate(M, M = numbers)(1, 2) == 6);
  // [axes]
}

TEST_CASE("reference: + - * / and elementwise functions") {
  // [elementwise]
  constexpr auto sum_of_both = u + v;  // u over row, v over column
  STATIC_REQUIRE(tg::evaluate(sum_of_both, u = two, v = three)(1, 2) == 20 + 3);
  // [elementwise]
}

TEST_CASE("reference: dot") {
  // [dot]
  STATIC_REQUIRE(tg::evaluate(dot<column>(A, v), A = matrix, v = three)[1] == 4 * 1 + 5 * 2 + 6 * 3);
  // [dot]
}

TEST_CASE("reference: sum") {
  // [sum]
  STATIC_REQUIRE(tg::evaluate(tg::sum<row>(A), A = matrix)[2] == 3 + 6);
  // [sum]
}

TEST_CASE("reference: mean") {
  // [mean]
  STATIC_REQUIRE(tg::evaluate(tg::mean<column>(A), A = matrix)[0] == 2);
  // [mean]
}

TEST_CASE("reference: max, min") {
  // [max]
  STATIC_REQUIRE(tg::evaluate(tg::max<row>(A), A = matrix)[1] == 5);
  STATIC_REQUIRE(tg::evaluate(tg::min<column>(A), A = matrix)[1] == 4);
  // [max]
}

TEST_CASE("reference: argmax") {
  // [argmax]
  STATIC_REQUIRE(tg::evaluate(tg::argmax<column>(A), A = matrix)[0] == 2);
  constexpr auto n = tg::axis<"n">;
  constexpr auto y = tg::variable<"y", tg::axes<n>>;
  STATIC_REQUIRE(tg::evaluate(tg::argmax<n>(y), y = std::array{1.0, 6.0, 3.0, 6.0}) == 1);
  // [argmax]
}

TEST_CASE("reference: any") {
  // [any]
  STATIC_REQUIRE(tg::evaluate(tg::any<column>(A > 5_c), A = matrix)[1] == 1);
  STATIC_REQUIRE(tg::evaluate(tg::any<column>(A > 5_c), A = matrix)[0] == 0);
  // [any]
}

TEST_CASE("reference: prod") {
  // [prod]
  STATIC_REQUIRE(tg::evaluate(tg::prod<column>(A), A = matrix)[1] == 120);
  // [prod]
}

TEST_CASE("reference: cumsum") {
  // [cumsum]
  STATIC_REQUIRE(tg::evaluate(tg::cumsum<column>(A), A = matrix)(1, 1) == 9);
  // [cumsum]
}

TEST_CASE("reference: norm") {
  // [norm]
  STATIC_REQUIRE(tg::evaluate(tg::norm<column>(4_c * u * v / 4_c), u = std::array{3.0, 4.0}, v = std::array{0.0, 1.0, 0.0})[1] == 4);
  // [norm]
}

TEST_CASE("reference: softmax") {
  // [softmax]
  STATIC_REQUIRE(tg::evaluate(tg::softmax<row>(0_c * u), u = two)[1] == 0.5);
  // [softmax]
}

TEST_CASE("reference: logsumexp, log_softmax") {
  // [logsumexp]
  STATIC_REQUIRE(tg::evaluate(tg::logsumexp<row>(0_c * u), u = two) > 0.69);
  STATIC_REQUIRE(tg::evaluate(tg::log_softmax<row>(0_c * u), u = two)[0] < -0.69);
  // [logsumexp]
}

TEST_CASE("reference: minus_infinity") {
  // [minus_infinity]
  constexpr auto masked = tg::softmax<row>(select(tg::position<row> < 1_c, u, tg::minus_infinity));
  STATIC_REQUIRE(tg::evaluate(masked, u = two)[0] == 1);
  // [minus_infinity]
}

TEST_CASE("reference: full, zeros, ones") {
  // [full]
  STATIC_REQUIRE(tg::evaluate(tg::full<row, column>(0.5_c) + tg::ones<column>)(1, 2) == 1.5);
  STATIC_REQUIRE(tg::evaluate(u + tg::zeros<row>, u = two)[1] == 20);
  // [full]
}

TEST_CASE("reference: identity") {
  // [identity]
  STATIC_REQUIRE(tg::evaluate(dot<column>(tg::identity<row, column>, v), v = three)[1] == 2);
  // [identity]
}

TEST_CASE("reference: stack with axes") {
  // [stack]
  constexpr auto second_difference = tg::stack<column>(1_c, -2_c, 1_c);
  STATIC_REQUIRE(tg::evaluate(dot<column>(second_difference, square(v)), v = three) == 2);
  constexpr auto side_by_side = tg::stack<row>(v, square(v));  // axes<row, column>
  STATIC_REQUIRE(tg::evaluate(side_by_side, v = three)(1, 2) == 9);
  // [stack]
}

TEST_CASE("reference: position") {
  // [position]
  STATIC_REQUIRE(tg::evaluate(tg::position<column> * v, v = three)[2] == 6);
  // [position]
}

TEST_CASE("reference: rename") {
  // [rename]
  constexpr auto other = tg::axis<"other", 2>;
  STATIC_REQUIRE(std::is_same_v<decltype(tg::rename<row, other>(A))::shape, tg::axes<other, column>>);
  // [rename]
}

TEST_CASE("reference: order") {
  // [order]
  STATIC_REQUIRE(tg::evaluate(tg::order<column, row>(A), A = matrix)(2, 1) == 6);
  // [order]
}

TEST_CASE("reference: split, merge") {
  // [split]
  constexpr auto all = tg::axis<"all", 6>;
  STATIC_REQUIRE(tg::evaluate(tg::merge<row, column, all>(A), A = matrix)[4] == 5);
  STATIC_REQUIRE(tg::evaluate(tg::merge<column, row, all>(A), A = matrix)[1] == 4);
  STATIC_REQUIRE(tg::evaluate(tg::split<all, row, column>(tg::merge<row, column, all>(A)), A = matrix)(1, 0) == 4);
  // [split]
}

TEST_CASE("reference: reshape") {
  // [reshape]
  constexpr auto P = tg::variable<"P", tg::matrix<2, 3>>;
  STATIC_REQUIRE(tg::evaluate(tg::reshape<tg::axes<row, column>>(P) * v, P = matrix, v = three)(1, 2) == 18);
  STATIC_REQUIRE(tg::evaluate(tg::reshape<tg::matrix<3, 2>>(A), A = matrix)(2, 1) == 6);
  // [reshape]
}

TEST_CASE("reference: at") {
  // [at]
  STATIC_REQUIRE(tg::evaluate(tg::at<row, 1>(A), A = matrix)[0] == 4);
  // [at]
}

TEST_CASE("reference: slice") {
  // [slice]
  STATIC_REQUIRE(tg::evaluate(tg::slice<column, 1, 3>(A), A = matrix)(0, 1) == 3);
  // [slice]
}

TEST_CASE("reference: concat") {
  // [concat]
  STATIC_REQUIRE(tg::evaluate(concat<column>(A, 10_c * A), A = matrix)(1, 3) == 40);
  // [concat]
}

TEST_CASE("reference: shift") {
  // [shift]
  STATIC_REQUIRE(tg::evaluate(tg::shift<column, 1>(A), A = matrix)(0, 0) == 0);
  STATIC_REQUIRE(tg::evaluate(tg::shift<column, -1>(A), A = matrix)(0, 0) == 2);
  // [shift]
}

TEST_CASE("reference: window") {
  // [window]
  constexpr auto k = tg::axis<"k", 2>;
  constexpr auto w = tg::window<column, k>(A);
  STATIC_REQUIRE(tg::evaluate(w, A = matrix)(1, 1, 1) == 6);
  STATIC_REQUIRE(tg::evaluate(w, A = matrix)(1, 2, 1) == 0);
  // [window]
}

TEST_CASE("reference: index, take") {
  // [index]
  constexpr auto token = tg::index<"token", row, tg::axes<column>>;
  STATIC_REQUIRE(tg::evaluate(tg::take<row>(u, token), u = two, token = std::array{1, 0, 1})[2] == 20);
  // [index]
}

TEST_CASE("reference: rows: sum<n>, mean<n>, max<n>, argmax<n>, any<n>, logsumexp<n>, softmax<n>") {
  // [rows]
  constexpr auto n = tg::axis<"n">;
  constexpr auto y = tg::variable<"y", tg::axes<n>>;
  constexpr std::array ys = {1.0, 2.0, 3.0, 6.0};
  STATIC_REQUIRE(tg::evaluate(tg::mean<n>(square(y - tg::mean<n>(y))), y = ys) == 3.5);
  STATIC_REQUIRE(tg::evaluate(tg::max<n>(y), y = ys) == 6);
  STATIC_REQUIRE(tg::evaluate(tg::any<n>(y > 2_c * tg::mean<n>(y)), y = ys) == 0);
  // [rows]
}

TEST_CASE("reference: each, into") {
  // [each]
  constexpr auto n = tg::axis<"n">;
  constexpr auto p = tg::variable<"p", tg::axes<n, column>>;
  const std::vector<double> rows = {1, 2, 3, 4, 5, 6};
  std::vector<double> out(2), squares(2);
  tg::evaluate(dot<column>(p, v), v = three, p = rows, tg::into(out));
  CHECK(out[1] == 4 * 1 + 5 * 2 + 6 * 3);
  constexpr auto x = tg::variable<"x">;
  tg::evaluate(tg::tuple(x + 1_c, x * x), tg::each(x = std::vector<double>{3, 4}), tg::into(out, squares));
  CHECK(squares[1] == 16);
  constexpr auto spread = sum<column>(tg::mean<n>(square(p - tg::mean<n>(p))));
  std::vector<double> slopes(6);
  tg::evaluate(tg::gradient(spread, tg::wrt(p))[p], p = rows, tg::into(slopes));
  CHECK(slopes[0] == 1 - 2.5);
  // [each]
}

TEST_CASE("reference: tuple") {
  // [tuple]
  constexpr auto x = tg::variable<"x">;
  constexpr auto both = tg::evaluate(tg::tuple(x * x, tg::stack(x, 2_c * x)), x = 3.0);
  STATIC_REQUIRE(both[boost::hana::size_c<0>] == 9);
  STATIC_REQUIRE(both[boost::hana::size_c<1>][1] == 6);
  // [tuple]
}

TEST_CASE("reference: into, for one result") {
  // [into]
  std::vector<double> squares(2);
  tg::evaluate(square(u), u = two, tg::into(squares));
  CHECK(squares[1] == 400);
  double slope = 0, slopes[2] = {};
  constexpr auto x = tg::parameter<"x">;
  const double value = tg::value_and_gradient(x * dot<row>(u, u), tg::wrt(x, u))(x = 3.0, u = two, tg::into(slope, slopes));
  CHECK(value == 1500);
  CHECK(slope == 500);
  CHECK(slopes[0] == 60);
  // [into]
}

TEST_CASE("reference: value_and_jacobian") {
  // [value_and_jacobian]
  constexpr auto result = tg::value_and_jacobian(u * u, tg::wrt(u))(u = two);
  STATIC_REQUIRE(result.value[1] == 400);
  STATIC_REQUIRE(result.jacobian[u](1, 1) == 40);
  // [value_and_jacobian]
}

TEST_CASE("reference: jacobian, hessian") {
  // [jacobian]
  constexpr auto h = tg::hessian(sum(u * u * u), tg::wrt(u));
  STATIC_REQUIRE(tg::evaluate(h[u][u], u = two)(1, 1) == 120);
  // [jacobian]
}

TEST_CASE("reference: scan") {
  // [scan]
  constexpr auto price = tg::variable<"price">;
  constexpr auto grown = tg::scan<column>(price, [](auto p, auto rate) { return p * (1_c + rate); }, v);
  STATIC_REQUIRE(tg::evaluate(grown, price = 1.0, v = three) == 2 * 3 * 4);
  constexpr auto all = tg::scan_all<column>(price, [](auto p, auto rate) { return p * (1_c + rate); }, v);
  STATIC_REQUIRE(tg::evaluate(all, price = 1.0, v = three)[1] == 6);
  constexpr auto seldom = tg::scan<column>(tg::checkpoint<2>, price, [](auto p, auto rate) { return p * (1_c + rate); }, v);
  STATIC_REQUIRE(tg::value_and_gradient(seldom, tg::wrt(price))(price = 1.0, v = three).gradient[price] == 24);
  constexpr auto years = tg::variable<"years">;
  constexpr auto early = tg::scan<column>(tg::steps(years), price, [](auto p, auto rate) { return p * (1_c + rate); }, v);
  STATIC_REQUIRE(tg::evaluate(early, price = 1.0, v = three, years = 2) == 2 * 3);
  // [scan]
}

TEST_CASE("reference: iterate_until") {
  // [iterate_until]
  constexpr auto a = tg::parameter<"a">;
  constexpr auto root = tg::iterate_until<1e-12_c>(1_c, [](auto x, auto of) { return (x + of / x) / 2_c; }, a);  // Newton's method
  STATIC_REQUIRE(tg::value_and_gradient(root)(a = 4.0).value == 2);
  STATIC_REQUIRE(tg::value_and_gradient(root)(a = 4.0).gradient[a] == 0.25);
  // several unknowns, and an input that is the same in all steps
  constexpr auto both = tg::iterate_until<1e-12_c, 200>(
      tg::tuple(0_c, 0_c), [](auto x, auto y, auto in) { return tg::tuple((in - y) / 4_c, (in + x) / 4_c); }, 17_c * a);
  CHECK(tg::evaluate(both[boost::hana::size_c<1>], a = 1.0) == Approx(5));
  // [iterate_until]
}

}  // namespace
