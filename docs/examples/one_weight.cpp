// SPDX-License-Identifier: BSL-1.0
// The lesson's hand computation: one weight, the loss falls 16 -> 0.64 -> 0.0256 in two steps of gradient descent.
#include <support/options.hpp>

#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;

// The weight starts at 1, the input is 2, the target 6: the prediction 2 is wrong by -4.
inline constexpr auto prediction = w * 2_c;
inline constexpr auto loss = square(prediction - 6_c);
inline constexpr double start = 1, learning_rate = 0.1;

// dL/dw = 2 (2w - 6) 2 = 4 (2w - 6)
static_assert(tg::derivative(loss, w) == 4_c * (w * 2_c - 6_c));

struct row {
  double prediction, loss, gradient, weight;  // the weight after the step
};

// The same loop for the compiler and for the machine.
constexpr row train(int steps) {
  double weight = start;
  row last{};
  for (int k = 0; k < steps; ++k) {
    const auto step = tg::value_and_gradient(loss)(w = weight);
    last = {tg::evaluate(prediction, w = weight), step.value, step.gradient[w], weight - learning_rate * step.gradient[w]};
    weight = last.weight;
  }
  return last;
}

constexpr bool near(double a, double b) { return a - b < 1e-12 && b - a < 1e-12; }
static_assert(near(train(1).loss, 16));
static_assert(near(train(2).loss, 0.64));
static_assert(near(train(3).loss, 0.0256));

int main(int argc, char** argv) {
  return support::options("The lesson's hand computation: one weight, two steps of gradient descent.", "one_weight").run(argc, argv, [] {
    fmt::print("loss(w) = {}    gradient = {}\n", tg::to_string(loss), tg::to_string(tg::derivative(loss, w)));
    fmt::print("weight 1, input 2, target 6, learning rate 0.1\n\n");
    fmt::print("step  prediction      loss  gradient  new weight\n");
    for (int k = 1; k <= 3; ++k) {
      const row r = train(k);
      fmt::print("{:4}  {:10.4g}  {:8.4g}  {:8.4g}  {:10.5g}\n", k, r.prediction, r.loss, r.gradient, r.weight);
    }
    // e = 2w - 6; one step: e' = 2 (w - 0.1 * 4e) - 6 = e - 0.8 e
    fmt::print("\nThe error is multiplied by 1 - 2 * 0.1 * 2^2 = 0.2 in every step (learning rate 0.1, input 2): -4, -0.8, -0.16;\n");
    fmt::print("the loss, its square, by 0.04.\n");
    return 0;
  });
}
