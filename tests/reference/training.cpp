// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/training.md.
#include <catch.hpp>

#include <typegrad/nn/loader.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <vector>

namespace {

// [names]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto in = tg::axis<"in", 2>;
constexpr auto out = tg::axis<"out", 4>;
constexpr auto kind = tg::axis<"kind", 2>;
constexpr auto W = tg::parameter<"W", tg::axes<out, in>>;
constexpr auto b = tg::parameter<"b", tg::axes<out>>;
constexpr auto gain = tg::parameter<"norm.gain", tg::axes<out>>;
constexpr auto table = tg::parameter<"table", tg::axes<out, in>>;
constexpr auto scale = tg::parameter<"scale">;
constexpr auto w = tg::parameter<"w">;
constexpr auto x = tg::variable<"x">;
constexpr auto y = tg::variable<"y">;
constexpr auto p = tg::variable<"p", tg::vector<2>>;
constexpr auto t = tg::variable<"t", tg::vector<2>>;
/// A point, or a gradient, whose w is this number.
constexpr auto at(double value) {
  tg::parameter_point<double, decltype(w * x)> theta;
  theta[w] = value;
  return theta;
}
// [names]

TEST_CASE("reference: initialize") {
  // [initialize]
  constexpr auto f = sum(scale * gain * (W + table) + b);
  const auto theta = tg::nn::initialize<double>(f, 1, tg::nn::xavier{}, table = tg::nn::normal{0.02}, scale = 0.5);
  CHECK(theta[scale] == 0.5);
  CHECK(theta[b][3] == 0);
  CHECK(theta[gain][3] == 1);
  for (const double weight : theta[W]) CHECK((weight != 0 && std::abs(weight) <= std::sqrt(6.0 / (2 + 4))));
  for (const double weight : theta[table]) CHECK((weight != 0 && std::abs(weight) < 6 * 0.02));
  CHECK(tg::nn::initialize<float>(f, 1)[W](3, 1) == tg::nn::initialize<float>(f, 1)[W](3, 1));  // by the seed, as everywhere
  // [initialize]
}

TEST_CASE("reference: uniform, xavier, he, normal") {
  // [schemes]
  const auto number = [](auto scheme) {  // one weight of a matrix with 2 inputs and 4 outputs
    tg::nn::generator next(7);
    return scheme(next, 2, 4);
  };
  tg::nn::generator one(7), other(7);
  const double u = 2 * one.uniform() - 1, z = other.normal();
  CHECK(number(tg::nn::uniform{0.5}) == 0.5 * u);
  CHECK(number(tg::nn::xavier{}) == 1.0 * u);  // sqrt(6 / (2 + 4))
  CHECK(number(tg::nn::he{}) == 1.0 * z);      // sqrt(2 / 2)
  CHECK(number(tg::nn::normal{0.02}) == 0.02 * z);
  CHECK(number([](tg::nn::generator&, int fan_in, int fan_out) { return 1.0 / (fan_in * fan_out); }) == 0.125);  // a scheme of your own
  // [schemes]
}

TEST_CASE("reference: generator") {
  // [generator]
  constexpr auto first = [] {
    tg::nn::generator next(0);
    return next();
  }();
  STATIC_REQUIRE(first == 0xe220a8397b1dcdaf);  // as in the reference implementation of SplitMix64
  tg::nn::generator next(1);
  const double u = next.uniform();
  CHECK((0 <= u && u < 1));
  tg::nn::generator same(next.state());
  CHECK(same.normal() == next.normal());
  // [generator]
}

TEST_CASE("reference: loader") {
  // [loader]
  const std::vector<double> xs = {1, 2, 3, 4, 5}, ys = {10, 20, 30, 40, 50};
  tg::nn::loader data(2, 1, x = xs, y = ys);
  CHECK(data.rows() == 5);
  CHECK(data.batches() == 3);  // of 2, 2 and 1 rows
  double all = 0;
  for (int epoch = 0; epoch < 2; ++epoch)  // each in another order
    for (const auto& rows : data) {
      CHECK(tg::evaluate(y - 10_c * x, rows) == 0);  // rows stay together
      all += tg::evaluate(tg::sum_over(tg::rows(x), x), rows);
    }
  CHECK(all == 2 * 15);
  // [loader]
}

TEST_CASE("reference: losses") {
  constexpr std::array prediction = {1.0, 3.0};
  // [mean_squared_error]
  STATIC_REQUIRE(tg::evaluate(tg::nn::mean_squared_error(p, t), p = prediction, t = std::array{0.0, 1.0}) == (1 + 4) / 2.0);
  // [mean_squared_error]
  // [max_margin]
  STATIC_REQUIRE(tg::evaluate(tg::nn::max_margin(p, t), p = prediction, t = std::array{1.0, -1.0}) == (0 + 4) / 2.0);
  // [max_margin]
  // [binary_cross_entropy]
  constexpr auto unsure = tg::value_and_gradient(tg::nn::binary_cross_entropy(w, 1_c))(w = 0.0);
  CHECK(unsure.value == Approx(0.6931471805599453));  // log(2)
  CHECK(unsure.gradient[w] == -0.5);
  CHECK(tg::evaluate(tg::nn::binary_cross_entropy(w, 1_c), w = -1000.0) == 1000);  // not infinite
  // [binary_cross_entropy]
  // [softmax_cross_entropy]
  constexpr auto label = tg::index<"label", kind>;
  CHECK(tg::evaluate(tg::nn::softmax_cross_entropy(p, label), p = std::array{0.0, 0.0}, label = 1) == Approx(0.6931471805599453));
  CHECK(tg::evaluate(tg::nn::softmax_cross_entropy(p, label), p = std::array{0.0, 1000.0}, label = 0) == 1000);
  constexpr auto slope = tg::gradient(tg::nn::softmax_cross_entropy(p, t), tg::wrt(p))[p];  // softmax(p) - t
  CHECK(tg::evaluate(slope, p = std::array{0.0, 0.0}, t = std::array{0.0, 1.0})[1] == -0.5);
  // [softmax_cross_entropy]
  // [l2]
  constexpr auto model = tg::nn::layer<2, 1, tg::nn::linear>{};
  STATIC_REQUIRE(tg::evaluate(tg::nn::l2(model, 0.5_c), model.weight = std::array{1.0, 2.0}, model.bias = std::array{3.0}) == 7);
  // [l2]
}

TEST_CASE("reference: sgd") {
  // [sgd]
  auto theta = at(1);
  tg::optim::sgd step{0.25};
  step(theta, at(4));  // 1 - 0.25 * 4
  CHECK(theta[w] == 0);
  // [sgd]
}

TEST_CASE("reference: momentum") {
  // [momentum]
  auto theta = at(1);
  tg::optim::momentum step(theta, {.learning_rate = 0.25, .mass = 0.5});
  step(theta, at(4));  // v = 4
  CHECK(theta[w] == 0);
  step(theta, at(4));  // v = 0.5 * 4 + 4
  CHECK(theta[w] == -1.5);
  // [momentum]
}

TEST_CASE("reference: adam") {
  // [adam]
  auto theta = at(1);
  tg::optim::adam step(theta, {.learning_rate = 0.25, .beta2 = 0.99});
  step(theta, at(4));  // the first step is as long as the learning rate, whatever the gradient
  CHECK(theta[w] == Approx(0.75));
  CHECK(step.step == 1);
  constexpr tg::optim::adam recipe{.learning_rate = 0.25, .weight_decay = 0.5};
  auto decayed = at(1);
  auto rule = recipe(decayed);
  rule(decayed, at(0));
  CHECK(decayed[w] == 1 - 0.25 * 0.5);
  // [adam]
}

TEST_CASE("reference: schedules") {
  // [schedules]
  STATIC_REQUIRE(tg::optim::linear_schedule{.first = 1, .last = 0, .steps = 4}(1) == 0.75);
  STATIC_REQUIRE(tg::optim::step_schedule{.first = 1, .factor = 0.5, .every = 10}(25) == 0.25);
  constexpr tg::optim::cosine_schedule wave{.first = 1, .last = 0.5, .steps = 4};
  CHECK(wave(2) == Approx(0.75));
  CHECK(wave(9) == 0.5);
  auto theta = at(1);
  tg::optim::sgd step{tg::optim::linear_schedule{.first = 0.25, .last = 0, .steps = 2}};
  step(theta, at(4)), step(theta, at(4));  // 1 - 0.25 * 4 - 0.125 * 4
  CHECK(theta[w] == -0.5);
  CHECK(step.rate() == 0);
  // [schedules]
}

TEST_CASE("reference: warm_up") {
  // [warm_up]
  constexpr tg::optim::warm_up rate{tg::optim::step_schedule{.first = 1, .factor = 0.5, .every = 8}, 4};
  STATIC_REQUIRE(rate(0) == 0.25);
  STATIC_REQUIRE(rate(3) == 1);
  STATIC_REQUIRE(rate(8) == 0.5);
  // [warm_up]
}

TEST_CASE("reference: clip_by_norm") {
  // [clip_by_norm]
  tg::parameter_point<double, decltype(w * scale)> gradient;
  gradient[w] = 3, gradient[scale] = -4;
  CHECK(tg::optim::clip_by_norm(gradient, 2.5) == 5);  // the norm that it had
  CHECK(gradient[w] == 1.5);
  CHECK(tg::optim::clip_by_norm(gradient, 2.5) == 2.5);
  CHECK(gradient[scale] == -2);
  // [clip_by_norm]
}

}  // namespace
