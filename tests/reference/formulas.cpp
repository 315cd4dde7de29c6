// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/formulas.md and docs/reference/derivatives.md.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <string>

namespace {

// [names]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto w = tg::parameter<"w">;
constexpr auto x = tg::variable<"x">;
constexpr auto W = tg::parameter<"W", tg::matrix<2, 2>>;
constexpr auto v = tg::variable<"v", tg::vector<2>>;
constexpr auto d = tg::variable<"d", tg::vector<2>>;
constexpr std::array four = {1.0, 2.0, 3.0, 4.0};  // the rows (1, 2) and (3, 4)
constexpr std::array two = {10.0, 1.0};
// [names]

// [expression]
template <tg::Expression F>
constexpr auto twice(F f) {
  return 2_c * f;
}
// [expression]

TEST_CASE("reference: parameter, variable, Symbol") {
  // [symbols]
  STATIC_REQUIRE(tg::evaluate(sum(W * v) + w * x, W = four, v = two, w = 0.5, x = 2.0) == 12 + 34 + 1);
  STATIC_REQUIRE(tg::Symbol<decltype(w)>);
  STATIC_REQUIRE(!tg::Symbol<decltype(w * x)>);
  // [symbols]
}

TEST_CASE("reference: scalar, vector, matrix, extent") {
  // [shapes]
  STATIC_REQUIRE(std::is_same_v<decltype(outer(v, v))::shape, tg::matrix<2, 2>>);
  STATIC_REQUIRE(std::is_same_v<decltype(w * x)::shape, tg::scalar>);
  STATIC_REQUIRE(decltype(W * v)::shape::value == tg::extent{.rank = 1, .rows = 2, .cols = 1});
  STATIC_REQUIRE(tg::vector<3>::value.size() == 3);
  // [shapes]
}

TEST_CASE("reference: constant, _c") {
  // [constants]
  STATIC_REQUIRE(1_c / 3_c == tg::constant<1, 3>);
  STATIC_REQUIRE(0.1_c * 3_c == 0.3_c);  // decimals are exact
  STATIC_REQUIRE(tg::constant<0.1> == 0.1_c);
  STATIC_REQUIRE(tg::evaluate(0x1p-3_c * x, x = 2.0) == 0.25);
  // [constants]
}

TEST_CASE("reference: Expression") {
  // [expressions]
  STATIC_REQUIRE(tg::evaluate(twice(w * x), w = 3.0, x = 5.0) == 30);
  STATIC_REQUIRE(!tg::Expression<double>);
  // [expressions]
}

TEST_CASE("reference: let") {
  // [let]
  constexpr auto y = tg::let<"y">(w * x);
  STATIC_REQUIRE(to_listing(exp(y) + y) == "y = w*x\nexp(y) + y\n");
  STATIC_REQUIRE(tg::evaluate(y + 1_c, w = 2.0, x = 3.0) == 7);
  // [let]
}

TEST_CASE("reference: simplify") {
  // [simplify]
  STATIC_REQUIRE(to_string(simplify(x + 0_c * w + x)) == "2*x");
  STATIC_REQUIRE(x + 0_c * w + x == 2_c * x);
  // [simplify]
}

TEST_CASE("reference: parameters_of, variables_of, type_list") {
  // [symbols_of]
  constexpr auto late = tg::parameter<"a10">;
  constexpr auto early = tg::parameter<"a9">;
  STATIC_REQUIRE(std::is_same_v<tg::parameters_of<decltype(late * early * x)>,
                                tg::type_list<std::remove_const_t<decltype(early)>, std::remove_const_t<decltype(late)>>>);
  STATIC_REQUIRE(tg::variables_of<decltype(w * x), decltype(sum(v))>::size == 2);
  // [symbols_of]
}

TEST_CASE("reference: square") {
  // [square]
  STATIC_REQUIRE(tg::evaluate(square(v), v = two)[0] == 100);
  STATIC_REQUIRE(tg::derivative(square(x), x) == 2_c * x);
  // [square]
}

TEST_CASE("reference: equal, not_equal, less") {
  // [comparisons]
  STATIC_REQUIRE(tg::evaluate(equal(x, 2_c), x = 2.0) == 1);
  STATIC_REQUIRE(tg::evaluate(not_equal(x, 2_c), x = 2.0) == 0);
  STATIC_REQUIRE(tg::evaluate(v > 5_c, v = two)[0] == 1);
  STATIC_REQUIRE(tg::evaluate(v > 5_c, v = two)[1] == 0);
  STATIC_REQUIRE(w * x == x * w);  // of formulas, not of numbers
  // [comparisons]
}

TEST_CASE("reference: select") {
  // [select]
  constexpr auto f = select(w > 0_c, sqrt(w), 3_c * w);
  STATIC_REQUIRE(tg::value_and_gradient(f)(w = 4.0).value == 2);
  STATIC_REQUIRE(tg::value_and_gradient(f)(w = 4.0).gradient[w] == 0.25);
  STATIC_REQUIRE(tg::value_and_gradient(f)(w = 0.0).gradient[w] == 3);  // nothing of the root, whose slope is infinite
  // [select]
}

TEST_CASE("reference: derivative") {
  // [derivative]
  STATIC_REQUIRE(tg::derivative(sin(x), x) == cos(x));
  STATIC_REQUIRE(tg::evaluate(tg::derivative(w * x * x, x), w = 2.0, x = 3.0) == 12);
  STATIC_REQUIRE(tg::evaluate(tg::derivative(x * v, x), v = two)[0] == 10);
  // [derivative]
}

TEST_CASE("reference: gradient, wrt") {
  // [gradient]
  constexpr auto g = tg::gradient(w * dot(v, v), tg::wrt(w, v));
  STATIC_REQUIRE(tg::evaluate(g[w], v = two) == 101);
  STATIC_REQUIRE(tg::evaluate(g[v], w = 0.5, v = two)[0] == 10);
  STATIC_REQUIRE(tg::gradient(w * x)[w] == x);  // with respect to the parameters
  // [gradient]
}

TEST_CASE("reference: value_and_gradient") {
  // [value_and_gradient]
  constexpr auto program = tg::value_and_gradient(sum(W * v) + w * w);
  constexpr auto result = program(W = four, w = 3.0, v = two);
  STATIC_REQUIRE(result.value == 12 + 34 + 9);
  STATIC_REQUIRE(result.gradient[w] == 6);
  STATIC_REQUIRE(result.gradient[W](1, 0) == 10);
  STATIC_REQUIRE(tg::value_and_gradient(w * x, tg::wrt(x))(w = 3.0, x = 2.0).gradient[x] == 3);
  // [value_and_gradient]
}

TEST_CASE("reference: jvp") {
  // [jvp]
  STATIC_REQUIRE(tg::evaluate(tg::jvp(square(v), v, d), v = two, d = std::array{1.0, 3.0})[0] == 20);
  STATIC_REQUIRE(tg::evaluate(tg::jvp(square(v), v, d), v = two, d = std::array{1.0, 3.0})[1] == 6);
  // of a recurrence, whose tangent goes along with the steps
  constexpr auto t = tg::axis<"t", 3>;
  constexpr auto rate = tg::variable<"rate", tg::axes<t>>;
  constexpr auto grown = tg::scan<t>(x, [](auto money, auto r) { return money * r; }, rate);
  STATIC_REQUIRE(tg::evaluate(tg::jvp(grown, x, 1_c), x = 5.0, rate = std::array{2.0, 3.0, 4.0}) == 24);
  // [jvp]
}

TEST_CASE("reference: vjp") {
  // [vjp]
  STATIC_REQUIRE(tg::evaluate(tg::vjp(W * v, v, d), W = four, d = std::array{1.0, 10.0})[1] == 2 + 40);
  // [vjp]
}

TEST_CASE("reference: hvp") {
  // [hvp]
  STATIC_REQUIRE(tg::evaluate(tg::hvp(dot(v, square(v)), v, d), v = two, d = std::array{1.0, 3.0})[1] == 6 * 1 * 3);
  constexpr auto t = tg::axis<"t", 3>;
  constexpr auto rate = tg::variable<"rate", tg::axes<t>>;
  constexpr auto grown = tg::scan<t>(x, [](auto money, auto r) { return money * r; }, rate);
  STATIC_REQUIRE(tg::evaluate(tg::hvp(square(grown), x, 1_c), x = 5.0, rate = std::array{2.0, 3.0, 4.0}) == 2 * 24 * 24);
  // [hvp]
}

TEST_CASE("reference: check_gradient, gradient_report") {
  // [check_gradient]
  const tg::gradient_report report = tg::check_gradient(w * w * x, w = 3.0, x = 2.0);
  CHECK(report.passed);
  CHECK(report.components == 1);
  CHECK(report.analytic == 12);
  CHECK(to_string(report).starts_with("gradient check passed: 1 components, worst error "));
  // [check_gradient]
}

}  // namespace
