// SPDX-License-Identifier: BSL-1.0
// Fixed points: values, first and second derivatives against closed forms and differences, rows of a batch, constant expressions, several
// unknowns, iterations within iterations, and what does not converge.
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
namespace hana = boost::hana;
using namespace tg::literals;

constexpr auto a = tg::parameter<"a">;
constexpr auto b = tg::parameter<"b">;
constexpr auto n = tg::axis<"n">;

// Newton's method for x^2 = a
constexpr auto root = tg::iterate_until<1e-12_c>(1_c, [](auto x) { return (x + a / x) / 2_c; });
// a contraction, whose slope at the solution is not 0
constexpr auto fixed = tg::iterate_until<1e-15_c, 200>(0_c, [](auto x) { return b + a * sin(x) / 2_c; });

TEST_CASE("iterate_until: Newton's square root") {
  for (const double at : {0.01, 0.5, 2.0, 9.0, 1e6}) {
    CHECK(tg::evaluate(root, a = at) == Approx(std::sqrt(at)).epsilon(1e-15));
    CHECK(tg::value_and_gradient(root)(a = at).gradient[a] == Approx(0.5 / std::sqrt(at)).epsilon(1e-13));
    constexpr auto slope = tg::derivative(root, a);
    CHECK(tg::evaluate(slope, a = at) == Approx(0.5 / std::sqrt(at)).epsilon(1e-13));
    CHECK(tg::evaluate(tg::derivative(slope, a), a = at) == Approx(-0.25 * std::pow(at, -1.5)).epsilon(1e-12));
    CHECK(tg::evaluate(tg::derivative(tg::gradient(slope)[a], a), a = at) == Approx(0.375 * std::pow(at, -2.5)).epsilon(1e-11));
  }
  CHECK(tg::evaluate<float>(root, a = 2.0f) == Approx(std::sqrt(2.0f)).epsilon(1e-7));  // no closer than the type allows
  CHECK(tg::to_string(root) == "iterate_until(1, [a])");
  STATIC_REQUIRE(tg::value_and_gradient(root)(a = 4.0).value == 2);
  STATIC_REQUIRE(tg::value_and_gradient(root)(a = 4.0).gradient[a] == 0.25);
}

TEST_CASE("iterate_until: the derivatives of a fixed point that is not Newton's") {
  // x = b + a sin(x)/2: dx/db = 1/(1 - a cos(x)/2), dx/da = sin(x)/2 dx/db
  constexpr auto f = square(fixed) + a * fixed;
  const double x = tg::evaluate(fixed, a = 0.8, b = 0.5);
  CHECK(x == Approx(0.5 + 0.4 * std::sin(x)).epsilon(1e-15));
  const auto gradient = tg::value_and_gradient(fixed)(a = 0.8, b = 0.5).gradient;
  CHECK(gradient[b] == Approx(1 / (1 - 0.4 * std::cos(x))).epsilon(1e-13));
  CHECK(gradient[a] == Approx(std::sin(x) / 2 / (1 - 0.4 * std::cos(x))).epsilon(1e-13));
  CHECK(tg::check_gradient(f, a = 0.8, b = 0.5));
  CHECK(tg::check_gradient(tg::gradient(f)[a] * tg::gradient(f)[b], a = 0.8, b = 0.5));  // second derivatives
  CHECK(tg::check_gradient(tg::derivative(tg::derivative(f, b), a), a = 0.8, b = 0.5));  // third, forward and reverse
  // where it starts does not matter, nor does its derivative
  constexpr auto elsewhere = tg::iterate_until<1e-15_c, 200>(square(a) + 3_c, [](auto y) { return b + a * sin(y) / 2_c; });
  const auto other = tg::value_and_gradient(elsewhere)(a = 0.8, b = 0.5);
  CHECK(other.value == Approx(x).epsilon(1e-14));
  CHECK(other.gradient[a] == Approx(gradient[a]).epsilon(1e-13));
}

// The price of an option, and the volatility that explains a price: Newton's method with the derivative of the price.
// [volatility]
constexpr auto spot = tg::variable<"spot">;
constexpr auto strike = tg::variable<"strike">;
constexpr auto time = tg::variable<"time">;
constexpr auto quote = tg::variable<"quote", tg::axes<n>>;
constexpr auto price(auto s, auto k, auto t, auto sigma) {
  const auto d1 = (log(s / k) + square(sigma) * t / 2_c) / (sigma * sqrt(t));
  return s * normal_cdf(d1) - k * normal_cdf(d1 - sigma * sqrt(t));
}
constexpr auto volatility_of(auto s, auto k, auto t, auto premium) {
  return tg::iterate_until<1e-10_c, 50>(
      sqrt(2_c * abs(log(s / k)) / t) + 0.1_c,
      [=](auto sigma, auto paid) {
        const auto miss = price(s, k, t, sigma) - paid;
        return sigma - miss / tg::derivative(miss, sigma);
      },
      premium);
}
// [volatility]

TEST_CASE("iterate_until: implied volatility") {
  constexpr auto paid = tg::variable<"paid">;
  constexpr auto sigma = tg::variable<"sigma">;
  constexpr auto implied = volatility_of(spot, strike, time, paid);
  for (const double volatility : {0.05, 0.2, 0.9})
    for (const double at : {80.0, 100.0, 125.0}) {
      constexpr auto value = price(spot, strike, time, sigma);
      const auto priced = tg::value_and_gradient(value, tg::wrt(sigma, spot))(spot = 100.0, strike = at, time = 0.75, sigma = volatility);
      if (priced.gradient[sigma] < 1e-3) continue;
      const auto found = tg::value_and_gradient(implied, tg::wrt(paid, spot))(spot = 100.0, strike = at, time = 0.75, paid = priced.value);
      CHECK(found.value == Approx(volatility).epsilon(1e-9));
      CHECK(found.gradient[paid] == Approx(1 / priced.gradient[sigma]).epsilon(1e-7));
      CHECK(found.gradient[spot] == Approx(-priced.gradient[spot] / priced.gradient[sigma]).epsilon(1e-7));
    }
  constexpr auto of_parameters = volatility_of(a, 110_c, time, b);
  const auto report = tg::check_gradient(tg::gradient(of_parameters, tg::wrt(b))[b], a = 100.0, b = 5.0, time = 0.75);
  INFO(tg::to_string(report));
  CHECK(report);
}

TEST_CASE("iterate_until: each row takes as many steps as it needs") {
  constexpr auto values = volatility_of(spot, strike, time, quote);
  STATIC_REQUIRE(std::is_same_v<decltype(values)::shape, tg::axes<n>>);
  for (const int rows : {1, 7, 16, 17, 100}) {
    std::vector<double> quotes(static_cast<std::size_t>(rows)), out(quotes.size());
    for (std::size_t i = 0; i < quotes.size(); ++i) quotes[i] = 1 + 0.37 * static_cast<double>(i);
    if (rows == 17) quotes[3] = 200;  // nothing explains that
    tg::evaluate(values, spot = 100.0, strike = 105.0, time = 0.75, quote = quotes, tg::into(out));
    constexpr auto paid = tg::variable<"paid">;
    constexpr auto one = volatility_of(spot, strike, time, paid);
    double sum = 0;
    for (std::size_t i = 0; i < quotes.size(); ++i) {
      const auto alone = tg::value_and_gradient(one, tg::wrt(spot))(spot = 100.0, strike = 105.0, time = 0.75, paid = quotes[i]);
      sum += alone.gradient[spot];
      if (i == 3 && rows == 17) CHECK((std::isnan(out[i]) && std::isnan(alone.value)));
#ifndef __FMA__
      else CHECK(out[i] == alone.value);
#else
      else CHECK(out[i] == Approx(alone.value).epsilon(1e-9));
#endif
    }
    if (rows != 17)
      CHECK(tg::value_and_gradient(tg::sum<n>(values), tg::wrt(spot))(spot = 100.0, strike = 105.0, time = 0.75, quote = quotes).gradient[spot] ==
            Approx(sum).epsilon(1e-9));
  }
}

TEST_CASE("iterate_until: a sum over rows as input, and a sum over fixed points of rows that share one") {
  constexpr auto y = tg::variable<"y", tg::axes<n>>;
  constexpr auto center = tg::iterate_until<1e-14_c>(0_c, [](auto x, auto mean) { return a * tanh(x) / 2_c + mean; }, tg::mean<n>(y));
  constexpr auto spread =
      tg::iterate_until<1e-14_c>(center, [](auto x, auto middle, auto own) { return sin(x) / 3_c + middle * own * b; }, center, y);
  constexpr auto f = tg::mean<n>(square(spread)) + center;
  const std::vector<double> ys = {0.5, -0.25, 1, 0.125, 0.7, -0.3, 0.2, 0.9, -0.8, 0.1, 0.35};
  const double at = tg::evaluate(center, a = 0.5, y = ys);
  double mean = 0;
  for (const double one : ys) mean += one / 11;
  CHECK(at == Approx(0.25 * std::tanh(at) + mean).epsilon(1e-14));
  const auto value = [&](double as, double bs) { return tg::evaluate(f, a = as, b = bs, y = ys); };
  const auto gradient = tg::value_and_gradient(f)(a = 0.5, b = 0.7, y = ys).gradient;
  CHECK(gradient[a] == Approx((value(0.5 + 1e-5, 0.7) - value(0.5 - 1e-5, 0.7)) / 2e-5).epsilon(1e-7));
  CHECK(gradient[b] == Approx((value(0.5, 0.7 + 1e-5) - value(0.5, 0.7 - 1e-5)) / 2e-5).epsilon(1e-7));
}

TEST_CASE("iterate_until: what does not converge is NaN") {
  CHECK(std::isnan(tg::evaluate(tg::iterate_until<1e-9_c>(1_c, [](auto x) { return a - x; }), a = 3.0)));          // to and fro
  CHECK(std::isnan(tg::evaluate(tg::iterate_until<1e-9_c>(1_c, [](auto x) { return a * x; }), a = 3.0)));          // away
  CHECK(std::isnan(tg::evaluate(tg::iterate_until<1e-9_c>(1_c, [](auto x) { return square(a * x); }), a = 9.0)));  // to infinity
  CHECK(std::isnan(tg::evaluate(tg::iterate_until<1e-9_c, 5>(1_c, [](auto x) { return x + a; }), a = 1.0)));
  CHECK(std::isnan(tg::evaluate(root, a = -1.0)));
  CHECK(std::isnan(tg::value_and_gradient(root)(a = -1.0).gradient[a]));
  CHECK(std::isnan(tg::evaluate(tg::iterate_until<1e-15_c, 3>(1_c, [](auto x) { return (x + a / x) / 2_c; }), a = 2.0)));  // 5 are needed
  CHECK(tg::evaluate(tg::iterate_until<1e-15_c, 6>(1_c, [](auto x) { return (x + a / x) / 2_c; }), a = 2.0) == Approx(std::sqrt(2.0)));
}

TEST_CASE("iterate_until: what does not enter the value does not reach a derivative") {
  constexpr auto guarded = b * b + select(a < 0_c, 0_c, root);
  const auto gradient = tg::value_and_gradient(guarded)(a = -1.0, b = 3.0).gradient;
  CHECK(gradient[b] == 6);
  CHECK(gradient[a] == 0);
  CHECK(tg::evaluate(tg::derivative(guarded, a), a = -1.0, b = 3.0) == 0);
  CHECK(tg::evaluate(tg::derivative(tg::gradient(guarded)[a], a), a = -1.0, b = 3.0) == 0);
  CHECK(tg::value_and_gradient(guarded)(a = 4.0, b = 3.0).gradient[a] == 0.25);
}

TEST_CASE("iterate_until: several unknowns") {
  // x = cos(y)/2 + a, y = sin(x)/2 + b
  constexpr auto both =
      tg::iterate_until<1e-15_c, 200>(tg::tuple(0_c, 0_c), [](auto x, auto y) { return tg::tuple(cos(y) / 2_c + a, sin(x) / 2_c + b); });
  constexpr auto x = both[hana::size_c<0>];
  constexpr auto y = both[hana::size_c<1>];
  const double xs = tg::evaluate(x, a = 0.3, b = -0.2), ys = tg::evaluate(y, a = 0.3, b = -0.2);
  CHECK(xs == Approx(std::cos(ys) / 2 + 0.3).epsilon(1e-14));
  CHECK(ys == Approx(std::sin(xs) / 2 - 0.2).epsilon(1e-14));
  CHECK(tg::check_gradient(x * exp(y), a = 0.3, b = -0.2));
  constexpr auto g = tg::gradient(x * exp(y));
  CHECK(tg::check_gradient(g[a] * g[b], a = 0.3, b = -0.2));
  CHECK(tg::check_gradient(tg::derivative(square(y), a), a = 0.3, b = -0.2));
}

constexpr auto h = tg::axis<"h", 3>;
constexpr auto k = tg::axis<"k", 3>;
constexpr auto W = tg::parameter<"W", tg::axes<h, k>>;
constexpr auto p = tg::variable<"p", tg::vector<2>>;
constexpr auto M = tg::parameter<"M", tg::matrix<2, 2>>;
constexpr auto positional = tg::iterate_until<1e-15_c, 300>(p, [](auto x) { return sin(M * x) / 2_c + p; });

TEST_CASE("iterate_until: a vector of unknowns, tensors among the inputs") {
  constexpr auto v = tg::parameter<"v", tg::axes<h>>;
  constexpr auto start = tg::variable<"start", tg::axes<h>>;
  constexpr auto state = tg::iterate_until<1e-15_c, 300>(start, [](auto x, auto in) { return tanh(dot<k>(W, tg::rename<h, k>(x)) + in); }, v * 2_c);
  STATIC_REQUIRE(std::is_same_v<decltype(state)::shape, tg::axes<h>>);
  const std::vector<double> w = {0.3, -0.2, 0.1, 0.5, 0.1, -0.3, -0.4, 0.2, 0.25}, vs = {0.2, -0.1, 0.4}, zero = {0, 0, 0};
  const auto xs = tg::evaluate(state, W = w, v = vs, start = zero);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(xs[i] == Approx(std::tanh(w[3 * i] * xs[0] + w[3 * i + 1] * xs[1] + w[3 * i + 2] * xs[2] + 2 * vs[i])).epsilon(1e-14));
  const auto report = tg::check_gradient(sum(square(state)) + tg::at<h, 1>(state), W = w, v = vs, start = zero);
  INFO(tg::to_string(report));
  CHECK(report);
  CHECK(report.components == 12);
  CHECK(tg::check_gradient(dot(positional, positional), M = std::vector<double>{0.5, 1, -1, 0.25}, p = std::vector<double>{0.5, -0.3}));
}

// What one unknown gains the other loses: neither derivative is dead.
TEST_CASE("iterate_until: opposite derivatives do not cancel") {
  constexpr auto three = tg::iterate_until<1e-15_c>(tg::stack(0_c, 0_c, 0_c), [](auto) { return tg::stack(a, 1_c - a, 2_c); });
  constexpr auto f = 2_c * tg::at<0>(three) + 5_c * tg::at<1>(three);
  CHECK(tg::value_and_gradient(f)(a = 0.3).gradient[a] == -3);
  CHECK(tg::evaluate(tg::derivative(f, a), a = 0.3) == -3);
}

TEST_CASE("iterate_until: iterations within iterations") {
  // x = 1 + sqrt(a + x)/2: the root is Newton's, of what the outer unknown is
  constexpr auto outer = tg::iterate_until<1e-14_c>(
      1_c, [](auto x) { return 1_c + tg::iterate_until<1e-15_c>(1_c, [=](auto y) { return (y + (a + x) / y) / 2_c; }) / 2_c; });
  const auto found = tg::value_and_gradient(outer)(a = 1.0);
  CHECK(found.value == Approx((9 + std::sqrt(33.0)) / 8).epsilon(1e-13));
  CHECK(found.gradient[a] == Approx(1 / std::sqrt(33.0)).epsilon(1e-12));
  CHECK(tg::evaluate(tg::derivative(tg::gradient(outer)[a], a), a = 1.0) == Approx(-8 / std::pow(33.0, 1.5)).epsilon(1e-11));
  // inputs of both
  constexpr auto of_inputs = tg::iterate_until<1e-14_c>(
      1_c,
      [](auto x, auto in) {
        return 1_c + tg::iterate_until<1e-15_c>(1_c, [=](auto y, auto other) { return (y + (in + other) / y) / 2_c; }, x) / 2_c;
      },
      a);
  CHECK(tg::evaluate(of_inputs, a = 1.0) == Approx(found.value).epsilon(1e-13));
  // an iteration along the steps of a recurrence
  constexpr auto t = tg::axis<"t", 4>;
  constexpr auto s = tg::variable<"s", tg::axes<t>>;
  constexpr auto path = tg::scan<t>(
      a,
      [](auto before, auto in) {  // implicit Euler: z = before - z^3 in
        return tg::iterate_until<1e-15_c>(before, [=](auto z) { return z - (z + z * z * z * in - before) / (1_c + 3_c * z * z * in); });
      },
      s);
  CHECK(tg::check_gradient(path, a = 1.5, s = std::vector<double>{0.1, 0.2, 0.3, 0.1}));
  // and a recurrence in each step: where must it start to end at a?
  constexpr auto aimed = tg::iterate_until<1e-13_c>(
      a, [=](auto x) { return x - (tg::scan<t>(x, [](auto before, auto in) { return before + sin(before) * in; }, s) - a) / 2_c; });
  CHECK(tg::check_gradient(aimed, a = 0.5, s = std::vector<double>{0.1, 0.2, 0.1, 0.3}));
}

TEST_CASE("iterate_until: the same bits in a constant expression") {
  static constexpr auto at_compile_time = tg::value_and_gradient(square(fixed))(a = 0.75, b = 0.5);
  const volatile double given = 0.75;
  const auto at_run_time = tg::value_and_gradient(square(fixed))(a = double{given}, b = 0.5);
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
}

TEST_CASE("iterate_until: rows in float, in constant expressions and by threads") {
  constexpr auto y = tg::variable<"y", tg::axes<n>>;
  constexpr auto product = tg::iterate_until<1e-12_c>(1_c, [=](auto x) { return (x + a * y / x) / 2_c; });
  std::vector<float> ys(37), out(37);
  for (std::size_t i = 0; i < 37; ++i) ys[i] = 0.3f + static_cast<float>(i * i);
  tg::evaluate(product, a = 2.0f, y = ys, tg::into(out));
  for (std::size_t i = 0; i < 37; ++i) CHECK(out[i] == Approx(std::sqrt(2 * ys[i])).epsilon(1e-6));
  constexpr auto program = tg::value_and_gradient(tg::mean<n>(square(product - 3_c)));
  static constexpr std::array<double, 5> five = {0.5, 1, 2, 30, 400};
  static constexpr auto at_compile_time = program(a = 2.0, y = five);
  const auto at_run_time = program(a = 2.0, y = std::vector<double>(five.begin(), five.end()));
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
  std::vector<double> many(400'000);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 0.1 + static_cast<double>(i % 1000);
  tg::thread_pool pool(2);
  const auto one = program(a = 2.0, y = many), two = program.on(pool)(a = 2.0, y = many);
  CHECK(one.value == two.value);
  CHECK(one.gradient == two.gradient);
}

TEST_CASE("iterate_until: the rows of a batch have several unknowns each") {
  constexpr auto f = dot(positional, positional);
  const std::vector<double> m = {0.5, 1, -1, 0.25};
  std::vector<double> ps(46);
  for (std::size_t i = 0; i < 46; ++i) ps[i] = std::sin(static_cast<double>(i));
  const auto mean = tg::value_and_gradient(f)(M = m, tg::batch(p = ps));
  std::array<double, 5> sums{};
  for (std::size_t i = 0; i < 46; i += 2) {
    const auto one = tg::value_and_gradient(f)(M = m, p = std::vector<double>{ps[i], ps[i + 1]});
    sums[4] += one.value / 23;
    for (std::size_t j = 0; j < 4; ++j) sums[j] += one.gradient.data()[j] / 23;
  }
  CHECK(mean.value == Approx(sums[4]));
  for (std::size_t j = 0; j < 4; ++j) CHECK(mean.gradient.data()[j] == Approx(sums[j]));
}

}  // namespace
