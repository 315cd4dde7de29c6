// SPDX-License-Identifier: BSL-1.0
// Gradients with respect to what each row has: a result for each row, also where rows meet in sums.
#include <catch.hpp>
#include <slope.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <random>
#include <span>
#include <vector>

namespace {

namespace tg = typegrad;
namespace hana = boost::hana;
using namespace tg::literals;

constexpr auto n = tg::axis<"n">;
constexpr auto c = tg::axis<"c", 3>;
constexpr auto h = tg::axis<"h", 2>;
constexpr auto W = tg::parameter<"W", tg::axes<h, c>>;
constexpr auto w = tg::parameter<"w">;
constexpr auto x = tg::variable<"x", tg::axes<n, c>>;
constexpr auto y = tg::variable<"y", tg::axes<n>>;

std::vector<double> numbers(int count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> result(static_cast<std::size_t>(count));
  for (double& one : result) one = uniform(random);
  return result;
}
const std::vector<int> counts = {1, 2, 7, 16, 17, 37};

TEST_CASE("row gradients: against closed forms") {
  for (const int count : counts) {
    auto ys = numbers(count, 1);
    std::vector<double> out(ys.size()), soft(ys.size());
    double mean = 0, variance = 0;
    for (const double one : ys) mean += one / count;
    for (const double one : ys) variance += (one - mean) * (one - mean) / count;
    const auto of = [&](auto f) { tg::evaluate(tg::gradient(f, tg::wrt(y))[y], w = 2.0, y = ys, tg::into(out)); };
    of(tg::sum<n>(w * y));
    for (const double one : out) CHECK(one == 2);
    of(tg::mean<n>(square(w * y)));
    for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i] == Approx(8 * ys[i] / count));
    of(tg::mean<n>(square(y - tg::mean<n>(y))));
    for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i] == Approx(2 * (ys[i] - mean) / count).margin(1e-15));
    if (count > 1) of(sqrt(tg::mean<n>(square(y - tg::mean<n>(y)))));
    for (std::size_t i = 0; count > 1 && i < out.size(); ++i) CHECK(out[i] == Approx((ys[i] - mean) / count / std::sqrt(variance)).margin(1e-15));
    of(tg::logsumexp<n>(y));
    tg::evaluate(tg::softmax<n>(y), y = ys, tg::into(soft));
    for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i] == Approx(soft[i]));
    const std::size_t last = ys.size() - 1, first = last / 2;
    ys[last] = ys[first] = 3;  // the largest is there once or twice
    of(tg::max<n>(y));
    for (std::size_t i = 0; i < out.size(); ++i) CHECK(out[i] == (i == last || i == first ? (last == first ? 1 : 0.5) : 0));
    of(tg::sum<n>(floor(y)) + w);  // which has no slope
    for (const double one : out) CHECK(one == 0);
  }
}

constexpr auto normalised(auto z) {
  const auto mean = tg::mean<n>(z);
  return (z - mean) / sqrt(tg::mean<n>(square(z - mean)) + 0.01_c);
}
constexpr auto z = normalised(dot<c>(W, x));
constexpr auto loss = tg::mean<n>(dot<h>(sin(z), z)) * tg::sum<n>(y * sum<h>(z * z * z)) + tg::max<n>(y * tg::at<h, 0>(dot<c>(W, x))) +
                      sum<c>(square(tg::mean<n>(x * y)));

TEST_CASE("row gradients: several passes, against differences") {
  const auto ws = numbers(6, 2);
  for (const int count : {2, 17, 37}) {
    auto xs = numbers(3 * count, 3), ys = numbers(count, 4);
    std::vector<double> by_x(xs.size()), by_y(ys.size());
    constexpr auto g = tg::gradient(loss, tg::wrt(x, y));
    tg::evaluate(tg::tuple(g[x], g[y]), W = ws, x = xs, y = ys, tg::into(by_x, by_y));
    const auto value = [&] { return tg::evaluate(loss, W = ws, x = xs, y = ys); };
    for (std::size_t i = 0; i < xs.size(); ++i) CHECK(by_x[i] == Approx(slope_at(xs[i], value)).epsilon(1e-6).margin(1e-8));
    for (std::size_t i = 0; i < ys.size(); ++i) CHECK(by_y[i] == Approx(slope_at(ys[i], value)).epsilon(1e-6).margin(1e-8));
  }
}

TEST_CASE("row gradients: the largest of all rows") {
  const std::vector<double> ys = {0, 4, 1};
  const auto slope = [&](auto f) {
    const auto reverse = tg::value_and_gradient(f, tg::wrt(w))(w = 4.0, y = ys).gradient[w];
    CHECK(tg::evaluate(tg::derivative(f, w), w = 4.0, y = ys) == reverse);
    return static_cast<double>(reverse);
  };
  // rows that lose have no slope, also where it would be infinite
  CHECK(slope(tg::max<n>(sqrt(w * y))) == 0.5);
  CHECK(slope(tg::max<n>(log(w * y))) == 0.25);
  CHECK(slope(tg::min<n>(2_c - sqrt(w * y))) == -0.5);
  // what goes on from the largest
  CHECK(slope(square(tg::max<n>(w * y))) == 128);
  CHECK(slope(square(tg::max<n>(sqrt(w * y)))) == 4);
  CHECK(slope(tg::max<n>(w * y) * tg::sum<n>(w * y)) == 160);
  CHECK(slope(tg::max<n>(tg::max<n>(w * y) * y)) == 16);
}

TEST_CASE("row gradients: in formulas that go on, and twice") {
  constexpr auto g = tg::gradient(loss, tg::wrt(x))[x];
  constexpr auto penalty = tg::mean<n>(sum<c>(square(g)));  // a gradient penalty
  for (const int count : {2, 17}) {
    auto xs = numbers(3 * count, 5), ys = numbers(count, 6), ws = numbers(6, 7);
    const auto value = [&] { return tg::evaluate(penalty, W = ws, x = xs, y = ys); };
    std::vector<double> one(xs.size());
    tg::evaluate(g, W = ws, x = xs, y = ys, tg::into(one));
    double sum = 0;
    for (const double number : one) sum += number * number / count;
    CHECK(value() == Approx(sum));
    const auto by_w = tg::value_and_gradient(penalty)(W = ws, x = xs, y = ys).gradient;
    for (std::size_t i = 0; i < 6; ++i) CHECK(by_w.data()[i] == Approx(slope_at(ws[i], value)).epsilon(1e-5).margin(1e-7));
  }
  // the Hessian of a function of the rows times a vector of rows
  constexpr auto v = tg::variable<"v", tg::axes<n>>;
  constexpr auto f = square(tg::mean<n>(y * y * y)) + tg::logsumexp<n>(y);
  constexpr auto product = tg::gradient(tg::sum<n>(v * tg::gradient(f, tg::wrt(y))[y]), tg::wrt(y))[y];
  auto ys = numbers(9, 8);
  const auto vs = numbers(9, 9);
  std::vector<double> out(9), above(9), below(9), moved(9);
  tg::evaluate(product, y = ys, v = vs, tg::into(out));
  const auto along = [&](double step, std::vector<double>& to) {
    for (std::size_t i = 0; i < 9; ++i) moved[i] = ys[i] + step * vs[i];
    tg::evaluate(tg::gradient(f, tg::wrt(y))[y], y = moved, tg::into(to));
  };
  along(1e-5, above), along(-1e-5, below);
  for (std::size_t i = 0; i < 9; ++i) CHECK(out[i] == Approx((above[i] - below[i]) / 2e-5).epsilon(1e-6).margin(1e-9));
}

TEST_CASE("row gradients: iterations, and what a row looks up") {
  constexpr auto token = tg::index<"token", h, tg::axes<n>>;
  constexpr auto root = tg::iterate_until<1e-14_c>(1_c, [](auto r) { return (r + (2_c + y) / r) / 2_c; });
  constexpr auto f = square(tg::mean<n>(root * dot<c>(x, tg::take<h>(W, token)))) + tg::sum<n>(root);
  for (const int count : {1, 5, 17}) {
    auto xs = numbers(3 * count, 10), ys = numbers(count, 11);
    const auto ws = numbers(6, 12);
    std::vector<int> tokens(ys.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) tokens[i] = i % 3 == 0 ? 1 : 0;
    std::vector<double> by_x(xs.size()), by_y(ys.size());
    constexpr auto g = tg::gradient(f, tg::wrt(x, y));
    tg::evaluate(tg::tuple(g[x], g[y]), W = ws, x = xs, y = ys, token = tokens, tg::into(by_x, by_y));
    const auto value = [&] { return tg::evaluate(f, W = ws, x = xs, y = ys, token = tokens); };
    for (std::size_t i = 0; i < xs.size(); ++i) CHECK(by_x[i] == Approx(slope_at(xs[i], value)).epsilon(1e-6).margin(1e-8));
    for (std::size_t i = 0; i < ys.size(); ++i) CHECK(by_y[i] == Approx(slope_at(ys[i], value)).epsilon(1e-6).margin(1e-8));
  }
}

TEST_CASE("row gradients: what all rows share is written once for each row of its own axis") {
  constexpr auto m = tg::axis<"m">;
  constexpr auto other = tg::variable<"other", tg::axes<m>>;
  const auto ys = numbers(5, 13), others = numbers(2, 14);
  const auto check = [&](auto f, double first, double second) {
    constexpr auto g = tg::gradient(decltype(f){}, tg::wrt(y, other));
    std::vector<double> by_y(7, 9.0), by_other(8, 5.0);
    tg::evaluate(tg::tuple(g[y], g[other]), y = ys, other = others, tg::into(std::span(by_y).first(5), std::span(by_other).first(2)));
    CHECK(by_y[0] == Approx(first));
    for (std::size_t i = 0; i < 8; ++i) CHECK(by_other[i] == (i < 2 ? Approx(second) : Approx(5)));
    CHECK((by_y[5] == 9 && by_y[6] == 9));
    std::vector<double> alone(6, 3.0);
    tg::evaluate(g[other], y = ys, other = others, tg::into(std::span(alone).first(2)));
    CHECK((alone[1] == Approx(second) && alone[2] == 3 && alone[5] == 3));
  };
  double mean = 0;
  for (const double one : ys) mean += one * one / 5;
  check(tg::mean<n>(square(y)) + tg::mean<m>(sign(other)), 2 * ys[0] / 5, 0);
  check(tg::mean<n>(square(y)) + tg::sum<m>(other), 2 * ys[0] / 5, 1);
  check(tg::sum<m>(other) + tg::sum<n>(y), 1, 1);
  check(tg::mean<n>(square(y)) * tg::mean<m>(other), 2 * ys[0] / 5 * (others[0] + others[1]) / 2, mean / 2);
}

}  // namespace
