// SPDX-License-Identifier: BSL-1.0
// Monte Carlo under a local volatility: 252 steps by scan, an Asian option, its price and four Greeks from the paths themselves.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <random>
#include <vector>

namespace {

// [paths]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto day = tg::axis<"day", 252>;
constexpr auto spot = tg::parameter<"spot">;
constexpr auto vol = tg::parameter<"vol">;
constexpr auto skew = tg::parameter<"skew">;
constexpr auto rate = tg::parameter<"rate">;
constexpr auto z = tg::variable<"z", tg::axes<day>>;  // normal numbers, one for each day

constexpr auto walk = tg::scan<day>(
    tg::tuple(spot, 0_c),
    [](auto price, auto total, auto noise) {
      const auto sigma = vol * exp(skew * (price - 100_c) / 100_c);
      const auto next = price + price * (rate / 252_c + sigma * tg::constant<0.06299407883487121> * noise);
      return tg::tuple(next, total + next);
    },
    z);
constexpr auto average = walk[boost::hana::size_c<1>] / 252_c;
constexpr auto payoff = exp(-rate) * relu(average - 100_c);  // of one path; a batch takes the mean
// [paths]

double by_loop(const std::vector<double>& numbers, double s0, double v, double k, double r) {
  double total = 0;
  for (std::size_t path = 0; path < numbers.size() / 252; ++path) {
    double price = s0, sum = 0;
    for (std::size_t i = 0; i < 252; ++i) {
      price += price * (r / 252 + v * std::exp(k * (price - 100) / 100) * 0.06299407883487121 * numbers[252 * path + i]);
      sum += price;
    }
    total += std::exp(-r) * std::max(0.0, sum / 252 - 100);
  }
  return total / static_cast<double>(numbers.size() / 252);
}

}  // namespace

int main() {
  constexpr std::size_t paths = 4000;
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  std::vector<double> numbers(252 * paths);
  for (double& one : numbers) one = normal(random);

  constexpr auto greeks = tg::value_and_gradient(payoff, tg::wrt(spot, vol, skew, rate));
  const auto start = std::chrono::steady_clock::now();
  const auto result = greeks(spot = 100.0, vol = 0.2, skew = -0.3, rate = 0.02, tg::batch(z = numbers));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("price {:.6f}  delta {:.6f}  vega {:.5f}  skew {:.5f}  rho {:.5f}\n", result.value, result.gradient[spot], result.gradient[vol],
             result.gradient[skew], result.gradient[rate]);
  fmt::print("{:.2f} us a path with its Greeks; {} unique nodes\n", 1e6 * seconds / paths, greeks.node_count());

  const double price = by_loop(numbers, 100, 0.2, -0.3, 0.02);
  const double delta = (by_loop(numbers, 100.001, 0.2, -0.3, 0.02) - by_loop(numbers, 99.999, 0.2, -0.3, 0.02)) / 0.002;
  const double vega = (by_loop(numbers, 100, 0.20001, -0.3, 0.02) - by_loop(numbers, 100, 0.19999, -0.3, 0.02)) / 0.00002;
  const bool agree =
      std::abs(price - result.value) < 1e-9 && std::abs(delta - result.gradient[spot]) < 1e-4 && std::abs(vega - result.gradient[vol]) < 1e-2;
  fmt::print("plain loops and differences {}\n", agree ? "agree" : "DISAGREE");
  return agree ? 0 : 1;
}
