// SPDX-License-Identifier: BSL-1.0
// pow(a, b): the general power, elementwise.
#pragma once

#include <typegrad/op/comparison.hpp>
#include <typegrad/op/exponential.hpp>
#include <typegrad/op/power.hpp>

namespace typegrad {

namespace op {

/// a^b = exp(b log a)
struct pow : elementwise<2> {
  static constexpr char name[] = "^";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  static constexpr char id[] = "pow";
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::power;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::pow(a, b);
  }
  // d a^b = b a^(b - 1) da + a^b log(a) db; a^0 does not depend on a, and at a = 0 the factor of db is 0
  static constexpr term slope(term y, int k);
  static constexpr term loses(term y, int k) { return typegrad::equal(y[1 - k], constant_term(*y.graph, {})); }
  static constexpr int rewrite(const request& r);
};

}  // namespace op

constexpr term pow(term a, term b) { return make<op::pow>({}, a, b); }

constexpr term op::pow::slope(term y, int k) {
  const term a = y[0], b = y[1];
  if (k == 0) return b * typegrad::pow(a, b - constant_term(*y.graph, {1, 1, 0}));
  return y * typegrad::log(a);
}

constexpr int op::pow::rewrite(const request& r) {
  const vertex exponent = (*r.graph)[r.arg[1]];
  if (exponent.op != &describe<op::constant> || exponent.value.exponent != 0) return -1;
  return detail::fit(power_term({r.graph, r.arg[0]}, exponent.value), r.shape).index;
}

/// a^b for a > 0 (a = 0 with b > 0 gives 0); elementwise, scalars broadcast.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto pow(A, B) {
  return typename detail::composite<op::pow, A, B>::type{};
}

}  // namespace typegrad
