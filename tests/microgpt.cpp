// SPDX-License-Identifier: BSL-1.0
// A small language model against an independent derivation: a tape of scalars, as slow as it is simple. And one training step of a smaller
// sibling in a constant expression, with the bits of run time.
#include <catch.hpp>

#include <typegrad/eval/threads.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

/// A model of T positions, C channels, H heads and V tokens: the formula of docs/examples/microgpt.cpp.
template <int T, int C, int H, int V>
struct gpt {
  static constexpr auto t = tg::axis<"t", T>;
  static constexpr auto s = tg::axis<"s", T>;
  static constexpr auto c = tg::axis<"c", C>;
  static constexpr auto h = tg::axis<"h", H>;
  static constexpr auto d = tg::axis<"d", C / H>;
  static constexpr auto f = tg::axis<"f", 4 * C>;
  static constexpr auto v = tg::axis<"v", V>;
  static constexpr auto wte = tg::parameter<"wte", tg::axes<v, c>>;
  static constexpr auto wpe = tg::parameter<"wpe", tg::axes<t, c>>;
  static constexpr auto lm_head = tg::parameter<"lm_head", tg::axes<v, c>>;
  static constexpr auto wq = tg::parameter<"wq", tg::axes<h, d, c>>;
  static constexpr auto wk = tg::parameter<"wk", tg::axes<h, d, c>>;
  static constexpr auto wv = tg::parameter<"wv", tg::axes<h, d, c>>;
  static constexpr auto wo = tg::parameter<"wo", tg::axes<c, h, d>>;
  static constexpr auto fc1 = tg::parameter<"fc1", tg::axes<f, c>>;
  static constexpr auto fc2 = tg::parameter<"fc2", tg::axes<c, f>>;
  static constexpr auto token = tg::index<"token", v, tg::axes<t>>;
  static constexpr auto next = tg::index<"next", v, tg::axes<t>>;
  static constexpr auto weight = tg::variable<"weight", tg::axes<t>>;

  static constexpr auto norm(auto x) { return x / sqrt(tg::mean<c>(square(x)) + 1e-5_c); }
  static constexpr auto attend(auto x) {
    const auto query = dot<c>(wq, x);
    const auto key = tg::rename<t, s>(dot<c>(wk, x));
    const auto value = tg::rename<t, s>(dot<c>(wv, x));
    const auto seen = tg::select(tg::position<s> <= tg::position<t>, dot<d>(key, query) / sqrt(tg::constant<C / H>), tg::minus_infinity);
    return dot<h, d>(wo, dot<s>(tg::softmax<s>(seen), value));
  }
  static constexpr auto embedded = norm(tg::take<v>(wte, token) + wpe);
  static constexpr auto attended = embedded + attend(norm(embedded));
  static constexpr auto hidden = attended + dot<f>(fc2, relu(dot<c>(fc1, norm(attended))));
  static constexpr auto logits = dot<c>(lm_head, hidden);
  static constexpr auto loss = tg::sum(weight * (tg::logsumexp<v>(logits) - tg::take<v>(logits, next)));
};

/// The same on a tape: every number knows the two it came from, and its slopes.
struct tape {
  struct entry {
    int from[2];
    double slope[2];
  };
  std::vector<entry> entries;
  std::vector<double> values;

  int push(double value, int a = -1, double da = 0, int b = -1, double db = 0) {
    entries.push_back({{a, b}, {da, db}}), values.push_back(value);
    return static_cast<int>(values.size()) - 1;
  }
  double at(int i) const { return values[static_cast<std::size_t>(i)]; }
  int add(int a, int b) { return push(at(a) + at(b), a, 1, b, 1); }
  int multiply(int a, int b) { return push(at(a) * at(b), a, at(b), b, at(a)); }
  int scale(int a, double by) { return push(at(a) * by, a, by); }
  int exp(int a) { return push(std::exp(at(a)), a, std::exp(at(a))); }
  int log(int a) { return push(std::log(at(a)), a, 1 / at(a)); }
  int power(int a, double p) { return push(std::pow(at(a), p), a, p * std::pow(at(a), p - 1)); }
  int relu(int a) { return push(at(a) > 0 ? at(a) : 0, a, at(a) > 0 ? 1 : 0); }
  std::vector<double> sweep(int root) const {
    std::vector<double> adjoint(values.size());
    adjoint[static_cast<std::size_t>(root)] = 1;
    for (std::size_t i = values.size(); i-- > 0;)
      for (int k = 0; k < 2; ++k)
        if (entries[i].from[k] >= 0) adjoint[static_cast<std::size_t>(entries[i].from[k])] += adjoint[i] * entries[i].slope[k];
    return adjoint;
  }
};

using row = std::vector<int>;

template <class Model, class Point>
struct by_tape {
  static constexpr int C = Model::c.size, H = Model::h.size, D = Model::d.size, V = Model::v.size;
  tape all;

  row normed(const row& x) {
    int sum = all.push(0);
    for (const int one : x) sum = all.add(sum, all.multiply(one, one));
    const int factor = all.power(all.add(all.scale(sum, 1.0 / C), all.push(1e-5)), -0.5);
    row y;
    for (const int one : x) y.push_back(all.multiply(one, factor));
    return y;
  }
  /// A parameter starts at its offset in the point, and on the tape.
  row times(std::ptrdiff_t first, int rows, const row& x) {
    row y;
    for (int i = 0; i < rows; ++i) {
      int sum = all.push(0);
      for (std::size_t k = 0; k < x.size(); ++k)
        sum = all.add(sum, all.multiply(static_cast<int>(first) + i * static_cast<int>(x.size()) + static_cast<int>(k), x[k]));
      y.push_back(sum);
    }
    return y;
  }
  row plus(row a, const row& b) {
    for (std::size_t k = 0; k < a.size(); ++k) a[k] = all.add(a[k], b[k]);
    return a;
  }
  /// The loss of so many positions; the gradient goes to `gradient`.
  double operator()(const Point& theta, const std::vector<int>& token, const std::vector<int>& next, int n, Point& gradient) {
    all = {};
    for (const double one : theta) all.push(one);
    const auto offset = [&](auto symbol) { return &theta[symbol][0] - theta.data(); };
    const auto embedding = [&](std::ptrdiff_t first, int i) {
      row x;
      for (int k = 0; k < C; ++k) x.push_back(static_cast<int>(first) + i * C + k);
      return x;
    };
    std::vector<row> keys, values;
    int loss = all.push(0);
    for (int at = 0; at < n; ++at) {
      const auto i = static_cast<std::size_t>(at);
      const row x = normed(plus(embedding(offset(Model::wte), token[i]), embedding(offset(Model::wpe), at))), y = normed(x);
      const row query = times(offset(Model::wq), C, y);
      keys.push_back(times(offset(Model::wk), C, y)), values.push_back(times(offset(Model::wv), C, y));
      row mixed;
      for (int head = 0; head < H; ++head) {
        row share;
        int total = all.push(0);
        for (const row& key : keys) {
          int score = all.push(0);
          for (std::size_t k = static_cast<std::size_t>(head * D); k < static_cast<std::size_t>((head + 1) * D); ++k)
            score = all.add(score, all.multiply(query[k], key[k]));
          share.push_back(all.exp(all.scale(score, 1 / std::sqrt(double(D)))));
          total = all.add(total, share.back());
        }
        const int whole = all.power(total, -1);
        for (int k = head * D; k < (head + 1) * D; ++k) {
          int sum = all.push(0);
          for (std::size_t from = 0; from <= i; ++from)
            sum = all.add(sum, all.multiply(all.multiply(share[from], whole), values[from][static_cast<std::size_t>(k)]));
          mixed.push_back(sum);
        }
      }
      const row attended = plus(x, times(offset(Model::wo), C, mixed));
      row inner = times(offset(Model::fc1), 4 * C, normed(attended));
      for (int& one : inner) one = all.relu(one);
      const row logits = times(offset(Model::lm_head), V, plus(attended, times(offset(Model::fc2), C, inner)));
      int total = all.push(0);
      for (const int one : logits) total = all.add(total, all.exp(one));
      loss = all.add(loss, all.add(all.log(total), all.scale(logits[static_cast<std::size_t>(next[i])], -1)));
    }
    loss = all.scale(loss, 1.0 / n);
    const std::vector<double> adjoint = all.sweep(loss);
    for (std::size_t k = 0; k < theta.size(); ++k) gradient.data()[k] = adjoint[k];
    return all.at(loss);
  }
};

template <class Model>
void follow(const std::vector<std::string>& names) {
  constexpr std::size_t T = Model::t.size;
  auto theta = tg::nn::initialize<double>(Model::loss, 3);
  tg::nn::generator random(4);
  for (double& one : theta) one = 0.3 * random.normal();
  auto gradient = theta;
  by_tape<Model, decltype(theta)> independent;
  tg::optim::adam update(theta, 0.01);
  for (const std::string& name : names) {
    const int n = static_cast<int>(std::min(T, name.size() + 1));
    std::vector<int> token(T), next(T);
    std::vector<double> weight(T);
    for (std::size_t k = 0; k < static_cast<std::size_t>(n); ++k) {
      token[k] = k == 0 ? Model::v.size - 1 : name[k - 1] - 'a', next[k] = k < name.size() ? name[k] - 'a' : Model::v.size - 1;
      weight[k] = 1.0 / n;
    }
    const auto ours = tg::value_and_gradient(Model::loss)(theta, Model::token = token, Model::next = next, Model::weight = weight);
    const double value = independent(theta, token, next, n, gradient);
    CHECK(std::abs(ours.value - value) < 1e-13 * value);
    double worst = 0, largest = 0;
    for (std::size_t k = 0; k < theta.size(); ++k) {
      worst = std::max(worst, std::abs(ours.gradient.data()[k] - gradient.data()[k]));
      largest = std::max(largest, std::abs(gradient.data()[k]));
    }
    CHECK(worst < 1e-13 * largest);
    update(theta, gradient);
  }
}

TEST_CASE("A language model of one layer follows an independent tape for ten steps") {
  follow<gpt<16, 16, 4, 27>>({"ada", "grace", "barbara", "annie", "margaret", "konradzuse", "alexandergrothendieck", "x", "emmy", "sofya"});
}
TEST_CASE("Language models of odd sizes follow an independent tape") {
  follow<gpt<7, 6, 3, 5>>({"abc", "abcdabcdabcd", "d"});
  follow<gpt<8, 4, 2, 4>>({"abc", "ab"});
  follow<gpt<17, 10, 5, 9>>({"abcdefgh", "habcdefghabcdefg"});
}
TEST_CASE("Rows of a language model: the mean over a batch is that of its rows") {
  using model = gpt<16, 16, 4, 27>;
  constexpr auto program = tg::value_and_gradient(model::loss);
  auto theta = tg::nn::initialize<double>(model::loss, 5);
  tg::nn::generator random(6);
  for (double& one : theta) one = 0.3 * random.normal();
  std::vector<std::array<int, 16>> token(5), next(5);
  std::vector<std::array<double, 16>> weight(5);
  auto mean = 0.0 * theta;
  double value = 0;
  for (std::size_t r = 0; r < token.size(); ++r) {
    for (std::size_t k = 0; k < 16; ++k)
      token[r][k] = static_cast<int>(random() % 27), next[r][k] = static_cast<int>(random() % 27), weight[r][k] = 1 / 16.0;
    const auto one = program(theta, model::token = token[r], model::next = next[r], model::weight = weight[r]);
    mean += one.gradient, value += one.value;
  }
  static auto memory = program.storage(theta, tg::batch(model::token = token, model::next = next, model::weight = weight));
  const auto& all = program(theta, tg::batch(model::token = token, model::next = next, model::weight = weight), tg::into(memory));
  CHECK(std::abs(all.value - value / 5) < 1e-14);
  double worst = 0;
  for (std::size_t k = 0; k < theta.size(); ++k) worst = std::max(worst, std::abs(all.gradient.data()[k] - mean.data()[k] / 5));
  CHECK(worst < 1e-14);
}

TEST_CASE("Rows of a language model on several threads have the bits of one thread") {
  using model = gpt<16, 16, 4, 27>;
  constexpr auto program = tg::value_and_gradient(model::loss);
  auto theta = tg::nn::initialize<float>(model::loss, 5, tg::nn::xavier{});
  tg::nn::generator random(6);
  constexpr std::size_t rows = 200;
  std::vector<std::array<int, 16>> token(rows), next(rows);
  std::vector<std::array<float, 16>> weight(rows);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t k = 0; k < 16; ++k)
      token[r][k] = static_cast<int>(random() % 27), next[r][k] = static_cast<int>(random() % 27), weight[r][k] = 1 / 16.0f;
  const auto batch = tg::batch(model::token = token, model::next = next, model::weight = weight);
  static auto memory = program.storage(theta, batch);
  const auto one = program(theta, batch, tg::into(memory));
  for (const int threads : {1, 2, 3}) {
    tg::thread_pool pool(threads);
    static auto other = program.storage(theta, batch);
    const auto& many = program.on(pool)(theta, batch, tg::into(other));
    CHECK(std::memcmp(&one.value, &many.value, sizeof(float)) == 0);
    CHECK(std::memcmp(one.gradient.data(), many.gradient.data(), sizeof(float) * theta.size()) == 0);
  }
}

/// One training step of a small one: forward, backward, update.
template <class T>
constexpr auto small_step() {
  using model = gpt<4, 4, 2, 5>;
  auto theta = tg::nn::initialize<T>(model::loss, 1, tg::nn::xavier{});
  constexpr std::array token = {4, 0, 1, 2};
  constexpr std::array next = {0, 1, 2, 4};
  constexpr std::array<T, 4> weight = {T(0.25), T(0.25), T(0.25), T(0.25)};
  const auto result = tg::value_and_gradient(model::loss)(theta, model::token = token, model::next = next, model::weight = weight);
  tg::optim::adam update(theta, 0.01);
  update(theta, result.gradient);
  return theta;
}
TEST_CASE("A training step of a language model in a constant expression has the bits of run time") {
  static constexpr auto compiled = small_step<double>();
  static_assert(compiled[gpt<4, 4, 2, 5>::wte][0] != 0);
  const auto now = small_step<double>();
  CHECK(std::memcmp(compiled.data(), now.data(), sizeof(double) * compiled.size()) == 0);
}

}  // namespace
