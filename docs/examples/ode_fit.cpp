// SPDX-License-Identifier: BSL-1.0
// Predators and prey (Lotka and Volterra): the equations are solved by Runge and Kutta's method in a scan, and their four parameters are found
// from observations with noise.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace {

// [ode_fit]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto time = tg::axis<"time", 100>;
constexpr auto kind = tg::axis<"kind", 2>;                                     // prey, predators
constexpr auto rates = tg::parameter<"rates", tg::axes<tg::axis<"rate", 4>>>;  // logarithms of the parameters
constexpr auto first = tg::variable<"first", tg::axes<kind>>;
constexpr auto observed = tg::variable<"observed", tg::axes<time, kind>>;

constexpr auto rate = tg::axis<"rate", 4>;
constexpr auto change(auto state) {
  const auto prey = tg::at<kind, 0>(state);
  const auto predators = tg::at<kind, 1>(state);
  const auto r = exp(rates);
  const auto grow = prey * (tg::at<rate, 0>(r) - tg::at<rate, 1>(r) * predators);
  const auto feed = predators * (tg::at<rate, 2>(r) * prey - tg::at<rate, 3>(r));
  return tg::reshape<tg::axes<kind>>(tg::stack(grow, feed));
}
constexpr auto runge_kutta(auto state) {
  constexpr auto step = 0.1_c;
  const auto k1 = change(state);
  const auto k2 = change(state + step / 2_c * k1);
  const auto k3 = change(state + step / 2_c * k2);
  const auto k4 = change(state + step * k3);
  return state + step / 6_c * (k1 + 2_c * k2 + 2_c * k3 + k4);
}
constexpr auto solution = tg::scan_all<time>(first, [](auto state) { return runge_kutta(state); });
constexpr auto loss = tg::mean<time, kind>(square(log(solution) - log(observed)));
// [ode_fit]

}  // namespace

int main() {
  const double truth[] = {1.1, 0.4, 0.1, 0.4};
  std::vector<double> logs, start = {10, 5};
  for (const double one : truth) logs.push_back(std::log(one));
  const auto exact = tg::evaluate(solution, rates = logs, first = start);
  std::mt19937 random(11);
  std::normal_distribution<double> normal(0, 0.02);
  std::vector<double> data(exact.begin(), exact.end());
  for (double& one : data) one *= std::exp(normal(random));

  tg::parameter_point<double, std::remove_const_t<decltype(loss)>> theta;
  const double guess[] = {0.8, 0.3, 0.15, 0.5};
  for (std::size_t i = 0; i < 4; ++i) theta[rates][i] = std::log(guess[i]);
  constexpr auto program = tg::value_and_gradient(loss);
  tg::optim::adam update(theta, 0.02);
  for (int step = 0; step < 1500; ++step) {
    const auto result = program(theta, first = start, observed = data);
    if (step % 500 == 0) fmt::print("step {:4}  loss {:.6f}\n", step, result.value);
    update(theta, result.gradient);
  }
  double worst = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    fmt::print("parameter {}: {:.4f}, true {:.4f}\n", i, std::exp(theta[rates][i]), truth[i]);
    worst = std::max(worst, std::abs(std::exp(theta[rates][i]) / truth[i] - 1));
  }
  fmt::print("recovered within {:.1f} %\n", 100 * worst);
  return worst < 0.02 ? 0 : 1;
}
