// SPDX-License-Identifier: BSL-1.0
// Descent: every rule against a computation by hand, and on a valley that it must get down.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <cmath>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto a = tg::parameter<"a">;
constexpr auto b = tg::parameter<"b">;
constexpr auto valley = square(a - 3_c) + 10_c * square(b + 1_c);
using point = tg::parameter_point<double, std::remove_const_t<decltype(valley)>>;

constexpr point at(double x, double y) {
  point p;
  p[a] = x, p[b] = y;
  return p;
}

TEST_CASE("descent subtracts the learning rate times the gradient; schedules are callables") {
  point p = at(1, 0);
  tg::optim::sgd constant{.learning_rate = 0.25};
  constant(p, at(4, 2));
  CHECK((p[a] == 0 && p[b] == -0.5));
  tg::optim::sgd falling([](int k) { return 1.0 / (k + 1); });
  falling(p, at(4, 0));
  CHECK(p[a] == -4);
  falling(p, at(4, 0));
  CHECK(p[a] == -6);
  CHECK(falling.step == 2);
}

TEST_CASE("momentum and Nesterov") {
  point p = at(1, 1);
  tg::optim::momentum<point> heavy{.learning_rate = 0.1, .mass = 0.5};
  heavy(p, at(2, -2));  // v = 2
  heavy(p, at(2, -2));  // v = 3
  CHECK(p[a] == Approx(1 - 0.1 * 2 - 0.1 * 3));
  CHECK(p[b] == Approx(1 + 0.1 * 2 + 0.1 * 3));
  point q = at(1, 1);
  tg::optim::momentum<point> ahead{.learning_rate = 0.1, .mass = 0.5, .nesterov = true};
  ahead(q, at(2, 0));  // g + mass v = 3
  ahead(q, at(2, 0));  // g + mass v = 3.5
  CHECK(q[a] == Approx(1 - 0.1 * 3 - 0.1 * 3.5));
}

TEST_CASE("Adam's first step is the learning rate in the direction of each sign; decay shrinks") {
  point p = at(1, 1);
  tg::optim::adam<point> adam{.learning_rate = 0.01};
  adam(p, at(5, -1e-3));
  CHECK(p[a] == Approx(0.99).epsilon(1e-7));
  CHECK(p[b] == Approx(1.01).epsilon(1e-6));
  adam(p, at(1, 0));
  const double m = (0.9 * 0.5 + 0.1 * 1) / (1 - 0.81), v = (0.999 * 0.025 + 0.001 * 1) / (1 - 0.999 * 0.999);
  CHECK(p[a] == Approx(0.99 - 0.01 * m / (std::sqrt(v) + 1e-8)).epsilon(1e-7));
  point q = at(2, 2);
  tg::optim::adam<point> decayed{.learning_rate = 0.01, .weight_decay = 0.5};
  decayed(q, at(0, 0));
  CHECK(q[a] == Approx(2 - 0.01 * 0.5 * 2));
}

TEST_CASE("Adam and momentum take the point itself, or its type") {
  const auto taken = [](auto descend) {
    point p = at(1, 1);
    descend(p, at(5, -2)), descend(p, at(3, 1));
    return p;
  };
  const point start = at(1, 1);
  const point by_type = taken(tg::optim::adam<point>{.learning_rate = 0.01});
  CHECK(taken(tg::optim::adam(start, 0.01)) == by_type);
  CHECK(taken(tg::optim::adam{start, 0.01}) == by_type);
  CHECK(taken(tg::optim::adam(start, {.learning_rate = 0.01})) == by_type);
  CHECK(taken(tg::optim::adam(start)) == taken(tg::optim::adam<point>{.learning_rate = 0.001}));
  CHECK(taken(tg::optim::adam(start, tg::optim::step_schedule{0.01, 0.5, 9})) == by_type);
  CHECK(taken(tg::optim::adam(start, {.learning_rate = 0.01, .weight_decay = 0.5})) ==
        taken(tg::optim::adam<point>{.learning_rate = 0.01, .weight_decay = 0.5}));
  CHECK(taken(tg::optim::adam(start, {.learning_rate = 0.01, .weight_decay = 0.5})) != by_type);
  const point heavy = taken(tg::optim::momentum<point>{.learning_rate = 0.01});
  CHECK(taken(tg::optim::momentum(start, 0.01)) == heavy);
  CHECK(taken(tg::optim::momentum{start, 0.01}) == heavy);
  CHECK(taken(tg::optim::momentum(start, {.learning_rate = 0.01, .nesterov = true})) ==
        taken(tg::optim::momentum<point>{.learning_rate = 0.01, .nesterov = true}));
  CHECK(taken(tg::optim::momentum(start, {.learning_rate = 0.01, .nesterov = true})) != heavy);
}

TEST_CASE("without a point, Adam and momentum are recipes: called with one, they make the rule for it") {
  constexpr tg::optim::adam recipe{.learning_rate = 0.01, .beta1 = 0.8, .weight_decay = 0.5};
  const point start = at(1, 1);
  const auto taken = [&](auto step) {
    point p = start;
    step(p, at(5, -2)), step(p, at(3, 1));
    return p;
  };
  STATIC_REQUIRE(std::is_same_v<decltype(recipe(start)), tg::optim::adam<point>>);
  const point expected = taken(tg::optim::adam<point>{.learning_rate = 0.01, .beta1 = 0.8, .weight_decay = 0.5});
  CHECK(taken(recipe(start)) == expected);
  CHECK(taken(recipe(start)) == expected);  // the recipe itself keeps nothing
  CHECK(taken(tg::optim::adam{.learning_rate = 0.01, .beta1 = 0.85, .beta2 = 0.99, .epsilon = 1e-6}(start)) ==
        taken(tg::optim::adam(start, {.learning_rate = 0.01, .beta1 = 0.85, .beta2 = 0.99, .epsilon = 1e-6})));
  CHECK(taken(tg::optim::momentum{.learning_rate = 0.01, .mass = 0.8, .nesterov = true}(start)) ==
        taken(tg::optim::momentum(start, {.learning_rate = 0.01, .mass = 0.8, .nesterov = true})));
  CHECK(taken(tg::optim::adam(tg::optim::step_schedule{0.01, 0.5, 1})(start)) ==
        taken(tg::optim::adam(start, tg::optim::step_schedule{0.01, 0.5, 1})));
}

#if !defined(__clang__) || __clang_major__ >= 17  // before, clang deduces no type from a named member
TEST_CASE("schedules are named, too") {
  point p = at(1, 0);
  tg::optim::sgd falling{.learning_rate = [](int k) { return 1.0 / (k + 1); }};
  falling(p, at(4, 0)), falling(p, at(4, 0));
  CHECK(p[a] == -5);
  auto step = tg::optim::adam{.learning_rate = tg::optim::step_schedule{0.25, 0.5, 1}, .epsilon = 0}(p);
  step(p, at(1, 1)), step(p, at(1, 1));
  CHECK(p[a] == Approx(-5 - 0.25 - 0.125));
}
#endif

TEST_CASE("clipping keeps the direction") {
  point g = at(3, 4);
  CHECK(tg::optim::clip_by_norm(g, 10) == 5);
  CHECK((g[a] == 3 && g[b] == 4));
  CHECK(tg::optim::clip_by_norm(g, 1) == 5);
  CHECK((g[a] == Approx(0.6) && g[b] == Approx(0.8)));
}

TEST_CASE("schedules") {
  STATIC_REQUIRE(tg::optim::linear_schedule{1.0, 0.0, 4}(1) == 0.75);
  STATIC_REQUIRE(tg::optim::linear_schedule{1.0, 0.5, 4}(9) == 0.5);
  CHECK(tg::optim::linear_schedule{1.0, 0.1, 100}(50) == Approx(0.55));
  CHECK(tg::optim::step_schedule{1.0, 0.5, 10}(25) == 0.25);
  CHECK(tg::optim::cosine_schedule{1.0, 0.2, 10}(0) == 1);
  CHECK(tg::optim::cosine_schedule{1.0, 0.2, 10}(5) == Approx(0.6));
  CHECK(tg::optim::cosine_schedule{1.0, 0.2, 10}(10) == 0.2);
  const tg::optim::warm_up warm{tg::optim::cosine_schedule{1.0, 0.0, 100}, 4};
  CHECK(warm(0) == Approx(0.25));
  CHECK(warm(3) == Approx(tg::optim::cosine_schedule{1.0, 0.0, 100}(3)));
  CHECK(warm(50) == Approx(0.5));
}

template <class Descend>
constexpr double reached(Descend descend, int steps) {
  point p = at(-2, 4);
  for (int k = 0; k < steps; ++k) descend(p, tg::value_and_gradient(valley)(p).gradient);
  return tg::evaluate(valley, p);
}

TEST_CASE("all of them get down the valley, also in the compiler") {
  CHECK(reached(tg::optim::sgd{.learning_rate = 0.05}, 200) < 1e-8);
  CHECK(reached(tg::optim::momentum<point>{.learning_rate = 0.02}, 300) < 1e-8);
  CHECK(reached(tg::optim::momentum<point>{.learning_rate = 0.02, .nesterov = true}, 300) < 1e-8);
  CHECK(reached(tg::optim::adam<point, tg::optim::cosine_schedule>{.learning_rate = {0.3, 0, 400}}, 400) < 1e-6);
  STATIC_REQUIRE(reached(tg::optim::adam<point>{.learning_rate = 0.3}, 20) < 60);
}

}  // namespace
