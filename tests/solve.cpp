// SPDX-License-Identifier: BSL-1.0
// Systems of linear equations: values, derivatives of first and second order, rows of a batch, constant expressions.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

template <int N>
constexpr auto A = tg::parameter<"A", tg::matrix<N, N>>;
template <int N>
constexpr auto b = tg::parameter<"b", tg::vector<N>>;
template <int N>
constexpr auto x = solve(A<N>, b<N>);

template <class T = double>
std::vector<T> numbers(int n, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<T> result(static_cast<std::size_t>(n));
  for (T& one : result) one = static_cast<T>(uniform(random));
  return result;
}

template <int N>
void solves() {
  for (unsigned seed = 0; seed < 20; ++seed) {
    auto as = numbers(N * N, seed);
    const auto bs = numbers(N, seed + 100);
    if (seed % 2 == 0) as[0] = 0;  // rows have to be exchanged
    const auto found = tg::evaluate(x<N>, A<N> = as, b<N> = bs);
    double largest = 0;
    for (std::size_t i = 0; i < N; ++i) largest = std::max(largest, std::abs(found[i]));
    for (std::size_t i = 0; i < N; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < N; ++j) sum += as[i * N + j] * found[j];
      CHECK(sum == Approx(bs[i]).margin(1e-13 * (1 + largest)));
    }
  }
}
TEST_CASE("solve: A x = b") {
  solves<2>(), solves<3>(), solves<7>(), solves<16>();
  // [solve]
  constexpr auto M = tg::variable<"M", tg::matrix<2, 2>>;
  constexpr auto v = tg::variable<"v", tg::vector<2>>;
  STATIC_REQUIRE(tg::evaluate(solve(M, v), M = std::array{0.0, 2.0, 4.0, 1.0}, v = std::array{6.0, 11.0})[0] == 2);
  // [solve]
  STATIC_REQUIRE(tg::evaluate(x<2>, A<2> = std::array{0.0, 2.0, 4.0, 1.0}, b<2> = std::array{6.0, 11.0})[0] == 2);
  STATIC_REQUIRE(tg::evaluate(x<1>, A<1> = std::array{4.0}, b<1> = std::array{6.0})[0] == 1.5);
  CHECK(tg::to_string(x<3>) == "solve(A, b)");
}

TEST_CASE("solve: derivatives") {
  constexpr auto f = sum(sin(x<3>)) + tg::at<1>(square(x<3>));
  const std::vector<double> as = {0.1, 2, -1, 1, 0.3, 0.7, -2, 0.5, 1.5};
  const auto bs = numbers(3, 1);
  const auto report = tg::check_gradient(f, A<3> = as, b<3> = bs);
  INFO(tg::to_string(report));
  CHECK(report);
  CHECK(report.components == 12);
  // in forward mode, and twice
  constexpr auto s = tg::variable<"s">;
  constexpr auto g = dot(x<3>, x<3>);
  constexpr auto along = solve(A<3> + s * (A<3> * A<3>), b<3> + s * hadamard(b<3>, b<3>));
  constexpr auto slope = tg::derivative(tg::at<0>(along), s);
  constexpr auto curvature = tg::derivative(slope, s);
  const auto of = [&](auto e, double at) { return tg::evaluate(e, A<3> = as, b<3> = bs, s = at); };
  CHECK(of(slope, 0.1) == Approx((of(tg::at<0>(along), 0.1 + 1e-5) - of(tg::at<0>(along), 0.1 - 1e-5)) / 2e-5).epsilon(1e-6));
  CHECK(of(curvature, 0.1) == Approx((of(slope, 0.1 + 1e-5) - of(slope, 0.1 - 1e-5)) / 2e-5).epsilon(1e-6));
  const auto second = tg::check_gradient(sum(square(tg::gradient(g)[A<3>])) + sum(tg::gradient(g)[b<3>]), A<3> = as, b<3> = bs);
  INFO(tg::to_string(second));
  CHECK(second);
}

// What one number of the solution gains the other loses: neither is dead.
TEST_CASE("solve: opposite derivatives do not cancel") {
  constexpr auto p = tg::parameter<"p">;
  constexpr auto y = solve(tg::parameter<"I", tg::matrix<3, 3>>, tg::stack(p, -p, 1_c));
  constexpr auto f = 2_c * tg::at<0>(y) + 5_c * tg::at<1>(y);
  const std::vector<double> unit = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  CHECK(tg::value_and_gradient(f, tg::wrt(p))(p = 0.5, tg::parameter<"I", tg::matrix<3, 3>> = unit).gradient[p] == -3);
  CHECK(tg::evaluate(tg::derivative(f, p), p = 0.5, tg::parameter<"I", tg::matrix<3, 3>> = unit) == -3);
}

TEST_CASE("solve: rows have systems of their own, or share the matrix") {
  constexpr auto M = tg::variable<"M", tg::matrix<3, 3>>;
  constexpr auto v = tg::variable<"v", tg::vector<3>>;
  for (const int rows : {1, 5, 16, 17, 50}) {
    const auto ms = numbers(9 * rows, 2), vs = numbers(3 * rows, 3), bs = numbers(3, 4), as = numbers(9, 5);
    std::vector<double> own(static_cast<std::size_t>(3 * rows)), shared = own;
    tg::evaluate(solve(M, v + b<3>), b<3> = bs, tg::each(M = ms, v = vs), tg::into(own));
    tg::evaluate(solve(A<3>, v), A<3> = as, tg::each(v = vs), tg::into(shared));
    for (std::size_t i = 0; i < vs.size() / 3; ++i) {
      const std::vector<double> m(ms.begin() + static_cast<long>(9 * i), ms.begin() + static_cast<long>(9 * i + 9));
      const std::vector<double> one(vs.begin() + static_cast<long>(3 * i), vs.begin() + static_cast<long>(3 * i + 3));
      const auto alone = tg::evaluate(solve(M, v + b<3>), b<3> = bs, M = m, v = one), other = tg::evaluate(solve(A<3>, v), A<3> = as, v = one);
      for (std::size_t k = 0; k < 3; ++k) {
#ifndef __FMA__
        CHECK(own[3 * i + k] == alone[k]);
        CHECK(shared[3 * i + k] == other[k]);
#else
        CHECK(own[3 * i + k] == Approx(alone[k]).epsilon(1e-12));
        CHECK(shared[3 * i + k] == Approx(other[k]).epsilon(1e-12));
#endif
      }
    }
    constexpr auto program = tg::value_and_gradient(sum(sin(solve(A<3>, v * 0.1_c + b<3>))));
    const auto mean = program(A<3> = as, b<3> = bs, tg::batch(v = vs)).gradient;
    std::array<double, 12> sums{};
    for (std::size_t i = 0; i < vs.size(); i += 3) {
      const auto one =
          program(A<3> = as, b<3> = bs, v = std::vector<double>(vs.begin() + static_cast<long>(i), vs.begin() + static_cast<long>(i + 3)));
      for (std::size_t k = 0; k < 12; ++k) sums[k] += one.gradient.data()[k] / rows;
    }
    for (std::size_t k = 0; k < 12; ++k) CHECK(mean.data()[k] == Approx(sums[k]).epsilon(1e-10).margin(1e-10));
  }
}

TEST_CASE("solve: the same bits in a constant expression") {
  constexpr auto f = sum(x<3>);
  static constexpr std::array as = {0.0, 2.0, -1.0, 1.0, 0.3, 0.7, -2.0, 0.5, 1.5}, bs = {1.0, 0.25, -0.7, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  static constexpr std::array three = {bs[0], bs[1], bs[2]};
  static constexpr auto at_compile_time = tg::value_and_gradient(f)(A<3> = as, b<3> = three);
  const auto at_run_time =
      tg::value_and_gradient(f)(A<3> = std::vector<double>(as.begin(), as.end()), b<3> = std::vector<double>(three.begin(), three.end()));
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
}

}  // namespace
