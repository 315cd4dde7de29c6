// SPDX-License-Identifier: BSL-1.0
// The unrolled 2-32-32-1 network: 1,185 parameters, some 6,900 unique nodes, without any compiler flag. Its gradient must
// be that of the tensor view.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

namespace tg = typegrad;

namespace {

constexpr tg::nn::mlp<2, 32, 32, 1> model{};
constexpr auto x = tg::variable<"x", tg::vector<2>>;
constexpr auto y = tg::variable<"y", tg::vector<1>>;
constexpr auto unrolled = tg::nn::mean_squared_error(model.scalar_view(x), y);
constexpr auto tensor = tg::nn::mean_squared_error(model(x), y);

TEST_CASE("a network of thousands of unrolled nodes") {
  constexpr auto program = tg::value_and_gradient(unrolled);
  STATIC_REQUIRE(program.node_count() < 6'900);
  STATIC_REQUIRE(program.operation_count().transcendental == 64);
  STATIC_REQUIRE(program.operation_count().multiply == tg::value_and_gradient(tensor).operation_count().multiply);
  const auto theta = tg::nn::initialize<double>(model, 2);
  const double input[] = {0.25, -1.5}, target[] = {0.5};
  const auto a = program(theta, x = input, y = target), b = tg::value_and_gradient(tensor)(theta, x = input, y = target);
  CHECK(a.value == Approx(b.value).epsilon(1e-13));
  for (std::size_t i = 0; i < theta.size(); ++i) REQUIRE(a.gradient.data()[i] == Approx(b.gradient.data()[i]).epsilon(1e-10).margin(1e-12));
}

}  // namespace
