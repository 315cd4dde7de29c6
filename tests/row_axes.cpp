// SPDX-License-Identifier: BSL-1.0
// Several axes of run-time length in one program: each has its rows and its passes.
#include <catch.hpp>
#include <slope.hpp>
#include <typegrad/eval/threads.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

constexpr auto n = tg::axis<"n">;
constexpr auto m = tg::axis<"m">;
constexpr auto c = tg::axis<"c", 2>;
constexpr auto w = tg::parameter<"w">;
constexpr auto V = tg::parameter<"V", tg::axes<c>>;
constexpr auto x = tg::variable<"x", tg::axes<n, c>>;
constexpr auto y = tg::variable<"y", tg::axes<m>>;
constexpr auto z = tg::variable<"z", tg::axes<m, c>>;

// sums over either axis in formulas of the other, several passes along both
constexpr auto score = dot<c>(V, x) - tg::mean<m>(w * y);
constexpr auto spread = tg::mean<n>(square(score - tg::mean<n>(score)));
constexpr auto loss = tg::logsumexp<n>(score * tg::max<m>(sum<c>(z) * w)) + spread * tg::sum<m>(y * y * sum<c>(tg::mean<n>(x) * z));

struct data {
  std::vector<double> xs, ys, zs;
  data(int rows, int others) {
    for (int i = 0; i < 2 * rows; ++i) xs.push_back(std::sin(1.3 * i));
    for (int i = 0; i < others; ++i) ys.push_back(std::cos(0.7 * i));
    for (int i = 0; i < 2 * others; ++i) zs.push_back(std::sin(0.4 * i * i + 1));
  }
};

double by_loops(double by, const std::array<double, 2>& v, const data& at) {
  const std::size_t rows = at.xs.size() / 2, others = at.ys.size();
  double shift = 0, top = -1e300, exps = 0, mean = 0, variance = 0, sum = 0;
  std::array<double, 2> x_mean = {0, 0};
  for (std::size_t j = 0; j < others; ++j) {
    shift += by * at.ys[j] / static_cast<double>(others);
    top = std::fmax(top, (at.zs[2 * j] + at.zs[2 * j + 1]) * by);
  }
  const auto score_of = [&](std::size_t i) { return v[0] * at.xs[2 * i] + v[1] * at.xs[2 * i + 1] - shift; };
  for (std::size_t i = 0; i < rows; ++i) {
    exps += std::exp(score_of(i) * top), mean += score_of(i) / static_cast<double>(rows);
    for (std::size_t k = 0; k < 2; ++k) x_mean[k] += at.xs[2 * i + k] / static_cast<double>(rows);
  }
  for (std::size_t i = 0; i < rows; ++i) variance += (score_of(i) - mean) * (score_of(i) - mean) / static_cast<double>(rows);
  for (std::size_t j = 0; j < others; ++j) sum += at.ys[j] * at.ys[j] * (x_mean[0] * at.zs[2 * j] + x_mean[1] * at.zs[2 * j + 1]);
  return std::log(exps) + variance * sum;
}

TEST_CASE("row axes: values and gradients") {
  for (const auto& [rows, others] : std::vector<std::array<int, 2>>{{1, 1}, {1, 9}, {19, 1}, {17, 37}, {40, 3}}) {
    data at(rows, others);
    double by = 0.8;
    std::array<double, 2> v = {0.3, -0.6};
    const auto value = [&] { return by_loops(by, v, at); };
    const auto found = tg::value_and_gradient(loss)(w = by, V = v, x = at.xs, y = at.ys, z = at.zs);
    CHECK(found.value == Approx(value()).epsilon(1e-12));
    CHECK(found.gradient[w] == Approx(slope_at(by, value)).epsilon(1e-7));
    for (std::size_t k = 0; k < 2; ++k) CHECK(found.gradient[V](static_cast<int>(k)) == Approx(slope_at(v[k], value)).epsilon(1e-7).margin(1e-9));
    // what each row has: a result for each row of either axis, in one call
    std::vector<double> by_x(at.xs.size()), by_y(at.ys.size()), by_z(at.zs.size()), scores(static_cast<std::size_t>(rows));
    constexpr auto g = tg::gradient(loss, tg::wrt(x, y, z));
    tg::evaluate(tg::tuple(g[x], g[y], score, g[z]), w = by, V = v, x = at.xs, y = at.ys, z = at.zs, tg::into(by_x, by_y, scores, by_z));
    for (std::size_t i = 0; i < at.xs.size(); ++i) CHECK(by_x[i] == Approx(slope_at(at.xs[i], value)).epsilon(1e-6).margin(1e-8));
    for (std::size_t i = 0; i < at.ys.size(); ++i) CHECK(by_y[i] == Approx(slope_at(at.ys[i], value)).epsilon(1e-6).margin(1e-8));
    for (std::size_t i = 0; i < at.zs.size(); ++i) CHECK(by_z[i] == Approx(slope_at(at.zs[i], value)).epsilon(1e-6).margin(1e-8));
    double shift = 0;
    for (const double one : at.ys) shift += by * one / others;
    for (std::size_t i = 0; i < scores.size(); ++i)
      CHECK(scores[i] == Approx(v[0] * at.xs[2 * i] + v[1] * at.xs[2 * i + 1] - shift).epsilon(1e-12).margin(1e-14));
    // forward and second derivatives
    const auto forward = tg::evaluate(tg::derivative(loss, w), w = by, V = v, x = at.xs, y = at.ys, z = at.zs);
    CHECK(forward == Approx(found.gradient[w]).epsilon(1e-11));
    const auto by_w = [&] { return static_cast<double>(tg::value_and_gradient(loss)(w = by, V = v, x = at.xs, y = at.ys, z = at.zs).gradient[w]); };
    CHECK(tg::evaluate(tg::hvp(loss, w, 1_c), w = by, V = v, x = at.xs, y = at.ys, z = at.zs) ==
          Approx(slope_at(by, by_w)).epsilon(1e-6).margin(1e-8));
  }
}

TEST_CASE("row axes: in constant expressions, by threads, with memory") {
  static constexpr std::array<double, 6> xs = {1, 0.5, -0.25, 2, 0.75, -1};
  static constexpr std::array<double, 2> ys = {0.5, -1.5}, vs = {0.25, 0.5};
  static constexpr std::array<double, 4> zs = {1, 2, -0.5, 0.25};
  constexpr auto f = tg::mean<n>(dot<c>(V, x) * tg::sum<m>(w * y)) + tg::max<m>(sum<c>(z)) * tg::sum<n>(sum<c>(x));
  STATIC_REQUIRE(tg::evaluate(tg::sum<n>(sum<c>(x)) * tg::sum<m>(y), x = xs, y = ys) == -3);
  static constexpr auto at_compile_time = tg::value_and_gradient(f)(w = 0.5, V = vs, x = xs, y = ys, z = zs);
  const auto at_run_time = tg::value_and_gradient(f)(w = 0.5, V = vs, x = std::vector<double>(xs.begin(), xs.end()), y = ys, z = zs);
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
  const data at(2'000'000, 41);
  tg::thread_pool pool(2);
  const auto one = tg::value_and_gradient(loss)(w = 0.5, V = vs, x = at.xs, y = at.ys, z = at.zs);
  const auto two = tg::value_and_gradient(loss).on(pool)(w = 0.5, V = vs, x = at.xs, y = at.ys, z = at.zs);
  CHECK((one.value == two.value && one.gradient == two.gradient));
}

TEST_CASE("row axes: the plan says along which axis a pass goes") {
  const std::string plan(tg::to_string(tg::value_and_gradient(tg::mean<n>(sum<c>(x) * w) + tg::sum<m>(y * w)).plan<double>(tg::rows(x, y))));
  CHECK(plan.find("pass 1, along n:") != std::string::npos);
  CHECK(plan.find("pass 2, along m:") != std::string::npos);
}

}  // namespace
