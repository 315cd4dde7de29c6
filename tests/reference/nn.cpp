// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/networks.md.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>

namespace {

// [names]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto time = tg::axis<"time", 4>;
constexpr auto from = tg::axis<"from", 4>;
constexpr auto channel = tg::axis<"channel", 2>;
constexpr auto hidden = tg::axis<"hidden", 3>;
constexpr auto letter = tg::axis<"letter", 5>;
constexpr auto x = tg::variable<"x", tg::axes<time, channel>>;
constexpr std::array numbers = {1.0, 3.0, -2.0, 2.0, 0.0, 4.0, 5.0, 1.0};
/// The value of a formula of x with all parameters 1.
constexpr auto with_ones(auto e) {
  auto theta = tg::nn::initialize<double>(e, 1);
  for (double& one : theta) one = 1;
  return tg::evaluate(e, theta, x = numbers);
}
// [names]

TEST_CASE("reference: affine, embedding") {
  // [affine]
  constexpr auto dense = tg::nn::affine<"dense", channel, hidden>{};
  STATIC_REQUIRE(with_ones(dense(x))(2, 3) == 5 + 1 + 1);  // axes in the order hidden, time
  constexpr auto table = tg::nn::embedding<"table", letter, channel>{};
  constexpr auto which = tg::index<"which", letter>;
  constexpr std::array rows = {0.0, 0.0, 1.0, 1.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  STATIC_REQUIRE(tg::evaluate(table(which), table.table = rows, which = 1)[1] == 1.5);
  // [affine]
}

TEST_CASE("reference: chain, residual") {
  // [chain]
  constexpr auto first = tg::nn::affine<"first", channel, hidden>{};
  constexpr auto second = tg::nn::affine<"second", hidden, channel>{};
  constexpr auto network = tg::nn::chain(first, tg::nn::relu, second);
  STATIC_REQUIRE(network(x) == second(relu(first(x))));
  STATIC_REQUIRE(tg::nn::residual<decltype(network)>{}(x) == x + network(x));
  // [chain]
}

// [drop]
constexpr auto drop = tg::nn::dropout<"drop", 1, 5>{};  // each fifth number
// [drop]

TEST_CASE("reference: dropout") {
  // [dropout]
  constexpr auto kept = [] {
    tg::nn::generator next(7);
    return drop.draw<double, tg::axes<time, channel>>(next);
  }();
  constexpr auto y = tg::evaluate(drop(x), x = numbers, drop.mask<tg::axes<time, channel>> = kept);
  STATIC_REQUIRE((y(0, 1) == 0 || y(0, 1) == 3 * 1.25));
  // [dropout]
  tg::nn::generator next(7);
  CHECK(drop.draw<double, tg::axes<time, channel>>(next) == kept);  // at run time the same
  int zeros = 0;
  for (int k = 0; k < 1000; ++k)
    for (const double one : drop.draw<double, tg::axes<time, channel>>(next)) zeros += one == 0 ? 1 : 0;
  CHECK(std::abs(zeros - 1600) < 160);
  constexpr auto plain = tg::variable<"plain", tg::vector<3>>;
  STATIC_REQUIRE(tg::evaluate(tg::sum(drop(plain)), plain = std::array{1.0, 2.0, 3.0}, drop.mask<tg::vector<3>> = std::array{0.0, 1.25, 0.0}) == 2.5);
}

TEST_CASE("reference: layer_norm, rms_norm, variance") {
  // [norms]
  constexpr auto norm = tg::evaluate(tg::nn::layer_norm<channel>(x), x = numbers);
  STATIC_REQUIRE((norm(0, 1) > 0.9999 && norm(0, 1) < 1));  // 1 and 3 become -1 and 1
  STATIC_REQUIRE(tg::evaluate(tg::nn::variance<channel>(x), x = numbers)[2] == 4);
  constexpr auto root = tg::evaluate(tg::nn::rms_norm<channel>(x), x = numbers);
  STATIC_REQUIRE((root(1, 0) < -0.9999 && root(1, 1) > 0.9999));
  constexpr auto told = tg::nn::normalize(x, 1_c, 4_c, 2_c, 3_c);  // (x - 1) / sqrt(4 + 1e-5) * 2 + 3
  CHECK(tg::evaluate(told, x = numbers)(0, 1) == Approx(5).epsilon(1e-5));
  // [norms]
}

TEST_CASE("reference: attention, causal_attention, self_attention, transformer_block") {
  // [attention]
  constexpr auto keys = tg::rename<time, from>(x);
  constexpr auto all = tg::evaluate(tg::nn::attention<from, channel>(0_c * x, keys, keys), x = numbers);
  STATIC_REQUIRE(all(3, 0) == (1 - 2 + 0 + 5) / 4.0);  // no preference: the mean of all
  constexpr auto past = tg::evaluate(tg::nn::causal_attention<time, from, channel>(0_c * x, keys, keys), x = numbers);
  STATIC_REQUIRE(past(1, 1) == (3 + 2) / 2.0);  // of itself and what came before
  constexpr auto head = tg::axis<"head", 2>;
  constexpr auto part = tg::axis<"part", 1>;
  constexpr auto attend = tg::nn::self_attention<"self", time, channel, head, part>{};
  constexpr auto block = tg::nn::transformer_block<"block", time, channel, head, part, hidden>{};
  STATIC_REQUIRE(with_ones(attend(x))(0, 0) == 2 * (1 + 3));  // position 0 sees itself alone
  STATIC_REQUIRE(with_ones(block(x))(0, 0) > 1);
  // [attention]
}

TEST_CASE("reference: conv1d, conv2d, max_pool, mean_pool") {
  // [convolution]
  constexpr auto along = tg::nn::conv1d<"along", time, channel, hidden, 3>{};
  STATIC_REQUIRE(with_ones(along(x))(0, 0) == 1 + 3 - 2 + 2 + 1);  // elements 0 and 1, nothing before, and the bias
  constexpr auto one = tg::axis<"one", 1>;
  constexpr auto image = tg::split<channel, channel, one>(x);
  constexpr auto over = tg::nn::conv2d<"over", time, channel, one, hidden, 3>{};
  STATIC_REQUIRE(with_ones(over(image))[0] == 1 + 3 - 2 + 2 + 1);
  STATIC_REQUIRE(tg::evaluate(tg::nn::max_pool<time, 2>(x), x = numbers)(1, 0) == 5);
  STATIC_REQUIRE(tg::evaluate(tg::nn::mean_pool<time, 2>(x), x = numbers)(1, 0) == 2.5);
  // [convolution]
}

TEST_CASE("reference: rnn_cell, gru_cell, lstm_cell") {
  // [recurrent]
  constexpr auto state = tg::variable<"state", tg::axes<hidden>>;
  constexpr auto input = tg::variable<"input", tg::axes<channel>>;
  constexpr std::array before = {0.1, 0.2, 0.3};
  const auto step = [&](auto cell) {
    auto theta = tg::nn::initialize<double>(cell, 1);
    for (double& weight : theta) weight = 0;
    return tg::evaluate(cell, theta, input = std::array{1.0, 2.0}, state = before);
  };
  CHECK(step(tg::nn::rnn_cell<"rnn", channel, hidden>{}(input, state))[2] == 0);
  CHECK(step(tg::nn::gru_cell<"gru", channel, hidden>{}(input, state))[2] == 0.15);  // half of what was there
  CHECK(step(tg::nn::lstm_cell<"lstm", channel, hidden>{}(input, state, state).cell)[2] == 0.15);
  // [recurrent]
}

TEST_CASE("reference: neuron") {
  // [neuron]
  constexpr auto one = tg::nn::neuron<2, tg::nn::relu>{};
  STATIC_REQUIRE(to_string(one) == "relu(w1*x1 + w2*x2 + b)");
  constexpr auto b = tg::parameter<"b">;
  constexpr auto w1 = tg::parameter<"w1">;
  constexpr auto w2 = tg::parameter<"w2">;
  constexpr auto input = tg::variable<"input">;
  STATIC_REQUIRE(tg::evaluate(one(input, 4_c), w1 = 1.0, w2 = 2.0, b = -1.0, input = 3.0) == 3 + 8 - 1);
  // [neuron]
}

TEST_CASE("reference: layer") {
  // [layer]
  constexpr auto dense = tg::nn::layer<2, 3, tg::nn::relu>{};
  constexpr auto v = tg::variable<"v", tg::vector<2>>;
  constexpr std::array weights = {1.0, 2.0, 0.0, 1.0, -1.0, 0.0};
  constexpr std::array biases = {0.5, 0.0, 0.0};
  constexpr auto y = tg::evaluate(dense(v), dense.weight = weights, dense.bias = biases, v = std::array{10.0, 1.0});
  STATIC_REQUIRE((y[0] == 12.5 && y[1] == 1 && y[2] == 0));
  STATIC_REQUIRE(tg::evaluate(dense.scalar_view(v), dense.weight = weights, dense.bias = biases, v = std::array{10.0, 1.0})[0] == 12.5);
  STATIC_REQUIRE(dense.parameter_count == 9);
  // [layer]
}

TEST_CASE("reference: mlp, sequential") {
  // [mlp]
  constexpr auto model = tg::nn::mlp<2, 3, 1>{}.with(tg::nn::relu);  // tanh without with(...); the last layer is linear
  constexpr auto v = tg::variable<"v", tg::vector<2>>;
  STATIC_REQUIRE(model.parameter_count == 3 * 2 + 3 + 3 + 1);
  STATIC_REQUIRE(to_string(model) == "MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(3)]]");
  constexpr auto same = tg::nn::sequential(tg::nn::layer<2, 3, tg::nn::relu, "W1", "b1", "h1">{}, tg::nn::layer<3, 1, tg::nn::linear, "W2", "b2">{});
  STATIC_REQUIRE(model(v) == same(v));
  STATIC_REQUIRE(model(v) != model.named<"other.">()(v));  // of weights of its own, other.W1, ...
  // [mlp]
}

TEST_CASE("reference: activation, Activation, linear") {
  // [activation]
  constexpr tg::nn::activation<tg::op::sin, "Sine"> sine{};  // of any elementwise operation
  STATIC_REQUIRE(tg::nn::Activation<decltype(sine)>);
  STATIC_REQUIRE(sine(x) == sin(x));
  STATIC_REQUIRE(tg::nn::linear(x) == x);
  constexpr auto waves = tg::nn::layer<2, 3, sine>{};
  constexpr auto v = tg::variable<"v", tg::vector<2>>;
  STATIC_REQUIRE(waves(v) == sin(waves.weight * v + waves.bias));
  // [activation]
}

}  // namespace
