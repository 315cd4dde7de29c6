// SPDX-License-Identifier: BSL-1.0
// A recurrent network learns to add: two binary numbers come bit by bit, the lowest first, and so does their sum. Each pair has a length of its own.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <cmath>
#include <vector>

namespace {

// [recurrent]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto bit = tg::axis<"bit", 12>;
constexpr auto in = tg::axis<"in", 2>;
constexpr auto state = tg::axis<"state", 8>;
constexpr tg::nn::gru_cell<"gru", in, state> cell;
constexpr auto out = tg::parameter<"out", tg::axes<state>>;
constexpr auto offset = tg::parameter<"offset">;
constexpr auto x = tg::variable<"x", tg::axes<bit, in>>;  // the bits of both numbers
constexpr auto y = tg::variable<"y", tg::axes<bit>>;      // those of the sum
constexpr auto length = tg::variable<"length">;           // how many there are

constexpr auto states = tg::scan_all<bit>(tg::steps(length), 0_c * tg::position<state>, [](auto before, auto bits) { return cell(bits, before); }, x);
constexpr auto logits = dot<state>(out, states) + offset;
constexpr auto wrong = softplus(logits) - y * logits;                                     // the binary cross entropy of each bit
constexpr auto loss = sum<bit>(select(tg::position<bit> < length, wrong, 0_c)) / length;  // of one pair; a batch takes the mean
// [recurrent]

constexpr std::size_t most = bit.size;

struct pairs {
  std::vector<float> bits, sums, lengths;
  void draw(int count, tg::nn::generator& next) {
    bits.assign(2 * most * static_cast<std::size_t>(count), 0), sums.assign(most * static_cast<std::size_t>(count), 0), lengths.clear();
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const std::size_t n = 3 + next() % (most - 2);
      const std::uint64_t below = std::uint64_t{1} << (n - 1), a = next() % below, b = next() % below;
      lengths.push_back(static_cast<float>(n));
      for (std::size_t k = 0; k < n; ++k) {
        bits[2 * (most * i + k)] = static_cast<float>(a >> k & 1), bits[2 * (most * i + k) + 1] = static_cast<float>(b >> k & 1);
        sums[most * i + k] = static_cast<float>((a + b) >> k & 1);
      }
    }
  }
};

}  // namespace

int main() {
  auto theta = tg::nn::initialize<float>(loss, 1, tg::nn::xavier{});
  tg::nn::generator next(2);
  for (float& one : theta[out]) one = static_cast<float>(next.normal());
  constexpr auto program = tg::value_and_gradient(loss);
  tg::optim::adam update(theta, 0.02);
  pairs data;
  for (int step = 0; step < 1500; ++step) {
    data.draw(64, next);
    const auto result = program(theta, tg::batch(x = data.bits, y = data.sums, length = data.lengths));
    if (step % 500 == 0) fmt::print("step {:4}  loss {:.4f}\n", step, result.value);
    update(theta, result.gradient);
  }
  data.draw(1000, next);
  std::vector<float> answers(most * 1000);
  tg::evaluate(logits, theta, tg::each(x = data.bits, length = data.lengths), tg::into(answers));
  int right = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    bool all = true;
    for (std::size_t k = most * i; k < most * i + static_cast<std::size_t>(data.lengths[i]); ++k)
      all = all && (answers[k] > 0) == (data.sums[k] > 0.5f);
    right += all ? 1 : 0;
  }
  fmt::print("{:.1f} % of new sums right in all bits\n", right / 10.0);
  return right > 990 ? 0 : 1;
}
