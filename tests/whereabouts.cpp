// SPDX-License-Identifier: BSL-1.0
// What is part of something else takes no step, and elementwise steps share loops: the plan says so, and numbers are those of plain loops.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

template <int N>
std::array<double, N> numbers(int from) {
  std::array<double, N> result{};
  for (std::size_t i = 0; i < N; ++i) result[i] = static_cast<double>(from + static_cast<int>(i * i % 11));
  return result;
}

constexpr auto x = tg::parameter<"x", tg::vector<100>>;
constexpr auto c = tg::variable<"c", tg::vector<99>>;
constexpr auto d = tg::variable<"d", tg::vector<99>>;
constexpr auto s = tg::variable<"s">;

}  // namespace

TEST_CASE("slices are read where they are, and padded where they are made") {
  constexpr auto program = tg::value_and_gradient(dot(tg::slice<1, 100>(x), square(tg::slice<0, 99>(x))));
  constexpr std::string_view plan = to_string(program.plan<double>());
  STATIC_REQUIRE(plan.find("slice") == plan.npos);
  STATIC_REQUIRE(plan.find("broadcast") == plan.npos);
  // squares, their sum with x, two products, zeros around both adjoints, and the sum of these
  STATIC_REQUIRE(plan.find("\n7 steps") != plan.npos);
  STATIC_REQUIRE(plan.find("x@1") != plan.npos);

  const auto at = numbers<100>(-4);
  const auto found = program(x = at);
  std::array<double, 100> slope{};
  double value = 0;
  for (std::size_t i = 0; i < 99; ++i) {
    value += at[i + 1] * at[i] * at[i];
    slope[i + 1] += at[i] * at[i], slope[i] += 2 * at[i] * at[i + 1];
  }
  CHECK(found.value == value);
  for (std::size_t i = 0; i < 100; ++i) CHECK(found.gradient[x][i] == slope[i]);
}

TEST_CASE("a loop is not shared where numbers would be overwritten before they are read") {
  // d * (...) is made inside of what takes the place of x^2, one number further on than the slice of it is read
  constexpr auto f = concat(tg::stack(s), hadamard(d, hadamard(c, tg::slice<0, 99>(square(x)))));
  const auto at = numbers<100>(-4);
  const auto by = numbers<99>(1), times = numbers<99>(-2);
  const auto found = tg::evaluate(f, x = at, c = by, d = times, s = 5.0);
  CHECK(found[0] == 5);
  for (std::size_t i = 0; i < 99; ++i) CHECK(found[i + 1] == times[i] * by[i] * at[i] * at[i]);
}

TEST_CASE("parts of parts, elements of parts, and parts as results") {
  constexpr auto inner = tg::slice<3, 23>(tg::slice<10, 99>(x) * s);
  constexpr auto f = tg::tuple(inner, tg::at<2>(inner) * sum(inner), tg::slice<5, 25>(x));
  const auto at = numbers<100>(-4);
  const auto all = tg::evaluate(f, x = at, s = 2.0);
  const auto part = all[boost::hana::size_c<0>], kept = all[boost::hana::size_c<2>];
  const auto product = all[boost::hana::size_c<1>];
  double sum = 0;
  for (std::size_t i = 0; i < 20; ++i) {
    sum += 2 * at[13 + i];
    CHECK(part[i] == 2 * at[13 + i]);
    CHECK(kept[i] == at[5 + i]);
  }
  CHECK(product == 2 * at[15] * sum);
}

TEST_CASE("one number all over is read as one number") {
  constexpr auto program = tg::value_and_gradient(logsumexp(x));
  constexpr std::string_view plan = to_string(program.plan<double>());
  STATIC_REQUIRE(plan.find("broadcast") == plan.npos);
  // max and its shift; differences, exponentials, their sum; its logarithm, the value; the reciprocal of the sum, and its products
  STATIC_REQUIRE(plan.find("\n9 steps") != plan.npos);
  // but where it is a result itself it stands there
  const auto found = tg::value_and_gradient(s * sum(x))(x = numbers<100>(0), s = 3.0);
  for (std::size_t i = 0; i < 100; ++i) CHECK(found.gradient[x][i] == 3);
}

TEST_CASE("results may be written over what is read") {
  constexpr auto y = tg::variable<"y", tg::vector<100>>;
  // each result where an argument is: what is only looked at is read before the other is written, what is computed last is not written too early
  std::array<double, 100> first = numbers<100>(1), second = numbers<100>(-3), third{};
  const auto a = first, b = second;
  tg::evaluate(tg::tuple(hadamard(x, y), x, tg::slice<20, 40>(y)), x = first, y = second,
               tg::into(second, third, std::span<double, 20>(first.data(), 20)));
  for (std::size_t i = 0; i < 100; ++i) CHECK(second[i] == a[i] * b[i]);
  for (std::size_t i = 0; i < 100; ++i) CHECK(third[i] == a[i]);
  for (std::size_t i = 0; i < 20; ++i) CHECK(first[i] == b[20 + i]);

  std::array<double, 100> slope = numbers<100>(2);
  const auto at = slope;
  constexpr auto program = tg::value_and_gradient(dot(square(x), x));
  program(x = slope, tg::into(slope));
  for (std::size_t i = 0; i < 100; ++i) CHECK(slope[i] == 3 * at[i] * at[i]);

  // a result some numbers behind the argument: none of it is written before all is computed
  for (std::size_t behind = 0; behind < 4; ++behind) {
    std::array<double, 104> both = numbers<104>(-3);
    const auto before = both;
    tg::evaluate(3_c * square(x) + 1_c, x = std::span<double, 100>(both.data(), 100), tg::into(std::span<double, 100>(both.data() + behind, 100)));
    for (std::size_t i = 0; i < 100; ++i) CHECK(both[behind + i] == 3 * before[i] * before[i] + 1);
  }
}

namespace {

constexpr auto r = tg::axis<"r", 3>;
constexpr auto t = tg::axis<"t", 4>;
constexpr auto t1 = tg::axis<"t", 1>;
constexpr auto t7 = tg::axis<"t", 7>;
constexpr auto A = tg::parameter<"A", tg::axes<r, t>>;
constexpr auto B = tg::parameter<"B", tg::axes<r, t1>>;
constexpr auto C = tg::parameter<"C", tg::axes<r, t7>>;

/// Additions and steps of a formula.
template <class E>
constexpr int additions(E) {
  return static_cast<int>(tg::plan_of<tg::detail::tuple_recipe<tg::detail::no_rows, E>>::value.operations.add);
}

}  // namespace

TEST_CASE("tensors side by side are written into one place, and nothing is added") {
  constexpr auto inner = concat<tg::axis<"t">>(A, B, tanh(C), A);  // 16 numbers in each of 3 rows
  constexpr auto outer =
      concat<tg::axis<"t">>(tg::order<tg::axis<"t", 4>, r>(A), tg::order<tg::axis<"t", 1>, r>(B), tg::order<tg::axis<"t", 7>, r>(C));
  STATIC_REQUIRE(additions(inner) == 0);
  STATIC_REQUIRE(additions(outer) == 0);
  STATIC_REQUIRE(additions(square(inner) + inner) == 48);

  const auto as = numbers<12>(-4);
  const auto cs = numbers<21>(2);
  const auto bs = numbers<3>(7);
  const auto number = [&](std::size_t row, std::size_t n) {
    const std::size_t k = n < 12 ? n : n - 12;
    return k < 4 ? as[4 * row + k] : k == 4 ? bs[row] : std::tanh(cs[7 * row + k - 5]);
  };
  const auto all = tg::evaluate(inner, A = as, B = bs, C = cs);
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t n = 0; n < 16; ++n) REQUIRE(all(int(row), int(n)) == Approx(number(row, n)).epsilon(1e-15));
  const auto turned = tg::evaluate(outer, A = as, B = bs, C = cs);
  for (int row = 0; row < 3; ++row)
    for (int n = 0; n < 12; ++n)
      REQUIRE(turned(n, row) == (n < 4 ? as[std::size_t(4 * row + n)] : n == 4 ? bs[std::size_t(row)] : cs[std::size_t(7 * row + n - 5)]));

  // two tensors with the same parts, one within the other, and results
  constexpr auto twice = concat<tg::axis<"t">>(inner, concat<tg::axis<"t">>(A, B));
  constexpr auto both = tg::tuple(inner, twice, sum(inner * tg::position<tg::axis<"t", 16>>));
  const auto [first, second, total] = [&] {
    const auto found = tg::evaluate(both, A = as, B = bs, C = cs);
    return std::array<std::vector<double>, 3>{std::vector<double>(found[boost::hana::size_c<0>].begin(), found[boost::hana::size_c<0>].end()),
                                              std::vector<double>(found[boost::hana::size_c<1>].begin(), found[boost::hana::size_c<1>].end()),
                                              std::vector<double>{found[boost::hana::size_c<2>]}};
  }();
  double expected = 0;
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t n = 0; n < 21; ++n) {
      if (n < 16) REQUIRE(first[16 * row + n] == all.data()[16 * row + n]);
      REQUIRE(second[21 * row + n] == (n < 16 ? all.data()[16 * row + n] : n < 20 ? as[4 * row + n - 16] : bs[row]));
      if (n < 16) expected += double(n) * number(row, n);
    }
  CHECK(total[0] == Approx(expected));

  // parts that leave a gap, or meet, are added up as before
  constexpr auto gap = tg::value_and_gradient(sum(square(tg::slice<t, 0, 2>(A))) + 3_c * sum(tg::slice<t, 1, 3>(A)));
  const auto slope = gap(A = as).gradient;
  for (int row = 0; row < 3; ++row)
    for (int n = 0; n < 4; ++n) CHECK(slope[A](row, n) == (n < 2 ? 2 * as[std::size_t(4 * row + n)] : 0) + (n == 1 || n == 2 ? 3 : 0));
  constexpr auto at_compile_time =
      tg::evaluate(inner, A = std::array<double, 12>{1, 2, 3, 4, 5}, B = std::array{6.0, 7.0, 8.0}, C = std::array<double, 21>{});
  STATIC_REQUIRE(at_compile_time(1, 0) == 5);
  STATIC_REQUIRE(at_compile_time(2, 4) == 8);
  STATIC_REQUIRE(at_compile_time(0, 15) == 4);
}
