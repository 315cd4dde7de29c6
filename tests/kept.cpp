// SPDX-License-Identifier: BSL-1.0
// The formula of one position, with keys and values kept, against the training formula of all positions: the same scores from the same weights.
#include <catch.hpp>

#include <microgpt_sample.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace {

using boost::hana::size_c;

/// The largest difference between the scores, relative to the largest score. Rows that are not yet written hold NaN: nobody reads them.
template <int Positions, class T>
double apart(std::uint64_t seed) {
  using model = gpt<Positions>;
  constexpr std::size_t positions = Positions;
  auto theta = tg::nn::initialize<T>(gpt<16>::loss, 1);
  tg::nn::generator random(seed);
  for (T& one : theta) one = static_cast<T>(0.3 * random.normal());
  std::array<int, positions> token{};
  for (int& one : token) one = static_cast<int>(random() % 27);
  const auto all = tg::evaluate(model::logits, theta, model::token = token);
  std::array<T, 256> keys, values;
  keys.fill(std::numeric_limits<T>::quiet_NaN()), values.fill(std::numeric_limits<T>::quiet_NaN());
  double worst = 0, largest = 0;
  for (std::size_t at = 0; at < positions; ++at) {
    const auto one = tg::evaluate(tg::tuple(kept::logits, kept::key, kept::value), theta, kept::token = token[at],
                                  kept::position = static_cast<int>(at), kept::keys = keys, kept::values = values);
    std::copy_n(one[size_c<1>].data(), 16, keys.data() + 16 * at), std::copy_n(one[size_c<2>].data(), 16, values.data() + 16 * at);
    for (std::size_t k = 0; k < 27; ++k) {
      const double expected = double(all[k * positions + at]), given = double(one[size_c<0>][k]);
      REQUIRE(std::isfinite(given));
      worst = std::max(worst, std::abs(given - expected)), largest = std::max(largest, std::abs(expected));
    }
  }
  return worst / largest;
}

TEST_CASE("Kept keys give the scores of the training formula at every position") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CHECK(apart<16, double>(seed) < 1e-14);
    CHECK(apart<8, double>(seed) < 1e-14);
    CHECK(apart<16, float>(seed) < 1e-6);
    CHECK(apart<8, float>(seed) < 1e-6);
  }
}

TEST_CASE("A name goes on from what it begins with, in the letters a to z, and a seed gives it again") {
  auto theta = tg::nn::initialize<float>(gpt<16>::loss, 1);
  tg::nn::generator random(5), first(7), second(7);
  for (float& one : theta) one = static_cast<float>(0.3 * random.normal());
  for (int k = 0; k < 50; ++k) {
    sampled one, again;
    one.name = again.name = {'m', 'a'};
    one.make_up(2, first, 0.7f, theta), again.make_up(2, second, 0.7f, theta);
    const std::string name = one.name.data();
    CHECK(name.starts_with("ma"));
    CHECK(name.size() <= longest);
    CHECK(std::all_of(name.begin(), name.end(), [](char letter) { return letter >= 'a' && letter <= 'z'; }));
    CHECK(one.name == again.name);
  }
}

}  // namespace
