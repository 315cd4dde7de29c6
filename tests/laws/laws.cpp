// SPDX-License-Identifier: BSL-1.0
#include <catch.hpp>
#include <laws/laws.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#if __has_include(<rapidcheck.h>)
#include <rapidcheck.h>
#else  // the same laws without shrinking
#include <random>
#include <stdexcept>
namespace rc {
inline std::mt19937 random(1);
namespace gen {
inline auto inRange(int low, int high) {
  struct one {
    int value;
    int operator*() const { return value; }
  };
  return one{std::uniform_int_distribution<int>(low, high - 1)(random)};
}
}  // namespace gen
inline bool check(const std::string& name, const std::function<void()>& law) {
  try {
    for (int i = 0; i < 100; ++i) law();
    return true;
  } catch (const std::logic_error& failure) { return UNSCOPED_INFO(name << ": " << failure.what()), false; }
}
}  // namespace rc
#define RC_ASSERT(condition) ((condition) ? void() : throw std::logic_error(#condition))
#endif

namespace {

using laws::law_case;

/// n numbers in [low, high], as RapidCheck draws and shrinks them.
std::vector<double> draw(int n, double low, double high) {
  std::vector<double> values(static_cast<std::size_t>(n));
  for (double& v : values) v = low + (high - low) * *rc::gen::inRange(0, 1'000'001) / 1e6;
  return values;
}

bool close(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a), std::abs(b)}); }

void derivative_is_the_limit_of_differences(const law_case& c) {
  const auto in = draw(c.inputs, c.low, c.high), weights = draw(c.outputs, -1, 1);
  std::vector<double> gradient(in.size());
  c.gradient(in, weights, gradient);
  std::vector<long double> at(in.begin(), in.end());
  const std::vector<long double> w(weights.begin(), weights.end());
  for (std::size_t i = 0; i < at.size(); ++i) {
    const long double x = at[i], h = 0x1p-20L;
    at[i] = x + h;
    const long double above = c.value(at, w);
    at[i] = x - h;
    const long double below = c.value(at, w);
    at[i] = x;
    RC_ASSERT(close(gradient[i], static_cast<double>((above - below) / (2 * h)), 2e-9));
  }
}

void pullback_and_pushforward_agree(const law_case& c) {
  const auto in = draw(c.inputs, c.low, c.high), u = draw(c.outputs, -1, 1), v = draw(c.inputs, -1, 1);
  const auto [forward, reverse] = c.products(in, u, v);
  RC_ASSERT(close(forward, reverse, 1e-12));
}

void simplification_preserves_the_value(const law_case& c) {
  const auto in = draw(c.inputs, c.low, c.high), weights = draw(c.outputs, -1, 1);
  RC_ASSERT(close(c.as_written(in, weights), c.as_simplified(in, weights), 1e-13));
}

void check(const std::vector<law_case>& cases) {
  for (const law_case& c : cases) {
    INFO(c.name);
    CHECK(c.printed_now == c.printed);
    CHECK(c.simplified == c.simplified_twice);
    const std::string name(c.name);
    CHECK(rc::check(name + ": the derivative is the limit of differences", [&] { derivative_is_the_limit_of_differences(c); }));
    CHECK(rc::check(name + ": pullback and pushforward agree", [&] { pullback_and_pushforward_agree(c); }));
    CHECK(rc::check(name + ": simplification preserves the value", [&] { simplification_preserves_the_value(c); }));
  }
}

TEST_CASE("the laws hold for every operation on scalars") { check(laws::scalar_cases()); }
TEST_CASE("the laws hold for every operation elementwise, with broadcasting") { check(laws::elementwise_cases()); }
TEST_CASE("the laws hold for tensor operations") { check(laws::tensor_cases()); }
TEST_CASE("the laws hold for tensors with named axes") { check(laws::axes_cases()); }

}  // namespace
