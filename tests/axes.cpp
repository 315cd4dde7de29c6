// SPDX-License-Identifier: BSL-1.0
// Tensors with named axes against plain loops: values, gradients by differences, rows of a batch, constant expressions.
#include <catch.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

std::vector<double> numbers(int n, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> result(static_cast<std::size_t>(n));
  for (double& x : result) x = uniform(random);
  return result;
}
double largest_error(const double* a, const std::vector<double>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < b.size(); ++i) worst = std::max(worst, std::abs(a[i] - b[i]) / std::max(1.0, std::abs(b[i])));
  return worst;
}

/// Products and sums of tensors with axes of sizes A, B, C against loops.
template <int A, int B, int C>
void products() {
  static constexpr auto a = tg::axis<"a", A>;
  static constexpr auto b = tg::axis<"b", B>;
  static constexpr auto c = tg::axis<"c", C>;
  static constexpr auto x = tg::parameter<"x", tg::axes<a, b, c>>;
  static constexpr auto y = tg::parameter<"y", tg::axes<c, a>>;
  static constexpr auto z = tg::parameter<"z", tg::axes<b>>;
  const auto xs = numbers(A * B * C, 1), ys = numbers(C * A, 2), zs = numbers(B, 3);
  const auto at_x = [&](int i, int j, int k) { return xs[static_cast<std::size_t>((i * B + j) * C + k)]; };
  const auto at_y = [&](int k, int i) { return ys[static_cast<std::size_t>(k * A + i)]; };
  const auto values = [&](auto e) { return tg::evaluate(e, x = xs, y = ys, z = zs); };
  const auto index = [](int i) { return static_cast<std::size_t>(i); };

  std::vector<double> over_c(index(A * B)), aligned(index(A * B * C)), over_a(index(B * C)), moved(index(C * A * B)), peaks(index(A * C)),
      soft(index(A * B * C));
  for (int i = 0; i < A; ++i)
    for (int j = 0; j < B; ++j)
      for (int k = 0; k < C; ++k) {
        over_c[index(i * B + j)] += at_x(i, j, k) * at_y(k, i);
        aligned[index((i * B + j) * C + k)] = at_x(i, j, k) * at_y(k, i) + zs[index(j)];
        over_a[index(j * C + k)] += at_x(i, j, k);
        moved[index((k * A + i) * B + j)] = at_x(i, j, k);
        double& top = peaks[index(i * C + k)];
        top = j == 0 ? at_x(i, j, k) : std::max(top, at_x(i, j, k));
        double total = 0;
        for (int m = 0; m < B; ++m) total += std::exp(at_x(i, m, k));
        soft[index((i * B + j) * C + k)] = std::exp(at_x(i, j, k)) / total;
      }
  CHECK(largest_error(values(dot<c>(x, y)).data(), over_c) < 1e-14);
  CHECK(largest_error(values(dot<c>(y, x)).data(), [&] {
          std::vector<double> turned(index(A * B));
          for (int i = 0; i < A; ++i)
            for (int j = 0; j < B; ++j) turned[index(i * B + j)] = over_c[index(i * B + j)];
          return turned;
        }()) < 1e-14);
  CHECK(largest_error(values(x * y + z).data(), aligned) < 1e-14);
  CHECK(largest_error(values(sum<a>(x)).data(), over_a) < 1e-14);
  CHECK(largest_error(values(tg::order<c, a, b>(x)).data(), moved) == 0);
  CHECK(largest_error(values(max<b>(x)).data(), peaks) == 0);
  CHECK(largest_error(values(softmax<b>(x)).data(), soft) < 1e-14);

  constexpr auto loss = sum(square(dot<c>(x, y) - z)) + sum(max<b>(x) * y) + sum(tanh(dot<a, b>(x, softmax<b>(x)))) + sum(square(sum<b>(x * z)));
  const auto report = tg::check_gradient(loss, x = xs, y = ys, z = zs);
  INFO(tg::to_string(report));
  CHECK(report);
}

TEST_CASE("axes: products, sums and softmax against loops") {
  products<1, 1, 1>();
  products<2, 3, 1>();
  products<1, 7, 2>();
  products<7, 2, 16>();
  products<3, 17, 5>();
  products<2, 5, 17>();
}

constexpr auto t = tg::axis<"t", 5>;
constexpr auto s = tg::axis<"s", 5>;
constexpr auto k = tg::axis<"k", 3>;
constexpr auto c = tg::axis<"c", 4>;
constexpr auto h = tg::axis<"h", 2>;
constexpr auto d = tg::axis<"d", 2>;
constexpr auto X = tg::parameter<"X", tg::axes<t, c>>;
constexpr auto W = tg::parameter<"W", tg::axes<h, d, c>>;

TEST_CASE("axes: what moves numbers") {
  const auto xs = numbers(20, 4);
  const auto at = [&](int i, int j) { return i < 0 || i >= 5 ? 0.0 : xs[static_cast<std::size_t>(i * 4 + j)]; };
  const auto values = [&](auto e) { return tg::evaluate(e, X = xs); };
  const auto sliced = values(tg::slice<t, 1, 4>(X));
  const auto shifted = values(tg::shift<t, 1>(X)), back = values(tg::shift<t, -2>(X));
  const auto windows = values(tg::window<t, k>(X));
  const auto wide = values(tg::window<t, k, 2, 2>(X));
  const auto both = values(concat<t>(X, 2_c * X));
  const auto split = values(tg::split<c, h, d>(X));
  const auto merged = values(tg::merge<d, h, c>(tg::split<c, h, d>(X))), running = values(cumsum<t>(X));
  for (int j = 0; j < 4; ++j) {
    double total = 0;
    for (int i = 0; i < 5; ++i) {
      if (i < 3) CHECK(sliced(i, j) == at(i + 1, j));
      CHECK(shifted(i, j) == at(i - 1, j));
      CHECK(back(i, j) == at(i + 2, j));
      for (int l = 0; l < 3; ++l) {
        CHECK(windows(i, j, l) == at(i + l, j));
        if (i < 3) CHECK(wide(i, j, l) == at(2 * i + 2 * l, j));
      }
      CHECK(both(i, j) == at(i, j));
      CHECK(both(i + 5, j) == 2 * at(i, j));
      CHECK(split(i, j / 2, j % 2) == at(i, j));
      CHECK(merged(i, j) == at(i, (j % 2) * 2 + j / 2));
      CHECK(running(i, j) == Approx(total += at(i, j)).margin(1e-15));
    }
    CHECK(values(tg::at<t, 2>(X))[static_cast<std::size_t>(j)] == at(2, j));
    CHECK(values(argmax<t>(X))[static_cast<std::size_t>(j)] == [&] {
      int best = 0;
      for (int i = 1; i < 5; ++i) best = at(i, j) > at(best, j) ? i : best;
      return best;
    }());
  }
  CHECK(values(tg::reshape<tg::matrix<4, 5>>(X))(1, 0) == xs[5]);
  CHECK(tg::evaluate(sum(tg::position<t> * X), X = xs) == Approx(tg::evaluate(sum(cumsum<t>(X)) * -1_c + 5_c * sum(X), X = xs)));
}

constexpr auto attend(auto x) {
  const auto q = dot<c>(W, x);
  const auto key = tg::rename<t, s>(dot<c>(W, sin(x)));
  const auto v = tg::rename<t, s>(dot<c>(W, x * x));
  const auto a = softmax<s>(select(tg::position<s> <= tg::position<t>, dot<d>(q, key) / sqrt(2_c), tg::minus_infinity));
  return dot<s>(a, v);
}

TEST_CASE("axes: attention is causal, and the same in a constant expression") {
  auto xs = numbers(20, 5), ws = numbers(16, 6);
  constexpr auto y = attend(X);
  STATIC_REQUIRE(std::is_same_v<decltype(y)::shape, tg::axes<t, h, d>>);
  const auto before = tg::evaluate(y, X = xs, W = ws);
  xs[16] += 1;  // the last position
  const auto after = tg::evaluate(y, X = xs, W = ws);
  for (int head = 0; head < 2; ++head)
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 2; ++j) CHECK(before(i, head, j) == after(i, head, j));
  CHECK(before(4, 0, 0) != after(4, 0, 0));
  const auto report = tg::check_gradient(sum(square(y)), X = xs, W = ws);
  INFO(tg::to_string(report));
  CHECK(report);

  static constexpr std::array<double, 20> x0 = {0.1, -0.5, 0.75, 0.2,   0.3,  0.9, -1,   0.4,  0.6, -0.2,
                                                0.8, 0.05, 0.15, -0.35, 0.45, 1,   0.25, -0.6, 0.7, 0.5};
  static constexpr std::array<double, 16> w0 = {0.5, -0.25, 1, 0.1, 0.2, 0.3, -0.4, 0.6, -0.7, 0.8, 0.9, -0.15, 0.35, 0.45, -0.55, 0.65};
  static constexpr auto at_compile_time = tg::value_and_gradient(sum(square(y)))(X = x0, W = w0);
  const auto at_run_time =
      tg::value_and_gradient(sum(square(y)))(X = std::vector<double>(x0.begin(), x0.end()), W = std::vector<double>(w0.begin(), w0.end()));
#ifndef __FMA__
  CHECK(at_compile_time.value == at_run_time.value);
  CHECK(at_compile_time.gradient == at_run_time.gradient);
#else
  CHECK(at_compile_time.value == Approx(at_run_time.value));
#endif
}

TEST_CASE("axes: formulas that differ in nothing but their shape are different formulas") {
  constexpr auto w = tg::variable<"w", tg::vector<20>>;
  constexpr auto n = tg::axis<"n">;
  constexpr auto rows = tg::variable<"rows", tg::axes<n, t, c>>;
  constexpr auto one = tg::variable<"one", tg::axes<t, c>>;
  const auto xs = numbers(20, 30);
  CHECK(tg::evaluate(tg::reshape<tg::matrix<4, 5>>(w), w = xs)(1, 0) == xs[5]);
  CHECK(tg::evaluate(tg::reshape<tg::matrix<5, 4>>(w), w = xs)(1, 0) == xs[4]);
  CHECK(tg::evaluate(tg::reshape<tg::axes<t, c>>(w), w = xs)(1, 0) == xs[4]);
  CHECK(tg::evaluate(tg::mean<n>(sum(rows * tg::position<t>)), rows = xs) == Approx(tg::evaluate(sum(one * tg::position<t>), one = xs)));
}

TEST_CASE("axes: a softmax of what is masked") {
  constexpr auto m = tg::variable<"m", tg::axes<t>>;
  constexpr auto x = tg::parameter<"x", tg::axes<t>>;
  constexpr auto p = softmax<t>(select(m, x, tg::minus_infinity));
  const auto xs = numbers(5, 7);
  const std::vector<double> some = {0, 1, 1, 0, 1}, none(5, 0.0);
  const auto part = tg::evaluate(p, x = xs, m = some), nothing = tg::evaluate(p, x = xs, m = none);
  CHECK(part[0] == 0);
  CHECK(part[1] + part[2] + part[4] == Approx(1));
  for (const double one : nothing) CHECK(one == 0);
  for (const auto& mask : {some, none}) {
    const auto result = tg::value_and_gradient(sum(square(p)))(x = xs, m = mask);
    const auto g = result.gradient[x];
    for (int i = 0; i < 5; ++i) {
      CHECK(std::isfinite(g[static_cast<std::size_t>(i)]));
      if (mask[static_cast<std::size_t>(i)] == 0) CHECK(g[static_cast<std::size_t>(i)] == 0);
    }
  }
  CHECK(tg::evaluate(max<t>(select(m, x, tg::minus_infinity)), x = xs, m = none) == -std::numeric_limits<double>::infinity());
}

constexpr auto v = tg::axis<"v", 7>;
constexpr auto E = tg::parameter<"E", tg::axes<v, c>>;
constexpr auto U = tg::parameter<"U", tg::axes<v, c>>;

TEST_CASE("axes: what is masked reaches no derivative") {
  constexpr auto m = tg::variable<"m", tg::axes<t>>;
  constexpr auto x = tg::parameter<"x", tg::axes<t, c>>;
  constexpr auto y = tg::parameter<"y", tg::axes<c>>;
  auto xs = numbers(20, 20);
  for (double& one : xs) one = 0.5 + std::abs(one);
  for (int j = 0; j < 4; ++j) xs[static_cast<std::size_t>(4 + j)] = -1;  // the second position: log and sqrt are NaN there
  const std::vector<double> ms = {1, 0, 1, 1, 1};
  const auto ys = numbers(4, 21);
  constexpr auto seen = select(m, log(x) * sqrt(x), 0_c);
  const auto check = [&](auto e) {
    const auto result = tg::value_and_gradient(e)(x = xs, y = ys, m = ms);
    CHECK(std::isfinite(result.value));
    for (const double one : result.gradient) CHECK(std::isfinite(one));
    for (int j = 0; j < 4; ++j) CHECK(result.gradient[x](1, j) == 0);
    CHECK(result.gradient[x](0, 0) != 0);
  };
  check(sum(square(dot<c>(seen, y))));
  check(sum(dot<t>(seen, m) * y));
  check(sum(square(sum<t>(seen))) + sum(y));
  check(sum(tg::cumsum<t>(seen) * y));
  check(sum(square(tg::window<t, k>(seen) * y)));
  check(sum(square(dot<c>(select(m, tg::softmax<c>(log(x)), 0_c), y))));
  check(sum(select(m, dot<c>(log(x), y) / sqrt(tg::at<c, 0>(x)), 0_c)));
  check(sum(square(tg::rename<t, s>(seen))) * sum(y));
}

TEST_CASE("axes: embeddings and labels are integers") {
  constexpr auto token = tg::index<"token", v, tg::axes<t>>;
  constexpr auto next = tg::index<"next", v, tg::axes<t>>;
  constexpr auto loss = mean(tg::nn::softmax_cross_entropy(dot<c>(U, tanh(tg::take<v>(E, token))), next));
  const auto es = numbers(28, 8), us = numbers(28, 9);
  const std::array<unsigned char, 5> tokens = {1, 3, 1, 0, 6};
  const std::vector<long long> labels = {3, 1, 0, 6, 2};
  const auto all = tg::value_and_gradient(loss)(E = es, U = us, token = tokens, next = labels);
  const auto report = tg::check_gradient(loss, E = es, U = us, token = tokens, next = labels);
  INFO(tg::to_string(report));
  CHECK(report);
  for (int j = 0; j < 4; ++j) CHECK(all.gradient[E](2, j) == 0);  // nobody picked it

  // the same one row at a time
  constexpr auto one = tg::index<"one", v>;
  constexpr auto label = tg::index<"label", v>;
  constexpr auto row = tg::nn::softmax_cross_entropy(dot<c>(U, tanh(tg::take<v>(E, one))), label);
  const auto rows = tg::value_and_gradient(row)(E = es, U = us, tg::batch(one = tokens, label = labels));
  CHECK(rows.value == Approx(all.value).epsilon(1e-14));
  for (std::size_t i = 0; i < 56; ++i) CHECK(rows.gradient.data()[i] == Approx(all.gradient.data()[i]).margin(1e-15));

  // a label instead of a one-hot vector
  constexpr auto z = tg::parameter<"z", tg::vector<7>>;
  constexpr auto hot = tg::variable<"hot", tg::vector<7>>;
  const auto zs = numbers(7, 10);
  CHECK(tg::evaluate(tg::nn::softmax_cross_entropy(z, label), z = zs, label = 4) ==
        Approx(tg::evaluate(tg::nn::softmax_cross_entropy(z, hot), z = zs, hot = std::array<double, 7>{0, 0, 0, 0, 1, 0, 0})));
}

TEST_CASE("axes: data may be nested as the axes are") {
  constexpr auto x = tg::variable<"x", tg::axes<h, d, k>>;
  double nested[2][2][3];
  std::array<double, 12> flat{};
  for (int i = 0; i < 12; ++i) nested[i / 6][i / 3 % 2][i % 3] = flat[static_cast<std::size_t>(i)] = i;
  constexpr auto e = tg::position<h> * x + tg::position<k>;
  const auto a = tg::evaluate(e, x = nested), b = tg::evaluate(e, x = flat), same = tg::evaluate(e, x = tg::evaluate(x, x = flat));
  for (std::size_t i = 0; i < 12; ++i) CHECK(a[i] == b[i]);
  for (std::size_t i = 0; i < 12; ++i) CHECK(a[i] == same[i]);
}

TEST_CASE("axes: rows of a batch") {
  const auto xs = numbers(20 * 37, 11), ws = numbers(16, 12);
  constexpr auto x = tg::variable<"x", tg::axes<t, c>>;
  constexpr auto loss = sum(square(attend(x))) + sum(tg::window<t, k>(tanh(x)) * tg::position<k>);
  const auto rows = tg::value_and_gradient(loss)(W = ws, tg::batch(x = xs));
  double value = 0;
  std::vector<double> gradient(16, 0.0);
  for (int r = 0; r < 37; ++r) {
    const std::vector<double> one(xs.begin() + 20 * r, xs.begin() + 20 * (r + 1));
    const auto result = tg::value_and_gradient(loss)(W = ws, x = one);
    value += result.value / 37;
    for (std::size_t i = 0; i < 16; ++i) gradient[i] += result.gradient.data()[i] / 37;
  }
  CHECK(rows.value == Approx(value).epsilon(1e-13));
  CHECK(largest_error(rows.gradient.data(), gradient) < 1e-13);
}

TEST_CASE("axes: nested arrays as deep as a tensor has axes, in rows") {
  constexpr auto first = tg::axis<"first", 2>;
  constexpr auto second = tg::axis<"second", 2>;
  constexpr auto third = tg::axis<"third", 2>;
  constexpr auto fourth = tg::axis<"fourth", 3>;
  constexpr auto fifth = tg::axis<"fifth", 2>;
  constexpr auto sixth = tg::axis<"sixth", 2>;
  constexpr auto seventh = tg::axis<"seventh", 2>;
  constexpr auto eighth = tg::axis<"eighth", 2>;
  constexpr auto six = tg::variable<"six", tg::axes<first, second, third, fourth, fifth, sixth>>;
  double values[2][2][2][3][2][2];
  for (int n = 0; n < 96; ++n) values[n / 48][n / 24 % 2][n / 12 % 2][n / 4 % 3][n / 2 % 2][n % 2] = n;
  CHECK(tg::evaluate(sum(six), six = values) == 95 * 48);
  CHECK(tg::evaluate(sum<first, second, third, fifth, sixth>(six), six = values)[1] == 32 * 47.5);
  constexpr auto eight = tg::variable<"eight", tg::axes<first, second, third, fourth, fifth, sixth, seventh, eighth>>;
  std::vector<std::array<double[2][2][3][2][2][2][2], 2>> rows(3);
  for (auto& row : rows)
    for (int n = 0; n < 384; ++n)
      row[static_cast<std::size_t>(n / 192)][n / 96 % 2][n / 48 % 2][n / 16 % 3][n / 8 % 2][n / 4 % 2][n / 2 % 2][n % 2] = n;
  CHECK(tg::evaluate(sum(eight), eight = rows[1]) == 383 * 192);
  CHECK(tg::evaluate(sum(eight), tg::batch(eight = rows)) == 383 * 192);
}

TEST_CASE("axes: comparisons keep the order in which axes appear") {
  constexpr auto outer = tg::axis<"outer", 2>;
  constexpr auto inner = tg::axis<"inner", 3>;
  constexpr auto u = tg::variable<"u", tg::axes<outer>>;
  constexpr auto w = tg::variable<"w", tg::axes<inner>>;
  STATIC_REQUIRE(std::is_same_v<decltype(u > w)::shape, tg::axes<outer, inner>>);
  STATIC_REQUIRE(std::is_same_v<decltype(u >= w)::shape, tg::axes<outer, inner>>);
  STATIC_REQUIRE(std::is_same_v<decltype(u < w)::shape, tg::axes<outer, inner>>);
  constexpr auto found = tg::evaluate(u > w, u = std::array{1.0, 3.0}, w = std::array{0.0, 2.0, 4.0});
  STATIC_REQUIRE((found(0, 0) == 1 && found(0, 1) == 0 && found(1, 1) == 1 && found(1, 2) == 0));
}

}  // namespace

template <auto I, auto J>
concept has_identity = requires { tg::identity<I, J>; };

TEST_CASE("constant tensors: values, gradients, recurrences, batches") {
  static constexpr auto i = tg::axis<"i", 17>;
  static constexpr auto j = tg::axis<"j", 17>;
  static constexpr auto w = tg::parameter<"w", tg::axes<j>>;
  static constexpr auto a = tg::parameter<"a">;
  const auto ws = numbers(17, 5);

  const auto same = tg::evaluate(dot<j>(tg::identity<i, j>, w), w = ws);
  for (std::size_t n = 0; n < 17; ++n) CHECK(same[n] == ws[n]);
  STATIC_REQUIRE(has_identity<i, j> && !has_identity<i, i>);
  const auto wide = tg::evaluate(tg::identity<i, k>);
  for (int n = 0; n < 17; ++n)
    for (int m = 0; m < 3; ++m) CHECK(wide(n, m) == (n == m ? 1 : 0));
  const auto slope = tg::value_and_gradient(sum(square(dot<j>(tg::identity<i, j> * 2_c, w))))(w = ws);
  for (std::size_t n = 0; n < 17; ++n) CHECK(slope.gradient[w][n] == Approx(8 * ws[n]));

  // a tensor of one number: its adjoint is the sum of all
  const auto filled = tg::value_and_gradient(sum(tg::full<i, j>(sin(a)) * w * tg::position<i>))(a = 0.7, w = ws);
  double total = 0;
  for (const double one : ws) total += one;
  CHECK(filled.value == Approx(std::sin(0.7) * total * 136));
  CHECK(filled.gradient[a] == Approx(std::cos(0.7) * total * 136));
  CHECK(tg::evaluate(tg::zeros<i, k>)(16, 2) == 0);
  CHECK(tg::evaluate(sum(tg::ones<i, j>)) == 289);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate(tg::ones<i, k>)(0, 0) + 0.0), double>);

  // the start of a recurrence; numbers by formulas
  constexpr auto walk = tg::scan<k>(tg::zeros<j>, [](auto before, auto by) { return before * by + w; }, tg::stack<k>(a, 2_c, a * a));
  const auto found = tg::value_and_gradient(sum(walk))(a = 0.5, w = ws);
  CHECK(found.value == Approx(total * (1 + 0.25 * (1 + 2))));
  CHECK(found.gradient[a] == Approx(total * 2 * 0.5 * 3));

  // in the lanes of rows
  static constexpr auto x = tg::variable<"x", tg::axes<i>>;
  std::vector<std::array<double, 17>> rows(11);
  double expected = 0;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t n = 0; n < 17; ++n) rows[r][n] = ws[(r + n) % 17], expected += n < 3 ? rows[r][n] * rows[r][n] * double(n + 1) / 11 : 0;
  const auto batch =
      tg::value_and_gradient(a * sum(square(dot<i>(tg::identity<i, k>, x)) * tg::stack<k>(1_c, 2_c, 3_c)))(a = 1.0, tg::batch(x = rows));
  CHECK(batch.value == Approx(expected));
  CHECK(batch.gradient[a] == Approx(expected));
}

namespace {
template <int N>
void stack_tensors() {
  constexpr auto i = tg::axis<"i", N>;
  constexpr auto j = tg::axis<"j", 3>;
  constexpr auto four = tg::axis<"four", 4>;
  constexpr auto x = tg::parameter<"x", tg::axes<i, j>>;
  constexpr auto y = tg::parameter<"y", tg::axes<j, i>>;
  constexpr auto z = tg::parameter<"z", tg::axes<j>>;
  constexpr auto a = tg::parameter<"a">;
  constexpr auto all = tg::stack<four>(x, y, z, a);
  STATIC_REQUIRE(tg::to_string(all) == "stack<four>(x, y, z, a)");
  std::array<double, std::size_t(3 * N)> xs{}, ys{};
  for (std::size_t n = 0; n < xs.size(); ++n) xs[n] = 0.5 + double(n), ys[n] = 2.25 - double(n);
  const std::array zs = {-1.0, 4.0, 9.0};
  const auto number = [&](int layer, int m, int n) {
    return layer == 0 ? xs[std::size_t(3 * m + n)] : layer == 1 ? ys[std::size_t(N * n + m)] : layer == 2 ? zs[std::size_t(n)] : 7;
  };

  const auto values = tg::evaluate(all, x = xs, y = ys, z = zs, a = 7.0);
  const auto squares = tg::value_and_gradient(sum(square(all) * tg::position<four>))(x = xs, y = ys, z = zs, a = 7.0);
  const auto by_z = tg::jacobian(dot<i>(all, tg::position<i>), z)(x = xs, y = ys, z = zs, a = 7.0);
  double total = 0;
  for (int layer = 0; layer < 4; ++layer)
    for (int m = 0; m < N; ++m)
      for (int n = 0; n < 3; ++n) {
        REQUIRE(values(layer, m, n) == number(layer, m, n));
        total += layer * number(layer, m, n) * number(layer, m, n);
      }
  CHECK(squares.value == Approx(total));
  for (int m = 0; m < N; ++m)
    for (int n = 0; n < 3; ++n) {
      REQUIRE(squares.gradient[x](m, n) == 0);
      REQUIRE(squares.gradient[y](n, m) == Approx(2 * number(1, m, n)));
    }
  for (int n = 0; n < 3; ++n) CHECK(squares.gradient[z][std::size_t(n)] == Approx(4 * N * zs[std::size_t(n)]));
  CHECK(squares.gradient[a] == Approx(6.0 * 7 * N * 3));
  for (int row = 0; row < 12; ++row)  // of layer row / 3, number row % 3
    for (int n = 0; n < 3; ++n) REQUIRE(by_z(row, n) == (row / 3 == 2 && row % 3 == n ? N * (N - 1) / 2 : 0));
}
}  // namespace

TEST_CASE("axes: tensors along a new axis") {
  stack_tensors<1>();
  stack_tensors<2>();
  stack_tensors<16>();
  stack_tensors<17>();

  // one for each row: the new axis stands behind that of the rows
  static constexpr auto n = tg::axis<"n">;
  static constexpr auto i = tg::axis<"i", 3>;
  static constexpr auto two = tg::axis<"two", 2>;
  static constexpr auto w = tg::parameter<"w", tg::axes<i>>;
  static constexpr auto rows = tg::variable<"rows", tg::axes<n, i>>;
  std::vector<double> numbers(3 * 19), out(6 * 19);
  for (std::size_t r = 0; r < numbers.size(); ++r) numbers[r] = 0.25 * double(r) - 3;
  const std::array ws = {2.0, -1.0, 0.5};
  tg::evaluate(tg::stack<two>(w * rows, w), w = ws, rows = numbers, tg::into(out));
  for (std::size_t r = 0; r < 19; ++r)
    for (std::size_t m = 0; m < 3; ++m) {
      REQUIRE(out[6 * r + m] == ws[m] * numbers[3 * r + m]);
      REQUIRE(out[6 * r + 3 + m] == ws[m]);
    }
  constexpr auto at_compile_time = tg::evaluate(tg::stack<two>(w, 3_c * w), w = std::array{1.0, 2.0, 3.0});
  STATIC_REQUIRE(at_compile_time(1, 2) == 9);
}
