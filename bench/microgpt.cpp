// SPDX-License-Identifier: BSL-1.0
// One training step of the GPT of docs/examples/microgpt.hpp, in float, Adam included: the library against code by hand. Names of the
// committed data, in an order of their own; rounds in turn, medians; a time is that of one name, the mean over all of them.
// Usage: bench/microgpt [FILE], or bench/microgpt FILE NAMES FOLDER: only the losses of ten steps of so many names, 1 or 16; the folder gets weights,
// the first gradient and the names.
#include "microgpt_by_hand.hpp"
#include "microgpt_kept_by_hand.hpp"

#include <microgpt.hpp>
#include <typegrad/io/safetensors.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

namespace {

constexpr std::size_t name_count = 1024;

std::vector<std::string> read_names(const char* file) {
  std::ifstream in(file);
  std::vector<std::string> all;
  for (std::string name; std::getline(in, name);) all.push_back(name);
  tg::nn::generator order(7);
  for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[order() % i]);
  all.resize(std::min(all.size(), name_count));
  return all;
}

using point = decltype(tg::nn::initialize<float>(gpt<16>::loss, 1));

point start() {
  auto theta = tg::nn::initialize<float>(gpt<16>::loss, 1);
  tg::nn::generator random(3);
  for (float& one : theta) one = static_cast<float>(0.08 * random.normal());
  return theta;
}

/// The same numbers, in the order of the code by hand.
by_hand::weights copied(const point& theta) {
  by_hand::weights to;
  const auto copy = [&](auto symbol, float* at) { std::copy_n(&theta[symbol][0], decltype(symbol)::shape::value.size(), at); };
  copy(wte, to.wte), copy(wpe, to.wpe), copy(lm_head, to.lm_head), copy(wq, to.wq), copy(wk, to.wk), copy(wv, to.wv), copy(wo, to.wo);
  copy(fc1, to.fc1), copy(fc2, to.fc2);
  return to;
}

/// The same numbers, with the inputs of each matrix outside.
by_hand::plain_weights turned(const point& theta) {
  by_hand::plain_weights to;
  const auto copy = [&](auto formula, auto& rows) {
    const auto numbers = tg::evaluate(formula, theta);
    std::copy_n(numbers.data(), sizeof rows / sizeof(float), &rows[0][0]);
  };
  copy(wte, to.wte), copy(wpe, to.wpe), copy(tg::order<c, v>(lm_head), to.lm_head), copy(tg::order<h, d, c>(wo), to.wo);
  copy(tg::order<c, h, d>(wq), to.wq), copy(tg::order<c, h, d>(wk), to.wk), copy(tg::order<c, h, d>(wv), to.wv);
  copy(tg::order<c, f>(fc1), to.fc1), copy(tg::order<f, c>(fc2), to.fc2);
  return to;
}

double seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }
double median(std::vector<double> all) {
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
  return all[all.size() / 2];
}

/// A way to train: over all names once, the last loss.
template <class F>
struct contestant {
  const char* name;
  F round;
  std::vector<double> times;
};
template <class F>
contestant(const char*, F) -> contestant<F>;

template <class... C>
void compete(std::size_t names, C&... all) {
  for (int round = 0; round < 40; ++round) {
    const auto one = [&](auto& way) {
      const double begin = seconds();
      volatile float loss = way.round();
      (void)loss;
      if (round >= 3) way.times.push_back((seconds() - begin) / static_cast<double>(names) * 1e6);
    };
    (one(all), ...);
  }
  (std::printf("%-60s %8.3f us\n", all.name, median(all.times)), ...);
}

/// Tokens per second with kept keys: what comes after each position of the names, one name after the other; and of many names at once,
/// each with all 16 positions.
int kept_keys(const point& theta, const std::vector<tokens<float>>& all) {
  using boost::hana::size_c;
  constexpr std::size_t at_once = 64;
  constexpr auto results = tg::tuple(kept::logits, kept::key, kept::value);
  const auto hand = turned(theta);
  by_hand::kept_rows rows{};
  std::array<float, 256> keys{}, values{};
  const auto ours = [&](int token, std::size_t at) {
    const auto now =
        tg::evaluate(results, theta, kept::token = token, kept::position = static_cast<int>(at), kept::keys = keys, kept::values = values);
    std::copy_n(now[size_c<1>].data(), 16, &keys[16 * at]), std::copy_n(now[size_c<2>].data(), 16, &values[16 * at]);
    return now[size_c<0>];
  };
  std::array<float, 27> logits;
  double worst = 0, count = 0;
  for (const auto& one : all)
    for (std::size_t at = 0; at < static_cast<std::size_t>(one.count); ++at, ++count) {
      const auto now = ours(one.token[at], at);
      by_hand::next_letter(hand, one.token[at], static_cast<int>(at), rows, logits.data());
      for (std::size_t k = 0; k < 27; ++k) worst = std::max(worst, std::abs(double(now[k]) - double(logits[k])));
    }
  std::printf("kept keys: largest difference from plain loops: %.1e\n", worst);
  if (!(worst < 1e-4)) return 1;

  contestant one_by_one{"a token with kept keys, typegrad", [&] {
                          float last = 0;
                          for (const auto& one : all)
                            for (std::size_t at = 0; at < static_cast<std::size_t>(one.count); ++at) last = ours(one.token[at], at)[0];
                          return last;
                        }};
  contestant loops{"a token with kept keys, plain loops by hand", [&] {
                     for (const auto& one : all)
                       for (int at = 0; at < one.count; ++at)
                         by_hand::next_letter(hand, one.token[static_cast<std::size_t>(at)], at, rows, logits.data());
                     return logits[0];
                   }};
  std::vector<std::array<float, 256>> many_keys(at_once), many_values(at_once);
  std::vector<float> scores(27 * at_once), key(16 * at_once), value(16 * at_once);
  std::vector<int> token(at_once), position(at_once);
  contestant many{"a token with kept keys, 64 names at once, typegrad", [&] {
                    for (std::size_t first = 0; first + at_once <= all.size(); first += at_once)
                      for (std::size_t at = 0; at < longest; ++at) {
                        for (std::size_t r = 0; r < at_once; ++r) token[r] = all[first + r].token[at], position[r] = static_cast<int>(at);
                        tg::evaluate(results, theta,
                                     tg::each(kept::token = token, kept::position = position, kept::keys = many_keys, kept::values = many_values),
                                     tg::into(scores, key, value));
                        for (std::size_t r = 0; r < at_once; ++r)
                          std::copy_n(&key[16 * r], 16, &many_keys[r][16 * at]), std::copy_n(&value[16 * r], 16, &many_values[r][16 * at]);
                      }
                    return scores[0];
                  }};
  compete(static_cast<std::size_t>(count), one_by_one, loops);
  compete(all.size() / at_once * at_once * longest, many);
  const auto millions = [](const auto& way) { return 1 / *std::min_element(way.times.begin(), way.times.end()); };
  std::printf("million tokens per second with kept keys, the fastest round: typegrad %.2f, plain loops by hand %.2f, 64 names at once %.2f\n",
              millions(one_by_one), millions(loops), millions(many));
  return 0;
}

/// Loss and gradient of 16 names at once, all of 16 positions.
class sixteen_names {
  using model = gpt<16>;
  std::vector<std::array<int, 16>> token_, next_;
  std::vector<std::array<float, 16>> weight_;

 public:
  explicit sixteen_names(const std::vector<tokens<float>>& all) {
    for (const auto& one : all) token_.push_back(one.token), next_.push_back(one.next), weight_.push_back(one.weight);
  }
  auto operator()(const point& theta, std::size_t first) const {
    return tg::value_and_gradient(model::loss)(
        theta, tg::batch(model::token = tg::strided(&token_[first][0], 16, 16), model::next = tg::strided(&next_[first][0], 16, 16),
                         model::weight = tg::strided(&weight_[first][0], 16, 16)));
  }
};

/// What other programs are compared with.
template <class Step>
int write(const std::string& folder, const std::vector<std::string>& names, std::size_t at_once, const Step& step_at) {
  auto theta = start();
  const auto gradient = step_at(theta, 0).gradient;
  const auto weights = tg::io::save(folder + "/weights.safetensors", tg::io::tensors("", theta));
  const auto slope = tg::io::save(folder + "/gradient.safetensors", tg::io::tensors("", gradient));
  std::ofstream file(folder + "/names");
  for (const auto& name : names) file << name << '\n';
  if (!weights || !slope || !file.flush()) return std::fprintf(stderr, "bench/microgpt: %s: cannot be written\n", folder.c_str()), 1;
  tg::optim::adam update(theta, {.learning_rate = 0.001, .beta1 = 0.85, .beta2 = 0.99});
  std::printf("losses");
  for (std::size_t k = 0; k < 10; ++k) {
    const auto result = step_at(theta, k * at_once);
    update(theta, result.gradient), std::printf(" %.9g", double(result.value));
  }
  std::printf("\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const auto names = read_names(argc > 1 ? argv[1] : "docs/data/names.txt");
  if (names.size() < 16) return std::fprintf(stderr, "bench/microgpt: no names; usage: bench/microgpt [FILE]\n"), 2;
  std::vector<tokens<float>> all(names.begin(), names.end());
  const sixteen_names step16(all);
  if (argc > 3 && std::string(argv[2]) == "1")
    return write(argv[3], names, 1, [&](const point& theta, std::size_t k) { return step(theta, all[k]); });
  if (argc > 3) return write(argv[3], names, 16, step16);
  double positions = 0;
  for (const auto& one : all) positions += one.count;

  // the same gradient?
  auto theta = start();
  auto hand = copied(theta);
  by_hand::weights slope;
  double worst = 0;
  for (std::size_t k = 0; k < 64; ++k) {
    const auto ours = step(theta, all[k]);
    const float value = by_hand::value_and_gradient(hand, all[k].token.data(), all[k].next.data(), all[k].count, slope);
    const auto expected = copied(ours.gradient);
    const float *const a = expected.wte, *const b = slope.wte;
    double largest = 1e-9;
    for (std::size_t i = 0; i < sizeof slope / sizeof(float); ++i) largest = std::max(largest, std::abs(double(a[i])));
    for (std::size_t i = 0; i < sizeof slope / sizeof(float); ++i) worst = std::max(worst, std::abs(double(a[i]) - double(b[i])) / largest);
    worst = std::max(worst, std::abs(double(ours.value) - double(value)) / double(value));
  }
  std::printf("%zu names, %.1f positions on average; largest relative difference from the code by hand: %.1e\n", all.size(),
              positions / double(all.size()), worst);
  if (!(worst < 1e-4)) return 1;

  tg::optim::adam update(theta, {.learning_rate = 0.001, .beta1 = 0.85, .beta2 = 0.99});
  contestant ours{"one name a step, typegrad", [&] {
                    float loss = 0;
                    for (const auto& one : all) {
                      const auto result = step(theta, one);
                      update(theta, result.gradient), loss = result.value;
                    }
                    return loss;
                  }};
  contestant gradient_only{"value and gradient of one name, typegrad", [&] {
                             float loss = 0;
                             for (const auto& one : all) {
                               const auto result = step(theta, one);
                               asm volatile("" : : "r"(&result) : "memory");
                               loss = result.value;
                             }
                             return loss;
                           }};
  by_hand::adam rule{};
  contestant theirs{"one name a step, by hand", [&] {
                      float loss = 0;
                      for (const auto& one : all) loss = by_hand::training_step(hand, rule, one.token.data(), one.next.data(), one.count, 0.001f);
                      return loss;
                    }};
  contestant hand_gradient{"value and gradient of one name, by hand", [&] {
                             float loss = 0;
                             for (const auto& one : all)
                               loss = by_hand::value_and_gradient(hand, one.token.data(), one.next.data(), one.count, slope);
                             return loss;
                           }};
  auto point16 = start();
  tg::optim::adam update16(point16, {.learning_rate = 0.001, .beta1 = 0.85, .beta2 = 0.99});
  contestant sixteen{"16 names a step, a name, typegrad, all of 16 positions", [&] {
                       float loss = 0;
                       for (std::size_t k = 0; k + 16 <= all.size(); k += 16) {
                         const auto result = step16(point16, k);
                         update16(point16, result.gradient), loss = result.value;
                       }
                       return loss;
                     }};
  compete(all.size(), ours, theirs, gradient_only, hand_gradient, sixteen);
  std::printf("typegrad / by hand: step %.2f, value and gradient %.2f\n", median(ours.times) / median(theirs.times),
              median(gradient_only.times) / median(hand_gradient.times));
  return kept_keys(start(), all);
}
