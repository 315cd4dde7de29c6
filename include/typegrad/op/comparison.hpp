// SPDX-License-Identifier: BSL-1.0
// a < b, a <= b, a > b, a >= b, equal(a, b), not_equal(a, b) as 0 or 1, and select(condition, a, b).
#pragma once

#include <typegrad/math/real.hpp>
#include <typegrad/op/arithmetic.hpp>

namespace typegrad {

namespace op {

/// Comparisons are piecewise constant: their derivative is 0.
struct comparison : elementwise<2> {
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::comparison;
  static constexpr growth grows = growth::none;
  static constexpr slopes slope_from = slopes::constant;
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {}); }
};

struct less : comparison {
  static constexpr char name[] = "<";
  template <class T>
  static constexpr T value(T a, T b) {
    return math::select(a < b, T(1), T(0));
  }
};

struct less_equal : comparison {
  static constexpr char name[] = "<=";
  template <class T>
  static constexpr T value(T a, T b) {
    return math::select(a <= b, T(1), T(0));
  }
};

struct equal : comparison {
  static constexpr char name[] = "==";
  static constexpr bool commutative = true;
  template <class T>
  static constexpr T value(T a, T b) {
    return math::select(math::equal(a, b), T(1), T(0));
  }
};

/// c != 0 ? a : b
struct select : elementwise<3> {
  static constexpr char name[] = "select";
  static constexpr bool selects = true;
  template <class T>
  static constexpr T value(T c, T a, T b) {
    return math::select(math::differ(c, T(0)), a, b);
  }
  static constexpr slopes slope_from = slopes::constant;
  static constexpr bool guards = true;
  static constexpr term slope(term y, int k) { return constant_term(*y.graph, {k == 0 ? 0 : 1, 1, 0}); }  // of the branch that is taken
  static constexpr term loses(term y, int k);
  static constexpr int rewrite(const request& r);
};

}  // namespace op

constexpr term less(term a, term b) { return make<op::less>({}, a, b); }
constexpr term less_equal(term a, term b) { return make<op::less_equal>({}, a, b); }
constexpr term select(term c, term a, term b) { return make<op::select>({}, c, a, b); }

constexpr term equal(term a, term b) { return make<op::equal>({}, a, b); }

constexpr term op::select::loses(term y, int k) { return k == 1 ? typegrad::equal(y[0], constant_term(*y.graph, {})) : y[0]; }

constexpr int op::select::rewrite(const request& r) {
  arena& graph = *r.graph;
  if (is_constant(graph, r.arg[0])) return detail::fit({&graph, r.arg[graph[r.arg[0]].value.num != 0 ? 1 : 2]}, r.shape).index;
  const vertex inner = graph[r.arg[1]];
  if (inner.op == &describe<op::select> && inner.arg[0] == r.arg[0])  // select(c, select(c, a, _), b) = select(c, a, b)
    return detail::fit(typegrad::select({&graph, r.arg[0]}, {&graph, inner.arg[1]}, {&graph, r.arg[2]}), r.shape).index;
  const vertex condition = graph[r.arg[0]];
  if (condition.op == &describe<op::equal> && (is_constant(graph, condition.arg[0], 0) || is_constant(graph, condition.arg[1], 0))) {
    const int c = condition.arg[is_constant(graph, condition.arg[0], 0) ? 1 : 0];  // select(c == 0, a, b) = select(c, b, a)
    return detail::fit(typegrad::select({&graph, c}, {&graph, r.arg[2]}, {&graph, r.arg[1]}), r.shape).index;
  }
  const bool same = is_constant(graph, r.arg[1]) && is_constant(graph, r.arg[2]) && graph[r.arg[1]].value == graph[r.arg[2]].value;
  if (same || r.arg[1] == r.arg[2]) return detail::fit({&graph, r.arg[1]}, r.shape).index;
  return -1;
}

namespace detail {

/// a, but 0 where the condition holds, whatever a is there.
constexpr term zero_where(term condition, term a) { return select(condition, constant_term(*a.graph, {}), a); }

/// 1 where a is not below b, and where one of them is NaN.
constexpr term not_below(term a, term b) { return make<op::equal>({}, make<op::less>({}, a, b), constant_term(*a.graph, {})); }

/// Op(b, a) for what was written with a first: axes come in the order of their first appearance (op/align.hpp).
template <class Op, class A, class B>
struct turned_composite : composite<Op, B, A> {};

template <class Condition>
struct condition_of {
  static constexpr bool is_a_formula = !std::is_same_v<Condition, bool>;
};

}  // namespace detail

/// select(c, a, b): a where c holds (is not 0), else b. The branch that is not taken contributes nothing to value or gradient.
template <class C, class A, class B>
  requires(Expression<C> || Expression<A> || Expression<B>)
constexpr auto select(C, A, B) {
  using condition = detail::condition_of<C>;
  if constexpr (condition::is_a_formula) {
    return typename detail::composite<op::select, C, A, B>::type{};
  } else {
    static_assert(
        condition::is_a_formula,
        "typegrad: select(c, a, b): c is a bool; '==' asks the compiler whether two formulas are the same: write equal(a, b) or not_equal(a, b)");
    return constant<0>;
  }
}

/// Comparisons give 1 or 0 for `select`; their derivative is 0.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator<(A, B) {
  return typename detail::composite<op::less, A, B>::type{};
}
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator>(A, B) {
  return typename detail::turned_composite<op::less, A, B>::type{};
}
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator<=(A, B) {
  return typename detail::composite<op::less_equal, A, B>::type{};
}
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator>=(A, B) {
  return typename detail::turned_composite<op::less_equal, A, B>::type{};
}
/// 1 where a and b have the same value, else 0; `a == b` asks the compiler whether they are the same formula.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto equal(A, B) {
  return typename detail::composite<op::equal, A, B>::type{};
}
/// 0 where a and b have the same value, else 1.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto not_equal(A, B) {
  return constant<1> - typename detail::composite<op::equal, A, B>::type{};
}

namespace detail {
template <class Condition>
struct joined {
  static constexpr bool by_arithmetic = false;
};
}  // namespace detail

// && and || cannot be overloaded with their meaning: both sides would be evaluated.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator&&(A a, B) {
  static_assert(detail::joined<A>::by_arithmetic, "typegrad: conditions are numbers 0 and 1: write c*d for 'c and d', max(c, d) for 'c or d'");
  return a;
}
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator||(A a, B) {
  static_assert(detail::joined<A>::by_arithmetic, "typegrad: conditions are numbers 0 and 1: write c*d for 'c and d', max(c, d) for 'c or d'");
  return a;
}

}  // namespace typegrad
