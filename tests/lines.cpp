// SPDX-License-Identifier: BSL-1.0
// Programs of many single numbers: long lines in several functions, powers that share products, cotangents with zeros.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

template <class T>
bool same_bits(const T& a, const T& b) {
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

constexpr int atoms = 8;
constexpr auto x = tg::variable<"x", tg::vector<3 * atoms>>;

template <int I, int J>
constexpr auto pair_energy() {
  const auto dx = tg::at<3 * I>(x) - tg::at<3 * J>(x);
  const auto dy = tg::at<3 * I + 1>(x) - tg::at<3 * J + 1>(x);
  const auto dz = tg::at<3 * I + 2>(x) - tg::at<3 * J + 2>(x);
  const auto near = 1_c / (dx * dx + dy * dy + dz * dz);
  const auto cube = near * near * near;
  return 4_c * (cube * cube - cube);
}
template <int I>
constexpr auto energy_with_later() {
  return []<int... J>(std::integer_sequence<int, J...>) {
    return (... + pair_energy<I, I + 1 + J>());
  }(std::make_integer_sequence<int, atoms - 1 - I>{});
}
constexpr auto energy = []<int... I>(std::integer_sequence<int, I...>) {
  return (... + energy_with_later<I>());
}(std::make_integer_sequence<int, atoms - 1>{});
constexpr auto forces = tg::value_and_gradient(energy, tg::wrt(x));

constexpr std::array<double, 3 * atoms> places = [] {
  std::array<double, 3 * atoms> made{};
  for (std::size_t i = 0; i < atoms; ++i)
    for (std::size_t k = 0; k < 3; ++k)  // the corners of a cube, a little displaced
      made[3 * i + k] = 1.15 * static_cast<double>((i >> k) % 2) + 0.03 * static_cast<double>((i * 5 + k * 3) % 7);
  return made;
}();

TEST_CASE("a long line of numbers: pairs of atoms against loops, at compile time with the bits of run time") {
  constexpr auto known = forces(x = places);
  const auto found = forces(x = places);
  long double total = 0;
  std::array<long double, 3 * atoms> slope{};
  for (std::size_t i = 0; i < atoms; ++i)
    for (std::size_t j = i + 1; j < atoms; ++j) {
      long double d[3], square = 0;
      for (std::size_t k = 0; k < 3; ++k)
        d[k] = static_cast<long double>(places[3 * i + k]) - static_cast<long double>(places[3 * j + k]), square += d[k] * d[k];
      const long double near = 1 / square, cube = near * near * near;
      total += 4 * (cube * cube - cube);
      for (std::size_t k = 0; k < 3; ++k) {
        const long double part = (24 * cube - 48 * cube * cube) * near * d[k];
        slope[3 * i + k] += part, slope[3 * j + k] -= part;
      }
    }
  CHECK(std::abs(static_cast<long double>(found.value) - total) <= 1e-13L * std::abs(total));
  for (std::size_t i = 0; i < slope.size(); ++i) {
    INFO(i);
    CHECK(std::abs(static_cast<long double>(found.gradient[x].data()[i]) - slope[i]) <= 1e-12L * std::abs(slope[i]));
    CHECK(same_bits(known.gradient[x].data()[i], found.gradient[x].data()[i]));
  }
  CHECK(same_bits(known.value, found.value));
  STATIC_REQUIRE(forces.workspace_bytes<double>() <= 110 * sizeof(double));  // of 944 numbers, so few are alive at once
}

constexpr auto t = tg::variable<"t">;
constexpr auto c = tg::parameter<"c", tg::vector<16>>;
template <int N>
constexpr auto monomial() {
  if constexpr (N == 0) return 1_c + 0_c * t;
  else if constexpr (N == 1) return t;
  else return monomial<N - 1>() * t;
}
constexpr auto polynomial = []<int... N>(std::integer_sequence<int, N...>) {
  return dot(c, tg::stack(monomial<N>()...));
}(std::make_integer_sequence<int, 16>{});

TEST_CASE("the powers of a polynomial are one product each") {
  // 14 powers, 16 products with c
  STATIC_REQUIRE(tg::value_and_gradient(polynomial).operation_count().multiply <= 14 + 16);
  std::array<double, 16> coefficient{};
  for (std::size_t k = 0; k < 16; ++k) coefficient[k] = static_cast<double>(k % 5) - 1.75;
  for (const double at : {-1.25, 0.0, 0.5, 1.0, 1.5}) {
    double value = 0, slope = 0;
    for (std::size_t k = 16; k-- > 0;) slope = slope * at + value, value = value * at + coefficient[k];
    const auto found = tg::value_and_gradient(polynomial, tg::wrt(t))(t = at, c = coefficient);
    CHECK(std::abs(found.value - value) <= 1e-13 * (1 + std::abs(value)));
    CHECK(std::abs(found.gradient[t] - slope) <= 1e-12 * (1 + std::abs(slope)));
  }
}

TEST_CASE("powers that share products have the bits that each of them has") {
  for (const double at : {-1.7, 0.3, 1.1, 3.9}) {
    const auto all = tg::evaluate(tg::stack(tg::pow<3>(t), tg::pow<5>(t), tg::pow<6>(t), tg::pow<7>(t), tg::pow<-3>(t), tg::pow<-5>(t)), t = at);
    const double alone[] = {tg::evaluate(tg::pow<3>(t), t = at), tg::evaluate(tg::pow<5>(t), t = at),  tg::evaluate(tg::pow<6>(t), t = at),
                            tg::evaluate(tg::pow<7>(t), t = at), tg::evaluate(tg::pow<-3>(t), t = at), tg::evaluate(tg::pow<-5>(t), t = at)};
    for (std::size_t k = 0; k < 6; ++k) {
      INFO(at << " " << k);
      CHECK(same_bits(all.data()[k], alone[k]));
      CHECK(same_bits(alone[k], tg::math::power(at, std::array<tg::number, 6>{{{3}, {5}, {6}, {7}, {-3}, {-5}}}[k])));
    }
  }
}

TEST_CASE("constant exponents are the same as template arguments and as values") {
  for (const double at : {0.0, 0.4, 2.5, 1e10}) {
    CHECK(same_bits(tg::evaluate(pow(t, 0.7_c), t = at), tg::math::power(at, tg::number{7, 10})));
    CHECK(same_bits(tg::evaluate(tg::pow<3, 2>(t), t = at), tg::math::power(at, tg::number{3, 2})));
  }
}

constexpr auto z = tg::variable<"z", tg::vector<6>>;

TEST_CASE("a cotangent that is 1 in one place stays so") {
  constexpr auto step = tg::slice<1, 6>(z) - square(tg::slice<0, 5>(z));
  constexpr auto valley = 100_c * dot(step, step) + sum(square(1_c - tg::slice<0, 5>(z)));
  const std::array<double, 6> at = {0.5, -1.2, 0.8, 1.1, -0.3, 0.9};
  const auto curvature = tg::evaluate(tg::hessian(valley, z), z = at);
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      const auto k = static_cast<std::size_t>(i), l = static_cast<std::size_t>(j);
      double expected = 0;
      if (i == j) expected = (i < 5 ? 1200 * at[k] * at[k] - 400 * at[k + 1] + 2 : 0) + (i > 0 ? 200 : 0);
      if (j == i + 1) expected = -400 * at[k];
      if (i == j + 1) expected = -400 * at[l];
      INFO(i << ", " << j);
      CHECK(std::abs(curvature(i, j) - expected) <= 1e-12 * (1 + std::abs(expected)));
    }
  STATIC_REQUIRE(tg::node_count(tg::hessian(valley, z)) <= 60);  // 16 numbers that are no 0, made of 6; dense cotangents took hundreds
}

TEST_CASE("elements of elementwise operations on short stacks, with other operands") {
  constexpr auto w = tg::variable<"w", tg::vector<3>>;
  constexpr auto both = tg::stack(t, t * t, 2_c) + 0.5_c * w;
  constexpr auto f = tg::at<0>(both) * tg::at<1>(both) + tg::at<2>(tanh(both));
  const std::array<double, 3> at = {0.25, -0.5, 1.5};
  const auto found = tg::value_and_gradient(f, tg::wrt(t, w))(t = 0.75, w = at);
  const double a = 0.75 + 0.125, b = 0.5625 - 0.25, e = std::tanh(2.75);
  CHECK(std::abs(found.value - (a * b + e)) < 1e-15);
  CHECK(std::abs(found.gradient[t] - (b + a * 1.5)) < 1e-15);
  CHECK(std::abs(found.gradient[w][0] - 0.5 * b) < 1e-15);
  CHECK(std::abs(found.gradient[w][1] - 0.5 * a) < 1e-15);
  CHECK(std::abs(found.gradient[w][2] - 0.5 * (1 - e * e)) < 1e-15);
}

constexpr auto M = tg::parameter<"M", tg::matrix<4, 4>>;
constexpr auto u = tg::variable<"u", tg::vector<4>>;

TEST_CASE("long lines with tensors among the numbers") {
  constexpr auto numbers = []<int... I>(std::integer_sequence<int, I...>) {
    return (... + sin(tg::at<I % 4>(M * u) * tg::constant<I + 1, 64>));
  }(std::make_integer_sequence<int, 150>{});
  std::array<std::array<double, 4>, 4> m{};
  const std::array<double, 4> at = {0.3, -0.7, 1.2, 0.1};
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t j = 0; j < 4; ++j) m[i][j] = static_cast<double>(3 * i + j) / 8 - 0.6;
  double value = 0, slope[4] = {};
  for (int i = 0; i < 150; ++i) {
    const auto row = static_cast<std::size_t>(i % 4);
    double product = 0;
    for (std::size_t j = 0; j < 4; ++j) product += m[row][j] * at[j];
    value += std::sin(product * (i + 1) / 64);
    for (std::size_t j = 0; j < 4; ++j) slope[j] += std::cos(product * (i + 1) / 64) * (i + 1) / 64 * m[row][j];
  }
  const auto found = tg::value_and_gradient(numbers * tg::sum(u), tg::wrt(u))(M = m, u = at);
  CHECK(std::abs(found.value - value * 0.9) < 1e-11);
  for (std::size_t j = 0; j < 4; ++j) CHECK(std::abs(found.gradient[u].data()[j] - (slope[j] * 0.9 + value)) < 1e-10);
}

constexpr auto six = tg::parameter<"six", tg::vector<6>>;

TEST_CASE("equal functions of numbers that do not depend on each other are done together") {
  constexpr auto f =
      sin(tg::at<0>(six)) * exp(tg::at<1>(six)) + sin(tg::at<2>(six)) * sin(sin(tg::at<3>(six))) + sin(tg::at<4>(six) * tg::at<5>(six));
  constexpr auto program = tg::value_and_gradient(f);
  using plan = tg::plan_of<decltype(program)::recipe>;
  int sines[9] = {};
  for (int i = 0; i < plan::size.steps; ++i)
    if (plan::value.operations_of[i]->id == tg::describe<tg::op::sin>.id) ++sines[plan::value.runs[i] / tg::most_joined];
  CHECK((sines[4] == 4 && sines[1] == 1));  // x0, x2, x3 and the product, one step later; the sine of a sine alone
  static constexpr double at[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};
  constexpr auto expected = program(six = at);
  const std::array<double, 6> now = {at[0], at[1], at[2], at[3], at[4], at[5]};
  const auto found = program(six = now);
  CHECK(same_bits(found.value, expected.value));
  for (std::size_t k = 0; k < 6; ++k) CHECK(same_bits(found.gradient[six].data()[k], expected.gradient[six].data()[k]));
  CHECK(tg::check_gradient(f, six = now));
}

TEST_CASE("a group does not wait for what needs it") {
  constexpr auto a = tg::at<0>(six);
  constexpr auto b = tg::at<1>(six);
  constexpr auto f = sin(exp(a)) + exp(sin(b)) + sin(exp(sin(a * b)));  // exp(a) may join exp(sin(b)), or sin(b) join sin(exp(a)), not both
  const std::array<double, 6> now = {0.3, -0.8, 0, 0, 0, 0};
  const auto found = tg::value_and_gradient(f)(six = now);
  CHECK(std::abs(found.value - (std::sin(std::exp(0.3)) + std::exp(std::sin(-0.8)) + std::sin(std::exp(std::sin(-0.24))))) < 1e-15);
  CHECK(tg::check_gradient(f, six = now));
}

TEST_CASE("a group does not go on from what comes before the rows to what comes after them") {
  constexpr auto n = tg::axis<"n">;
  constexpr auto first = tg::parameter<"first">;
  constexpr auto second = tg::parameter<"second">;
  constexpr auto row = tg::variable<"row", tg::axes<n>>;
  // three exponentials of parameters, two of means
  constexpr auto f = exp(first) * exp(tg::mean<n>(row)) + exp(second) * exp(tg::mean<n>(row * row)) + exp(first + second);
  const std::vector<double> rows = {0.5, 1, 2, 0.25, -1};
  double mean = 0, square = 0;
  for (const double one : rows) mean += one / 5, square += one * one / 5;
  const double expected = std::exp(0.3 + mean) + std::exp(0.2 + square) + std::exp(0.5);
  CHECK(std::abs(tg::evaluate(f, first = 0.3, second = 0.2, row = rows) - expected) < 1e-14 * expected);
  const auto found = tg::value_and_gradient(f)(first = 0.3, second = 0.2, row = rows);
  CHECK(std::abs(found.gradient[first] - (std::exp(0.3 + mean) + std::exp(0.5))) < 1e-14 * expected);
}

TEST_CASE("tensors of a few numbers") {
  constexpr auto p = tg::parameter<"p", tg::matrix<3, 3>>;
  constexpr auto d = tg::row<1>(p) - tg::row<0>(p);
  constexpr auto f = 2_c / sqrt(dot(d, d)) + sum(p * d * 0.5_c) + dot(tg::row<2>(p), d);
  constexpr auto program = tg::value_and_gradient(f);
  static constexpr double at[] = {0.1, 0.2, 0.3, 0.4, -0.5, 0.6, 0.7, 0.8, -0.9};
  constexpr auto expected = program(p = at);
  const std::array<double, 9> now = {at[0], at[1], at[2], at[3], at[4], at[5], at[6], at[7], at[8]};
  const auto found = program(p = now);
  CHECK(same_bits(found.value, expected.value));
  for (std::size_t k = 0; k < 9; ++k) CHECK(same_bits(found.gradient[p].data()[k], expected.gradient[p].data()[k]));
  CHECK(tg::check_gradient(f, p = now));
}

}  // namespace
