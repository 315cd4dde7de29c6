// SPDX-License-Identifier: BSL-1.0
// Recurrences of a length that is known at run time, and those of rows: each as long as its row says.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

constexpr auto t = tg::axis<"t", 6>;
constexpr auto n = tg::axis<"n">;
constexpr auto h = tg::axis<"h", 3>;
constexpr auto w = tg::parameter<"w">;
constexpr auto start = tg::parameter<"start">;
constexpr auto x = tg::variable<"x", tg::axes<t>>;
constexpr auto length = tg::variable<"length">;
constexpr auto xs = tg::variable<"xs", tg::axes<n, t>>;
constexpr auto lengths = tg::variable<"lengths", tg::axes<n>>;
constexpr auto pull = tg::variable<"pull", tg::axes<n>>;

constexpr auto next(auto before, auto in) { return tanh(w * before + in); }
constexpr auto last = tg::scan<t>(tg::steps(length), start, [](auto before, auto in) { return next(before, in); }, x);
constexpr auto all = tg::scan_all<t>(tg::steps(length), start, [](auto before, auto in) { return next(before, in); }, x);
constexpr auto last_of_rows = tg::scan<t>(tg::steps(lengths), start, [](auto before, auto in) { return next(before, in); }, xs);

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::array<double, 6> inputs = {0.1, -0.3, 0.5, 0.7, -0.2, 0.4};

/// The carries after each step, by a loop.
std::array<double, 6> by_loop(double carry, double weight, const double* in, double steps) {
  std::array<double, 6> result{};
  for (int i = 0; i < 6; ++i) {
    if (i < steps) carry = std::tanh(weight * carry + in[i]);
    result[static_cast<std::size_t>(i)] = carry;
  }
  return result;
}

TEST_CASE("ragged: as many steps as the length says, at most those of the axis") {
  for (const double steps : {-1.0, 0.0, 1.0, 2.5, 3.0, 6.0, 9.0, nan}) {
    INFO(steps);
    const auto expected = by_loop(0.3, 0.9, inputs.data(), steps);
    CHECK(tg::evaluate(last, w = 0.9, start = 0.3, x = inputs, length = steps) == Approx(expected[5]).epsilon(1e-14));
    const auto found = tg::evaluate(all, w = 0.9, start = 0.3, x = inputs, length = steps);
    for (std::size_t i = 0; i < 6; ++i) CHECK(found[i] == Approx(expected[i]).epsilon(1e-14));
    CHECK(tg::check_gradient(square(last) + tg::sum<t>(square(all) * tg::position<t>), w = 0.9, start = 0.3, x = inputs, length = steps));
  }
}

TEST_CASE("ragged: what comes after the length may be anything, and has no derivative") {
  std::array<double, 6> spoilt = inputs;
  spoilt[3] = spoilt[4] = nan, spoilt[5] = std::numeric_limits<double>::infinity();
  constexpr auto f = tg::value_and_gradient(square(last) + tg::sum<t>(square(all)), tg::wrt(w, x, length));
  const auto expected = f(w = 0.9, start = 0.3, x = inputs, length = 3), found = f(w = 0.9, start = 0.3, x = spoilt, length = 3);
  CHECK(found.value == expected.value);
  CHECK(found.gradient == expected.gradient);
  CHECK(found.gradient[length] == 0);
  for (int i = 0; i < 6; ++i) CHECK((found.gradient[x](i) != 0) == (i < 3));
  // the slope of the adjoints that come together after the last step
  double by_start = 1;
  auto carry = 0.3;
  for (std::size_t i = 0; i < 3; ++i) carry = std::tanh(0.9 * carry + inputs[i]), by_start *= 0.9 * (1 - carry * carry);
  const auto sum = tg::value_and_gradient(tg::sum(tg::slice<t, 2, 6>(all)))(w = 0.9, start = 0.3, x = spoilt, length = 3);
  CHECK(sum.gradient[start] == Approx(4 * by_start).epsilon(1e-14));
}

std::vector<double> rows_of_inputs(int rows) {
  std::vector<double> result;
  for (int i = 0; i < 6 * rows; ++i) result.push_back(std::sin(1.7 * i));
  return result;
}

TEST_CASE("ragged: each row has a length of its own") {
  for (const int rows : {1, 3, 16, 37}) {
    auto data = rows_of_inputs(rows);
    std::vector<double> steps, out(static_cast<std::size_t>(rows));
    for (int i = 0; i < rows; ++i) {
      steps.push_back(i % 8 - 1);
      for (int k = 0; k < 6; ++k)
        if (k >= steps.back() && (i + k) % 3 == 0) data[static_cast<std::size_t>(6 * i + k)] = nan;
    }
    tg::evaluate(last_of_rows, w = 0.9, start = 0.3, xs = data, lengths = steps, tg::into(out));
    const auto together = tg::value_and_gradient(tg::mean<n>(square(last_of_rows)))(w = 0.9, start = 0.3, xs = data, lengths = steps);
    double value = 0, by_w = 0, by_start = 0;
    for (int i = 0; i < rows; ++i) {
      const std::vector<double> one(data.begin() + 6 * i, data.begin() + 6 * (i + 1));
      const double steps_of_one = steps[static_cast<std::size_t>(i)];
      CHECK(out[static_cast<std::size_t>(i)] == Approx(by_loop(0.3, 0.9, one.data(), steps_of_one)[5]).epsilon(1e-14));
      const auto alone = tg::value_and_gradient(square(last))(w = 0.9, start = 0.3, x = one, length = steps_of_one);
      value += alone.value / rows, by_w += alone.gradient[w] / rows, by_start += alone.gradient[start] / rows;
    }
    CHECK(together.value == Approx(value).epsilon(1e-13));
    CHECK(together.gradient[w] == Approx(by_w).epsilon(1e-12));
    CHECK(together.gradient[start] == Approx(by_start).epsilon(1e-12));
    // the same with carries that are computed again, and as a batch of one formula
    constexpr auto seldom = tg::scan<t>(tg::steps(length), tg::checkpoint<4>, start, [](auto before, auto in) { return next(before, in); }, x);
    const auto again = tg::value_and_gradient(square(seldom))(w = 0.9, start = 0.3, tg::batch(x = data, length = steps));
    CHECK(again.value == together.value);
    CHECK(again.gradient == together.gradient);
  }
}

TEST_CASE("rows: a recurrence whose inputs, start or step have the axis of the rows") {
  constexpr auto both = tg::scan<t>(
      tg::tuple(pull, start * tg::position<h>), [](auto a, auto b, auto in) { return tg::tuple(tanh(a + in * pull), b * w + sum<h>(b) * a * 0.1_c); },
      xs);
  constexpr auto first = both[boost::hana::size_c<0>];
  constexpr auto second = both[boost::hana::size_c<1>];
  STATIC_REQUIRE(std::is_same_v<decltype(first)::shape, tg::axes<n>>);
  STATIC_REQUIRE(std::is_same_v<decltype(second)::shape, tg::axes<n, h>>);
  constexpr auto loss = tg::mean<n>(first * sum<h>(square(second))) + square(tg::mean<n>(first));
  for (const int rows : {1, 5, 17}) {
    const auto data = rows_of_inputs(rows);
    std::vector<double> pulls;
    for (int i = 0; i < rows; ++i) pulls.push_back(std::cos(i));
    const auto expected = [&](double weight, double from, const std::vector<double>& by) {
      double sum = 0, mean = 0;
      for (int i = 0; i < rows; ++i) {
        double a = by[static_cast<std::size_t>(i)];
        std::array<double, 3> b = {0, from, 2 * from};
        for (int k = 0; k < 6; ++k) {
          const double total = b[0] + b[1] + b[2];
          for (double& one : b) one = one * weight + total * a * 0.1;
          a = std::tanh(a + data[static_cast<std::size_t>(6 * i + k)] * by[static_cast<std::size_t>(i)]);
        }
        sum += a * (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]) / rows, mean += a / rows;
      }
      return sum + mean * mean;
    };
    const auto found = tg::value_and_gradient(loss)(w = 0.8, start = 0.5, xs = data, pull = pulls);
    CHECK(found.value == Approx(expected(0.8, 0.5, pulls)).epsilon(1e-13));
    CHECK(found.gradient[w] == Approx((expected(0.8 + 1e-6, 0.5, pulls) - expected(0.8 - 1e-6, 0.5, pulls)) / 2e-6).epsilon(1e-7));
    CHECK(found.gradient[start] == Approx((expected(0.8, 0.5 + 1e-6, pulls) - expected(0.8, 0.5 - 1e-6, pulls)) / 2e-6).epsilon(1e-7));
    std::vector<double> by_pull(pulls.size());
    tg::evaluate(tg::gradient(loss, tg::wrt(pull))[pull], w = 0.8, start = 0.5, xs = data, pull = pulls, tg::into(by_pull));
    for (std::size_t i = 0; i < pulls.size(); ++i) {
      auto above = pulls, below = pulls;
      above[i] += 1e-6, below[i] -= 1e-6;
      CHECK(by_pull[i] == Approx((expected(0.8, 0.5, above) - expected(0.8, 0.5, below)) / 2e-6).epsilon(1e-6).margin(1e-9));
    }
  }
}

TEST_CASE("ragged: the same bits in a constant expression") {
  static constexpr auto at_compile_time = tg::value_and_gradient(last)(w = 0.75, start = 0.25, x = inputs, length = 4);
  const volatile int steps = 4;
  const auto at_run_time = tg::value_and_gradient(last)(w = 0.75, start = 0.25, x = inputs, length = static_cast<int>(steps));
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
}

}  // namespace
