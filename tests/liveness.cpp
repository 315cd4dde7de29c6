// SPDX-License-Identifier: BSL-1.0
// What does not enter the value reaches no derivative: forward and reverse, first and second order, in batches, whatever it is there.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

namespace tg = typegrad;
using namespace tg::literals;
using tg::at;

namespace {

constexpr auto a = tg::parameter<"a">;
constexpr auto b = tg::parameter<"b">;
constexpr auto c = tg::variable<"c">;
constexpr auto v = tg::parameter<"v", tg::vector<2>>;
constexpr auto d = tg::variable<"d", tg::vector<2>>;
constexpr auto M = tg::variable<"M", tg::matrix<2, 2>>;
constexpr double numbers[] = {1, 2, 3, 4};
constexpr double direction[] = {0.5, -1};

using pair = std::array<double, 2>;

bool near(double found, double expected, double tolerance = 1e-14) {
  return std::abs(found - expected) <= tolerance * std::max(1.0, std::abs(expected));
}

void require_equal(const pair& found, const pair& expected) {
  CHECK(found[0] == expected[0]);
  CHECK(found[1] == expected[1]);
}

/// The gradient with respect to v at the given point, by reverse mode, by forward mode, in a batch whose other row is ordinary, and in
/// float; then that second derivatives are finite.
template <class E>
void check_gradient(E, pair at_v, double at_c, pair expected) {
  constexpr auto e = E{} + 0_c * sum(M) + 0_c * c;
  const auto call = [&](auto program) { return program(v = at_v, c = at_c, M = numbers); };
  const auto reverse = call(tg::value_and_gradient(e, tg::wrt(v))).gradient;
  require_equal({reverse[v][0], reverse[v][1]}, expected);
  const auto along = [&](double x, double y) {
    const double step[] = {x, y};
    return static_cast<double>(tg::evaluate(tg::jvp(e, v, d), v = at_v, d = step, c = at_c, M = numbers));
  };
  require_equal({along(1, 0), along(0, 1)}, expected);
  constexpr auto once = tg::gradient(e, tg::wrt(v))[v];
  const auto twice = tg::evaluate(tg::hvp(e, v, d), v = at_v, d = direction, c = at_c, M = numbers);
  const auto reversed_twice = call(tg::value_and_gradient(dot(once, once), tg::wrt(v))).gradient;
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(std::isfinite(twice[i]));
    CHECK(std::isfinite(reversed_twice[v][i]));
  }
  const std::vector<double> rows{at_c, at_c, at_c};
  const auto batch = tg::value_and_gradient(e, tg::wrt(v))(v = at_v, M = numbers, tg::batch(c = rows)).gradient;
  for (std::size_t i = 0; i < 2; ++i) CHECK(near(batch[v][i], expected[i]));
  const std::array<float, 2> short_v{static_cast<float>(at_v[0]), static_cast<float>(at_v[1])};
  const std::array<float, 4> short_numbers{1, 2, 3, 4};
  if (std::isfinite(short_v[0]) && std::isfinite(short_v[1])) {
    const auto brief = tg::value_and_gradient(e, tg::wrt(v))(v = short_v, c = static_cast<float>(at_c), M = short_numbers).gradient;
    for (std::size_t i = 0; i < 2; ++i) CHECK(near(static_cast<double>(brief[v][i]), expected[i], 1e-6));
  }
}

/// Formulas that are not taken where c < 0.
template <class E>
void check_dead(E e, double x, double y) {
  check_gradient(select(c > 0_c, e, 0_c), {x, y}, -1, {0, 0});
  const auto by_number = select(c, 0_c, e);  // a condition is any number
  const auto nested = select(c > 0_c, select(c > 1_c, 1_c, e), select(c < 0_c, at<0>(v), e));
  check_gradient(select(c > 0_c, e, sum(v)) + 1_c / (1_c + by_number) + nested, {x, y}, -1, {2, 1});
}

TEST_CASE("the branch not taken reaches nothing: sums, products and elements of vectors") {
  check_dead(sum(sqrt(v)), 0, 1);
  check_dead(sum(log(v)), 0, -1);
  check_dead(mean(log(v)), 0, -1);
  check_dead(dot(sqrt(v), v), 0, 0);
  check_dead(logsumexp(log(v)), 0, 0);
  check_dead(sum(tg::softmax(log(v))), 0, 0);
  check_dead(sum(M * sqrt(v)), 0, 0);
  check_dead(sum(log(M * v)), 0, 0);
}

TEST_CASE("the branch not taken reaches nothing: elements, quotients, powers") {
  check_dead(at<0>(log(v)), 0, 0);
  check_dead(at<0>(v) / at<1>(v), 0, 0);
  check_dead(sum(tg::stack(log(at<0>(v)), sqrt(at<1>(v)))), 0, 0);
  check_dead(tanh(sum(sqrt(v))), 0, 0);
  check_dead(sqrt(dot(v, v)), 0, 0);
  check_dead(sum(outer(sqrt(v), v)), 0, 0);
  check_dead(sum(tg::pow(v, at<0>(v))), 0, 0);
  check_dead(tan(1_c / at<0>(v)), 0, 0);
}

TEST_CASE("the branch not taken reaches nothing: overflow") {
  check_dead(at<0>(v) * at<0>(v) * at<0>(v) * at<0>(v), 1e200, 1);
  check_dead(at<0>(v) * (at<0>(v) * at<1>(v)) * (at<0>(v) + 1_c) * at<0>(v), 1e200, 1e200);
  check_dead(softplus(square(at<0>(v))) + gelu(square(at<1>(v))), 1e200, 1e200);
  check_dead(sin(square(at<0>(v))) * sigmoid(square(at<1>(v))), 1e200, 1e200);
  check_dead(exp(exp(at<0>(v))), 800, 1);
}

TEST_CASE("the branch not taken reaches nothing: each element for itself") {
  constexpr auto positive = v > 0_c;
  check_gradient(sum(select(positive, sqrt(v), 0_c)), {0, 4}, 1, {0, 0.25});
  check_gradient(sum(select(positive, log(v), v)), {-1, 2}, 1, {1, 0.5});
  check_gradient(sum(M * select(positive, log(v), 0_c)), {0, 2}, 1, {0, 3});  // column sums of M are 4, 6
  check_gradient(dot(v, select(positive, sqrt(v), 0_c)), {0, 4}, 1, {0, 3});
  check_gradient(sum(select(positive, 4_c / v / at<1>(v), 0_c)), {0, 2}, 1, {0, -1});
  check_gradient(sum(select(M * v > 5_c, log(M * v - 5_c), 0_c)), {1, 2}, 1, {0.5, 2.0 / 3});  // rows 5 and 11
  check_gradient(sum(select(outer(v, v) > 0_c, outer(sqrt(v), v), 0_c)), {0, 4}, 1, {0, 3});
}

TEST_CASE("what loses reaches nothing") {
  check_gradient(max(at<0>(v), sqrt(at<1>(v))), {1, 0}, 0, {1, 0});
  check_gradient(min(at<0>(v), 1_c / at<1>(v)), {1, 0}, 0, {1, 0});
  check_gradient(max(sum(v), 2_c * sum(sqrt(v)) - 1_c), {4, 0}, 0, {1, 1});
  check_gradient(relu(sum(sqrt(v)) - 1_c), {0, 0}, 0, {0, 0});
  check_gradient(relu(log(at<0>(v))) + at<1>(v), {0, 0}, 0, {0, 1});
  check_gradient(abs(sqrt(at<0>(v))) + at<1>(v), {0, 1}, 0, {0, 1});
  check_gradient(at<0>(log(v)), {1, 0}, 0, {1, 0});
  check_gradient(at<0>(1_c / v), {1, 0}, 0, {-1, 0});
  check_gradient(at<1>(sqrt(v)) + at<1>(square(v)), {0, 4}, 0, {0, 8.25});
  check_gradient(tg::dot(tg::stack(1_c, 0_c), log(v)), {1, 0}, 0, {1, 0});
  check_gradient(sum(tg::hadamard(tg::stack(0_c, 2_c), log(v))), {0, 1}, 0, {0, 2});
}

TEST_CASE("powers whose base or exponent is 0") {
  const auto slopes = [](double base, double exponent) {
    const auto g = tg::value_and_gradient(tg::pow(a, b))(a = base, b = exponent).gradient;
    require_equal({tg::evaluate(tg::derivative(tg::pow(a, b), a), a = base, b = exponent),
                   tg::evaluate(tg::derivative(tg::pow(a, b), b), a = base, b = exponent)},
                  {g[a], g[b]});
    return pair{g[a], g[b]};
  };
  require_equal(slopes(0, 0), {0, 0});
  require_equal(slopes(0, 1), {1, 0});
  require_equal(slopes(0, 2), {0, 0});
  CHECK(slopes(3, 0)[0] == 0);
  CHECK(near(slopes(3, 0)[1], std::log(3.0)));
}

template <int K>
constexpr auto masked_terms() {
  constexpr auto term = select(c > tg::constant<K>, sqrt(a) * tg::constant<K + 2>, 0_c);
  if constexpr (K == 0) return term;
  else return masked_terms<K - 1>() + term;
}

TEST_CASE("as many masked terms as one likes") {
  const auto r = tg::value_and_gradient(masked_terms<40>())(a = 0.0, c = -1.0);
  CHECK(r.value == 0);
  CHECK(r.gradient[a] == 0);
  const auto some = tg::value_and_gradient(masked_terms<40>())(a = 4.0, c = 1.5);
  CHECK(near(some.gradient[a], (2 + 3) / 4.0));
}

TEST_CASE("rows of a batch in which different branches are taken") {
  const std::vector<double> cs{-1, 1, -1, 2, 5};
  constexpr auto e = select(c > 0_c, sum(sqrt(v)), at<0>(v)) + at<1>(v) * log(max(c, 1_c));
  const double one[] = {1, 4};
  const auto all = tg::value_and_gradient(e)(v = one, tg::batch(c = cs));
  pair mean{};
  for (const double each : cs) {
    const auto r = tg::value_and_gradient(e)(v = one, c = each);
    for (std::size_t i = 0; i < 2; ++i) mean[i] += r.gradient[v][i] / 5;
  }
  for (std::size_t i = 0; i < 2; ++i) CHECK(near(all.gradient[v][i], mean[i]));
  const double zero[] = {0, 0};
  const std::vector<double> none{-1, -2, -3};
  const auto dead = tg::value_and_gradient(e)(v = zero, tg::batch(c = none));  // no row takes the root
  require_equal({dead.gradient[v][0], dead.gradient[v][1]}, {1, 0});
  // rows make the numbers of which the root is taken: the shared root is dead in all of them
  constexpr auto shared = select(c > 0_c, c * log(a), c);
  CHECK(tg::value_and_gradient(shared)(a = 0.0, tg::batch(c = none)).gradient[a] == 0);
}

TEST_CASE("rotation by angle and axis, at angle 0") {
  constexpr auto w = tg::parameter<"w", tg::vector<3>>;
  constexpr auto p = tg::parameter<"p", tg::vector<3>>;
  const auto cross = [](auto x, auto y) {
    return tg::stack(at<1>(x) * at<2>(y) - at<2>(x) * at<1>(y), at<2>(x) * at<0>(y) - at<0>(x) * at<2>(y), at<0>(x) * at<1>(y) - at<1>(x) * at<0>(y));
  };
  constexpr auto angle = sqrt(dot(w, w));
  constexpr auto axis = w / angle;
  constexpr auto rotated =
      select(dot(w, w) > 1e-16_c, cos(angle) * p + sin(angle) * cross(axis, p) + (1_c - cos(angle)) * dot(axis, p) * axis, p + cross(w, p));
  const double zero[3] = {}, point[3] = {0.7, -0.4, 0.9};
  const auto by_angle = tg::evaluate(tg::jacobian(rotated, w), w = zero, p = point);
  const double expected[3][3] = {{0, 0.9, 0.4}, {-0.9, 0, 0.7}, {-0.4, -0.7, 0}};  // minus the matrix of p x
  const auto by_point = tg::evaluate(tg::jacobian(rotated, p), w = zero, p = point);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      CHECK(by_angle(i, j) == expected[i][j]);
      CHECK(by_point(i, j) == (i == j ? 1 : 0));
    }
}

TEST_CASE("an input that is NaN stays out with the branch that it belongs to") {
  const double missing = std::numeric_limits<double>::quiet_NaN();
  constexpr auto present = equal(c, c);
  constexpr auto e = select(present, tanh(a * c) + sigmoid(b) * c, b);
  constexpr auto program = tg::value_and_gradient(e, tg::wrt(a, b, c));
  const auto r = program(a = 0.5, b = 0.25, c = missing);
  CHECK(r.value == 0.25);
  CHECK(r.gradient[a] == 0);
  CHECK(r.gradient[b] == 1);
  CHECK(r.gradient[c] == 0);
  CHECK(tg::evaluate(tg::derivative(e, c), a = 0.5, b = 0.25, c = missing) == 0);
  CHECK(tg::evaluate(tg::derivative(e, a), a = 0.5, b = 0.25, c = missing) == 0);
  const std::vector<double> rows{missing, 2.0, missing};
  const auto all = tg::value_and_gradient(e, tg::wrt(a))(a = 0.5, b = 0.25, tg::batch(c = rows));
  const double t = std::tanh(1.0);
  CHECK(near(all.gradient[a], 2 * (1 - t * t) / 3));
  constexpr auto itself = select(tanh(a) >= softplus(a), a + tanh(a), b);
  CHECK(tg::value_and_gradient(itself, tg::wrt(a))(a = missing, b = 1.0).gradient[a] == 0);
}

TEST_CASE("a condition has no tangent, whatever slope its select meets") {
  constexpr auto raised = sum(pow(v, select(d, v, tg::stack(c, c))));
  constexpr auto step = tg::variable<"step", tg::vector<2>>;
  STATIC_REQUIRE(tg::to_string(tg::jvp(raised, d, step)) == "0");
}

// The compiler evaluates the same, as long as no NaN arises: constant expressions have none.
constexpr double origin[] = {0, 0};
static_assert(tg::value_and_gradient(select(c > 0_c, sqrt(at<1>(v)), at<0>(v)))(v = origin, c = -1.0).gradient[v][1] == 0);

TEST_CASE("the largest and the smallest number where nothing is asked for") {
  static constexpr auto h = tg::axis<"h", 3>;
  static constexpr auto p = tg::parameter<"p", tg::axes<h>>;
  const std::array<double, 3> with_nan = {std::numeric_limits<double>::quiet_NaN(), 1, 2};
  const auto dead = [&](auto e) {
    const auto r = tg::value_and_gradient(select(a > 0_c, a, e), tg::wrt(p, a))(p = with_nan, a = 1.0);
    return r.value == 1 && r.gradient[a] == 1 && r.gradient[p][0] == 0 && r.gradient[p][1] == 0 && r.gradient[p][2] == 0;
  };
  CHECK(dead(tg::max<h>(p)));
  CHECK(dead(tg::min<h>(p)));
  CHECK(dead(square(tg::max<h>(exp(p)))));
  // where it is asked for, all share it; losers have nothing of an infinite adjoint, and equals share it
  CHECK(tg::value_and_gradient(tg::max<h>(p))(p = with_nan).gradient[p][1] == Approx(1.0 / 3));
  const auto infinite = tg::value_and_gradient(sqrt(tg::max<h>(p)))(p = std::array{0.0, -1.0, -2.0}).gradient;
  CHECK((std::isinf(infinite[p][0]) && infinite[p][1] == 0 && infinite[p][2] == 0));
  const auto shared = tg::value_and_gradient(tg::max<h>(p))(p = std::array{2.0, 1.0, 2.0}).gradient;
  CHECK((shared[p][0] == 0.5 && shared[p][1] == 0 && shared[p][2] == 0.5));
}

TEST_CASE("the second derivative of the largest number where the adjoint is 0") {
  static constexpr auto h = tg::axis<"h", 3>;
  static constexpr auto n = tg::axis<"n">;
  static constexpr auto p = tg::parameter<"p", tg::axes<h>>;
  static constexpr auto r = tg::variable<"r", tg::axes<n>>;
  const std::array<double, 3> ps = {0.5, 2, 1};
  const auto mixed = [&](auto f) {  // d/da of the slopes at a = 0, in the two orders
    constexpr auto element = at<h, 1>(tg::gradient(decltype(f){}, tg::wrt(p))[p]);
    const double back = tg::value_and_gradient(element, tg::wrt(a))(p = ps, a = 0.0).gradient[a];
    const double forth = tg::value_and_gradient(tg::derivative(f, a), tg::wrt(p))(p = ps, a = 0.0).gradient[p][1];
    return std::pair(back, forth);
  };
  CHECK(mixed(a * tg::max<h>(p)) == std::pair(1.0, 1.0));
  CHECK(mixed(a * tg::min<h>(-p)) == std::pair(-1.0, -1.0));
  const auto [back, forth] = mixed(a * tg::max<h>(exp(p)));
  CHECK((back == Approx(std::exp(2)) && forth == Approx(std::exp(2))));
  // over rows
  const auto of_rows = [&](auto f) {
    constexpr auto weighted = tg::sum<n>(tg::position<n> * tg::gradient(decltype(f){}, tg::wrt(r))[r]);
    return tg::value_and_gradient(weighted, tg::wrt(a))(r = std::vector<double>{0.5, 1, 2, 1.5}, a = 0.0).gradient[a];
  };
  CHECK(of_rows(a * tg::max<n>(r)) == Approx(2));
  CHECK(of_rows(a * tg::max<n>(exp(r))) == Approx(2 * std::exp(2)));
}

TEST_CASE("elements that nobody reads have no part in an adjoint that is NaN or infinite") {
  static constexpr auto h = tg::axis<"h", 3>;
  static constexpr auto k = tg::axis<"k", 2>;
  static constexpr auto x = tg::variable<"x", tg::axes<h, k>>;
  static constexpr auto q = tg::parameter<"q", tg::axes<k>>;
  const std::array<double, 6> xs = {1, 2, 3, 4, 1e30, 5};
  const std::array<double, 2> qs = {1, 2};
  const auto zeros = [&](auto f) {
    const auto r = tg::value_and_gradient(f, tg::wrt(x))(x = xs, c = -1.0, q = qs);
    std::vector<double> out(12);
    std::array<std::array<double, 6>, 2> rows = {xs, xs};
    tg::evaluate(tg::gradient(f, tg::wrt(x))[x], c = -1.0, q = qs, tg::each(x = rows), tg::into(out));
    bool all = r.value == 1;
    for (std::size_t i = 0; i < 4; ++i) all = all && r.gradient.data()[i] == 0 && out[i] == 0 && out[6 + i] == 0;
    return all;
  };
  CHECK(zeros(pow(sigmoid(dot<k>(at<h, 2>(x), q)), log(c))));
  CHECK(zeros(pow(sigmoid(dot<k>(at<h, 2>(x), exp(q))), log(c))));
  CHECK(zeros(pow(sigmoid(sum(at<h, 2>(x) * q)), log(c))));
  // a factor stays within what stands among zeros
  const auto moved = tg::evaluate(tg::shift<k, 1>(a * q), a = std::numeric_limits<double>::infinity(), q = qs);
  CHECK((moved[0] == 0 && std::isinf(moved[1])));
}

}  // namespace
