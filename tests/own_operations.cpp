// SPDX-License-Identifier: BSL-1.0
// Operations that a user defines: they need no registration, and pass the laws in one line.
#include <catch.hpp>
#include <typegrad/check/laws.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

// [elementwise]
namespace my {

/// x / (1 + |x|)
struct softsign : typegrad::op::elementwise<1> {
  static constexpr char name[] = "softsign";
  template <class T>
  static constexpr T value(T x) {
    return x / (T(1) + typegrad::op::abs::value(x));
  }
  static constexpr typegrad::term slope(typegrad::term y, int) {  // d softsign(x) = (1 - |softsign(x)|)^2 dx
    return typegrad::square(1 - typegrad::make<typegrad::op::abs>({}, y));
  }
};
template <typegrad::Expression X>
constexpr auto soft_sign(X x) {
  return typegrad::apply<softsign>(x);
}

}  // namespace my
// [elementwise]

namespace my {

struct hypotenuse : typegrad::op::elementwise<2> {
  static constexpr char name[] = "hypotenuse";
  template <class T>
  static constexpr T value(T a, T b) {
    return typegrad::math::sqrt(a * a + b * b);
  }
  static constexpr typegrad::term slope(typegrad::term y, int k) { return y[k] / y; }
};

/// With a wrong slope.
struct wrong : typegrad::op::elementwise<1> {
  static constexpr char name[] = "wrong";
  template <class T>
  static constexpr T value(T x) {
    return x * x;
  }
  static constexpr typegrad::term slope(typegrad::term y, int) { return y[0]; }
};

}  // namespace my

namespace {

namespace tg = typegrad;
using namespace tg::literals;

TEST_CASE("own operations: elementwise") {
  constexpr auto x = tg::variable<"x">;
  STATIC_REQUIRE(tg::evaluate(my::soft_sign(x), x = 3.0) == 0.75);
  CHECK(tg::to_string(my::soft_sign(2_c * x)) == "softsign(2*x)");
  CHECK(tg::check_laws<my::softsign>(-3, 3));
  CHECK(tg::check_laws<my::hypotenuse>(0.5, 3));
  CHECK(tg::check_laws<tg::op::tanh>(-3, 3));
  const auto found = tg::check_laws<my::wrong>(-3, 3);
  CHECK(!found);
  CHECK(!found.derivative);
  CHECK(found.worst_error > 0.1);

  constexpr auto a = tg::axis<"a", 5>;
  constexpr auto v = tg::parameter<"v", tg::axes<a>>;
  constexpr auto w = tg::parameter<"w", tg::vector<5>>;
  const std::array<double, 5> values = {-2, -0.5, 0.25, 1, 3};
  CHECK(tg::check_gradient(sum(square(my::soft_sign(v) * tg::position<a>)), v = values));
  CHECK(tg::check_gradient(sum(square(my::soft_sign(w))), w = values));
}

TEST_CASE("own operations: a formula with a derivative of its own") {
  // [with_derivative]
  constexpr auto x = tg::variable<"x">;
  constexpr auto clipped = tg::with_derivative(min(max(x, -1_c), 1_c), x, 1_c);  // straight through: the slope is 1 everywhere
  STATIC_REQUIRE(tg::value_and_gradient(clipped, tg::wrt(x))(x = 5.0).value == 1);
  STATIC_REQUIRE(tg::value_and_gradient(clipped, tg::wrt(x))(x = 5.0).gradient[x] == 1);
  // [with_derivative]
  constexpr auto y = tg::variable<"y">;
  constexpr auto through = sin(tg::with_derivative(2_c * x, x * y, y));  // what f is made of does not matter
  const auto at = tg::value_and_gradient(through, tg::wrt(x, y))(x = 0.25, y = 3.0);
  CHECK(at.gradient[x] == Approx(std::cos(0.5) * 9));
  CHECK(at.gradient[y] == Approx(std::cos(0.5) * 3 * 0.25));
  CHECK(tg::evaluate(tg::derivative(through, x), x = 0.25, y = 3.0) == Approx(std::cos(0.5) * 9));

  constexpr auto a = tg::axis<"a", 3>;
  constexpr auto v = tg::parameter<"v", tg::axes<a>>;
  constexpr auto f = tg::with_derivative(sum(v), v, v * v);
  const std::vector<double> vs = {1, 2, 3};
  const auto g = tg::value_and_gradient(f * 2_c)(v = vs);
  CHECK(g.value == 12);
  CHECK(g.gradient[v][2] == 18);
  const std::vector<double> xs = {5, -7, 0.5};
  CHECK(tg::value_and_gradient(clipped * y, tg::wrt(y, x))(y = 2.0, tg::batch(x = xs)).value == Approx(2 * (1 - 1 + 0.5) / 3));
}

}  // namespace
