// SPDX-License-Identifier: BSL-1.0
// Vectors and matrices put together and taken apart.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <string>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

// [names]
constexpr auto M = tg::parameter<"M", tg::matrix<2, 3>>;
constexpr auto u = tg::parameter<"u", tg::vector<3>>;
constexpr auto v = tg::parameter<"v", tg::vector<2>>;
constexpr auto s = tg::parameter<"s">;
constexpr double m[2][3] = {{1, 2, 3}, {4, 5, 6}};
constexpr std::array three = {7.0, 8.0, 9.0};
constexpr std::array two = {10.0, 20.0};
constexpr auto of(auto e) { return tg::evaluate(e, M = m, u = three, v = two, s = 0.5); }
// [names]

TEST_CASE("positional: parts of vectors and matrices") {
  // [parts]
  STATIC_REQUIRE(of(tg::row<1>(M))[2] == 6);
  STATIC_REQUIRE(of(tg::column<1>(M))[1] == 5);
  STATIC_REQUIRE(of(tg::slice<1, 3>(u))[1] == 9);
  STATIC_REQUIRE(of(concat(u, s, v))[4] == 10);
  STATIC_REQUIRE(of(concat(u, s, v))[3] == 0.5);
  STATIC_REQUIRE(of(tg::row_sums(M))[1] == 15);
  STATIC_REQUIRE(of(tg::column_sums(M))[2] == 9);
  STATIC_REQUIRE(of(M + tg::broadcast<2>(u))(1, 0) == 11);
  STATIC_REQUIRE(of(stack(u, 2_c * u))(1, 2) == 18);
  STATIC_REQUIRE(of(tg::reshape<tg::matrix<2, 2>>(tg::stack(s, 1_c, 2_c, s * s)))(1, 1) == 0.25);
  STATIC_REQUIRE(of(stack(u, u) * u)[1] == 49 + 64 + 81);
  STATIC_REQUIRE(of(logsumexp(v) - 20_c) < 1e-4);
  STATIC_REQUIRE(of(softmax(v - v))[1] == 0.5);
  // [parts]
  CHECK(tg::to_string(tg::row<1>(M)) == "row(M)");
}

TEST_CASE("positional: products") {
  // [products]
  STATIC_REQUIRE(of(dot(u, u)) == 49 + 64 + 81);
  STATIC_REQUIRE(of(outer(v, u))(1, 0) == 20 * 7);
  STATIC_REQUIRE(of(transpose(M))(2, 0) == 3);
  STATIC_REQUIRE(of(hadamard(u, u))[1] == 64);
  STATIC_REQUIRE(of(M * u)[0] == 1 * 7 + 2 * 8 + 3 * 9);
  STATIC_REQUIRE(of(M * transpose(M))(0, 1) == 1 * 4 + 2 * 5 + 3 * 6);
  STATIC_REQUIRE(of(s * M)(1, 2) == 3);
  // [products]
}

TEST_CASE("positional: their derivatives") {
  const auto check = [](auto e) {
    const auto report = tg::check_gradient(sum(sin(e)) + sum(square(e)), M = m, u = three, v = two, s = 0.5);
    INFO(tg::to_string(report));
    CHECK(report);
  };
  check(tg::row<1>(M) + tg::slice<0, 3>(u * s));
  check(tg::column<2>(M) * s);
  check(concat(tg::slice<1, 3>(u), s, v, s * v));
  check(tg::row_sums(M) + v);
  check(hadamard(tg::column_sums(M), u));
  check(hadamard(M, tg::broadcast<2>(u)) + s * M);
  check(stack(u, tg::row<0>(M)) * u);
}

TEST_CASE("positional: in rows of a batch") {
  constexpr auto x = tg::variable<"x", tg::vector<3>>;
  constexpr auto f = sum(square(stack(x, u) * concat(tg::slice<0, 2>(x), s))) + sum(tg::row_sums(hadamard(M, tg::broadcast<2>(x))));
  double rows[5][3];
  for (int i = 0; i < 15; ++i) rows[i / 3][i % 3] = 0.25 * i - 1;
  const auto all = tg::value_and_gradient(f)(M = m, u = three, s = 0.5, tg::batch(x = rows));
  double value = 0, by_s = 0;
  for (const auto& one : rows) {
    const auto result = tg::value_and_gradient(f)(M = m, u = three, s = 0.5, x = one);
    value += result.value / 5, by_s += result.gradient[s] / 5;
  }
  CHECK(all.value == Approx(value));
  CHECK(all.gradient[s] == Approx(by_s));
}

}  // namespace
