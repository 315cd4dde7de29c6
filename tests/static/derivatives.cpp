// SPDX-License-Identifier: BSL-1.0
// What the compiler alone decides: derivatives as formulas, rewriting, node and operation counts, types.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto w = tg::parameter<"w">;
constexpr auto b = tg::parameter<"b">;
constexpr auto x = tg::variable<"x">;
constexpr auto y = tg::variable<"y">;
constexpr auto v = tg::variable<"v", tg::vector<3>>;
constexpr auto A = tg::parameter<"A", tg::matrix<2, 3>>;

TEST_CASE("derivatives are the formulas of the textbook") {
  STATIC_REQUIRE(tg::derivative(sin(x), x) == cos(x));
  STATIC_REQUIRE(tg::derivative(cos(x), x) == -sin(x));
  STATIC_REQUIRE(tg::derivative(tan(x), x) == 1_c + tg::pow<2>(tan(x)));
  STATIC_REQUIRE(tg::derivative(exp(x), x) == exp(x));
  STATIC_REQUIRE(tg::derivative(log(x), x) == 1_c / x);
  STATIC_REQUIRE(tg::derivative(log1p(x), x) == 1_c / (1_c + x));
  STATIC_REQUIRE(tg::derivative(expm1(x), x) == exp(x));
  STATIC_REQUIRE(tg::derivative(sqrt(x), x) == 1_c / (2_c * sqrt(x)));
  STATIC_REQUIRE(tg::derivative(tanh(x), x) == 1_c - square(tanh(x)));
  STATIC_REQUIRE(tg::derivative(sigmoid(x), x) == sigmoid(x) * (1_c - sigmoid(x)));
  STATIC_REQUIRE(tg::derivative(softplus(x), x) == sigmoid(x));
  STATIC_REQUIRE(tg::derivative(relu(x), x) == select(x <= 0_c, 0_c, 1_c));
  STATIC_REQUIRE(tg::derivative(abs(x), x) == sign(x));
  STATIC_REQUIRE(tg::derivative(tg::pow<5>(x), x) == 5_c * tg::pow<4>(x));
  STATIC_REQUIRE(tg::derivative(x * x, x) == 2_c * x);
  STATIC_REQUIRE(tg::derivative(x / y, y) == -(x / y / y));
  STATIC_REQUIRE(tg::derivative(tg::derivative(sin(x), x), x) == -sin(x));
  STATIC_REQUIRE(tg::derivative(tanh(w * x + b), w) == x * (1_c - square(tanh(w * x + b))));
  STATIC_REQUIRE(tg::derivative(3_c, x) == 0_c);
  STATIC_REQUIRE(tg::derivative(y, x) == 0_c);
  STATIC_REQUIRE_FALSE(tg::derivative(sin(x), x) == sin(x));
  STATIC_REQUIRE_FALSE(tg::derivative(x * x, x) == 3_c * x);
}

TEST_CASE("reverse mode gives the same formulas") {
  constexpr auto f = tanh(w * x + b);
  constexpr auto g = tg::gradient(f);
  STATIC_REQUIRE(g[w] == tg::derivative(f, w));
  STATIC_REQUIRE(g[b] == tg::derivative(f, b));
  constexpr auto h = tg::gradient(f, tg::wrt(x));
  STATIC_REQUIRE(h[x] == tg::derivative(f, x));
  constexpr auto q = tg::gradient(sum(square(A * v)));
  STATIC_REQUIRE(q[A] == outer(2_c * (A * v), v));
  constexpr auto shares = tg::evaluate(tg::gradient(logsumexp(v), tg::wrt(v))[v] - softmax(v), v = std::array{-1.0, 0.5, 2.0});
  STATIC_REQUIRE((shares[0] == 0 && shares[1] == 0 && shares[2] == 0));
  STATIC_REQUIRE(tg::gradient(x * y, tg::wrt(x, y, w))[w] == 0_c);
}

TEST_CASE("equality is of formulas after simplification, type identity of formulas as written") {
  STATIC_REQUIRE(x * y == y * x);
  STATIC_REQUIRE(x + y == y + x);
  STATIC_REQUIRE_FALSE(x - y == y - x);
  STATIC_REQUIRE(std::is_same_v<decltype(x * y), decltype(x * y)>);
  STATIC_REQUIRE_FALSE(std::is_same_v<decltype(x * y), decltype(y * x)>);
  STATIC_REQUIRE_FALSE(tg::parameter<"x"> == tg::variable<"x">);
  STATIC_REQUIRE_FALSE(x == y);
}

TEST_CASE("simplification") {
  STATIC_REQUIRE(x + 0_c == x);
  STATIC_REQUIRE(x * 1_c == x);
  STATIC_REQUIRE(x * 0_c == 0_c);
  STATIC_REQUIRE(0_c / x == 0_c);
  STATIC_REQUIRE(-(-x) == x);
  STATIC_REQUIRE(x - x == 0_c);
  STATIC_REQUIRE(x + x == 2_c * x);
  STATIC_REQUIRE(2_c * x + 3_c * x == 5_c * x);
  STATIC_REQUIRE(x + y - x == y);
  STATIC_REQUIRE(x * x * x == tg::pow<3>(x));
  STATIC_REQUIRE(tg::pow<2>(tg::pow<3>(x)) == tg::pow<6>(x));
  STATIC_REQUIRE(tg::pow<0>(x) == 1_c);
  STATIC_REQUIRE(0.1_c + 0.2_c == 0.3_c);  // exact decimals
  STATIC_REQUIRE(1_c / 3_c == tg::constant<1, 3>);
  STATIC_REQUIRE(tg::constant<1, 3> * 3_c == 1_c);
  STATIC_REQUIRE(tg::constant<0.1> == 0.1_c);
  STATIC_REQUIRE(-1.5e-3_c == -0.0015_c);
  STATIC_REQUIRE(exp(0_c) == 1_c);
  STATIC_REQUIRE(log(1_c) == 0_c);
  STATIC_REQUIRE(tg::simplify(x + 0_c) == x);
}

TEST_CASE("shapes are part of the type") {
  STATIC_REQUIRE(std::is_same_v<decltype(A * v)::shape, tg::vector<2>>);
  STATIC_REQUIRE(std::is_same_v<decltype(transpose(A) * A)::shape, tg::matrix<3, 3>>);
  STATIC_REQUIRE(std::is_same_v<decltype(x * v + 1_c)::shape, tg::vector<3>>);
  STATIC_REQUIRE(std::is_same_v<decltype(sum(A))::shape, tg::scalar>);
  STATIC_REQUIRE(std::is_same_v<decltype(outer(v, v))::shape, tg::matrix<3, 3>>);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::stack(x, y))::shape, tg::vector<2>>);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::jacobian(A * v, v))::shape, tg::matrix<2, 3>>);
}

TEST_CASE("shared subexpressions are one node") {
  STATIC_REQUIRE(tg::node_count(x) == 1);
  STATIC_REQUIRE(tg::node_count(sin(x) * exp(sin(x))) == 4);  // x, sin, exp, *
  STATIC_REQUIRE(tg::node_count(x * y + y * x) == 5);         // x, y, x*y, 2, 2*(x*y)
  constexpr auto program = tg::value_and_gradient(tanh(w * x + b));
  STATIC_REQUIRE(program.node_count() == 10);  // w x b; w*x, +, tanh; 1, tanh^2, 1 - tanh^2, x*(...)
  STATIC_REQUIRE(program.operation_count().transcendental == 1);
  STATIC_REQUIRE(program.operation_count().multiply == 3);
  STATIC_REQUIRE(program.operation_count().add == 2);
  STATIC_REQUIRE(program.depth() == 6);
  STATIC_REQUIRE(program.workspace_bytes<double>() <= 6 * sizeof(double));
}

// The gradient of the 2-16-16-1 network: cheap, and every tanh computed once; unrolled or not, the same work.
constexpr tg::nn::mlp<2, 16, 16, 1> model{};
constexpr auto in = tg::variable<"in", tg::vector<2>>;
constexpr auto target = tg::variable<"target", tg::vector<1>>;
constexpr auto loss = tg::nn::mean_squared_error(model(in), target);

TEST_CASE("value and gradient of a network cost at most three times the value") {
  constexpr auto value = tg::plan_of<tg::detail::expressions<true, std::remove_const_t<decltype(loss)>>>::value.operations;
  constexpr auto all = tg::value_and_gradient(loss).operation_count();
  STATIC_REQUIRE(value.transcendental == 32);
  STATIC_REQUIRE(all.transcendental == 32);
  STATIC_REQUIRE(all.add + all.multiply <= 3 * (value.add + value.multiply));
  STATIC_REQUIRE(tg::node_count(loss) == 19);
  STATIC_REQUIRE(tg::value_and_gradient(loss).node_count() <= 33);
}

}  // namespace
