// SPDX-License-Identifier: BSL-1.0
// a + b, a - b, a * b (elementwise), a / b, -a, with the rewriting that keeps derivatives short.
#pragma once

#include <typegrad/math/real.hpp>
#include <typegrad/op/elementwise.hpp>

namespace typegrad {

namespace detail {
constexpr int rewrite_sum(const request& r, bool subtract);
constexpr int rewrite_multiply(const request& r);
constexpr int rewrite_divide(const request& r);
constexpr int rewrite_negate(const request& r);
constexpr term square_term(term a);  // op/power.hpp
}  // namespace detail

namespace op {

struct add : elementwise<2> {
  static constexpr char name[] = "+";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::sum;
  static constexpr sign_of sign = sign_of::keeps;
  static constexpr bool commutative = true;
  template <class T>
  static constexpr T value(T a, T b) {
    return a + b;
  }
  // d(a + b) = da + db
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {1, 1, 0}); }
  static constexpr int rewrite(const request& r) { return detail::rewrite_sum(r, false); }
};

struct subtract : elementwise<2> {
  static constexpr char name[] = "-";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::sum;
  template <class T>
  static constexpr T value(T a, T b) {
    return a - b;
  }
  // d(a - b) = da - db
  static constexpr term slope(term y, int k) { return constant_term(*y.graph, {k == 0 ? 1 : -1, 1, 0}); }
  static constexpr int rewrite(const request& r) { return detail::rewrite_sum(r, true); }
};

struct multiply : elementwise<2> {
  static constexpr char name[] = "*";
  static constexpr slopes slope_from = slopes::others;
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::product;
  static constexpr bool commutative = true;
  template <class T>
  static constexpr T value(T a, T b) {
    return a * b;
  }
  static constexpr growth grows = growth::product;
  static constexpr sign_of sign = sign_of::keeps;
  // d(a b) = da b + db a
  static constexpr term slope(term y, int k) { return y[1 - k]; }
  static constexpr int rewrite(const request& r) { return detail::rewrite_multiply(r); }
};

struct divide : elementwise<2> {
  static constexpr char name[] = "/";
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::product;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::divide(a, b);
  }
  static constexpr sign_of sign = sign_of::keeps;
  // d(a / b) = da / b - db (a/b) / b; the adjoint of b is that of a, times -a/b: one division serves both
  static constexpr growth growth_of(const request& r) {
    const bool constant = is_constant(*r.graph, r.arg[1]) && !is_constant(*r.graph, r.arg[1], 0);
    return constant || detail::is_away_from_zero(*r.graph, r.arg[1]) ? growth::moderate : growth::singular;
  }
  static constexpr term slope(term y, int k);
  static constexpr term adjoint(term y, int k, term g);
  template <class Op>
  static constexpr term pull(term y, int k, term g) {
    return adjoint(y, k, g);
  }
  static constexpr int rewrite(const request& r) { return detail::rewrite_divide(r); }
};

struct negate : elementwise<1> {
  static constexpr char name[] = "-";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr char id[] = "negate";
  static constexpr notation form = notation::prefix;
  static constexpr int binding = precedence::negation;
  template <class T>
  static constexpr T value(T a) {
    return -a;
  }
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {-1, 1, 0}); }
  static constexpr int rewrite(const request& r) { return detail::rewrite_negate(r); }
};

}  // namespace op

constexpr term operator+(term a, term b) { return make<op::add>({}, a, b); }
constexpr term operator-(term a, term b) { return make<op::subtract>({}, a, b); }
constexpr term operator*(term a, term b) { return make<op::multiply>({}, a, b); }
constexpr term operator/(term a, term b) { return make<op::divide>({}, a, b); }
constexpr term operator-(term a) { return make<op::negate>({}, a); }
constexpr term operator+(int a, term b) { return constant_term(*b.graph, {a, 1, 0}) + b; }
constexpr term operator-(int a, term b) { return constant_term(*b.graph, {a, 1, 0}) - b; }
constexpr term operator*(number a, term b) { return constant_term(*b.graph, a) * b; }
constexpr term operator*(int a, term b) { return number{a, 1, 0} * b; }
constexpr term operator/(int a, term b) { return constant_term(*b.graph, {a, 1, 0}) / b; }

constexpr term op::divide::slope(term y, int k) { return k == 0 ? 1 / y[1] : -(y / y[1]); }
namespace detail {

/// h, if g = h (1/y), else -1: the adjoint of y where log(y) is taken.
constexpr int without_reciprocal(term g, term y) {
  const vertex& v = g.node();
  if (v.op == &describe<op::divide>) return v.arg[1] == y.index ? v.arg[0] : -1;
  if (v.op != &describe<op::multiply>) return -1;
  for (int k = 1; k >= 0; --k) {
    const int rest = without_reciprocal(g[k], y);
    if (rest >= 0) return (g[1 - k] * term{g.graph, rest}).index;
  }
  return -1;
}

}  // namespace detail

constexpr term op::divide::adjoint(term y, int k, term g) {
  const int h = detail::without_reciprocal(g, y);
  if (h >= 0) {  // d log(a / b) = da / a - db / b
    const term part = h == y[k].index ? constant_term(*y.graph, {1, 1, 0}, y[k].shape()) : term{y.graph, h} * (1 / y[k]);
    if (part.shape() == y.shape()) return k == 0 ? part : -part;
  }
  if (k == 1 && is_constant(*y.graph, y[0].index, 1)) return -(g * detail::square_term(y));  // d (1 / b) = -(1 / b)^2 db
  const term a = g * (1 / y[1]);
  return k == 0 ? a : -(a * y);
}

/// a + b, elementwise; a scalar is added to every element.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator+(A, B) {
  return typename detail::composite<op::add, A, B>::type{};
}

/// a - b, elementwise.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator-(A, B) {
  return typename detail::composite<op::subtract, A, B>::type{};
}

/// a / b, elementwise.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator/(A, B) {
  return typename detail::composite<op::divide, A, B>::type{};
}

/// a .* b: the elementwise (Hadamard) product of two tensors of the same shape.
template <Expression A, Expression B>
constexpr auto hadamard(A, B) {
  return typename detail::composite<op::multiply, A, B>::type{};
}

/// -a; of a constant, again a constant.
template <Expression A>
constexpr auto operator-(A) {
  if constexpr (requires { A::value.num; }) return constant_type<detail::negate(A::value)>{};
  else return typename detail::composite<op::negate, A>::type{};
}

}  // namespace typegrad

#include <typegrad/op/rewrite.hpp>
