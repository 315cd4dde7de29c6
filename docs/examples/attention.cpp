// SPDX-License-Identifier: BSL-1.0
// Causal self-attention with named axes, checked against plain loops and finite differences.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace {

// [attention]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto t = tg::axis<"t", 16>;  // position
constexpr auto s = tg::axis<"s", 16>;  // position attended to
constexpr auto c = tg::axis<"c", 16>;  // channel
constexpr auto h = tg::axis<"h", 4>;   // head
constexpr auto d = tg::axis<"d", 4>;   // channel within a head
constexpr auto Wq = tg::parameter<"Wq", tg::axes<h, d, c>>;
constexpr auto Wk = tg::parameter<"Wk", tg::axes<h, d, c>>;
constexpr auto Wv = tg::parameter<"Wv", tg::axes<h, d, c>>;
constexpr auto Wo = tg::parameter<"Wo", tg::axes<c, h, d>>;
constexpr auto x = tg::variable<"x", tg::axes<t, c>>;

constexpr auto attend(auto input) {
  const auto q = dot<c>(Wq, input);  // over h, d, t: summed over c, all other axes align by name
  const auto k = tg::rename<t, s>(dot<c>(Wk, input));
  const auto v = tg::rename<t, s>(dot<c>(Wv, input));
  const auto a = softmax<s>(select(tg::position<s> <= tg::position<t>, dot<d>(q, k) / sqrt(4_c), tg::minus_infinity));
  return dot<h, d>(Wo, dot<s>(a, v));  // no split, no transposition, no concatenation of heads
}
// [attention]

constexpr auto y = tg::order<t, c>(attend(x));
constexpr auto loss = mean(square(y));

using numbers = std::vector<double>;

/// The same in plain loops: one head after the other, one position after the other.
numbers by_loops(const numbers& wq, const numbers& wk, const numbers& wv, const numbers& wo, const numbers& in) {
  constexpr std::size_t T = 16, C = 16, H = 4, D = 4;
  const auto project = [&](const numbers& w, std::size_t head, std::size_t j, std::size_t at) {
    double sum = 0;
    for (std::size_t k = 0; k < C; ++k) sum += w[(head * D + j) * C + k] * in[at * C + k];
    return sum;
  };
  numbers out(T * C, 0.0);
  for (std::size_t head = 0; head < H; ++head)
    for (std::size_t at = 0; at < T; ++at) {
      numbers weight(at + 1);
      double total = 0;
      for (std::size_t from = 0; from <= at; ++from) {
        double score = 0;
        for (std::size_t j = 0; j < D; ++j) score += project(wq, head, j, at) * project(wk, head, j, from);
        total += weight[from] = std::exp(score / 2);
      }
      for (std::size_t j = 0; j < D; ++j) {
        double sum = 0;
        for (std::size_t from = 0; from <= at; ++from) sum += weight[from] / total * project(wv, head, j, from);
        for (std::size_t k = 0; k < C; ++k) out[at * C + k] += wo[(k * H + head) * D + j] * sum;
      }
    }
  return out;
}

}  // namespace

int main() {
  std::mt19937 random(1);
  std::normal_distribution<double> normal(0, 0.5);
  const auto draw = [&] {
    numbers all(256);
    for (double& one : all) one = normal(random);
    return all;
  };
  const numbers wq = draw(), wk = draw(), wv = draw(), wo = draw(), in = draw();

  fmt::print("{}\n", tg::to_string(dot<c>(Wq, x)));
  const auto ours = tg::evaluate(y, Wq = wq, Wk = wk, Wv = wv, Wo = wo, x = in);
  const numbers theirs = by_loops(wq, wk, wv, wo, in);
  double worst = 0;
  for (std::size_t i = 0; i < theirs.size(); ++i) worst = std::max(worst, std::abs(ours[i] - theirs[i]));
  fmt::print("largest difference from plain loops: {}\n", worst < 1e-13 ? "below 1e-13" : fmt::format("{:.1e}, too much", worst));

  constexpr auto program = tg::value_and_gradient(loss);
  const auto report = tg::check_gradient(loss, Wq = wq, Wk = wk, Wv = wv, Wo = wo, x = in);
  fmt::print("gradient check {}: {} components\n", report ? "passed" : "FAILED", report.components);
  fmt::print("{} unique nodes, {} additions, {} multiplications, {} exponentials\n", program.node_count(), program.operation_count().add,
             program.operation_count().multiply, program.operation_count().transcendental);
  return worst < 1e-13 && report ? 0 : 1;
}
