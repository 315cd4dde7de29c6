// SPDX-License-Identifier: BSL-1.0
// Data are what their type says: nested arrays, Eigen's matrices in any order, strides, temporaries; and wrong data are told.
#include <catch.hpp>

#include <Eigen/Dense>
#include <typegrad/typegrad.hpp>

#include <array>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto x = tg::variable<"x">;
constexpr auto v = tg::variable<"v", tg::vector<3>>;
constexpr auto W = tg::variable<"W", tg::matrix<2, 3>>;
constexpr auto digits = tg::at<0>(v) + 10_c * tg::at<1>(v) + 100_c * tg::at<2>(v);
constexpr auto matrix_digits = tg::at<0, 0>(W) + 10_c * tg::at<0, 1>(W) + 100_c * tg::at<0, 2>(W) + 1000_c * tg::at<1, 0>(W) +
                               10000_c * tg::at<1, 1>(W) + 100000_c * tg::at<1, 2>(W);

Eigen::MatrixXd numbers() {
  Eigen::MatrixXd result(2, 3);
  result << 1, 2, 3, 4, 5, 6;
  return result;
}

template <class M>
double read_matrix(const M& values) {
  return tg::evaluate(matrix_digits, W = values);
}
template <class V>
double read_vector(const V& values) {
  return tg::evaluate(digits, v = values);
}
template <class R>
double read_rows(const R& rows) {  // the mean of 321 and 654
  return tg::evaluate(digits, tg::batch(v = rows));
}

TEST_CASE("Eigen's matrices are read in their own order") {
  const Eigen::MatrixXd by_column = numbers();
  const Eigen::Matrix<double, 2, 3> fixed = by_column;
  const Eigen::Matrix<double, 2, 3, Eigen::RowMajor> by_row = by_column;
  CHECK(read_matrix(by_column) == 654321);
  CHECK(read_matrix(fixed) == 654321);
  CHECK(read_matrix(by_row) == 654321);
  CHECK(read_matrix(Eigen::MatrixXf(by_column.cast<float>())) == 654321);
  Eigen::MatrixXd larger = Eigen::MatrixXd::Constant(5, 6, -1);
  larger.block(1, 2, 2, 3) = by_column;
  CHECK(read_matrix(larger.block(1, 2, 2, 3)) == 654321);
  CHECK(read_matrix(Eigen::MatrixXd(by_column.transpose()).transpose()) == 654321);
}

TEST_CASE("rows, columns and maps of Eigen are vectors") {
  const Eigen::MatrixXd all = numbers();
  const double apart[] = {1, -1, 2, -1, 3, -1};
  CHECK(read_vector(all.row(0)) == 321);
  CHECK(read_vector(all.row(1)) == 654);
  CHECK(read_vector(Eigen::MatrixXd(all.transpose()).col(1)) == 654);
  CHECK(read_vector(Eigen::Map<const Eigen::VectorXd, 0, Eigen::InnerStride<2>>(apart, 3)) == 321);
  CHECK(read_vector(Eigen::Vector3f(1, 2, 3)) == 321);
  CHECK(read_vector(Eigen::RowVector3d(1, 2, 3)) == 321);
}

TEST_CASE("rows of a batch: Eigen, nested arrays, classes that are their numbers") {
  const Eigen::MatrixXd by_column = numbers();
  const double mean = (321 + 654) / 2.0;
  CHECK(read_rows(by_column) == mean);
  CHECK(read_rows(Eigen::Matrix<double, Eigen::Dynamic, 3, Eigen::RowMajor>(by_column)) == mean);
  CHECK(read_rows(std::vector<Eigen::Vector3d>{{1, 2, 3}, {4, 5, 6}}) == mean);
  CHECK(read_rows(std::vector<Eigen::Vector3f>{{1, 2, 3}, {4, 5, 6}}) == mean);
  CHECK(read_rows(std::array<std::array<double, 3>, 2>{{{1, 2, 3}, {4, 5, 6}}}) == mean);
  CHECK(read_rows(std::vector<double>{1, 2, 3, 4, 5, 6}) == mean);
  const double nested[2][3] = {{1, 2, 3}, {4, 5, 6}};
  CHECK(read_rows(nested) == mean);
  const double matrices[2][2][3] = {{{1, 2, 3}, {4, 5, 6}}, {{1, 2, 3}, {4, 5, 6}}};
  CHECK(tg::evaluate(matrix_digits, tg::batch(W = matrices)) == 654321);
  const Eigen::VectorXd column = by_column.row(1);
  CHECK(tg::evaluate(square(x), tg::batch(x = column)) == (16 + 25 + 36) / 3.0);
  const Eigen::RowVectorXd line = by_column.row(1);
  CHECK(tg::evaluate(square(x), tg::batch(x = line)) == (16 + 25 + 36) / 3.0);
}

/// A class of the user's: every other number is something else.
struct pairs {
  std::vector<double> all;
};

}  // namespace

template <>
struct typegrad::data_traits<pairs> {
  static constexpr int rows = -1, columns = 1;
  static tg::strided_rows<double> view(const pairs& p) { return {p.all.data(), static_cast<long long>(p.all.size() / 2), 2, 1, 1}; }
};

namespace {

TEST_CASE("a class of one's own") {
  const pairs p{{1, -1, 2, -1, 3, -1}};
  CHECK(read_vector(p) == 321);
  CHECK(tg::evaluate(x, tg::batch(x = p)) == 2);
}

std::vector<double> temporary() { return {1, 2, 3, 4, 5, 6}; }

TEST_CASE("bindings and batches that are kept own what was temporary") {
  const auto batch = tg::batch(v = temporary());
  const auto binding = (v = std::vector<double>{1, 2, 3});
  std::vector<double> other(1000, 7);  // may take the place of what was freed
  CHECK(tg::evaluate(digits, batch) == (321 + 654) / 2.0);
  CHECK(tg::evaluate(digits, binding) == 321);
  std::vector<double> named{1, 2, 3};
  const auto reference = (v = named);
  named[0] = 4;
  CHECK(tg::evaluate(digits, reference) == 324);
}

#ifdef TYPEGRAD_THROW
template <class... Arg>
std::string failure_of(const Arg&... arg) {
  try {
    tg::evaluate(arg...);
  } catch (const std::invalid_argument& e) { return e.what(); }
  return "nothing was thrown";
}

TEST_CASE("wrong data are told") {
  const std::vector<double> five(5);
  CHECK(failure_of(digits, v = five) == "typegrad: wrong number of values for 'v': expected 3, given 5");
  CHECK(failure_of(digits, tg::batch(v = five)) == "typegrad: wrong number of values for 'v': expected 6, given 5");
  CHECK(failure_of(digits, tg::batch(v = std::vector<double>{})) == "typegrad: wrong number of rows for 'v': expected at least 1, given 0");
  constexpr auto each = tg::variable<"each", tg::axes<tg::axis<"n">>>;
  constexpr auto none = "typegrad: wrong number of rows for 'each': expected at least 1, given 0";
  CHECK(failure_of(tg::argmax<tg::axis<"n">>(each), each = std::vector<double>{}) == none);
  CHECK(failure_of(tg::any<tg::axis<"n">>(each), each = std::vector<double>{}) == none);
  CHECK(failure_of(digits, tg::batch(v = tg::columns(five, 2))) == "typegrad: wrong number of values for 'v': expected at least 6, given 5");
  CHECK(failure_of(digits, v = Eigen::VectorXd(4)) == "typegrad: wrong number of rows for 'v': expected 3, given 4");
  CHECK(failure_of(matrix_digits, W = Eigen::MatrixXd(2, 2)) == "typegrad: wrong number of columns for 'W': expected 3, given 2");
  CHECK(failure_of(digits, tg::batch(v = Eigen::MatrixXd(7, 2))) == "typegrad: wrong number of columns for 'v': expected 3, given 2");
  CHECK(failure_of(digits + x, tg::batch(v = temporary(), x = five)) == "typegrad: wrong number of values for 'x': expected 2, given 5");
}

TEST_CASE("results that would overwrite what is read") {
  constexpr auto n = tg::axis<"n">;
  constexpr auto y = tg::variable<"y", tg::axes<n>>;
  constexpr auto s = tg::parameter<"s">;
  constexpr auto u = tg::parameter<"u", tg::vector<3>>;
  const auto overlap = Catch::Matchers::Contains("into(...): results would overwrite values of");
  // of one formula, row by row: a row is read before its result is written
  std::vector<double> xs(100, 2.0), more(100);
  tg::evaluate(x * x, tg::each(x = xs), tg::into(xs));
  CHECK(xs == std::vector<double>(100, 4.0));
  tg::evaluate(y / tg::sum<n>(y), y = xs, tg::into(xs));
  CHECK(xs == std::vector<double>(100, 0.01));
  // rows that are read later
  CHECK_THROWS_WITH(tg::evaluate(tg::tuple(y + 1_c, y / tg::sum<n>(y)), y = xs, tg::into(xs, more)), overlap);
  CHECK_THROWS_WITH(tg::evaluate(x * x, tg::each(x = std::span(xs).first(99)), tg::into(std::span(xs).last(99))), overlap);
  CHECK_THROWS_WITH(tg::evaluate(square(s * x), s = 2.0, tg::batch(x = xs), tg::into(xs[3])), overlap);
  CHECK_THROWS_WITH(tg::evaluate(square(s * tg::mean<n>(y)), s = 2.0, y = xs, tg::into(xs[3])), overlap);
  // what all rows share
  std::vector<double> us(3, 1.0), rows(300, 1.0);
  CHECK_THROWS_WITH(tg::value_and_gradient(square(dot(u, v)))(u = us, tg::batch(v = rows), tg::into(us)), overlap);
  tg::point<double, std::remove_const_t<decltype(u)>> p;
  CHECK_THROWS_WITH(tg::value_and_gradient(square(dot(u, v)))(p, tg::batch(v = rows), tg::into(p)), overlap);
  CHECK(xs == std::vector<double>(100, 0.01));
  CHECK(us == std::vector<double>(3, 1.0));
  // another column of the same table
  tg::evaluate(dot(v, v), tg::each(v = tg::columns(rows.data(), 50)), tg::into(std::span(rows).subspan(200, 50)));
  CHECK(rows[220] == 3);
}

TEST_CASE("a handler of one's own") {
  static tg::failure seen{};
  const auto before = tg::set_failure_handler([](const tg::failure& f) {
    seen = f;
    throw 7;
  });
  const std::vector<double> five(5);
  CHECK_THROWS_AS(tg::evaluate(digits, v = five), int);
  CHECK((seen.what == tg::failure::wrong_length && std::string(seen.symbol) == "v" && seen.expected == 3 && seen.given == 5));
  tg::set_failure_handler(before);
}
#endif

}  // namespace
