// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/looking.md.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

namespace {

// [names]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto in = tg::axis<"in", 8>;
constexpr auto out = tg::axis<"out", 16>;
constexpr auto W = tg::parameter<"W", tg::axes<out, in>>;
constexpr auto x = tg::variable<"x", tg::axes<in>>;
constexpr auto f = sum<out>(square(tanh(dot<in>(W, x))));
constexpr auto program = tg::value_and_gradient(f);
// [names]

TEST_CASE("reference: to_string, to_listing of a formula") {
  // [formula]
  STATIC_REQUIRE(to_string(f) == "sum<out>(tanh(dot<in>(W, x))^2)");
  constexpr auto y = tg::let<"y">(dot<in>(W, x));
  STATIC_REQUIRE(to_listing(sum<out>(exp(y) * y)) == "y = dot<in>(W, x)\nsum<out>(exp(y)*y)\n");
  // [formula]
}

TEST_CASE("reference: to_listing of a program") {
  // [program]
  STATIC_REQUIRE(to_listing(program) ==
                 "t1 = tanh(dot<in>(W, x))\n"
                 "t2 = t1^2\n"
                 "value = sum<out>(t2)\n"
                 "d/dW = x*2*t1*(1 - t2)\n");
  // [program]
}

TEST_CASE("reference: plan, to_string of a plan") {
  // [plan]
  constexpr std::string_view plan = to_string(program.plan<float>());
  CHECK(plan.find("= dot(@0, x); over out 16 (lanes); sums in 8; 240 operations, 608 bytes\n") != plan.npos);
  CHECK(plan.find("= tanh(@128); over 16; 16 operations, 128 bytes\n") != plan.npos);
  CHECK(plan.find("16 transcendental") != plan.npos);
  constexpr std::string_view batch = to_string(program.plan<float>(tg::rows(x)));
  CHECK(batch.find("product 16x8 W*@0 tanh") != batch.npos);
  CHECK(batch.find("lanes along the rows") != batch.npos);
  // [plan]
}

TEST_CASE("reference: figures of a program") {
  // [figures]
  STATIC_REQUIRE(node_count(f) == 6);  // W, x, dot, tanh, square, sum
  STATIC_REQUIRE(std::is_same_v<decltype(program.operation_count()), tg::operation_counts>);
  STATIC_REQUIRE(program.operation_count().transcendental == 16);
  STATIC_REQUIRE(program.plan<float>().operation_count().multiply == program.operation_count().multiply);
  STATIC_REQUIRE(static_cast<long long>(program.workspace_bytes<float>()) == program.plan<float>().workspace_bytes());
  // [figures]
}

}  // namespace
