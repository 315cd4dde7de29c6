// SPDX-License-Identifier: BSL-1.0
// Over the rows of run-time data: which row has the largest, whether a condition holds in some row, and the numbers of rows.
#include <catch.hpp>
#include <typegrad/eval/threads.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

constexpr auto n = tg::axis<"n">;
constexpr auto c = tg::axis<"c", 3>;
constexpr auto x = tg::variable<"x", tg::axes<n, c>>;
constexpr auto y = tg::variable<"y", tg::axes<n>>;
constexpr auto k = tg::parameter<"k">;
constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

std::vector<double> numbers(int count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> few(-4, 4);
  std::vector<double> result(static_cast<std::size_t>(count));
  for (double& one : result) one = few(random);  // with ties
  return result;
}
/// As along an axis of known length.
double first_largest(const std::vector<double>& all, std::size_t first = 0, std::size_t step = 1) {
  std::size_t found = first;
  for (std::size_t i = first; i < all.size(); i += step)
    if (all[found] < all[i]) found = i;
  return static_cast<double>((found - first) / step);
}
const std::vector<int> counts = {1, 2, 7, 16, 17, 37, 300, 5000};

TEST_CASE("argmax<n>: the first row that has the largest") {
  for (const int count : counts) {
    const auto ys = numbers(count, 1), xs = numbers(3 * count, 2);
    CHECK(tg::evaluate(tg::argmax<n>(y), y = ys) == first_largest(ys));
    const auto columns = tg::evaluate(tg::argmax<n>(x), x = xs);
    for (std::size_t i = 0; i < 3; ++i) CHECK(columns[i] == first_largest(xs, i, 3));
    const std::vector<float> single(ys.begin(), ys.end());
    CHECK(tg::evaluate<float>(tg::argmax<n>(y * 2_c), y = single) == static_cast<float>(first_largest(ys)));
  }
}

TEST_CASE("argmax<n>: NaN and infinities as along an axis of known length") {
  constexpr auto t = tg::axis<"t", 5>;
  constexpr auto v = tg::variable<"v", tg::axes<t>>;
  const std::vector<std::vector<double>> cases = {{nan, 3, 7, 2, 1},
                                                  {3, nan, 7, nan, 7},
                                                  {nan, nan, infinity, 1, nan},
                                                  {-infinity, nan, -infinity, -infinity, nan},
                                                  {1, infinity, nan, infinity, 2},
                                                  {-3, -2, nan, -2, -9}};
  for (const auto& ys : cases) CHECK(tg::evaluate(tg::argmax<n>(y), y = ys) == tg::evaluate(tg::argmax<t>(v), v = ys));
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{36}, std::size_t{50}}) {
    auto ys = numbers(51, 3);
    ys[at] = nan;
    CHECK(tg::evaluate(tg::argmax<n>(y), y = ys) == first_largest(ys));
  }
}

TEST_CASE("argmax<n>: in constant expressions, by threads, with a formula around it") {
  static constexpr std::array<double, 20> ys = {0, 1, 5, -1, 2, 5, 3, 5, 5, 1, 0, 0, 0, 0, 0, 0, 5, 0, 0, 4};
  STATIC_REQUIRE(tg::evaluate(tg::argmax<n>(y), y = ys) == 2);
  STATIC_REQUIRE(tg::evaluate(tg::sum<n>(tg::position<n> * y), y = ys) == 1 + 10 - 3 + 8 + 25 + 18 + 35 + 40 + 9 + 80 + 76);
  constexpr auto formula = square(tg::argmax<n>(k * y - tg::mean<n>(y))) + k * tg::max<n>(y);
  constexpr auto program = tg::value_and_gradient(formula);
  static constexpr auto at_compile_time = program(k = 2.0, y = ys);
  STATIC_REQUIRE(at_compile_time.value == 14);
  STATIC_REQUIRE(at_compile_time.gradient[k] == 5);
  CHECK(program(k = 2.0, y = std::vector<double>(ys.begin(), ys.end())).value == 14);
  CHECK(program(k = -1.0, y = std::vector<double>(ys.begin(), ys.end())).value == 9 - 5);
  tg::thread_pool pool(2);
  auto many = numbers(3'000'000, 4);
  many[2'345'678] = many[2'900'000] = 9;
  CHECK(tg::value_and_gradient(k * tg::argmax<n>(sin(sin(y / 100_c)))).on(pool)(k = 1.0, y = many).value == 2'345'678);
}

TEST_CASE("argmax<n> and any<n>: their derivative is 0 and costs nothing") {
  CHECK(tg::to_string(tg::gradient(tg::argmax<n>(k * y), tg::wrt(k))[k]) == "0");
  CHECK(tg::to_string(tg::gradient(tg::any<n>(k * y > 1_c), tg::wrt(k))[k]) == "0");
  CHECK(tg::to_string(tg::argmax<n>(k * y)) == "argmax<n>(k*y)");
  CHECK(tg::to_string(tg::any<n>(k * y > 1_c)) == "any<n>(1 < k*y)");
  CHECK(tg::to_string(tg::position<n> * y) == "position<n>*y");
}

TEST_CASE("any: does a condition hold in some row, in some element?") {
  for (const int count : counts)
    for (const int at : {-1, 0, count / 2, count - 1}) {
      std::vector<double> ys(static_cast<std::size_t>(count), 1.0);
      if (at >= 0) ys[static_cast<std::size_t>(at)] = 3;
      CHECK(tg::evaluate(tg::any<n>(y > 2_c), y = ys) == (at >= 0 ? 1 : 0));
      CHECK(tg::evaluate(tg::any<n>(2_c * (1_c - y)), y = ys) == (at >= 0 ? 1 : 0));  // what is not 0 holds
    }
  STATIC_REQUIRE(tg::evaluate(tg::any<n>(x > 2_c), x = std::array<double, 6>{1, 2, 3, 1, 4, 1})[1] == 1);
  STATIC_REQUIRE(tg::evaluate(tg::any<n>(x > 2_c), x = std::array<double, 6>{1, 2, 3, 1, 4, 1})[0] == 0);
  STATIC_REQUIRE(tg::evaluate(tg::any<c, n>(x > 3_c), x = std::array<double, 6>{1, 2, 3, 1, 4, 1}) == 1);
  constexpr auto v = tg::variable<"v", tg::axes<c>>;
  STATIC_REQUIRE(tg::evaluate(tg::any<c>(v < 0_c), v = std::array{1.0, -1.0, 0.0}) == 1);
  STATIC_REQUIRE(tg::evaluate(tg::any<c>(v < 0_c), v = std::array{1.0, 1.0, 0.0}) == 0);
}

TEST_CASE("position<n>: the number of each row") {
  for (const int count : counts) {
    const auto ys = numbers(count, 5);
    std::vector<double> out(ys.size());
    tg::evaluate(y - 3_c * tg::position<n>, y = ys, tg::into(out));
    for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i] == ys[i] - 3 * static_cast<double>(i));
    CHECK(tg::evaluate(tg::max<n>(tg::position<n> + 0_c * y), y = ys) == count - 1);
  }
}

}  // namespace
