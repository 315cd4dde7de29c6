// SPDX-License-Identifier: BSL-1.0
// A mixture of normal distributions fitted to points: the log likelihood is a logsumexp along an axis, its mean runs over run-time rows.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace {

// [mixture]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto n = tg::axis<"n">;     // points, as many as there are
constexpr auto k = tg::axis<"k", 3>;  // components
constexpr auto d = tg::axis<"d", 2>;  // dimensions
constexpr auto x = tg::variable<"x", tg::axes<n, d>>;
constexpr auto weight = tg::parameter<"weight", tg::axes<k>>;  // logits
constexpr auto center = tg::parameter<"center", tg::axes<k, d>>;
constexpr auto scale = tg::parameter<"scale", tg::axes<k, d>>;  // log of the inverse standard deviation

constexpr auto z = (x - center) * exp(scale);
constexpr auto score = log_softmax<k>(weight) + sum<d>(scale) - 0.5_c * dot<d>(z, z);
constexpr auto loss = -tg::mean<n>(logsumexp<k>(score));  // up to a constant, log(2 pi)
// [mixture]

}  // namespace

int main() {
  std::mt19937 random(7);
  std::normal_distribution<double> normal;
  const double centers[3][2] = {{-2, 0}, {2, 1}, {0, -3}}, spreads[3] = {0.3, 0.6, 0.9};
  std::vector<double> points;
  for (int i = 0; i < 3000; ++i)
    for (int j = 0; j < 2; ++j) points.push_back(centers[i % 3][j] + spreads[i % 3] * normal(random));

  tg::parameter_point<double, std::remove_const_t<decltype(loss)>> theta;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 2; ++j) theta[center](i, j) = 0.5 * centers[i][j];
  constexpr auto program = tg::value_and_gradient(loss);
  auto update = tg::optim::adam(theta, 0.05);
  for (int step = 0; step < 400; ++step) {
    const auto result = program(theta, x = points);
    if (step % 100 == 0) fmt::print("step {:3}  loss {:.4f}\n", step, result.value);
    update(theta, result.gradient);
  }
  double worst = 0;
  for (int i = 0; i < 3; ++i) {
    fmt::print("center ({:5.2f}, {:5.2f})  spread {:.2f}\n", theta[center](i, 0), theta[center](i, 1), std::exp(-theta[scale](i, 0)));
    for (int j = 0; j < 2; ++j) worst = std::max(worst, std::abs(theta[center](i, j) - centers[i][j]));
  }
  fmt::print("centers found within {:.2f}\n", worst);
  return worst < 0.15 ? 0 : 1;
}
