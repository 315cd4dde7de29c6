// SPDX-License-Identifier: BSL-1.0
// One sample, whose tensors have layouts and lanes along axes, against a batch of one, which has neither: the same values and gradients.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

template <class T, class Loss, class X>
void compare(Loss loss, X symbol, std::uint64_t seed) {
  constexpr auto program = tg::value_and_gradient(Loss{});
  static_assert(tg::detail::has_layouts<typename std::remove_const_t<decltype(program)>::recipe>(), "this test is of layouts");
  auto theta = tg::nn::initialize<T>(loss, seed);
  tg::nn::generator random(seed);
  for (T& one : theta) one = static_cast<T>(random.normal() / 2);
  std::vector<T> values(static_cast<std::size_t>(X::shape::value.size()));
  for (T& one : values) one = static_cast<T>(random.normal());
  const auto alone = program(theta, symbol = values);
  static auto memory = program.storage(theta, tg::batch(symbol = values));
  const auto& row = program(theta, tg::batch(symbol = values), tg::into(memory));
  const double precision = sizeof(T) == 4 ? 2e-5 : 1e-13;
  CHECK(std::abs(double(alone.value - row.value)) < precision * (1 + std::abs(double(row.value))));
  double worst = 0, largest = 1e-3;
  for (std::size_t k = 0; k < theta.size(); ++k) {
    worst = std::max(worst, std::abs(double(alone.gradient.data()[k] - row.gradient.data()[k])));
    largest = std::max(largest, std::abs(double(row.gradient.data()[k])));
  }
  CHECK(worst < precision * largest);
}

/// Formulas over axes of these sizes.
template <int T, int C, int H>
struct formulas {
  static constexpr auto t = tg::axis<"t", T>;
  static constexpr auto s = tg::axis<"s", T>;
  static constexpr auto c = tg::axis<"c", C>;
  static constexpr auto e = tg::axis<"e", C>;
  static constexpr auto h = tg::axis<"h", H>;
  static constexpr auto k = tg::axis<"k", 3>;
  static constexpr auto x = tg::variable<"x", tg::axes<t, c>>;
  static constexpr auto W = tg::parameter<"W", tg::axes<h, e, c>>;
  static constexpr auto V = tg::parameter<"V", tg::axes<e, h, c>>;
  static constexpr auto b = tg::parameter<"b", tg::axes<h>>;
  static constexpr auto P = tg::parameter<"P", tg::axes<t, c>>;

  static constexpr auto y = dot<c>(W, x + P);                             // h, e, t
  static constexpr auto z = tg::rename<t, s>(dot<c>(V, tg::tanh(x* P)));  // e, h, s
  static constexpr auto scores = dot<e>(y, z) + b;                        // h, t, s
  static constexpr auto masked = tg::softmax<s>(tg::select(tg::position<s> <= tg::position<t>, scores, tg::minus_infinity));
  static constexpr auto attention = sum(square(dot<s>(masked, z)));
  static constexpr auto unmasked = sum(square(dot<s>(tg::softmax<s>(scores), z)) * tg::position<t>);
  static constexpr auto extremes = sum(tg::max<t>(y) * tg::min<h>(y)) + sum(tg::logsumexp<e, h>(y));
  static constexpr auto windows = sum(square(dot<k, c>(tg::parameter<"K", tg::axes<h, c, k>>, tg::window<t, k, 1, 1, 1>(tg::sin(x* P)))));
  static constexpr auto cut = sum(square(dot<c>(W, tg::concat<t>(tg::slice<t, 1, T>(P* x), tg::slice<t, 0, 1>(tg::exp(x))))) * tg::shift<t, 1>(y));
  static constexpr auto running = sum(tg::cumsum<t>(y) * tg::order<t, e, h>(square(y)));
  static constexpr auto split = [] {
    const auto both = tg::merge<h, e, tg::axis<"m", H * C>>(y);
    return sum(square(dot<tg::axis<"m", H * C>>(tg::parameter<"M", tg::axes<tg::axis<"o", 5>, tg::axis<"m", H * C>>>, tg::relu(both))));
  }();
};

/// Picks from tables whose picked axis lies inside, outside, and in a tensor that is read in parts.
struct picks {
  static constexpr auto t = tg::axis<"t", 16>;
  static constexpr auto c = tg::axis<"c", 16>;
  static constexpr auto e = tg::axis<"e", 16>;
  static constexpr auto v = tg::axis<"v", 27>;
  static constexpr auto part = tg::axis<"v", 9>;
  static constexpr auto token = tg::index<"token", v, tg::axes<t>>;
  static constexpr auto inside = dot<c>(tg::parameter<"W", tg::axes<e, c>>, tg::take<v>(tg::parameter<"table", tg::axes<c, v>>, token));
  static constexpr auto outside = dot<c>(tg::parameter<"W", tg::axes<e, c>>, tg::take<v>(tg::parameter<"table", tg::axes<v, c>>, token));
  static constexpr auto scores = dot<e>(tg::parameter<"Q", tg::axes<v, e>>, tg::tanh(inside));
  static constexpr auto cut = sum(square(tg::take<v>(scores, token))) +
                              sum(square(dot<part>(tg::parameter<"U", tg::axes<tg::axis<"o", 7>, part>>, tg::slice<v, 9, 18>(scores))));
};
template <class T, class Loss>
void compare_picks(Loss loss) {
  constexpr auto program = tg::value_and_gradient(Loss{});
  auto theta = tg::nn::initialize<T>(loss, 1, tg::nn::xavier{});
  std::vector<int> token(16);
  for (std::size_t i = 0; i < 16; ++i) token[i] = static_cast<int>(i * 5 + 3) % 27;
  const auto alone = program(theta, picks::token = token);
  static auto memory = program.storage(theta, tg::batch(picks::token = token));
  const auto& row = program(theta, tg::batch(picks::token = token), tg::into(memory));
  CHECK(std::abs(double(alone.value - row.value)) < 1e-5 * std::abs(double(row.value)));
  double worst = 0;
  for (std::size_t k = 0; k < theta.size(); ++k) worst = std::max(worst, std::abs(double(alone.gradient.data()[k] - row.gradient.data()[k])));
  CHECK(worst < (sizeof(T) == 4 ? 1e-4 : 1e-12));
}
TEST_CASE("Layouts change no number: what an index picks") {
  compare_picks<double>(sum(square(picks::inside))), compare_picks<float>(sum(square(picks::inside)));
  compare_picks<double>(sum(square(picks::outside))), compare_picks<double>(picks::cut);
}

template <class Number, int T, int C, int H>
void compare_all() {
  using all = formulas<T, C, H>;
  compare<Number>(all::attention, all::x, 1), compare<Number>(all::unmasked, all::x, 1), compare<Number>(all::extremes, all::x, 1);
  compare<Number>(all::windows, all::x, 1), compare<Number>(all::cut, all::x, 1), compare<Number>(all::running, all::x, 1),
      compare<Number>(all::split, all::x, 1);
}

TEST_CASE("Layouts change no number: axes of 16") { compare_all<float, 16, 8, 4>(); }
TEST_CASE("Layouts change no number: odd axes") { compare_all<double, 7, 5, 3>(); }
TEST_CASE("Layouts change no number: one more than a register") { compare_all<float, 17, 6, 2>(); }

/// A matrix of Heads x Rows rows times a vector, and sums of its rows: whole numbers, so that the order of the terms does not matter.
template <int Heads, int Rows, int Terms>
struct matrix_times_vector {
  static constexpr auto c = tg::axis<"c", Terms>;
  static constexpr auto h = tg::axis<"h", Heads>;
  static constexpr auto r = tg::axis<"r", Rows>;
  static constexpr auto W = tg::variable<"W", tg::axes<h, r, c>>;
  static constexpr auto x = tg::variable<"x", tg::axes<c>>;
  static constexpr auto y = dot<c>(W, x);
  static constexpr auto results = tg::tuple(y, tg::order<r, h>(y), tg::sum<c>(square(W)), dot<c>(tg::slice<r, Rows / 2, Rows>(W), x));
  static constexpr std::size_t size = static_cast<std::size_t>(Heads * Rows * Terms);

  template <class T>
  static constexpr std::array<T, size> numbers(int factor) {
    std::array<T, size> made{};
    for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<T>(static_cast<int>(i) * factor % 17 - 8);
    return made;
  }
  template <class T>
  static constexpr auto values(const std::array<T, size>& w, const T* v) {
    std::array<T, Terms> vector{};
    for (std::size_t i = 0; i < Terms; ++i) vector[i] = v[i];
    return tg::evaluate(results, W = w, x = vector);
  }
  template <class T>
  static void check() {
    const auto w = numbers<T>(5), v = numbers<T>(7);
    const auto found = values<T>(w, v.data());
    const auto at = [](const auto& tensor, int i) { return tensor.data()[i]; };
    for (int i = 0; i < Heads; ++i)
      for (int j = 0; j < Rows; ++j) {
        T dot{}, squares{};
        for (int k = 0; k < Terms; ++k) {
          const T one = w[static_cast<std::size_t>((i * Rows + j) * Terms + k)];
          dot += one * v[static_cast<std::size_t>(k)], squares += one * one;
        }
        CHECK(at(found[boost::hana::size_c<0>], i * Rows + j) == dot);
        CHECK(at(found[boost::hana::size_c<1>], j * Heads + i) == dot);
        CHECK(at(found[boost::hana::size_c<2>], i * Rows + j) == squares);
        if (j >= Rows / 2) CHECK(at(found[boost::hana::size_c<3>], i * (Rows - Rows / 2) + j - Rows / 2) == dot);
      }
  }
  static void check_all() { check<float>(), check<double>(), check<long double>(); }
};

}  // namespace

TEST_CASE("terms along the lanes: every size of matrix, sums of whole numbers") {
  matrix_times_vector<1, 2, 16>::check_all();
  matrix_times_vector<1, 7, 32>::check_all();
  matrix_times_vector<4, 4, 16>::check_all();
  matrix_times_vector<1, 17, 48>::check_all();
  matrix_times_vector<3, 16, 64>::check_all();
  matrix_times_vector<2, 9, 80>::check_all();
}

TEST_CASE("terms along the lanes: no matrix is turned, and the bits are those of a constant expression") {
  using model = matrix_times_vector<1, 27, 16>;
  constexpr auto plan = tg::value_and_jacobian(model::y, tg::wrt(model::x)).plan<float>();
  const std::string text(tg::to_string(plan));
  CHECK(text.find("dot(W, x); over r 27; sums c 16 (lanes)") != std::string::npos);
  CHECK(text.find("turn(W); over 16 x 27") == std::string::npos);
  static constexpr auto thirds = [] {
    auto made = model::numbers<float>(5);
    for (std::size_t i = 0; i < made.size(); ++i) made[i] /= 3 + static_cast<float>(i % 5);
    return made;
  }();
  constexpr auto expected = model::values<float>(thirds, thirds.data() + 32);
  auto same = thirds;
  asm volatile("" : : "r"(&same) : "memory");
  const auto found = model::values<float>(same, same.data() + 32);
#ifndef __FMA__
  for (int i = 0; i < 27; ++i) CHECK(found[boost::hana::size_c<0>].data()[i] == expected[boost::hana::size_c<0>].data()[i]);
  for (int i = 0; i < 27; ++i) CHECK(found[boost::hana::size_c<2>].data()[i] == expected[boost::hana::size_c<2>].data()[i]);
#else
  CHECK(found[boost::hana::size_c<0>].data()[0] == Approx(double(expected[boost::hana::size_c<0>].data()[0])));
#endif
}
