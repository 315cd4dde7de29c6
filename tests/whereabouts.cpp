// SPDX-License-Identifier: BSL-1.0
// What is part of something else takes no step, and elementwise steps share loops: the plan says so, and numbers are those of plain loops.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <array>
#include <span>
#include <string_view>

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
