// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/evaluation.md.
#include <catch.hpp>

#include <typegrad/eval/threads.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

// [data_traits]
/// Columns of numbers, one after the other.
struct two_columns {
  std::vector<double> numbers;
};
template <>
struct typegrad::data_traits<two_columns> {
  static constexpr int rows = -1, columns = 2;  // so many rows as run time says
  static auto view(const two_columns& of) {
    const auto n = static_cast<long long>(of.numbers.size()) / 2;
    return typegrad::strided_rows<double>{.data = of.numbers.data(), .rows = n, .row_stride = 1, .column_stride = n, .columns = 2};
  }
};
// [data_traits]

namespace {

// [names]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto w = tg::parameter<"w">;
constexpr auto W = tg::parameter<"W", tg::matrix<2, 2>>;
constexpr auto x = tg::variable<"x">;
constexpr auto v = tg::variable<"v", tg::vector<2>>;
constexpr std::array four = {1.0, 2.0, 3.0, 4.0};
const std::vector<double> xs = {1, 2, 3, 6};
// [names]

TEST_CASE("reference: evaluate") {
  // [evaluate]
  STATIC_REQUIRE(tg::evaluate(w * x, w = 0.5, x = 4.0) == 2);
  STATIC_REQUIRE((w * x)(w = 0.5, x = 4.0) == 2);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate(w * x, w = 0.5f, x = 4.0f)), float>);
  STATIC_REQUIRE(std::is_same_v<decltype(tg::evaluate<long double>(w * x, w = 0.5f, x = 4)), long double>);
  STATIC_REQUIRE(tg::evaluate(W * v, W = four, v = std::array{10.0, 1.0})[1] == 34);
  CHECK(tg::evaluate(w * x, w = 0.5, tg::batch(x = xs)) == 1.5);  // the mean over rows
  // [evaluate]
}

TEST_CASE("reference: point, parameter_point") {
  // [point]
  constexpr auto f = w * sum(W * v);
  tg::parameter_point<double, decltype(f)> theta;  // point<double, ...> of the parameters of f, all 0
  theta[w] = 2;
  for (double& one : theta) one += 1;  // 5 numbers
  CHECK(theta[w] == 3);
  CHECK(theta[W](1, 1) == 1);
  const auto gradient = tg::value_and_gradient(f)(theta, v = std::array{10.0, 1.0}).gradient;  // a point like theta
  theta -= 0.5 * gradient;
  CHECK(theta[w] == 3 - 0.5 * 22);
  CHECK(theta[W](1, 0) == 1 - 0.5 * 3 * 10);
  const tg::point<float, std::remove_const_t<decltype(w)>, std::remove_const_t<decltype(W)>> single = theta;
  CHECK(single[w] == -8);
  // [point]
}

TEST_CASE("reference: for_each_parameter") {
  // [for_each_parameter]
  tg::parameter_point<double, decltype(w * sum(W * v))> theta;
  theta[w] = 7;
  std::string all;
  tg::for_each_parameter(theta, [&](std::string_view name, tg::extent shape, const double* values) {
    all += std::string(name) + " has " + std::to_string(shape.size()) + ", the first is " + std::to_string(static_cast<int>(*values)) + "\n";
  });
  CHECK(all == "W has 4, the first is 0\nw has 1, the first is 7\n");
  // [for_each_parameter]
}

TEST_CASE("reference: tensor, tensor_view") {
  // [tensor]
  constexpr tg::tensor<double, tg::matrix<2, 2>> twice = tg::evaluate(2_c * W, W = four);
  STATIC_REQUIRE(twice(1, 0) == 6);
  STATIC_REQUIRE(twice[3] == 8);
  STATIC_REQUIRE(twice.size() == 4);
  STATIC_REQUIRE(tg::evaluate(sum(W), W = twice) == 20);
  double numbers[] = {10, 20};
  const tg::tensor_view<double, tg::vector<2>> view(numbers);
  view[1] = 30;
  CHECK(tg::evaluate(sum(v), v = view) == 40);
  // [tensor]
}

TEST_CASE("reference: batch") {
  // [batch]
  const std::vector<std::array<double, 2>> vs = {{1, 2}, {3, 4}, {5, 6}, {7, 8}};
  const auto result = tg::value_and_gradient(w * x * sum(v))(w = 2.0, tg::batch(x = xs, v = vs));
  CHECK(result.gradient[w] == (1 * 3 + 2 * 7 + 3 * 11 + 6 * 15) / 4.0);
  CHECK(result.value == 2 * 35);
  // [batch]
}

TEST_CASE("reference: columns, strided") {
  // [layouts]
  const std::vector<double> one_after_the_other = {1, 3, 5, 2, 4, 6};  // v[0] of three rows, then v[1]
  const std::vector<double> table = {1, 2, 99, 3, 4, 99, 5, 6, 99};    // a column too many
  constexpr auto f = 10_c * at<0>(v) + at<1>(v);                       // 12, 34, 56
  CHECK(tg::evaluate(f, tg::batch(v = tg::columns(one_after_the_other, 3))) == 34);
  CHECK(tg::evaluate(f, tg::batch(v = tg::strided(table.data(), 3, 3))) == 34);
  CHECK(tg::evaluate(f, tg::batch(v = tg::strided(table.data() + 1, 2, 3, -1))) == (21 + 43) / 2.0);  // backwards
  // [layouts]
}

TEST_CASE("reference: data_traits, strided_rows") {
  // [data_traits_use]
  const two_columns data{{1, 3, 5, 2, 4, 6}};
  CHECK(tg::evaluate(10_c * at<0>(v) + at<1>(v), tg::batch(v = data)) == 34);
  // [data_traits_use]
}

TEST_CASE("reference: rows, sum_over, mean_over") {
  // [sum_over]
  constexpr auto f = tg::sum_over(tg::rows(x), w * x) + square(tg::mean_over(tg::rows(x), x));
  CHECK(tg::evaluate(f, w = 2.0, tg::batch(x = xs)) == 24 + 9);
  CHECK(tg::value_and_gradient(f)(w = 2.0, tg::batch(x = xs)).gradient[w] == 12);
  // [sum_over]
}

TEST_CASE("reference: several axes of run-time length") {
  // [axes]
  constexpr auto user = tg::axis<"user">;
  constexpr auto film = tg::axis<"film">;
  constexpr auto taste = tg::variable<"taste", tg::axes<user>>;
  constexpr auto style = tg::variable<"style", tg::axes<film>>;
  constexpr auto f = tg::mean<user>(square(taste - w * tg::sum<film>(style)));
  const std::vector<double> tastes = {1, 2, 3, 6}, styles = {0.5, 1.5};  // four rows and two
  CHECK(tg::evaluate(f, w = 1.0, taste = tastes, style = styles) == (1 + 0 + 1 + 16) / 4.0);
  CHECK(tg::value_and_gradient(f)(w = 1.0, taste = tastes, style = styles).gradient[w] == -2 * 2 * (3 - 2));
  // [axes]
}

TEST_CASE("reference: storage, into of memory") {
  // [storage]
  constexpr auto program = tg::value_and_gradient(w * x * x);
  static auto memory = program.storage(w = 0.5, tg::batch(x = xs));
  const auto& result = program(w = 0.5, tg::batch(x = xs), tg::into(memory));  // refers to memory
  CHECK(result.gradient[w] == 12.5);
  const auto place = std::make_unique<decltype(tg::storage(w * x, w = 0.5, tg::batch(x = xs)))>();
  CHECK(tg::evaluate(w * x, w = 0.5, tg::batch(x = xs), tg::into(*place)) == 1.5);
  // [storage]
}

TEST_CASE("reference: thread_pool") {
  // [thread_pool]
  tg::thread_pool pool(2);  // this thread and one more
  constexpr auto program = tg::value_and_gradient(tanh(w * x));
  const std::vector<double> many(1000, 0.5);
  CHECK(program.on(pool)(w = 2.0, tg::batch(x = many)).value == program(w = 2.0, tg::batch(x = many)).value);
  // [thread_pool]
}

TEST_CASE("reference: failure, failure_handler, set_failure_handler") {
  // [failure]
  const tg::failure_handler before = tg::set_failure_handler([](const tg::failure& f) {
    char line[200];
    f.print(line, sizeof line);
    std::fprintf(stderr, "a request is refused: %s\n", line);
  });
  tg::set_failure_handler(before);
  char line[200];
  tg::failure{.what = tg::failure::wrong_length, .symbol = "v", .expected = 2, .given = 3}.print(line, sizeof line);
  CHECK(std::string(line) == "typegrad: wrong number of values for 'v': expected 2, given 3");
  // [failure]
}

}  // namespace
