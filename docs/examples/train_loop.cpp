// SPDX-License-Identifier: BSL-1.0
// The four steps of training, one line each, on four samples.
#include <support/options.hpp>

#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <array>

namespace tg = typegrad;

inline constexpr auto model = tg::nn::mlp<3, 4, 4, 1>{}.with(tg::nn::tanh, tg::nn::tanh, tg::nn::tanh);
inline constexpr auto x = tg::variable<"x", tg::vector<3>>;
inline constexpr auto y = tg::variable<"y", tg::vector<1>>;
inline constexpr auto prediction = model(x);
inline constexpr auto loss = tg::nn::mean_squared_error(prediction, y);

int main(int argc, char** argv) {
  return support::options("The four steps of training, on four samples.", "train_loop").run(argc, argv, [] {
    constexpr std::array<std::array<double, 3>, 4> xs{{{2, 3, -1}, {3, -1, 0.5}, {0.5, 1, 1}, {1, 1, -1}}};
    constexpr std::array<double, 4> ys{1, -1, -1, 1};
    auto theta = tg::nn::initialize<double>(model, 1337);
    tg::optim::sgd descend{.learning_rate = 0.05};

    double before = 1e300;
    for (int k = 0; k <= 40; ++k) {
      // 1. forward: predict, and measure how wrong the network is; 2. backward: every parameter's gradient.
      const auto step = tg::value_and_gradient(loss)(theta, tg::batch(x = xs, y = ys));
      // 3. nothing to zero: the gradient is a value, a new one each time.
      if (k % 5 == 0) fmt::print("step {:2}  loss {:.6f}\n", k, step.value);
      if (!(step.value < before)) return fmt::print("the loss did not fall in step {}\n", k), 1;
      before = step.value;
      // 4. update: nudge each parameter against its gradient.
      descend(theta, step.gradient);
    }
    for (std::size_t i = 0; i < xs.size(); ++i) fmt::print("target {:4}  prediction {:7.4f}\n", ys[i], tg::evaluate(prediction, theta, x = xs[i])[0]);
    return 0;
  });
}
