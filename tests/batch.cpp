// SPDX-License-Identifier: BSL-1.0
// Programs over the rows of a batch: every number of rows, every layout, regions inside formulas, threads, mini-batches.
#include <catch.hpp>

#include <typegrad/eval/threads.hpp>
#include <typegrad/nn/loader.hpp>
#include <typegrad/typegrad.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

inline constexpr auto x = tg::variable<"x", tg::vector<3>>;
inline constexpr auto y = tg::variable<"y", tg::vector<2>>;
inline constexpr auto s = tg::variable<"s">;

template <class T>
struct rows_of_data {
  std::vector<T> x, y, s;
  explicit rows_of_data(int rows, int width_x = 3, int width_y = 2) {
    tg::nn::generator next(static_cast<std::uint64_t>(rows));
    for (int i = 0; i < rows * width_x; ++i) x.push_back(static_cast<T>(next.normal()));
    for (int i = 0; i < rows * width_y; ++i) y.push_back(static_cast<T>(next.uniform()));
    for (int i = 0; i < rows; ++i) s.push_back(static_cast<T>(next.uniform() + 0.5));
  }
};

/// The batch against one row after the other, added up in long double.
template <class T, class Theta, class F>
void batched_equals_looped(F, const Theta& theta, int rows) {
  const rows_of_data<T> d(rows);
  constexpr auto program = tg::value_and_gradient(F{});
  const auto batched = program(theta, tg::batch(x = d.x, y = d.y, s = d.s));
  long double value = 0;
  std::vector<long double> gradient(theta.size()), size(theta.size());
  for (int i = 0; i < rows; ++i) {
    const auto n = static_cast<std::size_t>(i);
    const auto one = program(theta, x = std::span<const T, 3>(&d.x[3 * n], 3), y = std::span<const T, 2>(&d.y[2 * n], 2), s = d.s[n]);
    value += static_cast<long double>(one.value);
    for (std::size_t k = 0; k < theta.size(); ++k)
      gradient[k] += static_cast<long double>(one.gradient.data()[k]), size[k] += std::fabs(static_cast<long double>(one.gradient.data()[k]));
  }
  const T unit = std::numeric_limits<T>::epsilon();
  CHECK(std::fabs(static_cast<long double>(batched.value) - value / rows) <= 16 * unit * std::fabs(value / rows));
  // One row alone and rows in lanes add in orders of their own, so that errors of the network's outputs differ, which reach all parameters.
  const long double largest = *std::max_element(size.begin(), size.end());
  for (std::size_t k = 0; k < theta.size(); ++k) {
    INFO("parameter " << k << ", " << rows << " rows");
    CHECK(std::fabs(static_cast<long double>(batched.gradient.data()[k]) - gradient[k] / rows) <= unit * (16 * size[k] + 2 * largest) / rows);
  }
}

inline constexpr tg::nn::mlp<3, 20, 5, 2> network{};
inline constexpr auto hidden = network(x);
inline constexpr auto regression = tg::nn::mean_squared_error(hidden, y) + tg::nn::l2(network, 0.01_c);
inline constexpr auto classes = tg::nn::softmax_cross_entropy(network.with(tg::nn::gelu)(x), y) / s;
inline constexpr auto margins = tg::nn::max_margin(network.with(tg::nn::relu)(x), y) * s;
inline constexpr auto unrolled = tg::nn::mean_squared_error(network.scalar_view(x), y);
// Products of every kind: a vector with all rows, a row with itself, elements, a row matrix, functions without lanes of their own.
inline constexpr auto q = tg::parameter<"q", tg::vector<3>>;
inline constexpr auto W1 = tg::parameter<"W1", tg::matrix<20, 3>>;
inline constexpr auto mixed = sin(dot(q, x)) * tg::at<1>(q) + sum(tg::outer(x, y) * (y * s)) * pow(s, tg::at<0>(q)) +
                              dot(x, transpose(W1) * (W1 * x)) + tg::at<2>(x) * sum(square(q)) + tg::softplus(s * tg::at<2>(q)) +
                              tg::max(s, tg::at<0>(x)) + erf(s) + log(s);

template <class T>
void all_row_counts() {
  const auto theta = tg::nn::initialize<T>(network, 3);
  tg::parameter_point<T, decltype(mixed)> point;
  for (std::size_t k = 0; k < point.size(); ++k) point.data()[k] = static_cast<T>(0.3 + 0.01 * static_cast<double>(k));
  for (const int rows : {1, 2, 15, 16, 17, 100, 1000}) {
    batched_equals_looped<T>(regression, theta, rows);
    batched_equals_looped<T>(classes, theta, rows);
    batched_equals_looped<T>(margins, theta, rows);
    batched_equals_looped<T>(unrolled, theta, rows);
    batched_equals_looped<T>(mixed, point, rows);
  }
}

TEST_CASE("a batch equals its rows one by one, float") { all_row_counts<float>(); }
TEST_CASE("a batch equals its rows one by one, double") { all_row_counts<double>(); }

TEST_CASE("rows in columns, with gaps, of other number types") {
  const auto theta = tg::nn::initialize<float>(network, 3);
  constexpr auto program = tg::value_and_gradient(regression);
  for (const int rows : {1, 7, 16, 37}) {
    const rows_of_data<float> d(rows);
    std::vector<float> columns(d.x.size()), wide(d.y.size() * 4, -1e30f);
    std::vector<double> doubles(d.x.begin(), d.x.end());
    std::vector<std::array<float, 3>> nested(static_cast<std::size_t>(rows));
    for (std::size_t i = 0; i < nested.size(); ++i) {
      for (std::size_t k = 0; k < 3; ++k) columns[k * nested.size() + i] = nested[i][k] = d.x[3 * i + k];
      for (std::size_t k = 0; k < 2; ++k) wide[8 * i + 3 * k] = d.y[2 * i + k];
    }
    const auto expected = program(theta, tg::batch(x = d.x, y = d.y));
    const auto same = [&](const auto& other) { return other.value == expected.value && other.gradient == expected.gradient; };
    CHECK(same(program(theta, tg::batch(x = tg::columns(columns, rows), y = d.y))));
    CHECK(same(program(theta, tg::batch(x = nested, y = tg::strided(wide.data(), rows, 8, 3)))));
    CHECK(same(program(theta, tg::batch(x = doubles, y = std::span<const float>(d.y)))));
  }
}

TEST_CASE("regions are formulas: they add, nest in functions, and have derivatives") {
  constexpr auto w = tg::parameter<"w">;
  constexpr auto z = tg::variable<"z">;
  constexpr auto mean = tg::mean_over(tg::rows(z), tanh(w * z));
  constexpr auto formula = square(mean) + 3_c * log(tg::sum_over(tg::rows(z), square(z) + w));
  const std::vector<double> zs{0.1, 0.5, -0.7, 1.3, 0.2};
  double m = 0, dm = 0, total = 0;
  for (const double v : zs) m += std::tanh(0.3 * v) / 5, dm += v * (1 - std::pow(std::tanh(0.3 * v), 2)) / 5, total += v * v + 0.3;
  const auto r = tg::value_and_gradient(formula)(w = 0.3, tg::batch(z = zs));
  CHECK(r.value == Approx(m * m + 3 * std::log(total)));
  CHECK(r.gradient[w] == Approx(2 * m * dm + 3 * 5 / total));
  CHECK(tg::evaluate(tg::derivative(mean, w), w = 0.3, tg::batch(z = zs)) == Approx(dm));
  CHECK(tg::evaluate(tg::gradient(formula)[w], w = 0.3, tg::batch(z = zs)) == Approx(r.gradient[w]));
  // What does not differ from row to row is done once; a constant sums to N times itself.
  STATIC_REQUIRE(tg::simplify(tg::mean_over(tg::rows(z), 2_c * w)) == 2_c * w);
  CHECK(tg::evaluate(tg::sum_over(tg::rows(z), w), w = 0.25, tg::batch(z = zs)) == 1.25);
  STATIC_REQUIRE(tg::to_string(tg::simplify(tg::sum_over(tg::rows(z), 3_c * w * z))) == "3*w*sum_over(z, z)");
  // The same in a constant expression.
  constexpr std::array<double, 5> fixed{0.1, 0.5, -0.7, 1.3, 0.2};
  constexpr auto compiled = tg::value_and_gradient(formula)(w = 0.3, tg::batch(z = fixed));
  CHECK(compiled.value == Approx(r.value).epsilon(1e-15));
}

template <int I>
inline constexpr char letter[2] = {static_cast<char>('a' + I), 0};
template <int I>
inline constexpr auto p = tg::parameter<tg::fixed_string<2>(letter<I>)>;

TEST_CASE("many sums of single numbers are added up together, means and sums apart") {
  static constexpr auto z = tg::variable<"z">;
  constexpr auto formula = []<int... I>(std::integer_sequence<int, I...>) {
    return tg::sum_over(tg::rows(z), (... + tg::exp(p<I> * z))) + tg::mean_over(tg::rows(z), square(p<0> * p<1> + z)) * p<2> +
           tg::mean_over(tg::rows(z), tg::sin(z)) * p<3>;
  }(std::make_integer_sequence<int, 20>{});  // 22 sums and two means
  constexpr auto program = tg::value_and_gradient(formula);
  tg::parameter_point<double, decltype(formula)> at;
  for (std::size_t k = 0; k < at.size(); ++k) at.data()[k] = 0.1 * static_cast<double>(k) - 0.7;
  const std::vector<double> zs{0.1, 0.5, -0.7, 1.3, 0.2, -1.1, 0.9};
  const auto r = program(at, tg::batch(z = zs));
  double value = 0, mean = 0, sine = 0, slope = 0, expected[20] = {};
  for (const double v : zs) {
    const double a = at[p<0>] * at[p<1>] + v;
    mean += a * a / 7, sine += std::sin(v) / 7, slope += 2 * a / 7;
    for (std::size_t k = 0; k < 20; ++k) value += std::exp(at.data()[k] * v), expected[k] += v * std::exp(at.data()[k] * v);
  }
  expected[0] += slope * at[p<1>] * at[p<2>], expected[1] += slope * at[p<0>] * at[p<2>], expected[2] += mean, expected[3] += sine;
  CHECK(r.value == Approx(value + mean * at[p<2>] + sine * at[p<3>]).epsilon(1e-14));
  for (std::size_t k = 0; k < 20; ++k) CHECK(r.gradient.data()[k] == Approx(expected[k]).epsilon(1e-13));
  const std::string plan(tg::to_string(program.plan<double>(tg::rows(z))));
  INFO(plan);
  CHECK(plan.find("gather 16 ->") != std::string::npos);
  CHECK(plan.find("gather 6 ->") != std::string::npos);  // the other four, the value, and one for the first mean's parameters
  CHECK(plan.find("gather 2 ->") != std::string::npos);  // the means
  CHECK(plan.find("row sum 1 ") == std::string::npos);
}

TEST_CASE("the number of threads changes no bit") {
  static constexpr tg::nn::mlp<3, 256, 256, 2> large{};
  static constexpr auto loss = tg::nn::softmax_cross_entropy(large(x), y);
  constexpr auto program = tg::value_and_gradient(loss);
  const auto theta = std::make_unique<decltype(tg::nn::initialize<float>(large, 1))>(tg::nn::initialize<float>(large, 1));
  for (const int rows : {1, 33, 150, 1000}) {  // one shard, and up to sixteen
    const rows_of_data<float> d(rows);
    const auto batch = tg::batch(x = d.x, y = d.y);
    using storage = decltype(program.storage(*theta, batch));
    const auto first = std::make_unique<storage>(), second = std::make_unique<storage>();
    const auto& one = program(*theta, batch, tg::into(*first));
    for (const int threads : {1, 2, 3, 5}) {
      tg::thread_pool pool(threads);
      for (int repeat = 0; repeat < 3; ++repeat) {
        const auto& many = program.on(pool)(*theta, batch, tg::into(*second));
        CHECK(many.value == one.value);
        CHECK(many.gradient == one.gradient);
      }
    }
  }
}

TEST_CASE("mini-batches: every row once an epoch, in an order that the seed decides") {
  std::vector<double> xs(30), ss(10);
  for (std::size_t i = 0; i < 10; ++i) xs[3 * i] = xs[3 * i + 1] = xs[3 * i + 2] = ss[i] = static_cast<double>(i);
  const auto epoch = [&](auto& data) {
    std::vector<double> seen;
    std::vector<std::size_t> sizes;
    for (const auto& rows : data) {
      const auto& part = tg::detail::binding_of<std::remove_cvref_t<decltype(s)>>(rows).value;
      const auto& values = tg::detail::binding_of<std::remove_cvref_t<decltype(x)>>(rows).value;
      for (std::size_t i = 0; i < part.size(); ++i) CHECK(values[3 * i + 2] == part[i]);
      seen.insert(seen.end(), part.begin(), part.end());
      sizes.push_back(part.size());
    }
    CHECK(sizes == std::vector<std::size_t>{4, 4, 2});
    CHECK(std::set<double>(seen.begin(), seen.end()).size() == 10);
    return seen;
  };
  tg::nn::loader first(4, 7, x = xs, s = ss), again(4, 7, x = xs, s = ss), other(4, 8, x = xs, s = ss);
  const auto a = epoch(first), b = epoch(first);
  CHECK(a != b);
  CHECK(epoch(again) == a);
  CHECK(epoch(other) != a);
  CHECK(first.batches() == 3);
}

TEST_CASE("an element of a tensor that is spread over the packs of a batch") {
  constexpr auto left = tg::variable<"left", tg::matrix<3, 1>>;
  constexpr auto right = tg::variable<"right", tg::vector<3>>;
  constexpr auto d = tg::variable<"d", tg::vector<3>>;
  constexpr auto other = tg::variable<"other">;
  // The slope of a softmax has [other', sum']*... with the sum's element, spread over the one row of the product, as its factor.
  constexpr auto f = logsumexp(tg::stack(other, sum(transpose(left) * right)));
  constexpr auto h = tg::hvp(f, right, d);
  const std::array<double, 3> l{0.5, -1.25, -0.25}, r{0.1, -0.55, 2.0}, direction{0.3, -0.2, 0.7};
  const std::array<std::array<double, 1>, 3> matrix{{{l[0]}, {l[1]}, {l[2]}}};
  const std::vector lefts(5, matrix);
  const std::vector rights(5, r);
  const std::vector others(5, 0.7);
  const auto one = tg::evaluate<double>(h, left = matrix, right = r, other = 0.7, d = direction);
  const auto all = tg::evaluate<double>(h, tg::batch(left = lefts, right = rights, other = others), d = direction);
  CHECK(one[0] > 0.02);
  for (std::size_t k = 0; k < 3; ++k) CHECK(all[k] == Approx(one[k]).epsilon(1e-13));
}

TEST_CASE("the plan of a network: one kernel a layer and direction, no gradient that nobody asked for") {
  constexpr auto in = tg::variable<"x", tg::vector<2>>;
  constexpr auto out = tg::variable<"y", tg::vector<1>>;
  constexpr tg::nn::mlp<2, 16, 16, 1> model{};
  constexpr auto program = tg::value_and_gradient(tg::nn::mean_squared_error(model(in), out));
  constexpr auto plan = program.plan<float>(tg::rows(in, out));
  CHECK(tg::to_string(plan) ==
        "load x 2 -> @0\n"
        "load y 1 -> @2\n"
        "product 16x2 W1*@0 + tanh ^2 - -> @3; 112 operations, 136 bytes\n"
        "product 16x16 W2*@3 + tanh ^2 - -> @35; 560 operations, 192 bytes\n"
        "product 1x16 W3*@35 + - ^2 * * -> @67; 36 operations, 80 bytes\n"
        "single 1 mean @67 -> @2; 0 operations, 8 bytes\n"
        "row sum 1 @2 -> root 0; 1 operations, 4 bytes\n"
        "row sum 1 @68 -> shared 0; 1 operations, 4 bytes\n"
        "outer sum 1x16 @69 @35' -> root 5; 32 operations, 68 bytes\n"
        "product 16x1 W3'*@69 * -> @35; 32 operations, 132 bytes\n"
        "row sum 16 @35 -> root 4; 16 operations, 64 bytes\n"
        "outer sum 16x16 @35 @3' -> root 3; 512 operations, 128 bytes\n"
        "product 16x16 W2'*@35 * -> @3; 512 operations, 192 bytes\n"
        "row sum 16 @3 -> root 2; 16 operations, 64 bytes\n"
        "outer sum 16x2 @3 @0' -> root 1; 64 operations, 72 bytes\n"
        "lanes along the rows; each row: 1894 operations, 280 bytes of buffers\n"
        "once: 1 steps, 8 bytes\n");
  STATIC_REQUIRE(plan.kernel_count() == 13);
  STATIC_REQUIRE(plan.row_bytes() == 280);
}

}  // namespace
