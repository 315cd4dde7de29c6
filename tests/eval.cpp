// SPDX-License-Identifier: BSL-1.0
// Values in and out: bindings of every kind, number types, batches, no allocation.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <sstream>
#include <string>

#include <boost/hana/define_struct.hpp>

#include <array>
#include <cmath>
#include <cstdlib>
#include <new>
#include <span>
#include <vector>

namespace {
long allocations = 0;
}
void* operator new(std::size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc{};
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto w = tg::parameter<"w">;
constexpr auto b = tg::parameter<"b">;
constexpr auto x = tg::variable<"x">;
constexpr auto f = tanh(w * x + b);
constexpr auto W = tg::parameter<"W", tg::matrix<2, 3>>;
constexpr auto c = tg::parameter<"c", tg::vector<2>>;
constexpr auto v = tg::variable<"v", tg::vector<3>>;
constexpr auto g = sum(square(W * v + c));

struct neuron_values {
  BOOST_HANA_DEFINE_STRUCT(neuron_values, (double, w), (double, b), (double, x));
};

TEST_CASE("a formula is called with values") {
  STATIC_REQUIRE(f(w = 0.5, b = 0.25, x = 2.0) == tg::evaluate(f, w = 0.5, b = 0.25, x = 2.0));
  STATIC_REQUIRE(w(w = 3.0) == 3.0);
  STATIC_REQUIRE((2_c)() == 2.0);
  const double weights[] = {1, 2, 3, 4, 5, 6}, bias[] = {0, 1}, input[] = {1, 0, -1};
  CHECK(g(W = weights, c = bias, v = input) == 5);
  CHECK(gradient(f)[w](w = 0.0, b = 0.0, x = 2.0) == 2);
  constexpr auto n = tg::nn::neuron<1>{};
  CHECK(n(tg::parameter<"w1"> = 0.5, b = 0.25, tg::variable<"x1"> = 2.0) == f(w = 0.5, b = 0.25, x = 2.0));
  STATIC_REQUIRE(n(x) == tanh(tg::parameter<"w1"> * x + b));
}

TEST_CASE("elements are chosen by constants") {
  STATIC_REQUIRE(v[2_c] == at<2>(v));
  STATIC_REQUIRE(v[0_c] != at<2>(v));
  STATIC_REQUIRE((W * v)[1_c] == at<1>(W * v));
}

TEST_CASE("values are compared by functions") {
  STATIC_REQUIRE(equal(w, x)(w = 2.0, x = 2.0) == 1);
  STATIC_REQUIRE(equal(w, x)(w = 2.0, x = 3.0) == 0);
  STATIC_REQUIRE(not_equal(w, 2_c)(w = 2.0) == 0);
  STATIC_REQUIRE(not_equal(w, 2_c)(w = 3.0) == 1);
  CHECK(not_equal(w, x)(w = std::nan(""), x = std::nan("")) == 1);
  STATIC_REQUIRE(select(equal(x, 1_c), w, b)(x = 1.0, w = 5.0, b = 7.0) == 5);
  const double xs[] = {1, 2, 1};
  CHECK(tg::evaluate(select(equal(x, 1_c), w, b), tg::batch(x = xs), w = 6.0, b = 0.0) == 4);
  CHECK(to_string(select(equal(x, 1_c), w, b)) == "select(x == 1, w, b)");
  CHECK(to_string(not_equal(x, w)) == "1 - (x == w)");
}

TEST_CASE("evaluation in constant expressions and at run time is the same") {
  constexpr auto at = [](auto... value) { return tg::value_and_gradient(f)(value...); };
  constexpr auto compiled = tg::value_and_gradient(f)(w = 0.5, b = 0.25, x = 2.0);
  volatile double run_time = 0.5;
  const auto machine = at(w = static_cast<double>(run_time), b = 0.25, x = 2.0);
  CHECK(machine.value == compiled.value);
  CHECK(machine.gradient[w] == compiled.gradient[w]);
  CHECK(machine.gradient[b] == compiled.gradient[b]);
  STATIC_REQUIRE(compiled.value > 0.84);
  CHECK(compiled.value == Approx(std::tanh(1.25)));
  CHECK(compiled.gradient[w] == Approx(2 * (1 - std::tanh(1.25) * std::tanh(1.25))));
}

TEST_CASE("the order of bindings does not matter; structs known to Hana bind by member name") {
  CHECK(tg::evaluate(f, x = 2.0, b = 0.25, w = 0.5) == tg::evaluate(f, w = 0.5, b = 0.25, x = 2.0));
  CHECK(tg::evaluate(f, neuron_values{0.5, 0.25, 2.0}) == tg::evaluate(f, w = 0.5, b = 0.25, x = 2.0));
}

TEST_CASE("float, double, long double, and integers as double") {
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate(f, w = 0.5f, b = 0.f, x = 2.f)), float>);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate(f, w = 0.5, b = 0.f, x = 2.f)), double>);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate(f, w = 0.5L, b = 0., x = 2)), long double>);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate(f, w = 1, b = 0, x = 2)), double>);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate<float>(f, w = 1, b = 0, x = 2)), float>);
  CHECK(tg::evaluate(f, w = 1, b = 0, x = 2) == Approx(std::tanh(2.0)));
  CHECK(tg::evaluate(x * 0.1_c, x = 1.0L) == 0.1L);  // the decimal, in the precision of the call
  CHECK(tg::evaluate(x * 0.1_c, x = 1.0f) == 0.1f);
}

TEST_CASE("tensors come as nested or flat arrays, spans, vectors, tensors") {
  const double nested[2][3] = {{1, 2, 3}, {4, 5, 6}};
  const std::array<double, 6> flat{1, 2, 3, 4, 5, 6};
  const std::array<std::array<double, 3>, 2> arrays{{{1, 2, 3}, {4, 5, 6}}};
  const std::vector<double> dynamic{1, 2, 3, 4, 5, 6};
  const std::array<float, 2> bias{0.5f, -1};
  const std::array<int, 3> input{1, 0, -1};
  const auto value = [&](const auto& matrix) { return tg::evaluate(g, W = matrix, c = bias, v = input); };
  // W v = (-2, -2); + c = (-1.5, -3)
  CHECK(value(nested) == 11.25);
  CHECK(value(flat) == 11.25);
  CHECK(value(arrays) == 11.25);
  CHECK(value(dynamic) == 11.25);
  CHECK(value(std::span<const double>(dynamic)) == 11.25);
  CHECK(value(std::span<const double, 6>(flat)) == 11.25);
  const auto product = tg::evaluate(W * v, W = nested, v = input);
  CHECK((product[0] == -2 && product(1) == -2 && product.size() == 2));
  CHECK(tg::evaluate(outer(c, v), c = bias, v = input)(1, 2) == 1);
}

TEST_CASE("a gradient is a point with the layout of the parameters") {
  auto theta = tg::nn::initialize<double>(g, 7);
  STATIC_REQUIRE(decltype(theta)::size() == 8);
  const std::array<double, 3> input{1, 0, -1};
  const auto r = tg::value_and_gradient(g)(theta, v = input);
  STATIC_REQUIRE(std::is_same_v<std::remove_cvref_t<decltype(r.gradient)>, decltype(theta)>);
  const double r0 = theta[W](0, 0) - theta[W](0, 2), r1 = theta[W](1, 0) - theta[W](1, 2);
  CHECK(r.value == Approx(r0 * r0 + r1 * r1));
  CHECK(r.gradient[W](0, 0) == Approx(2 * r0));
  CHECK(r.gradient[W](1, 2) == Approx(-2 * r1));
  CHECK(r.gradient[c][1] == Approx(2 * r1));
  CHECK(reinterpret_cast<std::uintptr_t>(theta.data()) % 64 == 0);
  theta[c][0] = 3;
  theta[W](1, 2) = 4;
  CHECK(theta.data()[5] == 4);
  CHECK(theta.data()[6] == 3);
}

TEST_CASE("a batch is the mean over its rows") {
  const std::vector<std::array<double, 3>> rows{{1, 2, 3}, {-1, 0, 2}, {0.5, 0.5, 0.5}};
  const auto theta = tg::nn::initialize<double>(g, 3);
  const auto all = tg::value_and_gradient(g)(theta, tg::batch(v = rows));
  double value = 0, w12 = 0;
  for (const auto& row : rows) {
    const auto one = tg::value_and_gradient(g)(theta, v = row);
    value += one.value / 3;
    w12 += one.gradient[W](1, 2) / 3;
  }
  CHECK(all.value == Approx(value));
  CHECK(all.gradient[W](1, 2) == Approx(w12));
  CHECK(tg::evaluate(g, theta, tg::batch(v = rows)) == Approx(value));
  CHECK(
      tg::evaluate(W * v, theta, tg::batch(v = rows))[1] ==
      Approx((tg::evaluate(W * v, theta, v = rows[0])[1] + tg::evaluate(W * v, theta, v = rows[1])[1] + tg::evaluate(W * v, theta, v = rows[2])[1]) /
             3));
  const auto first = tg::value_and_gradient(g)(theta, tg::batch(v = std::span(rows).first(1)));
  CHECK(first.value == tg::value_and_gradient(g)(theta, v = rows[0]).value);
}

TEST_CASE("nothing is allocated, nothing throws") {
  const std::vector<std::array<double, 3>> rows{{1, 2, 3}, {-1, 0, 2}};
  auto theta = tg::nn::initialize<double>(g, 3);
  tg::optim::sgd descend{.learning_rate = 0.01};
  const long before = allocations;
  for (int i = 0; i < 10; ++i) descend(theta, tg::value_and_gradient(g)(theta, tg::batch(v = rows)).gradient);
  CHECK(tg::evaluate(g, theta, v = rows[0]) > 0);
  CHECK(allocations == before);
  const std::vector<int> one(1);  // the counter counts
  CHECK(allocations == before + 1);
  STATIC_REQUIRE(noexcept(tg::evaluate(f, w = 0.5, b = 0.25, x = 2.0)));
  STATIC_REQUIRE(noexcept(tg::value_and_gradient(f)(w = 0.5, b = 0.25, x = 2.0)));
}

TEST_CASE("jvp, vjp, hvp, hessian") {
  constexpr auto u = tg::variable<"u", tg::vector<2>>;
  constexpr auto rosenbrock = square(1_c - tg::at<0>(u)) + 100_c * square(tg::at<1>(u) - square(tg::at<0>(u)));
  const std::array<double, 2> at{-1.2, 1};
  const auto hessian = tg::evaluate(tg::hessian(rosenbrock, u), u = at);
  CHECK(hessian(0, 0) == Approx(1330));
  CHECK(hessian(0, 1) == Approx(480));
  CHECK(hessian(1, 0) == Approx(480));
  CHECK(hessian(1, 1) == Approx(200));
  constexpr auto direction = tg::stack(2_c, -1_c);
  const auto product = tg::evaluate(tg::hvp(rosenbrock, u, direction), u = at);
  CHECK(product[0] == Approx(2 * 1330 - 480));
  CHECK(product[1] == Approx(2 * 480 - 200));
  const auto gradient = tg::evaluate(tg::gradient(rosenbrock, tg::wrt(u))[u], u = at);
  CHECK(gradient[0] == Approx(-215.6));
  CHECK(gradient[1] == Approx(-88));
  CHECK(tg::evaluate(tg::jvp(rosenbrock, u, direction), u = at) == Approx(2 * -215.6 + 88));
  const double matrix[2][3] = {{1, 2, 3}, {4, 5, 6}}, input[] = {0.5, -1, 2};
  const auto jacobian = tg::evaluate(tg::jacobian(tanh(W * v), v), W = matrix, v = input);
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 3; ++j) {
      const double z = matrix[i][0] * 0.5 - matrix[i][1] + matrix[i][2] * 2;
      CHECK(jacobian(i, j) == Approx((1 - std::tanh(z) * std::tanh(z)) * matrix[i][j]).margin(1e-15));
    }
}

TEST_CASE("points of the same symbols are one type, whatever the formula, and calculate") {
  constexpr tg::nn::mlp<2, 3, 1> model{};
  constexpr auto in = tg::variable<"in", tg::vector<2>>;
  constexpr auto penalised = tg::nn::l2(model, 0.5_c) + sum(model(in));
  auto theta = tg::nn::initialize<double>(model, 1);
  const auto same = tg::nn::initialize<double>(penalised, 1);
  STATIC_REQUIRE(std::is_same_v<std::remove_const_t<decltype(same)>, decltype(theta)>);
  CHECK(theta == same);
  theta -= 0.5 * same;
  theta += same;
  CHECK((theta - same).data()[0] == 0.5 * same.data()[0]);

  constexpr auto p = tg::parameter<"p">;
  constexpr auto q = tg::parameter<"q", tg::vector<2>>;
  tg::point<double, std::remove_const_t<decltype(q)>, std::remove_const_t<decltype(p)>> turned;
  turned[p] = 1, turned[q][0] = 2, turned[q][1] = 3;
  const tg::parameter_point<float, decltype(dot(q, q) * p)> straight = turned;  // another order, another number type
  CHECK((straight[p] == 1.0f && straight[q][0] == 2.0f && straight[q][1] == 3.0f));
  std::ostringstream printed;
  printed << straight;
  CHECK(printed.str() == "p = 1\nq = 2 3");
}

TEST_CASE("the canonical order of symbols: by the number at the end, then by name") {
  constexpr auto formula = tg::parameter<"w10"> + tg::parameter<"b2"> + tg::parameter<"w2"> + tg::parameter<"b"> + tg::parameter<"w1">;
  tg::parameter_point<double, std::remove_const_t<decltype(formula)>> point;
  std::string names;
  tg::for_each_parameter(point, [&](std::string_view name, tg::extent, double*) { names += std::string(name) + " "; });
  CHECK(names == "w1 b2 w2 w10 b ");
}

}  // namespace
