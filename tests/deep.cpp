// SPDX-License-Identifier: BSL-1.0
// Cost follows the DAG: e = e*e + x, 64 times. The tree has 2^64 leaves, the DAG 129 nodes; with nothing named, also at -g.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <cmath>

namespace tg = typegrad;

namespace {
constexpr auto x = tg::parameter<"x">;
}  // namespace

#define STEP(n, m) inline constexpr auto e##m = e##n * e##n + x;
namespace deep {
inline constexpr auto e0 = x;
// clang-format off
STEP(0, 1) STEP(1, 2) STEP(2, 3) STEP(3, 4) STEP(4, 5) STEP(5, 6) STEP(6, 7) STEP(7, 8)
STEP(8, 9) STEP(9, 10) STEP(10, 11) STEP(11, 12) STEP(12, 13) STEP(13, 14) STEP(14, 15) STEP(15, 16)
STEP(16, 17) STEP(17, 18) STEP(18, 19) STEP(19, 20) STEP(20, 21) STEP(21, 22) STEP(22, 23) STEP(23, 24)
STEP(24, 25) STEP(25, 26) STEP(26, 27) STEP(27, 28) STEP(28, 29) STEP(29, 30) STEP(30, 31) STEP(31, 32)
STEP(32, 33) STEP(33, 34) STEP(34, 35) STEP(35, 36) STEP(36, 37) STEP(37, 38) STEP(38, 39) STEP(39, 40)
STEP(40, 41) STEP(41, 42) STEP(42, 43) STEP(43, 44) STEP(44, 45) STEP(45, 46) STEP(46, 47) STEP(47, 48)
STEP(48, 49) STEP(49, 50) STEP(50, 51) STEP(51, 52) STEP(52, 53) STEP(53, 54) STEP(54, 55) STEP(55, 56)
STEP(56, 57) STEP(57, 58) STEP(58, 59) STEP(59, 60) STEP(60, 61) STEP(61, 62) STEP(62, 63) STEP(63, 64)
// clang-format on
}  // namespace deep

TEST_CASE("a chain of squares costs its nodes, not its tree") {
  STATIC_REQUIRE(tg::node_count(deep::e64) == 129);
  STATIC_REQUIRE(tg::value_and_gradient(deep::e64).node_count() <= 129 + 4 * 64);
  double value = 0.1, slope = 1;
  for (int i = 0; i < 64; ++i) slope = 2 * value * slope + 1, value = value * value + 0.1;
  const auto r = tg::value_and_gradient(deep::e64)(x = 0.1);
  CHECK(r.value == Approx(value).epsilon(1e-14));
  CHECK(r.gradient[x] == Approx(slope).epsilon(1e-13));
  CHECK(tg::to_string(deep::e64).starts_with("t1 = x*x + x\nt2 = t1*t1 + x\n"));  // too long for one line: a listing
}

namespace {
template <int Times, class E>
constexpr auto squash(E e) {  // e -> tanh(x e + 1), often
  if constexpr (Times == 1) return tanh(e * x + tg::constant<1>);
  else return squash<Times / 2>(squash<Times / 2>(e));
}
}  // namespace

TEST_CASE("a formula may be a thousand operations deep, deeper than a compiler nests templates") {
  constexpr auto e = squash<512>(x);
  STATIC_REQUIRE(tg::node_count(e) == 3 * 512 + 2);
  double value = 0.1;
  for (int i = 0; i < 512; ++i) value = std::tanh(0.1 * value + 1);
  CHECK(tg::evaluate(e, x = 0.1) == Approx(value).epsilon(1e-13));
}
