// SPDX-License-Identifier: BSL-1.0
// Recurrences along an axis against loops and unrolled formulas: values, gradients, rows of a batch, constant expressions.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <random>
#include <string>
#include <vector>

namespace {

namespace tg = typegrad;
namespace hana = boost::hana;
using namespace tg::literals;

std::vector<double> numbers(int n, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> result(static_cast<std::size_t>(n));
  for (double& one : result) one = uniform(random);
  return result;
}

constexpr auto t = tg::axis<"t", 30>;
constexpr auto noise = tg::variable<"noise", tg::axes<t>>;
constexpr auto start = tg::parameter<"start">;
constexpr auto level = tg::parameter<"level">;
constexpr auto slope = tg::parameter<"slope">;
constexpr auto next(auto price, auto w) { return price + price * (level + slope * price) * w * 0.1_c; }
constexpr auto last = tg::scan<t>(start, [](auto price, auto w) { return next(price, w); }, noise);

double by_loop(double price, double v, double s, const double* w) {
  for (int i = 0; i < 30; ++i) price += price * (v + s * price) * w[i] * 0.1;
  return price;
}

TEST_CASE("scan: one number from step to step") {
  const auto ws = numbers(30, 1);
  CHECK(tg::evaluate(last, start = 1.1, level = 0.2, slope = 0.05, noise = ws) == Approx(by_loop(1.1, 0.2, 0.05, ws.data())).epsilon(1e-15));
  const auto report = tg::check_gradient(square(last) + sin(last), start = 1.1, level = 0.2, slope = 0.05, noise = ws);
  INFO(tg::to_string(report));
  CHECK(report);
  CHECK(report.components == 3);
  const auto inputs = tg::value_and_gradient(last, tg::wrt(noise))(start = 1.1, level = 0.2, slope = 0.05, noise = ws);
  for (std::size_t i = 0; i < 30; ++i) {
    auto moved = ws;
    moved[i] += 1e-6;
    const double above = by_loop(1.1, 0.2, 0.05, moved.data());
    moved[i] -= 2e-6;
    CHECK(inputs.gradient.data()[i] == Approx((above - by_loop(1.1, 0.2, 0.05, moved.data())) / 2e-6).epsilon(1e-7));
  }
}

TEST_CASE("scan: each row has a recurrence of its own") {
  for (const int rows : {1, 7, 16, 17, 100}) {
    const auto ws = numbers(30 * rows, 2);
    constexpr auto payoff = max(last - 1_c, 0_c);
    const auto result = tg::value_and_gradient(payoff)(start = 1.1, level = 0.2, slope = 0.05, tg::batch(noise = ws));
    double value = 0, by_start = 0;
    for (int i = 0; i < rows; ++i) {
      const std::vector<double> one(ws.begin() + 30 * i, ws.begin() + 30 * (i + 1));
      const auto alone = tg::value_and_gradient(payoff)(start = 1.1, level = 0.2, slope = 0.05, noise = one);
      value += alone.value / rows, by_start += alone.gradient[start] / rows;
    }
    CHECK(result.value == Approx(value).epsilon(1e-13));
    CHECK(result.gradient[start] == Approx(by_start).epsilon(1e-13));
    std::vector<double> out(static_cast<std::size_t>(rows));
    tg::evaluate(last, start = 1.1, level = 0.2, slope = 0.05, tg::each(noise = ws), tg::into(out));
    CHECK(out.back() == Approx(by_loop(1.1, 0.2, 0.05, ws.data() + 30 * (rows - 1))).epsilon(1e-14));
  }
}

TEST_CASE("scan: the same bits in a constant expression") {
  static constexpr auto ws = [] {
    std::array<double, 30> all{};
    for (int i = 0; i < 30; ++i) all[static_cast<std::size_t>(i)] = 0.25 * (i * 7 % 5 - 2);
    return all;
  }();
  static constexpr auto at_compile_time = tg::value_and_gradient(last)(start = 1.5, level = 0.25, slope = 0.125, noise = ws);
  const auto at_run_time = tg::value_and_gradient(last)(start = 1.5, level = 0.25, slope = 0.125, noise = std::vector<double>(ws.begin(), ws.end()));
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
}

// A step that computes in more than some registers does it in the workspace.
constexpr auto many = tg::axis<"many", 70>;
constexpr auto wide = tg::parameter<"wide", tg::axes<many>>;
constexpr auto short_time = tg::axis<"u", 3>;
constexpr auto factors = tg::variable<"factors", tg::axes<short_time>>;
constexpr auto moved = tg::scan<short_time>(wide, [](auto before, auto f) { return before * f + mean(before) * (before - f); }, factors);
TEST_CASE("scan: a large step has the same bits in a constant expression, with rows and without") {
  static constexpr auto states = [] {
    std::array<double, 70> all{};
    for (int i = 0; i < 70; ++i) all[static_cast<std::size_t>(i)] = 0.25 * (i % 5 - 2);
    return all;
  }();
  static constexpr std::array<double, 3> fs = {0.5, 1, 0.25};
  constexpr auto loss = sum(square(moved));
  static constexpr auto at_compile_time = tg::value_and_gradient(loss)(wide = states, factors = fs);
  const auto at_run_time = tg::value_and_gradient(loss)(wide = states, factors = std::vector<double>(fs.begin(), fs.end()));
  const auto in_rows = tg::value_and_gradient(loss)(wide = states, tg::batch(factors = std::vector<double>(fs.begin(), fs.end())));
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
  CHECK(in_rows.value == Approx(at_run_time.value).epsilon(1e-13));
  for (std::size_t i = 0; i < 70; ++i) CHECK(in_rows.gradient[wide].data()[i] == Approx(at_run_time.gradient[wide].data()[i]).epsilon(1e-12));
  CHECK(tg::check_gradient(loss, wide = states, factors = fs));
}

constexpr auto c = tg::axis<"c", 3>;
constexpr auto h = tg::axis<"h", 4>;
constexpr auto x = tg::variable<"x", tg::axes<c, t>>;  // t need not stand first
constexpr auto h0 = tg::variable<"h0", tg::axes<h>>;
constexpr tg::nn::gru_cell<"gru", c, h> gru;

TEST_CASE("scan: a recurrent network") {
  constexpr auto state = tg::scan<t>(h0, [](auto before, auto in) { return gru(in, before); }, x);
  constexpr auto loss = sum(square(state));
  const auto theta = tg::nn::initialize<double>(loss, 3, tg::nn::xavier{});
  const auto xs = numbers(90, 4), hs = numbers(4, 5);
  const auto report = tg::check_gradient(loss, theta, x = xs, h0 = hs);
  INFO(tg::to_string(report));
  CHECK(report);

  // step by step
  constexpr auto in = tg::variable<"in", tg::axes<c>>;
  std::vector<double> now = hs;
  for (std::size_t i = 0; i < 30; ++i) {
    const std::vector<double> one = {xs[i], xs[30 + i], xs[60 + i]};
    const auto made = tg::evaluate(gru(in, h0), theta, in = one, h0 = now);
    now.assign(made.begin(), made.end());
  }
  const auto all = tg::evaluate(state, theta, x = xs, h0 = hs);
  for (std::size_t i = 0; i < 4; ++i) CHECK(all[i] == Approx(now[i]).epsilon(1e-13));

  constexpr auto each = tg::scan_all<t>(h0, [](auto before, auto one) { return gru(one, before); }, x);
  STATIC_REQUIRE(std::is_same_v<decltype(each)::shape, tg::axes<t, h>>);
  const auto values = tg::evaluate(each, theta, x = xs, h0 = hs);
  for (int i = 0; i < 4; ++i) CHECK(values(29, i) == Approx(now[static_cast<std::size_t>(i)]).epsilon(1e-13));
  const auto every = tg::check_gradient(sum(square(each) * tg::position<t>), theta, x = xs, h0 = hs);
  INFO(tg::to_string(every));
  CHECK(every);
}

TEST_CASE("scan: results whose derivatives are opposite do not count as unused") {
  constexpr auto d = tg::scan<t>(tg::stack(0_c, 0_c, 1_c), [](auto v, auto in) { return v + tg::stack(slope * in, 0_c - slope * in, in); }, noise);
  constexpr auto g = 2_c * tg::at<0>(d) + 5_c * tg::at<1>(d);
  const std::vector<double> ones(30, 1.0);
  CHECK(tg::value_and_gradient(g)(slope = 0.5, noise = ones).gradient[slope] == Approx(-90));
}

TEST_CASE("scan: each k-th carry is kept, the others are computed again, with the same bits") {
  const auto ws = numbers(30, 8), rows = numbers(30 * 17, 9);
  constexpr auto program = tg::value_and_gradient(sin(last));
  const auto expected = program(start = 1.1, level = 0.2, slope = 0.05, noise = ws);
  const auto of_rows = program(start = 1.1, level = 0.2, slope = 0.05, tg::batch(noise = rows));
  const auto same = [&](auto k) {
    constexpr int every = decltype(k)::value;
    constexpr auto f = tg::scan<t>(tg::checkpoint<every>, start, [](auto price, auto w) { return next(price, w); }, noise);
    constexpr auto again = tg::value_and_gradient(sin(f));
    const auto found = again(start = 1.1, level = 0.2, slope = 0.05, noise = ws);
    const auto found_rows = again(start = 1.1, level = 0.2, slope = 0.05, tg::batch(noise = rows));
    CHECK((found.value == expected.value && found.gradient == expected.gradient));
    CHECK((found_rows.value == of_rows.value && found_rows.gradient == of_rows.gradient));
  };
  same(hana::int_c<1>), same(hana::int_c<4>), same(hana::int_c<5>), same(hana::int_c<30>), same(hana::int_c<40>);
}

TEST_CASE("scan: several carries, of several shapes") {
  constexpr auto p = tg::parameter<"p">;
  constexpr auto v = tg::parameter<"v", tg::axes<h>>;
  constexpr auto both = tg::scan<t>(tg::tuple(p, v), [](auto a, auto b, auto w) { return tg::tuple(a * 0.9_c + mean(b) * w, sin(b + a)); }, noise);
  constexpr auto loss = both[hana::size_c<0>] + sum(square(both[hana::size_c<1>]));
  const auto ws = numbers(30, 6), vs = numbers(4, 7);
  double a = 0.3;
  auto b = vs;
  for (const double w : ws) {
    const double mean = (b[0] + b[1] + b[2] + b[3]) / 4, before = a;
    a = a * 0.9 + mean * w;
    for (double& one : b) one = std::sin(one + before);
  }
  double expected = a;
  for (const double one : b) expected += one * one;
  CHECK(tg::evaluate(loss, p = 0.3, v = vs, noise = ws) == Approx(expected).epsilon(1e-13));
  const auto report = tg::check_gradient(loss, p = 0.3, v = vs, noise = ws);
  INFO(tg::to_string(report));
  CHECK(report);

  constexpr auto seldom = tg::scan<t>(
      tg::checkpoint<7>, tg::tuple(p, v),
      [](auto first, auto second, auto w) { return tg::tuple(first * 0.9_c + mean(second) * w, sin(second + first)); }, noise);
  const auto kept = tg::value_and_gradient(loss)(p = 0.3, v = vs, noise = ws);
  const auto again = tg::value_and_gradient(seldom[hana::size_c<0>] + sum(square(seldom[hana::size_c<1>])))(p = 0.3, v = vs, noise = ws);
  CHECK((kept.value == again.value && kept.gradient == again.gradient));
}

/// What nobody reads of the recurrences of a formula, a pullback after the one it belongs to.
template <class... E>
constexpr auto unread(E...) {
  using graph = tg::detail::planned<tg::detail::expressions<true, E...>>;
  using recurrences = tg::detail::recurrences_of<graph>;
  struct {
    int at[recurrences::count + 1];
    int count;
  } all{};
  [&]<int... C>(std::integer_sequence<int, C...>) {
    const auto look = [&](bool is, int bits) {
      if (is) all.at[all.count++] = bits;
    };
    (look(recurrences::id(C) >= 0, recurrences::template unread<C>()), ...);
  }(std::make_integer_sequence<int, recurrences::count>{});
  return all;
}

TEST_CASE("scan: what nobody reads is not computed") {
  constexpr auto day = tg::axis<"day", 5>;
  constexpr auto factor = tg::parameter<"factor">;
  constexpr auto shock = tg::variable<"shock", tg::axes<day>>;
  constexpr auto step = [](auto before, auto now) { return sin(before + now) * tg::parameter<"factor">; };
  constexpr auto y = square(tg::scan<day>(1_c * factor, step, shock));
  constexpr auto g = tg::gradient(y, tg::wrt(factor, shock));

  constexpr auto value_alone = unread(y);  // no carries before steps, no cosine for a pullback
  STATIC_REQUIRE(value_alone.count == 1);
  STATIC_REQUIRE(value_alone.at[0] % 2 == 1);
  STATIC_REQUIRE(value_alone.at[0] > 1);
  constexpr auto by_factor = unread(y, g[factor]);  // no adjoints of the inputs
  STATIC_REQUIRE(by_factor.count == 2);
  STATIC_REQUIRE(by_factor.at[0] == 0);
  STATIC_REQUIRE(by_factor.at[1] == 2);
  constexpr auto by_all = unread(g[shock], g[factor]);
  STATIC_REQUIRE(by_all.count == 2);
  STATIC_REQUIRE(by_all.at[0] == 0);
  STATIC_REQUIRE(by_all.at[1] == 0);
  constexpr auto carries = unread(tg::sum<day>(square(tg::scan_all<day>(1_c * factor, step, shock))));
  STATIC_REQUIRE(carries.count == 1);
  STATIC_REQUIRE(carries.at[0] % 2 == 0);

  constexpr std::array<double, 5> shocks{0.1, -0.2, 0.3, 0.4, -0.5};
  const auto both = tg::value_and_gradient(y, tg::wrt(factor, shock))(factor = 0.7, shock = shocks);
  const auto one = tg::value_and_gradient(y, tg::wrt(factor))(factor = 0.7, shock = shocks);
  CHECK(both.gradient[factor] == one.gradient[factor]);
  CHECK(both.value == tg::evaluate(y, factor = 0.7, shock = shocks));
  constexpr double near = 1e-6;
  const double difference =
      (tg::evaluate(y, factor = 0.7 + near, shock = shocks) - tg::evaluate(y, factor = 0.7 - near, shock = shocks)) / (2 * near);
  CHECK(one.gradient[factor] == Approx(difference).epsilon(1e-8));
}

TEST_CASE("scan: weights of steps over rows") {
  constexpr auto short_axis = tg::axis<"s", 4>;
  constexpr auto rows = tg::axis<"rows">;
  constexpr auto from = tg::axis<"from", 4>;
  constexpr auto W = tg::parameter<"W", tg::axes<h, from>>;
  constexpr auto U = tg::parameter<"U", tg::axes<h, c>>;
  constexpr auto bias = tg::parameter<"bias", tg::axes<h>>;
  constexpr auto in = tg::variable<"in", tg::axes<rows, short_axis, c>>;
  constexpr auto one = tg::variable<"one", tg::axes<short_axis, c>>;
  const auto state = [=](auto inputs) {
    return tg::scan<short_axis>(
        0_c * tg::position<h>,
        [=](auto before, auto now) { return tanh(dot<from>(W, tg::rename<h, from>(before)) - dot<c>(U, now) * sum(bias) + bias); }, inputs);
  };
  constexpr auto loss = tg::mean<rows>(sum<h>(square(state(in))));
  constexpr auto loss_of_one = sum<h>(square(state(one)));
  // a pullback hands the factors of the gradients of W and U on, and carries the sum for the bias alone
  constexpr int recurrences = tg::detail::scan_tangents<std::remove_const_t<decltype(loss_of_one)>>::scans;
  STATIC_REQUIRE(recurrences == 1);
  using forth = tg::detail::recurrence_class<tg::detail::scan_tangents<std::remove_const_t<decltype(loss_of_one)>>::ids.at[0]>;
  STATIC_REQUIRE(forth::info.back_last->sums == 4);
  STATIC_REQUIRE(forth::info.back_last->output == 3 + 4 + 4 + 3 + 4);

  static constexpr auto weights = [] {
    std::array<double, 16 + 12 + 4 + 5 * 12> all{};
    for (int i = 0; i < static_cast<int>(all.size()); ++i) all[static_cast<std::size_t>(i)] = 0.125 * (i * 5 % 7 - 3);
    return all;
  }();
  static constexpr auto part = [](auto n, std::size_t first) {
    std::array<double, decltype(n)::value> result{};
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = weights[first + i];
    return result;
  };
  static constexpr auto ws = part(hana::size_c<16>, 0);
  static constexpr auto us = part(hana::size_c<12>, 16);
  static constexpr auto bs = part(hana::size_c<4>, 28);
  static constexpr auto ins = part(hana::size_c<60>, 32);
  static constexpr auto at_compile_time = tg::value_and_gradient(loss)(W = ws, U = us, bias = bs, in = ins);
  const std::vector<double> data(ins.begin(), ins.end());
  const auto at_run_time = tg::value_and_gradient(loss)(W = ws, U = us, bias = bs, in = data);
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
  auto sum = at_run_time.gradient;
  for (double& each : sum) each = 0;
  for (int r = 0; r < 5; ++r) {
    const std::vector<double> row(data.begin() + 12 * r, data.begin() + 12 * (r + 1));
    const auto alone = tg::value_and_gradient(loss_of_one)(W = ws, U = us, bias = bs, one = row);
    for (std::size_t i = 0; i < sum.size(); ++i) sum.data()[i] += alone.gradient.data()[i] / 5;
    CHECK(tg::check_gradient(loss_of_one, W = ws, U = us, bias = bs, one = row));
  }
  for (std::size_t i = 0; i < sum.size(); ++i) CHECK(at_run_time.gradient.data()[i] == Approx(sum.data()[i]).epsilon(1e-12).margin(1e-14));
  // many rows: every lane, and tiles
  std::vector<double> more;
  for (int i = 0; i < 37 * 12; ++i) more.push_back(std::sin(0.7 * i));
  const auto of_many = tg::value_and_gradient(loss)(W = ws, U = us, bias = bs, in = more);
  auto near = ws;
  for (std::size_t i = 0; i < 16; i += 5) {
    near[i] = ws[i] + 1e-5;
    const double above = tg::evaluate(loss, W = near, U = us, bias = bs, in = more);
    near[i] = ws[i] - 1e-5;
    CHECK(of_many.gradient[W].data()[i] == Approx((above - tg::evaluate(loss, W = near, U = us, bias = bs, in = more)) / 2e-5).epsilon(1e-6));
    near[i] = ws[i];
  }
}

/// x^2, counted.
struct counted_square {
  int calls = 0;
  template <class T>
  void value(T* y, const T* in) const {
    ++const_cast<counted_square*>(this)->calls;
    *y = *in * *in;
  }
  template <class T>
  void pullback(T* dx, const T* g, const T* in) const {
    *dx = T(2) * *g * *in;
  }
};
inline counted_square squared;
constexpr auto squared_of(tg::Expression auto e) { return tg::opaque<"squared", squared>(e); }

TEST_CASE("scan: what is the same in all steps is computed once") {
  constexpr auto five = tg::axis<"five", 5>;
  constexpr auto in = tg::variable<"in", tg::axes<five>>;
  constexpr auto end = tg::scan<five>(1_c, [](auto before, auto now) { return before * squared_of(level) + now; }, in);
  const std::vector<double> ins = {1, 2, 3, 4, 5};
  squared.calls = 0;
  CHECK(tg::evaluate(end, level = 2.0, in = ins) == 1024 + 256 + 128 + 48 + 16 + 5);
  CHECK(squared.calls == 1);
  const auto both = tg::value_and_gradient(end)(level = 2.0, in = ins);
  // d/dl of (l^2)^5 + (l^2)^4 + 2 (l^2)^3 + 3 (l^2)^2 + 4 l^2 + 5
  CHECK(both.gradient[level] == 10 * 512 + 8 * 128 + 12 * 32 + 12 * 8 + 8 * 2);
}

TEST_CASE("scan: packs of rows go side by side, in tiles of any size") {
  constexpr auto five = tg::axis<"five", 5>;
  constexpr auto from = tg::parameter<"from">;
  constexpr auto in = tg::variable<"in", tg::axes<five>>;
  constexpr auto states = tg::scan_all<five>(from, [](auto before, auto now) { return before * now + 1_c; }, in);
  constexpr auto loss = sum<five>(states * states);
  std::vector<double> data;
  for (int i = 0; i < 5 * 70; ++i) data.push_back(i * i % 7 - 3);  // whole numbers: sums are exact in any order
  for (int rows = 1; rows <= 70; rows += rows < 40 ? 1 : 10) {
    const std::vector<double> ins(data.begin(), data.begin() + 5 * rows);
    std::vector<double> each(static_cast<std::size_t>(5 * rows));
    tg::evaluate(states, from = 2.0, tg::each(in = ins), tg::into(each));
    double value = 0, by_from = 0;
    for (int r = 0; r < rows; ++r) {
      double state = 2, d = 1;
      for (int i = 0; i < 5; ++i) {
        const std::size_t at = static_cast<std::size_t>(5 * r + i);
        d *= ins[at], state = state * ins[at] + 1;
        CHECK(each[at] == state);
        value += state * state, by_from += 2 * state * d;
      }
    }
    const auto both = tg::value_and_gradient(loss)(from = 2.0, tg::batch(in = ins));
    CHECK(both.value * rows == Approx(value).epsilon(1e-14));
    CHECK(both.gradient[from] * rows == Approx(by_from).epsilon(1e-14));
  }
}

}  // namespace
