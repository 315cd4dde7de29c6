// SPDX-License-Identifier: BSL-1.0
// Batch normalisation: statistics over the rows of a batch are part of the formula, so the gradient goes through them.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace {

// [batch_norm]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto n = tg::axis<"n">;
constexpr auto in = tg::axis<"in", 2>;
constexpr auto c = tg::axis<"c", 16>;
constexpr auto x = tg::variable<"x", tg::axes<n, in>>;
constexpr auto y = tg::variable<"y", tg::axes<n>>;
constexpr auto W = tg::parameter<"W", tg::axes<c, in>>;
constexpr auto b = tg::parameter<"b", tg::axes<c>>;
constexpr auto gain = tg::parameter<"gain", tg::axes<in>>;
constexpr auto bias = tg::parameter<"bias", tg::axes<in>>;
constexpr auto out = tg::parameter<"out", tg::axes<c>>;

constexpr auto network(auto normalised) { return dot<c>(out, tanh(dot<in>(W, normalised) + b)); }

constexpr auto trained = network(tg::nn::batch_norm<n>(x, gain, bias));  // by the statistics of the batch
constexpr auto loss = tg::mean<n>(square(trained - y));

constexpr auto mean_seen = tg::variable<"mean", tg::axes<in>>;
constexpr auto variance_seen = tg::variable<"variance", tg::axes<in>>;
constexpr auto predicted = network(tg::nn::normalize(x, mean_seen, variance_seen, gain, bias));  // by running averages
// [batch_norm]

}  // namespace

int main() {
  std::mt19937 random(3);
  std::uniform_real_distribution<float> uniform(-1, 1);
  const auto target = [](float first, float second) { return std::sin(3 * first) * second; };
  std::vector<float> xs, ys;
  const auto draw = [&](int rows) {
    xs.clear(), ys.clear();
    for (int i = 0; i < rows; ++i) {
      const float first = uniform(random), second = uniform(random);
      xs.push_back(100 * first - 50), xs.push_back(0.1f * second);  // badly scaled
      ys.push_back(target(first, second));
    }
  };

  auto theta = tg::nn::initialize<float>(loss, 1, tg::nn::xavier{});
  for (float& one : theta[out]) one = 0.5f * uniform(random);
  constexpr auto program = tg::value_and_gradient(loss);
  auto update = tg::optim::adam(theta, 0.02);
  std::vector<float> mean(2, 0.0f), variance(2, 1.0f);
  for (int step = 0; step < 2000; ++step) {
    draw(64);
    const auto result = program(theta, x = xs, y = ys);
    if (step % 500 == 0) fmt::print("step {:4}  loss {:.4f}\n", step, result.value);
    update(theta, result.gradient);
    const auto statistics = tg::evaluate(tg::tuple(tg::mean<n>(x), tg::nn::variance<n>(x)), x = xs);
    const auto &seen = statistics[boost::hana::size_c<0>], &spread = statistics[boost::hana::size_c<1>];
    for (std::size_t i = 0; i < 2; ++i) mean[i] += 0.1f * (seen[i] - mean[i]), variance[i] += 0.1f * (spread[i] - variance[i]);
  }

  draw(1000);
  std::vector<float> answers(1000);
  tg::evaluate(predicted, theta, mean_seen = mean, variance_seen = variance, x = xs, tg::into(answers));
  double error = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) error += (answers[i] - ys[i]) * (answers[i] - ys[i]) / 1000;
  fmt::print("held out: mean squared error {:.3f}\n", error);
  return error < 0.05 ? 0 : 1;
}
