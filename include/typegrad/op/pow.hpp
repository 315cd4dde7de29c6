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

/// b a^(b - 1), given a, b and y = a^b: a quotient, except where a^b and its quotient are no normal numbers. It is a function of a and b.
struct pow_slope : elementwise<3> {
  static constexpr char name[] = "pow_slope";
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T a, T b, T y) {
    const T quotient = math::divide(y, a);
    const T low = math::limits<T>::min(), high = math::limits<T>::max();
    using math::all;
    const bool usual = all(y >= low, y <= high, quotient >= low, quotient <= high);
    if constexpr (math::is_lanes<T>) {
      if (!usual) return by_lane([](auto base, auto exponent, auto power) { return value(base, exponent, power); }, a, b, y);
    } else {
      if (!usual) return math::is_zero(b) ? b : b * math::pow(a, b - T(1));
    }
    return b * quotient;
  }
  static constexpr term slope(term y, int k);
};

}  // namespace op

constexpr term pow(term a, term b) { return make<op::pow>({}, a, b); }

// d a^b = b a^(b - 1) da + a^b log(a) db
constexpr term op::pow::slope(term y, int k) { return k == 0 ? make<op::pow_slope>({}, y[0], y[1], y) : y * typegrad::log(y[0]); }

// d b a^(b - 1) = b (b - 1) a^(b - 2) da + a^(b - 1) (1 + b log(a)) db, where at a = 0 the term with the logarithm is 0
constexpr term op::pow_slope::slope(term y, int k) {
  if (k == 2) return constant_term(*y.graph, {});
  const term a = y[0], b = y[1], less = b - constant_term(*y.graph, {1, 1, 0}), power = typegrad::pow(a, less);
  return k == 0 ? b * make<op::pow_slope>({}, a, less, power)
                : power + detail::zero_where(typegrad::equal(a, constant_term(*y.graph, {})), y * typegrad::log(a));
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
