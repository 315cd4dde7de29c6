// SPDX-License-Identifier: BSL-1.0
// Forward mode and second derivatives of recurrences, against reverse mode and differences of gradients.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace {

namespace tg = typegrad;
namespace hana = boost::hana;
using namespace tg::literals;

constexpr auto t = tg::axis<"t", 5>;
constexpr auto u = tg::axis<"u", 3>;
constexpr auto n = tg::axis<"n">;
constexpr auto h = tg::axis<"h", 2>;
constexpr auto w = tg::parameter<"w">;
constexpr auto start = tg::parameter<"start">;
constexpr auto V = tg::parameter<"V", tg::axes<h>>;
constexpr auto x = tg::variable<"x", tg::axes<t>>;
constexpr auto length = tg::variable<"length">;

constexpr auto step(auto before, auto in) { return tanh(w * before + in * exp(w * 0.1_c)); }
constexpr auto last = tg::scan<t>(start, [](auto before, auto in) { return step(before, in); }, x);
constexpr auto all = tg::scan_all<t>(start, [](auto before, auto in) { return step(before, in); }, x);
constexpr auto seldom = tg::scan<t>(tg::checkpoint<2>, start, [](auto before, auto in) { return step(before, in); }, x);
constexpr auto ragged = tg::scan<t>(tg::steps(length), start, [](auto before, auto in) { return step(before, in); }, x);
constexpr auto ragged_all = tg::scan_all<t>(tg::steps(length), start, [](auto before, auto in) { return step(before, in); }, x);
constexpr auto both =
    tg::scan<t>(tg::tuple(start, V), [](auto a, auto b, auto in) { return tg::tuple(a * 0.9_c + mean(b) * in, sin(b * w + a)); }, x);
constexpr auto pair = both[hana::size_c<0>] * sum(square(both[hana::size_c<1>]));
constexpr auto nested =
    tg::scan<t>(start, [](auto before, auto in) { return tg::scan<u>(before, [](auto inner) { return sin(w * inner + 0.3_c); }) * in + before; }, x);

constexpr std::array<double, 5> xs = {0.1, -0.3, 0.5, 0.7, -0.2};
constexpr std::array<double, 2> vs = {0.4, -0.6};

template <class R>
std::vector<double> list(const R& r) {
  if constexpr (std::is_arithmetic_v<R>) return {r};
  else return std::vector<double>(r.begin(), r.end());
}
void compare(const std::vector<double>& found, const std::vector<double>& expected, double error) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(expected[i]).epsilon(error).margin(error * 0.1));
}

/// At one point: slopes of e along each number of a symbol in both modes, and of its gradient against differences.
template <bool Second = true, class E, class X>
void check(E e, X by) {
  const auto at = [](auto f, double moved_w, double moved_start, const std::array<double, 2>& moved_v, const std::array<double, 5>& moved_x) {
    return tg::evaluate(f, w = moved_w, start = moved_start, V = moved_v, x = moved_x, length = 3);
  };
  const auto here = [&](auto f) { return list(at(f, 0.9, 0.3, vs, xs)); };
  constexpr auto g = tg::gradient(E{}, tg::wrt(X{}))[X{}];
  const auto reverse = here(g);
  // along each number by itself: the columns of a Jacobian with one row
  constexpr auto d = tg::variable<"d", typename X::shape>;
  for (std::size_t k = 0; k < reverse.size(); ++k) {
    std::vector<double> unit(reverse.size());
    unit[k] = 1;
    const auto along = [&](auto f) {
      if constexpr (X::shape::value.rank == 0) return list(tg::evaluate(f, w = 0.9, start = 0.3, V = vs, x = xs, length = 3, d = 1));
      else return list(tg::evaluate(f, w = 0.9, start = 0.3, V = vs, x = xs, length = 3, d = unit));
    };
    CHECK(along(tg::jvp(E{}, X{}, d))[0] == Approx(reverse[k]).epsilon(1e-12));
    if constexpr (Second) {
      const auto moved = [&](double by_how_much) {
        auto moved_v = vs;
        auto moved_x = xs;
        double moved_w = 0.9, moved_start = 0.3;
        if constexpr (std::is_same_v<X, std::remove_const_t<decltype(V)>>) moved_v[k] += by_how_much;
        else if constexpr (std::is_same_v<X, std::remove_const_t<decltype(x)>>) moved_x[k] += by_how_much;
        else if constexpr (std::is_same_v<X, std::remove_const_t<decltype(w)>>) moved_w += by_how_much;
        else moved_start += by_how_much;
        return list(at(g, moved_w, moved_start, moved_v, moved_x));
      };
      auto expected = moved(1e-5);
      const auto below = moved(-1e-5);
      for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = (expected[i] - below[i]) / 2e-5;
      if constexpr (X::shape::value.rank > 0 || std::is_same_v<X, std::remove_const_t<decltype(w)>>)
        compare(along(tg::hvp(E{}, X{}, d)), expected, 1e-7);
      compare(along(tg::jvp(g, X{}, d)), expected, 1e-7);
      if constexpr (X::shape::value.rank == 0) compare(along(d * tg::gradient(tg::derivative(E{}, X{}), tg::wrt(X{}))[X{}]), expected, 1e-7);
    }
  }
  (void)e, (void)by;
}

TEST_CASE("scan forward: the last carry") { check(sin(last) * w, w), check(last, start), check(square(last), x); }
TEST_CASE("scan forward: all carries") {
  constexpr auto f = sum(square(all) * tg::position<t>) + last;
  check(f, w), check(f, x);
}
TEST_CASE("scan forward: several carries") { check(pair, w), check(pair, V); }
TEST_CASE("scan forward: checkpoints have a tangent, and its gradient") {
  check<false>(sin(seldom), w), check<false>(seldom, x);
  const auto mixed = [](auto f) { return tg::evaluate(tg::gradient(tg::derivative(f, w), tg::wrt(start))[start], w = 0.9, start = 0.3, x = xs); };
  CHECK(mixed(seldom) == Approx(mixed(last)).epsilon(1e-13));
}
TEST_CASE("scan forward: a length") {
  constexpr auto f = square(ragged) + sum(square(ragged_all) * tg::position<t>);
  check(f, w), check(f, x), check(ragged, start);
  const auto late = tg::evaluate(tg::jvp(ragged, x, x), w = 0.9, start = 0.3, x = std::array<double, 5>{0.1, -0.3, 0.5, NAN, NAN}, length = 3);
  CHECK(late == tg::evaluate(tg::jvp(ragged, x, x), w = 0.9, start = 0.3, x = xs, length = 3));
}
TEST_CASE("scan forward: a recurrence in a recurrence") { check<false>(nested, w), check<false>(nested, x); }

TEST_CASE("scan forward: Jacobians and Hessians") {
  constexpr auto J = tg::jacobian(all, w);
  const auto found = tg::evaluate(J, w = 0.9, start = 0.3, x = xs);
  const auto above = tg::evaluate(all, w = 0.9 + 1e-5, start = 0.3, x = xs), below = tg::evaluate(all, w = 0.9 - 1e-5, start = 0.3, x = xs);
  for (std::size_t i = 0; i < 5; ++i) CHECK(found[i] == Approx((above[i] - below[i]) / 2e-5).epsilon(1e-8));

  constexpr auto f = square(last) + sum(square(all));
  const auto H = tg::evaluate(tg::hessian(f, x), w = 0.9, start = 0.3, x = xs);
  constexpr auto g = tg::gradient(f, tg::wrt(x))[x];
  for (std::size_t j = 0; j < 5; ++j) {
    auto up = xs, down = xs;
    up[j] += 1e-5, down[j] -= 1e-5;
    const auto more = tg::evaluate(g, w = 0.9, start = 0.3, x = up), less = tg::evaluate(g, w = 0.9, start = 0.3, x = down);
    for (std::size_t i = 0; i < 5; ++i)
      CHECK(H(static_cast<int>(i), static_cast<int>(j)) == Approx((more[i] - less[i]) / 2e-5).epsilon(1e-7).margin(1e-9));
  }
  constexpr auto blocks = tg::hessian(f, tg::wrt(w, start));
  const auto point = [&](auto e) { return list(tg::evaluate(e, w = 0.9, start = 0.3, x = xs))[0]; };
  CHECK(point(blocks[w][start]) == Approx(point(blocks[start][w])).epsilon(1e-12));
  CHECK(point(blocks[w][w]) == Approx(point(tg::hvp(f, w, 1_c))).epsilon(1e-13));
  CHECK(point(tg::jacobian(tg::gradient(f, tg::wrt(w))[w], start)) == Approx(point(blocks[w][start])).epsilon(1e-12));
}

TEST_CASE("scan forward: in rows, a tangent for each of them; the same bits in a constant expression") {
  constexpr auto xn = tg::variable<"xn", tg::axes<n, t>>;
  constexpr auto of_rows = tg::scan<t>(start, [](auto before, auto in) { return step(before, in); }, xn);
  std::vector<double> data, slopes(17), curves(17);
  for (int i = 0; i < 17 * 5; ++i) data.push_back(std::sin(1.3 * i));
  tg::evaluate(tg::tuple(tg::derivative(of_rows, w), tg::derivative(tg::derivative(of_rows, w), w)), w = 0.9, start = 0.3, xn = data,
               tg::into(slopes, curves));
  double hvp = 0;
  for (std::size_t i = 0; i < 17; ++i) {
    const std::vector<double> one(data.begin() + static_cast<std::ptrdiff_t>(5 * i), data.begin() + static_cast<std::ptrdiff_t>(5 * i + 5));
    const auto alone = [&](auto e) { return static_cast<double>(tg::evaluate(e, w = 0.9, start = 0.3, x = one)); };
    CHECK(slopes[i] == Approx(alone(tg::derivative(last, w))).epsilon(1e-13));
    CHECK(curves[i] == Approx(alone(tg::derivative(tg::derivative(last, w), w))).epsilon(1e-12).margin(1e-14));
    hvp += alone(tg::hvp(square(last), w, 1_c)) / 17;
  }
  CHECK(tg::evaluate(tg::hvp(tg::mean<n>(square(of_rows)), w, 1_c), w = 0.9, start = 0.3, xn = data) == Approx(hvp).epsilon(1e-12));
  static constexpr double at_compile_time = tg::evaluate(tg::hvp(last, w, 1_c), w = 0.5, start = 0.25, x = xs);
  const volatile double weight = 0.5;
#ifndef __FMA__
  CHECK(tg::evaluate(tg::hvp(last, w, 1_c), w = static_cast<double>(weight), start = 0.25, x = xs) == at_compile_time);
#else
  CHECK(tg::evaluate(tg::hvp(last, w, 1_c), w = static_cast<double>(weight), start = 0.25, x = xs) == Approx(at_compile_time));
#endif
}

}  // namespace
