// SPDX-License-Identifier: BSL-1.0
// What stands between the calculus and the plan: short tensors and sparse sums number by number, long sums side by side, small products as
// contractions. Operations are counted; numbers are those of plain loops.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

template <int N, class F>
constexpr auto sum_of(F f) {
  return [f]<int... I>(std::integer_sequence<int, I...>) { return (... + f(boost::hana::int_c<I>)); }(std::make_integer_sequence<int, N>{});
}

/// Springs between all pairs of points in space.
template <int Points>
struct springs {
  static constexpr auto x = tg::parameter<"x", tg::matrix<Points, 3>>;
  static constexpr auto pair(auto i, auto j) {
    constexpr auto d = tg::row<i.value>(x) - tg::row<j.value>(x);
    return square(dot(d, d) - 1_c);
  }
  static constexpr auto f =
      sum_of<Points - 1>([](auto i) { return sum_of<i.value + 1>([i](auto j) { return pair(boost::hana::int_c<i.value + 1>, j); }); });
};

TEST_CASE("rows of three numbers are computed as numbers") {
  constexpr auto program = tg::value_and_gradient(springs<6>::f);
  constexpr auto plan = program.plan<double>();
  constexpr int pairs = 15;
  // a pair: 3 differences, 2 sums of squares, 1 less; energies; the gradient of each of 18 numbers has five terms, of the first three all negative
  STATIC_REQUIRE(program.operation_count().add == pairs * (3 + 2 + 1) + (pairs - 1) + 18 * 4 + 3);
  STATIC_REQUIRE(plan.workspace_bytes() < 100 * 8);
  const std::string text(tg::to_string(plan));
  CHECK(text.find(" over ") == std::string::npos);  // no loops
  CHECK(text.find("root 1 = put together; 18 numbers") != std::string::npos);

  std::array<double, 18> at{}, expected{};
  for (int k = 0; k < 18; ++k) at[static_cast<std::size_t>(k)] = std::sin(3.0 * k);
  double energy = 0;
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < i; ++j) {
      double r2 = 0;
      for (std::size_t k = 0; k < 3; ++k) r2 += (at[3 * i + k] - at[3 * j + k]) * (at[3 * i + k] - at[3 * j + k]);
      energy += (r2 - 1) * (r2 - 1);
      for (std::size_t k = 0; k < 3; ++k) {
        const double force = 4 * (r2 - 1) * (at[3 * i + k] - at[3 * j + k]);
        expected[3 * i + k] += force, expected[3 * j + k] -= force;
      }
    }
  const auto found = program(springs<6>::x = at);
  CHECK(found.value == Approx(energy).epsilon(1e-14));
  for (std::size_t k = 0; k < 18; ++k) CHECK(found.gradient.data()[k] == Approx(expected[k]).epsilon(1e-13).margin(1e-13));
}

TEST_CASE("sums of which most is 0") {
  constexpr auto x = tg::parameter<"x", tg::vector<10>>;
  constexpr auto a = tg::slice<1, 10>(x) - square(tg::slice<0, 9>(x));
  constexpr auto program = tg::value_and_gradient(dot(a, a));
  const std::string text(tg::to_string(program.plan<double>()));
  CHECK(text.find("scatter") == std::string::npos);
  std::array<double, 10> at{};
  for (std::size_t k = 0; k < 10; ++k) at[k] = 0.3 * static_cast<double>(k) - 1;
  const auto found = program(x = at).gradient;
  for (std::size_t k = 0; k < 10; ++k) {
    const auto term = [&](std::size_t i) { return at[i + 1] - at[i] * at[i]; };
    const double expected = (k > 0 ? 2 * term(k - 1) : 0) - (k < 9 ? 4 * term(k) * at[k] : 0);
    CHECK(found[x][k] == Approx(expected).epsilon(1e-14));
  }
  // a Hessian: 28 numbers that are not 0, and 72 that are written and not computed
  constexpr auto hessian = tg::hessian(dot(a, a), x);
  const auto second = tg::evaluate(hessian, x = at);
  for (int i = 0; i < 10; ++i)
    for (int j = 0; j < 10; ++j)
      if (i > j + 1 || j > i + 1) CHECK(second(i, j) == 0);
  CHECK(second(9, 9) == 2);
  CHECK(second(3, 4) == Approx(-4 * at[3]));
}

TEST_CASE("rows of a Jacobian are numbers that go where the caller wants them") {
  constexpr auto x = tg::parameter<"x", tg::vector<7>>;
  constexpr auto u = tg::slice<1, 4>(x);
  constexpr auto v = tg::slice<4, 7>(x);
  constexpr auto program = tg::value_and_jacobian(tg::at<0>(x) * hadamard(u, v) + dot(u, v) * v);
  const std::string text(tg::to_string(program.plan<double>()));
  CHECK(text.find(" over ") == std::string::npos);
  CHECK(text.find("copy") == std::string::npos);
  CHECK(text.find("root 1 = put together; 21 numbers") != std::string::npos);
  constexpr std::array at = {2.0, 1.0, 3.0, 5.0, 7.0, 11.0, 13.0};
  const auto found = program(x = at);
  CHECK(found.value[2] == 2 * 5 * 13 + (7 + 33 + 65) * 13);
  CHECK(found.jacobian[x](0, 0) == 7);
  CHECK(found.jacobian[x](1, 1) == 7 * 11);
  CHECK(found.jacobian[x](1, 5) == 2 * 3 + (7 + 33 + 65) + 3 * 11);
}

TEST_CASE("quotients are exact at all sizes of the divisor") {
  constexpr auto p = tg::parameter<"p">;
  constexpr auto d = tg::parameter<"d">;
  // a product by 1 / d, which the gradient has, would be infinite or NaN
  constexpr auto program = tg::value_and_gradient(p / d);
  CHECK(program(p = 1e-310, d = 1e-310).value == 1);
  CHECK(program(p = 0.0, d = 1e-310).value == 0);
  CHECK(program(p = 3e-39F, d = 1e-39F).value == 3e-39F / 1e-39F);
  constexpr auto v = tg::parameter<"v", tg::vector<3>>;
  CHECK(tg::evaluate(sum(v / d), v = std::array{2e-310, 0.0, 4e-310}, d = 2e-310) == 3);
}

constexpr auto c = tg::parameter<"c", tg::vector<40>>;

TEST_CASE("long sums side by side") {
  const auto depth = [](auto f) { return tg::plan_of<tg::detail::expressions<true, decltype(f)>>::value.depth; };
  constexpr auto term = [](auto i) { return square(tg::at<i.value>(c)); };
  CHECK(depth(sum_of<7>(term)) == 7);
  CHECK(depth(sum_of<8>(term)) == 5);   // a square, three additions, one
  CHECK(depth(sum_of<40>(term)) == 8);  // a square, four additions in each of eight, three
  CHECK(depth(sum_of<16>([](auto i) { return tg::at<2 * i.value>(c) - tg::at<2 * i.value + 1>(c); })) < 10);
  std::array<double, 40> at{};
  double expected = 0;
  for (std::size_t k = 0; k < 40; ++k) at[k] = std::cos(static_cast<double>(k)), expected += k % 3 == 1 ? -at[k] : at[k];
  constexpr auto alternating = sum_of<40>([](auto i) {
    if constexpr (i.value % 3 == 1) return -tg::at<i.value>(c);
    else return tg::at<i.value>(c);
  });
  CHECK(tg::evaluate(alternating, c = at) == Approx(expected).epsilon(1e-14));
  constexpr auto negative = sum_of<12>([](auto i) { return -tg::at<i.value>(c); });
  double all = 0;
  for (std::size_t k = 0; k < 12; ++k) all -= at[k];
  CHECK(tg::evaluate(negative, c = at) == Approx(all).epsilon(1e-14));
}

/// A product by the program and by loops.
template <int A, int B, int C>
void check_product() {
  constexpr auto m = tg::parameter<"m", tg::matrix<A, B>>;
  constexpr auto k = tg::parameter<"k", tg::matrix<B, C>>;
  constexpr auto weights = tg::variable<"weights", tg::matrix<A, C>>;
  std::array<double, A * B> ms{};
  std::array<double, B * C> ks{};
  std::array<double, A * C> ws{};
  for (std::size_t i = 0; i < ms.size(); ++i) ms[i] = std::sin(1.0 + static_cast<double>(i));
  for (std::size_t i = 0; i < ks.size(); ++i) ks[i] = std::cos(2.0 * static_cast<double>(i));
  for (std::size_t i = 0; i < ws.size(); ++i) ws[i] = 1.0 / (1.0 + static_cast<double>(i));
  const auto found = tg::value_and_gradient(sum(hadamard(weights, m * k)))(m = ms, k = ks, weights = ws);
  double value = 0;
  std::array<double, A * B> by_m{};
  std::array<double, B * C> by_k{};
  for (std::size_t i = 0; i < A; ++i)
    for (std::size_t j = 0; j < C; ++j)
      for (std::size_t l = 0; l < B; ++l) {
        const double w = ws[i * C + j];
        value += w * ms[i * B + l] * ks[l * C + j];
        by_m[i * B + l] += w * ks[l * C + j], by_k[l * C + j] += w * ms[i * B + l];
      }
  CHECK(found.value == Approx(value).epsilon(1e-13));
  for (std::size_t i = 0; i < by_m.size(); ++i) CHECK(found.gradient[m].data()[i] == Approx(by_m[i]).epsilon(1e-13).margin(1e-14));
  for (std::size_t i = 0; i < by_k.size(); ++i) CHECK(found.gradient[k].data()[i] == Approx(by_k[i]).epsilon(1e-13).margin(1e-14));
}

TEST_CASE("small products of matrices and vectors") {
  check_product<1, 1, 1>();
  check_product<3, 2, 5>();
  check_product<8, 4, 1>();
  check_product<1, 17, 2>();
  check_product<16, 7, 16>();
}

}  // namespace
