// SPDX-License-Identifier: BSL-1.0
// Named axes, rows and recurrences against code by hand: medians of interleaved runs, one thread. What is written by hand is checked first.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <random>
#include <vector>

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include "gru_by_hand.hpp"
#endif

namespace {

namespace tg = typegrad;
using namespace tg::literals;

template <class T>
std::vector<T> numbers(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<T> result(n);
  for (T& one : result) one = static_cast<T>(normal(random));
  return result;
}

template <class F>
double microseconds(F f, int repeat) {
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < repeat; ++i) f();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() * 1e6 / repeat;
}
double median(std::vector<double> all) {
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
  return all[all.size() / 2];
}
/// One line: ours, by hand, and the ratio, from runs in turn.
template <class Ours, class Theirs>
void compare(const char* what, Ours ours, Theirs theirs, double error, int repeat) {
  std::vector<double> a, b;
  for (int round = 0; round < 31; ++round) a.push_back(microseconds(ours, repeat)), b.push_back(microseconds(theirs, repeat));
  fmt::print("{:58} {:10.2f} us {:10.2f} us   {:5.2f}   {}\n", what, median(a), median(b), median(a) / median(b), error < 1e-4 ? "" : "DISAGREE");
}

// ---- a mixture of normal distributions

constexpr auto n = tg::axis<"n">;
constexpr auto k = tg::axis<"k", 10>;
constexpr auto d = tg::axis<"d", 10>;
constexpr auto x = tg::variable<"x", tg::axes<n, d>>;
constexpr auto weight = tg::parameter<"weight", tg::axes<k>>;
constexpr auto center = tg::parameter<"center", tg::axes<k, d>>;
constexpr auto scale = tg::parameter<"scale", tg::axes<k, d>>;
constexpr auto z = (x - center) * exp(scale);
constexpr auto mixture = -tg::mean<n>(logsumexp<k>(tg::log_softmax<k>(weight) + sum<d>(scale) - 0.5_c * dot<d>(z, z)));

/// Straightforward loops with the C library.
template <class T>
T mixture_by_hand(const std::vector<T>& xs, const T* w, const T* c, const T* s, T* gw, T* gc, T* gs) {
  constexpr int K = 10, D = 10;
  const int rows = static_cast<int>(xs.size()) / D;
  T top = w[0], total = 0, loss = 0, inverse[K * D], offset[K];
  for (int i = 1; i < K; ++i) top = std::max(top, w[i]);
  for (int i = 0; i < K; ++i) total += std::exp(w[i] - top);
  for (int i = 0; i < K; ++i) {
    offset[i] = w[i] - top - std::log(total);
    for (int j = 0; j < D; ++j) inverse[i * D + j] = std::exp(s[i * D + j]), offset[i] += s[i * D + j];
  }
  std::fill(gw, gw + K, T(0)), std::fill(gc, gc + K * D, T(0)), std::fill(gs, gs + K * D, T(0));
  for (int r = 0; r < rows; ++r) {
    T score[K], zs[K * D], largest = -std::numeric_limits<T>::infinity(), sum = 0;
    for (int i = 0; i < K; ++i) {
      T squares = 0;
      for (int j = 0; j < D; ++j) {
        zs[i * D + j] = (xs[static_cast<std::size_t>(r * D + j)] - c[i * D + j]) * inverse[i * D + j];
        squares += zs[i * D + j] * zs[i * D + j];
      }
      score[i] = offset[i] - T(0.5) * squares;
      largest = std::max(largest, score[i]);
    }
    for (int i = 0; i < K; ++i) sum += score[i] = std::exp(score[i] - largest);
    loss -= (largest + std::log(sum)) / static_cast<T>(rows);
    for (int i = 0; i < K; ++i) {
      const T p = score[i] / sum / static_cast<T>(rows);
      gw[i] -= p;
      for (int j = 0; j < D; ++j) {
        gc[i * D + j] -= p * zs[i * D + j] * inverse[i * D + j];
        gs[i * D + j] -= p * (1 - zs[i * D + j] * zs[i * D + j]);
      }
    }
  }
  for (int i = 0; i < K; ++i) gw[i] += std::exp(w[i] - top) / total;
  return loss;
}

template <class T>
void compare_mixture(const char* what) {
  const auto xs = numbers<T>(10 * 1000, 1), w = numbers<T>(10, 2), c = numbers<T>(100, 3);
  auto s = numbers<T>(100, 4);
  for (T& one : s) one *= T(0.3);
  constexpr auto program = tg::value_and_gradient(mixture, tg::wrt(weight, center, scale));
  static T gw[10], gc[100], gs[100];
  T value{}, by_hand{};
  static auto result = program(weight = w, center = c, scale = s, x = xs);
  by_hand = mixture_by_hand<T>(xs, w.data(), c.data(), s.data(), gw, gc, gs);
  double error = std::abs(static_cast<double>(result.value - by_hand));
  for (int i = 0; i < 100; ++i) error = std::max(error, std::abs(static_cast<double>(result.gradient[scale].data()[i] - gs[i])));
  for (int i = 0; i < 100; ++i) error = std::max(error, std::abs(static_cast<double>(result.gradient[center].data()[i] - gc[i])));
  for (int i = 0; i < 10; ++i) error = std::max(error, std::abs(static_cast<double>(result.gradient[weight].data()[i] - gw[i])));
  compare(
      what, [&] { result = program(weight = w, center = c, scale = s, x = xs), value += result.value; },
      [&] { by_hand += mixture_by_hand<T>(xs, w.data(), c.data(), s.data(), gw, gc, gs); }, error, 4);
}

// ---- paths under a local volatility, with four Greeks

constexpr auto day = tg::axis<"day", 252>;
constexpr auto spot = tg::parameter<"spot">;
constexpr auto vol = tg::parameter<"vol">;
constexpr auto skew = tg::parameter<"skew">;
constexpr auto rate = tg::parameter<"rate">;
constexpr auto noise = tg::variable<"noise", tg::axes<day>>;
constexpr auto walk = tg::scan<day>(
    tg::tuple(spot, 0_c),
    [](auto price, auto total, auto w) {
      const auto sigma = vol * exp(skew * (price - 100_c) / 100_c);
      const auto next = price + price * (rate / 252_c + sigma * tg::constant<0.06299407883487121> * w);
      return tg::tuple(next, total + next);
    },
    noise);
constexpr auto payoff = exp(-rate) * relu(walk[boost::hana::size_c<1>] / 252_c - 100_c);

/// The adjoint by hand, a path in each lane of a register, with the library's exponential.
using lanes = tg::math::lanes<double, tg::math::native_lanes<double>>;
std::array<double, 5> paths_by_hand(const std::vector<double>& w, double s0, double v, double q, double r) {
  constexpr int L = lanes::count;
  const int paths = static_cast<int>(w.size()) / 252;
  const lanes vl(v), ql(q / 100), drift(r / 252), root(0.06299407883487121), hundred(100.0);
  const double discount = std::exp(-r);
  std::array<double, 5> result{};
  for (int p = 0; p < paths; p += L) {
    lanes price[253], sigma[252], z_at[252], sum(0.0);
    price[0] = lanes(s0);
    for (int i = 0; i < 252; ++i) {
      for (int l = 0; l < L; ++l) z_at[i].v[l] = w[static_cast<std::size_t>((p + l) * 252 + i)];
      sigma[i] = vl * tg::math::exp(ql * (price[i] - hundred)) * root * z_at[i];
      price[i + 1] = price[i] + price[i] * (drift + sigma[i]);
      sum += price[i + 1];
    }
    const lanes average = sum / lanes(252.0) - hundred;
    const lanes alive = tg::math::select(average > lanes(0.0), lanes(discount), lanes(0.0));
    const lanes each = alive / lanes(252.0);
    lanes adjoint(0.0), by_vol(0.0), by_skew(0.0), by_rate(0.0);
    for (int i = 251; i >= 0; --i) {
      adjoint += each;
      const lanes by_sigma = adjoint * price[i] * sigma[i];
      by_vol += by_sigma, by_skew += by_sigma * (price[i] - hundred), by_rate += adjoint * price[i];
      adjoint = adjoint * (lanes(1.0) + drift + sigma[i]) + by_sigma * ql;
    }
    for (int l = 0; l < L; ++l) {
      const double value = alive.v[l] * average.v[l];
      result[0] += value / paths, result[1] += adjoint.v[l] / paths, result[2] += by_vol.v[l] / v / paths, result[3] += by_skew.v[l] / 100 / paths;
      result[4] += (by_rate.v[l] / 252 - value) / paths;
    }
  }
  return result;
}

void compare_paths() {
  const auto w = numbers<double>(252 * 2048, 5);
  constexpr auto program = tg::value_and_gradient(payoff, tg::wrt(spot, vol, skew, rate));
  auto ours = program(spot = 100.0, vol = 0.2, skew = -0.3, rate = 0.02, tg::batch(noise = w));
  auto theirs = paths_by_hand(w, 100, 0.2, -0.3, 0.02);
  const double error =
      std::max({std::abs(ours.value - theirs[0]), std::abs(ours.gradient[spot] - theirs[1]), std::abs(ours.gradient[vol] - theirs[2]),
                std::abs(ours.gradient[skew] - theirs[3]), std::abs(ours.gradient[rate] - theirs[4])});
  compare(
      "2,048 paths of 252 steps, price and four Greeks, double",
      [&] { ours = program(spot = 100.0, vol = 0.2, skew = -0.3, rate = 0.02, tg::batch(noise = w)); },
      [&] { theirs = paths_by_hand(w, 100, 0.2, -0.3, 0.02); }, error, 1);
}

// ---- predictions of all rows, against the loss over them

constexpr tg::nn::mlp<64, 32, 10> model{};
constexpr auto image = tg::variable<"image", tg::vector<64>>;
constexpr auto digit = tg::index<"digit", tg::axis<"class", 10>>;

void compare_predictions() {
  const auto images = numbers<float>(64 * 1797, 6);
  std::vector<int> digits(1797);
  for (std::size_t i = 0; i < digits.size(); ++i) digits[i] = static_cast<int>(i % 10);
  const auto theta = tg::nn::initialize<float>(model, 1, tg::nn::xavier{});
  std::vector<float> out(10 * 1797);
  float sink = 0;
  compare(
      "predictions of 1,797 digits, 64-32-10 (by hand: their loss)",
      [&] { tg::evaluate(model(image), theta, tg::each(image = images), tg::into(out)); },
      [&] { sink += tg::evaluate(tg::nn::softmax_cross_entropy(model(image), digit), theta, tg::batch(image = images, digit = digits)); }, 0, 4);
  if (sink > 1e30f) fmt::print("\n");
}

// ---- a recurrent network over 16 steps

#if defined(__AVX512F__) && defined(__AVX512DQ__)
constexpr auto time = tg::axis<"time", 16>;
constexpr auto in = tg::axis<"in", 16>;
constexpr auto unit = tg::axis<"unit", 16>;
constexpr auto states = tg::nn::gru_cell<"gru", in, unit>{};
constexpr auto series = tg::variable<"series", tg::axes<time, in>>;
constexpr auto target = tg::variable<"target", tg::axes<unit>>;
constexpr auto final_state = tg::scan<time>(0_c * tg::position<unit>, [](auto h, auto v) { return states(v, h); }, series);
constexpr auto distance = sum<unit>(square(final_state - target));

template <int Sequences>
void compare_gru(const char* what) {
  const auto xs = numbers<float>(Sequences * 256, 7), ys = numbers<float>(Sequences * 16, 8);
  const auto theta = tg::nn::initialize<float>(distance, 1, tg::nn::xavier{});
  constexpr auto program = tg::value_and_gradient(distance);
  static by_hand::gru<Sequences> hand;
  static auto memory = program.storage(theta, tg::batch(series = xs, target = ys));
  static auto alone = program(theta, series = std::vector<float>(256), target = std::vector<float>(16));
  float slope[by_hand::gru<Sequences>::size], sink = 0;
  const auto run = [&]() -> const auto& {
    if constexpr (Sequences == 1) return alone = program(theta, series = xs, target = ys);
    else return program(theta, tg::batch(series = xs, target = ys), tg::into(memory));
  };
  const auto& ours = run();
  double error = std::abs(ours.value - hand(theta.data(), xs.data(), ys.data(), slope)), largest = 0;
  for (int i = 0; i < hand.size; ++i) largest = std::max(largest, std::abs(static_cast<double>(slope[i])));
  for (int i = 0; i < hand.size; ++i) error = std::max(error, std::abs(static_cast<double>(ours.gradient.data()[i] - slope[i])) / largest);
  compare(what, [&] { sink += run().value; }, [&] { sink += hand(theta.data(), xs.data(), ys.data(), slope); }, error, 8);
  if (sink > 1e30f) fmt::print("\n");
}
#endif

}  // namespace

int main() {
  fmt::print("{:58} {:>13} {:>13}   ratio\n", "", "typegrad", "by hand");
  compare_mixture<float>("mixture of 10 in 10 dimensions, 1,000 points, float");
  compare_mixture<double>("mixture of 10 in 10 dimensions, 1,000 points, double");
  compare_paths();
  compare_predictions();
#if defined(__AVX512F__) && defined(__AVX512DQ__)
  compare_gru<64>("a GRU, 16 wide, 16 steps, 64 sequences, float");
  compare_gru<1>("the same, one sequence");
#endif
}
