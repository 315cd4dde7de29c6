// SPDX-License-Identifier: BSL-1.0
// Compiled with -fno-exceptions -fno-rtti, and again with -O0 -g.
#include <typegrad/typegrad.hpp>

#include <array>

namespace tg = typegrad;

inline constexpr tg::nn::mlp<2, 4, 1> model{};
inline constexpr auto x = tg::variable<"x", tg::vector<2>>;
inline constexpr auto y = tg::variable<"y", tg::vector<1>>;
inline constexpr auto loss = tg::nn::mean_squared_error(model(x), y);

int main() {
  auto theta = tg::nn::initialize<float>(model, 3);
  const std::array<std::array<float, 2>, 2> xs{{{0, 1}, {1, 0}}};
  const std::array<float, 2> ys{1, -1};
  tg::optim::sgd descend{.learning_rate = 0.1f};
  for (int k = 0; k < 200; ++k) descend(theta, tg::value_and_gradient(loss)(theta, tg::batch(x = xs, y = ys)).gradient);
  return tg::evaluate(loss, theta, tg::batch(x = xs, y = ys)) < 1e-3f ? 0 : 1;
}
