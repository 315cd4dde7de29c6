// SPDX-License-Identifier: BSL-1.0
// Operations that a user defines: they need no registration, and pass the laws in one line.
#include <catch.hpp>
#include <typegrad/check/laws.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <string>
#include <vector>

// [opaque]
namespace my {

/// A table that is filled at run time, read along straight lines.
struct table {
  std::vector<double> at;
  void value(double* y, const double* x) const { *y = at[cell(*x)] + (*x - static_cast<double>(cell(*x))) * slope(*x); }
  void pullback(double* dx, const double* g, const double* x) const { *dx = *g * slope(*x); }

 private:
  static std::size_t cell(double x) { return static_cast<std::size_t>(x); }
  double slope(double x) const { return at[cell(x) + 1] - at[cell(x)]; }
};
inline table measured;

constexpr auto measured_at(typegrad::Expression auto x) { return typegrad::opaque<"measured", measured>(x); }

}  // namespace my
// [opaque]

namespace my {
/// x turned by an angle that is known at run time.
struct rotation {
  double c = 1, s = 0;
  template <class T>
  void value(T* y, const T* x) const {
    y[0] = T(c) * x[0] - T(s) * x[1], y[1] = T(s) * x[0] + T(c) * x[1];
  }
  template <class T>
  void pullback(T* dx, const T* g, const T*) const {
    dx[0] = T(c) * g[0] + T(s) * g[1], dx[1] = T(c) * g[1] - T(s) * g[0];
  }
  template <class T>
  void pushforward(T* dy, const T* dx, const T*) const {
    value(dy, dx);
  }
};
inline rotation turned;
}  // namespace my

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
  // [apply]
  constexpr auto x = tg::variable<"x">;
  STATIC_REQUIRE(tg::evaluate(tg::apply<my::softsign>(x), x = 3.0) == 0.75);
  STATIC_REQUIRE(my::soft_sign(x) == tg::apply<my::softsign>(x));
  STATIC_REQUIRE(tg::evaluate(tg::derivative(my::soft_sign(x), x), x = 3.0) == 0.25 * 0.25);
  // [apply]
  CHECK(tg::to_string(my::soft_sign(2_c * x)) == "softsign(2*x)");
  CHECK(tg::check_laws<my::hypotenuse>(0.5, 3));
  CHECK(tg::check_laws<tg::op::tanh>(-3, 3));
  // [check_laws]
  CHECK(tg::check_laws<my::softsign>(-3, 3));
  const tg::laws_report found = tg::check_laws<my::wrong>(-3, 3);  // x^2, of which it says that the slope is x
  CHECK(!found);
  CHECK(!found.derivative);
  CHECK(found.forward);
  CHECK(found.worst_error > 0.1);
  // [check_laws]

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

TEST_CASE("own operations: what is known at run time only") {
  // [opaque_use]
  constexpr auto x = tg::parameter<"x">;
  constexpr auto f = square(my::measured_at(2_c * x));
  my::measured.at = {0, 1, 4, 9, 16};
  const auto r = tg::value_and_gradient(f)(x = 1.25);
  CHECK(r.value == 6.5 * 6.5);
  CHECK(r.gradient[x] == 2 * 6.5 * 5 * 2);
  CHECK(tg::check_gradient(f, x = 1.25));  // against differences
  // [opaque_use]
  CHECK(tg::evaluate(tg::derivative(f, x), x = 1.25) == 130);  // forward: of one number, by the pullback
  constexpr auto z = tg::variable<"z">;
  constexpr auto g = square(my::measured_at(2_c * z * x));
  const std::vector<double> zs = {0.1, 0.7, 1.3, 1.9, 0.2, 0.3, 0.45, 1.6, 1.75};
  double value = 0, slope = 0;
  for (const double one : zs) {
    const auto row = tg::value_and_gradient(g)(x = 1.0, z = one);
    value += row.value / 9, slope += row.gradient[x] / 9;
  }
  const auto rows = tg::value_and_gradient(g)(x = 1.0, tg::batch(z = zs));
  CHECK(rows.value == Approx(value).epsilon(1e-14));
  CHECK(rows.gradient[x] == Approx(slope).epsilon(1e-14));
  CHECK(tg::evaluate(f, x = 1.25f) == 6.5f * 6.5f);  // what takes double alone is given double

  constexpr auto a = tg::axis<"a", 2>;
  constexpr auto v = tg::parameter<"v", tg::axes<a>>;
  constexpr auto w = tg::parameter<"w", tg::vector<2>>;
  constexpr auto turn = tg::opaque<"turned", my::turned, tg::axes<a>>(square(v));
  my::turned = {0.6, 0.8};
  const std::array<double, 2> at = {0.5, -1.5};
  CHECK(tg::evaluate(turn, v = at)[1] == Approx(0.8 * 0.25 + 0.6 * 2.25));
  CHECK(tg::check_gradient(sum(turn * turn * tg::position<a>), v = at));
  constexpr auto plain = tg::opaque<"turned by place", my::turned, tg::vector<2>>(w);
  const auto j = tg::evaluate(tg::jacobian(plain, w), w = at);
  CHECK((j(0, 0) == 0.6 && j(0, 1) == -0.8 && j(1, 0) == 0.8 && j(1, 1) == 0.6));
}

}  // namespace
