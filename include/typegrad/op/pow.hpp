// SPDX-License-Identifier: BSL-1.0
// pow<N>(x), pow<P, Q>(x) with a constant exponent, and pow(a, b).
#pragma once

#include <typegrad/math/pow.hpp>
#include <typegrad/op/comparison.hpp>
#include <typegrad/op/exponential.hpp>

namespace typegrad {

namespace op {

/// x^(P/Q); the exponent is the payload.
struct power : elementwise<1> {
  static constexpr char name[] = "^";
  static constexpr bool singular = true;
  static constexpr notation form = notation::power;
  static constexpr int binding = precedence::power;
  template <class T>
  static constexpr T value(T x, number exponent) { return math::power(x, exponent); }
  // d x^p = p x^(p - 1) dx; for p = 0 the derivative is 0 everywhere, also at x = 0
  static constexpr term slope(term y, int);
  static constexpr int rewrite(const request& r);
};

/// a^b = exp(b log a)
struct pow : elementwise<2> {
  static constexpr char name[] = "^";
  static constexpr bool transcendental = true;
  static constexpr bool singular = true;
  static constexpr char id[] = "pow";
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::power;
  template <class T>
  static constexpr T value(T a, T b) { return math::pow(a, b); }
  // d a^b = b a^(b - 1) da + a^b log(a) db; at a = 0 the factor of db is 0
  static constexpr term slope(term y, int k);
  static constexpr int rewrite(const request& r);
};

}  // namespace op

template <> struct implementation<&describe<op::power>> { using type = op::power; };
template <> struct implementation<&describe<op::pow>> { using type = op::pow; };

constexpr term power_term(term x, number exponent) { return make<op::power>(exponent, x); }
constexpr term pow(term a, term b) { return make<op::pow>({}, a, b); }
constexpr term square(term x) { return power_term(x, {2, 1, 0}); }

constexpr term op::power::slope(term y, int) {
  const number p = y.node().value;
  return p * power_term(y[0], detail::add(p, {-1, 1, 0}).value);
}

constexpr int op::power::rewrite(const request& r) {
  arena& graph = *r.graph;
  const vertex base = graph[r.arg[0]];
  if (r.value.is(0)) return constant_term(graph, {1, 1, 0}, r.shape).index;
  if (r.value.is(1)) return r.arg[0];
  if (base.op == &describe<op::constant> && r.value.is_integer()) {
    const detail::folded c = detail::power(base.value, r.value.num);
    if (c.exact) return constant_term(graph, c.value, r.shape).index;
  }
  if (base.op == &describe<op::power> && base.value.is_integer() && r.value.is_integer()) {  // (x^m)^n = x^(m n)
    const detail::folded c = detail::multiply(base.value, r.value);
    if (c.exact) return power_term({&graph, base.arg[0]}, c.value).index;
  }
  if (base.op == &describe<op::negate> && r.value.is_integer() && r.value.num % 2 == 0)
    return power_term({&graph, base.arg[0]}, r.value).index;
  return -1;
}

constexpr term op::pow::slope(term y, int k) {
  const term a = y[0], b = y[1];
  if (k == 0) return b * typegrad::pow(a, b - constant_term(*y.graph, {1, 1, 0}));
  const term zero = constant_term(*y.graph, {});
  return typegrad::select(make<op::equal>({}, a, zero), zero, y * typegrad::log(a));
}

constexpr int op::pow::rewrite(const request& r) {
  const vertex exponent = (*r.graph)[r.arg[1]];
  if (exponent.op != &describe<op::constant> || exponent.value.exponent != 0) return -1;
  return detail::fit(power_term({r.graph, r.arg[0]}, exponent.value), r.shape).index;
}

namespace detail {

constexpr term square_term(term a) { return square(a); }

/// x^m * x^n = x^(m + n) for integers of one sign; -1 if a and b are no powers of one base.
constexpr int merge_powers(term a, term b) {
  const vertex left = a.node(), right = b.node();
  const bool left_power = left.op == &describe<op::power>, right_power = right.op == &describe<op::power>;
  const number m = left_power ? left.value : number{1, 1, 0}, n = right_power ? right.value : number{1, 1, 0};
  if ((left_power ? left.arg[0] : a.index) != (right_power ? right.arg[0] : b.index)) return -1;
  if (!m.is_integer() || !n.is_integer() || (m.num > 0) != (n.num > 0)) return -1;  // x * x^-1 is not 1 at 0
  return power_term({a.graph, left_power ? left.arg[0] : a.index}, {m.num + n.num, 1, 0}).index;
}

}  // namespace detail

/// x^N or x^(N/D) with constant integers: `pow<2>(x)`, `pow<-1>(x)`, `pow<1, 2>(x)`.
template <int N, int D = 1, Expression X>
constexpr auto pow(X x) {
  static_assert(D != 0, "typegrad: pow<N, D>: the denominator of the exponent is 0");
  return apply<op::power, detail::fraction(N, D).value>(x);
}

/// a^b for a > 0 (a = 0 with b > 0 gives 0); elementwise, scalars broadcast.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto pow(A a, B b) { return detail::checked_apply<op::pow>(a, b); }

/// x^2, elementwise.
template <Expression X>
constexpr auto square(X x) { return pow<2>(x); }

}  // namespace typegrad
