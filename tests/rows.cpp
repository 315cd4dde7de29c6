// SPDX-License-Identifier: BSL-1.0
// Axes of run-time length, results for each row, programs of several passes and of several results.
#include <catch.hpp>
#include <typegrad/eval/threads.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <numeric>
#include <random>
#include <string_view>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;
namespace hana = boost::hana;

constexpr auto n = tg::axis<"n">;
constexpr auto c = tg::axis<"c", 3>;
constexpr auto h = tg::axis<"h", 2>;
constexpr auto W = tg::parameter<"W", tg::axes<h, c>>;
constexpr auto x = tg::variable<"x", tg::axes<n, c>>;
constexpr auto y = tg::variable<"y", tg::axes<n>>;

template <class T = double>
std::vector<T> numbers(int count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<T> result(static_cast<std::size_t>(count));
  for (T& one : result) one = static_cast<T>(uniform(random));
  return result;
}

const std::vector<int> counts = {1, 2, 7, 16, 17, 37, 300};

TEST_CASE("rows: a result for each of them") {
  const auto w = numbers(6, 1);
  for (const int count : counts) {
    const auto xs = numbers(3 * count, 2);
    std::vector<double> out(static_cast<std::size_t>(2 * count), 9.0);
    tg::evaluate(tanh(dot<c>(W, x)), W = w, x = xs, tg::into(out));
    for (int i = 0; i < count; ++i)
      for (int j = 0; j < 2; ++j) {
        double sum = 0;
        for (int k = 0; k < 3; ++k) sum += w[static_cast<std::size_t>(3 * j + k)] * xs[static_cast<std::size_t>(3 * i + k)];
        CHECK(out[static_cast<std::size_t>(2 * i + j)] == Approx(std::tanh(sum)).epsilon(1e-14));
      }
  }
}

TEST_CASE("rows: values, gradients and Jacobians of a formula of one row") {
  constexpr auto a = tg::parameter<"a", tg::vector<3>>;
  constexpr auto p = tg::variable<"p", tg::vector<3>>;
  constexpr auto f = exp(dot(a, p));
  constexpr auto g = tg::stack(f, sin(tg::at<1>(p)));
  const std::array<float, 3> as = {0.1f, 0.2f, 0.3f};
  for (const int count : counts) {
    const auto ps = numbers<float>(3 * count, 3);
    std::vector<float> value(static_cast<std::size_t>(count)), gradient(static_cast<std::size_t>(3 * count)),
        jacobian(static_cast<std::size_t>(6 * count));
    tg::evaluate(tg::tuple(f, tg::gradient(f, tg::wrt(p))[p], tg::jacobian(g, p)), a = as, tg::each(p = ps), tg::into(value, gradient, jacobian));
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::array<float, 3> row = {ps[3 * i], ps[3 * i + 1], ps[3 * i + 2]};
      const auto one = tg::value_and_gradient(f, tg::wrt(p))(a = as, p = row);
      CHECK(value[i] == Approx(one.value).epsilon(1e-6));
      for (std::size_t k = 0; k < 3; ++k) {
        CHECK(gradient[3 * i + k] == Approx(one.gradient.data()[k]).epsilon(1e-6));
        CHECK(jacobian[6 * i + k] == Approx(one.gradient.data()[k]).epsilon(1e-6));
        CHECK(jacobian[6 * i + 3 + k] == Approx(k == 1 ? std::cos(row[1]) : 0).margin(1e-6));
      }
    }
  }
}

TEST_CASE("rows: sums, extrema and what needs several passes") {
  for (const int count : counts) {
    const auto ys = numbers(count, 4);
    double mean = 0, variance = 0, largest = ys[0], total = 0;
    for (const double one : ys) mean += one / count, largest = std::max(largest, one), total += std::exp(one);
    for (const double one : ys) variance += (one - mean) * (one - mean) / count;
    const auto of = [&](auto e) { return tg::evaluate(e, y = ys); };
    CHECK(of(tg::mean<n>(y)) == Approx(mean).margin(1e-14));
    CHECK(of(tg::sum<n>(y)) == Approx(count * mean).margin(1e-13));
    CHECK(of(tg::mean<n>(square(y - tg::mean<n>(y)))) == Approx(variance).margin(1e-14));
    CHECK(of(tg::max<n>(y)) == largest);
    CHECK(of(tg::logsumexp<n>(y)) == Approx(std::log(total)).margin(1e-14));
    CHECK(of(dot<n>(y, y)) == Approx(std::inner_product(ys.begin(), ys.end(), ys.begin(), 0.0)).margin(1e-13));
    std::vector<double> soft(ys.size());
    tg::evaluate(tg::softmax<n>(y), y = ys, tg::into(soft));
    for (std::size_t i = 0; i < soft.size(); ++i) CHECK(soft[i] == Approx(std::exp(ys[i]) / total).epsilon(1e-13));
  }
}

TEST_CASE("rows: a sum may be a result and be needed by the next pass") {
  for (const int count : counts) {
    const auto xs = numbers(3 * count, 16);
    const auto both = tg::evaluate(tg::tuple(tg::mean<n>(x), tg::mean<n>(square(x - tg::mean<n>(x)))), x = xs);
    for (std::size_t k = 0; k < 3; ++k) {
      double mean = 0, variance = 0;
      for (std::size_t i = k; i < xs.size(); i += 3) mean += xs[i] / count;
      for (std::size_t i = k; i < xs.size(); i += 3) variance += (xs[i] - mean) * (xs[i] - mean) / count;
      CHECK(both[hana::size_c<0>][k] == Approx(mean).margin(1e-14));
      CHECK(both[hana::size_c<1>][k] == Approx(variance).margin(1e-14));
    }
  }
}

TEST_CASE("rows: each pass reads the symbols that it needs") {
  for (const int count : counts) {
    const auto xs = numbers(3 * count, 14), ys = numbers(count, 15);
    double mean = 0, squares = 0;
    for (int i = 0; i < count; ++i) mean += xs[static_cast<std::size_t>(3 * i + 1)] / count;
    for (const double one : ys) squares += (one - mean) * (one - mean) / count;
    CHECK(tg::evaluate(tg::mean<n>(square(y - tg::mean<n>(tg::at<c, 1>(x)))), x = xs, y = ys) == Approx(squares).epsilon(1e-13));
  }
}

constexpr auto normalised(auto z) {
  const auto mean = tg::mean<n>(z);
  const auto variance = tg::mean<n>(square(z - mean));
  return (z - mean) / sqrt(variance + 0.001_c);
}
constexpr auto z = normalised(dot<c>(W, x));
constexpr auto loss = tg::mean<n>(dot<h>(sin(z), z* z)) + tg::mean<n, h>(z * z * z * y) + tg::max<n>(y * tg::at<h, 0>(dot<c>(W, x)));

TEST_CASE("rows: the gradient of a program of several passes") {
  const auto w = numbers(6, 5);
  for (const int count : {2, 17, 37, 300}) {
    const auto xs = numbers(3 * count, 6), ys = numbers(count, 7);
    const auto result = tg::value_and_gradient(loss)(W = w, x = xs, y = ys);
    CHECK(result.value == tg::evaluate(loss, W = w, x = xs, y = ys));
    for (std::size_t i = 0; i < 6; ++i) {
      auto moved = w;
      moved[i] += 1e-6;
      const double above = tg::evaluate(loss, W = moved, x = xs, y = ys);
      moved[i] -= 2e-6;
      const double below = tg::evaluate(loss, W = moved, x = xs, y = ys);
      CHECK(result.gradient.data()[i] == Approx((above - below) / 2e-6).epsilon(1e-5).margin(1e-8));
    }
  }
}

TEST_CASE("rows: several passes have the same bits in a constant expression and by threads") {
  static constexpr std::array<double, 6> w = {0.5, -0.25, 1, 0.75, -1, 0.125};
  static constexpr std::array<double, 9> xs = {1, 2, -1, 0.5, 0.25, -2, 3, -0.5, 1.5};
  static constexpr std::array<double, 3> ys = {0.1, -0.7, 0.4};
  static constexpr auto at_compile_time = tg::value_and_gradient(loss)(W = w, x = xs, y = ys);
  const std::vector<double> run_x(xs.begin(), xs.end());
  const auto at_run_time = tg::value_and_gradient(loss)(W = w, x = run_x, y = ys);
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
  tg::thread_pool pool(2);
  constexpr int many = 400'000;
  const auto more = numbers(3 * many, 8), targets = numbers(many, 9);
  constexpr auto program = tg::value_and_gradient(loss);
  const auto one = program(W = w, tg::batch(x = more, y = targets)), two = program.on(pool)(W = w, x = more, y = targets);
  CHECK(one.value == two.value);
  CHECK(one.gradient == two.gradient);
}

TEST_CASE("rows: products with shared tensors and sums of products of rows are the kernels of layers") {
  constexpr auto in = tg::axis<"in", 24>;
  constexpr auto out = tg::axis<"out", 20>;
  constexpr tg::nn::affine<"layer", in, out> layer;
  constexpr auto p = tg::variable<"p", tg::axes<in>>;
  constexpr auto square_error = sum(square(tanh(layer(p))));
  constexpr std::string_view plan = to_string(tg::value_and_gradient(square_error).plan<float>(tg::rows(p)));
  CHECK(plan.find("product 20x24 layer.weight*@0 + tanh") != plan.npos);
  CHECK(plan.find("outer sum 20x24") != plan.npos);
  const auto theta = tg::nn::initialize<double>(square_error, 1, tg::nn::xavier{});
  const auto ps = numbers(24 * 37, 17);
  const auto all = tg::value_and_gradient(square_error)(theta, tg::batch(p = ps));
  std::vector<double> gradient(theta.size(), 0.0);
  for (int i = 0; i < 37; ++i) {
    const std::vector<double> one(ps.begin() + 24 * i, ps.begin() + 24 * (i + 1));
    const auto alone = tg::value_and_gradient(square_error)(theta, p = one);
    for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] += alone.gradient.data()[k] / 37;
  }
  for (std::size_t k = 0; k < gradient.size(); ++k) CHECK(all.gradient.data()[k] == Approx(gradient[k]).margin(1e-13));
}

TEST_CASE("several results of one program") {
  constexpr auto u = tg::variable<"u">;
  static constexpr auto both = tg::evaluate(tg::tuple(2_c * u, tg::stack(u, square(u))), u = 3.0);
  STATIC_REQUIRE(both[hana::size_c<0>] == 6.0);
  STATIC_REQUIRE(both[hana::size_c<1>][1] == 9.0);
  const std::vector<double> us = {1, 2, 3};
  const auto means = tg::evaluate(tg::tuple(u, u * u), tg::batch(u = us));
  CHECK(means[hana::size_c<0>] == Approx(2));
  CHECK(means[hana::size_c<1>] == Approx(14.0 / 3));

  constexpr auto A = tg::parameter<"A", tg::matrix<2, 3>>;
  constexpr auto v = tg::variable<"v", tg::vector<3>>;
  constexpr auto f = tanh(A * v);
  const auto as = numbers(6, 10), vs = numbers(3, 11);
  const auto all = tg::value_and_jacobian(f, tg::wrt(v, A))(A = as, v = vs);
  const auto value = tg::evaluate(f, A = as, v = vs);
  for (int i = 0; i < 2; ++i) {
    const double slope = 1 - value[static_cast<std::size_t>(i)] * value[static_cast<std::size_t>(i)];
    CHECK(all.value[static_cast<std::size_t>(i)] == value[static_cast<std::size_t>(i)]);
    for (int j = 0; j < 3; ++j) {
      CHECK(all.jacobian[v](i, j) == Approx(slope * as[static_cast<std::size_t>(3 * i + j)]));
      for (int k = 0; k < 2; ++k) CHECK(all.jacobian[A](i, 3 * k + j) == Approx(i == k ? slope * vs[static_cast<std::size_t>(j)] : 0).margin(1e-15));
    }
  }
}

TEST_CASE("Jacobians and Hessians of tensors with named axes, of several symbols") {
  constexpr auto q = tg::variable<"q", tg::axes<c>>;
  constexpr auto f = tanh(dot<c>(W, q));
  constexpr auto by_q = tg::jacobian(f, q);
  STATIC_REQUIRE(std::is_same_v<decltype(by_q)::shape, tg::axes<h, c>>);
  STATIC_REQUIRE(decltype(tg::jacobian(f, W))::shape::list.count == 3);  // h, h', c
  const auto w = numbers(6, 12), qs = numbers(3, 13);
  const auto value = tg::evaluate(f, W = w, q = qs);
  const auto j = tg::evaluate(by_q, W = w, q = qs);
  for (int i = 0; i < 2; ++i)
    for (int k = 0; k < 3; ++k)
      CHECK(j(i, k) ==
            Approx((1 - value[static_cast<std::size_t>(i)] * value[static_cast<std::size_t>(i)]) * w[static_cast<std::size_t>(3 * i + k)]));

  constexpr auto s = sum(f * f);
  constexpr auto blocks = tg::hessian(s, tg::wrt(W, q));
  const auto block = tg::evaluate(blocks[W][q], W = w, q = qs);
  const auto turned = tg::evaluate(blocks[q][W], W = w, q = qs);
  const auto gradient = [&](std::size_t i, double by) {
    auto moved = w;
    moved[i] += by;
    const auto result = tg::value_and_gradient(s, tg::wrt(q))(W = moved, q = qs);
    return std::vector<double>(result.gradient.begin(), result.gradient.end());
  };
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(block[3 * i + k] == Approx((gradient(i, 1e-6)[k] - gradient(i, -1e-6)[k]) / 2e-6).margin(1e-7));
      CHECK(block[3 * i + k] == Approx(turned[6 * k + i]).margin(1e-15));
    }
}

}  // namespace
