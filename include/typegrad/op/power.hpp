// SPDX-License-Identifier: BSL-1.0
// pow<N>(x) and pow<P, Q>(x), with a constant exponent.
#pragma once

#include <typegrad/math/pow.hpp>
#include <typegrad/op/arithmetic.hpp>

namespace typegrad {

namespace op {

/// x^(P/Q); the exponent is the payload.
struct power : elementwise<1> {
  static constexpr char name[] = "^";
  static constexpr notation form = notation::power;
  static constexpr int binding = precedence::power;
  template <class T>
  TYPEGRAD_INLINE static constexpr T value(T x, number exponent) {
    return math::power(x, exponent);
  }
  /// The same where the exponent is a constant of the program.
  template <number Exponent, class T>
  TYPEGRAD_INLINE static constexpr T power_of(T x) {
    return math::power<Exponent>(x);
  }
  static constexpr sign_of sign = sign_of::even;
  static constexpr growth growth_of(const request& r) {
    const bool regular = (r.value.is_integer() && r.value.num > 0) || detail::is_away_from_zero(*r.graph, r.arg[0]);
    return regular ? growth::product : growth::singular;
  }
  // d x^p = p x^(p - 1) dx; for p = 0 the derivative is 0 everywhere, also at x = 0
  static constexpr term slope(term y, int);
  static constexpr int rewrite(const request& r);
};

/// x^2 where it is computed: plans have it in place of `power`, whose other cases compilers would have to go through each time.
struct squared : elementwise<1> {
  static constexpr char name[] = "^2";
  template <class T>
  static constexpr T value(T x) {
    return x * x;
  }
};

}  // namespace op

constexpr term power_term(term x, number exponent) { return make<op::power>(exponent, x); }
constexpr term square(term x) { return power_term(x, {2, 1, 0}); }

constexpr term op::power::slope(term y, int) {
  const number p = y.node().value;
  const detail::folded less = detail::add(p, {-1});
  return less.exact ? p * power_term(y[0], less.value) : p * (y / y[0]);  // the latter for p < 0 and huge denominators only
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
  if (base.op == &describe<op::negate> && r.value.is_integer() && r.value.num % 2 == 0) return power_term({&graph, base.arg[0]}, r.value).index;
  return -1;
}

namespace detail {

constexpr term square_term(term a) { return square(a); }

/// x^m * x^n = x^(m + n) for integers of one sign; -1 if a and b are no powers of one base.
constexpr int merge_powers(term a, term b) {
  const vertex &left = a.node(), &right = b.node();
  if (a != b && left.op != &describe<op::power> && right.op != &describe<op::power>) return -1;
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

/// x^2, elementwise.
template <Expression X>
constexpr auto square(X x) {
  return pow<2>(x);
}

}  // namespace typegrad
