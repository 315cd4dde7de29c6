// SPDX-License-Identifier: BSL-1.0
// a < b, a <= b, a > b, a >= b as 0 or 1, and select(condition, a, b).
#pragma once

#include <typegrad/math/real.hpp>
#include <typegrad/op/arithmetic.hpp>

namespace typegrad {

namespace op {

/// Comparisons are piecewise constant: their derivative is 0.
struct comparison : elementwise<2> {
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::comparison;
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
    return math::select(a == b, T(1), T(0));
  }
};

/// c != 0 ? a : b
struct select : elementwise<3> {
  static constexpr char name[] = "select";
  static constexpr bool selects = true;
  template <class T>
  static constexpr T value(T c, T a, T b) {
    return math::select(c != T(0), a, b);
  }
  // J_a' g = select(c, g, 0), J_b' g = select(c, 0, g)
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d);
  static constexpr int rewrite(const request& r);
};

}  // namespace op

template <>
struct implementation<&describe<op::less>> {
  using type = op::less;
};
template <>
struct implementation<&describe<op::less_equal>> {
  using type = op::less_equal;
};
template <>
struct implementation<&describe<op::equal>> {
  using type = op::equal;
};
template <>
struct implementation<&describe<op::select>> {
  using type = op::select;
};

constexpr term less(term a, term b) { return make<op::less>({}, a, b); }
constexpr term less_equal(term a, term b) { return make<op::less_equal>({}, a, b); }
constexpr term select(term c, term a, term b) { return make<op::select>({}, c, a, b); }

constexpr term op::select::pushforward(term y, int k, term d) {
  const term zero = constant_term(*y.graph, {});
  return detail::fit(k == 0 ? zero : k == 1 ? typegrad::select(y[0], d, zero) : typegrad::select(y[0], zero, d), y.shape());
}
constexpr term op::select::pullback(term y, int k, term g) { return detail::fit(pushforward(y, k, g), y[k].shape()); }

constexpr int op::select::rewrite(const request& r) {
  arena& graph = *r.graph;
  if (is_constant(graph, r.arg[0])) return detail::fit({&graph, r.arg[graph[r.arg[0]].value.num != 0 ? 1 : 2]}, r.shape).index;
  const vertex inner = graph[r.arg[1]];
  if (inner.op == &describe<op::select> && inner.arg[0] == r.arg[0])  // select(c, select(c, a, _), b) = select(c, a, b)
    return detail::fit(typegrad::select({&graph, r.arg[0]}, {&graph, inner.arg[1]}, {&graph, r.arg[2]}), r.shape).index;
  if (r.arg[1] == r.arg[2]) return detail::fit({&graph, r.arg[1]}, r.shape).index;
  return -1;
}

namespace detail {

/// Is vertex i select(c, a, 0) (operand 1) or select(c, 0, a) (operand 2)? Else 0.
constexpr int masked_operand(const arena& graph, int i) {
  const vertex& v = graph[i];
  if (v.op != &describe<op::select>) return 0;
  return is_constant(graph, v.arg[2], 0) ? 1 : is_constant(graph, v.arg[1], 0) ? 2 : 0;
}

/// A condition outside of which the masked vertex i is 0, or -1 if it is not found in a few steps.
constexpr int mask_of(arena& graph, int i, int depth = 0) {
  const vertex v = graph[i];
  if (!v.masked) return -1;
  const int inner = masked_operand(graph, i);
  if (inner == 1) return v.arg[0];
  if (inner == 2) return (1 - term{&graph, v.arg[0]}).index;
  if (depth == 16) return -1;
  if (v.op == &describe<op::negate>) return mask_of(graph, v.arg[0], depth + 1);
  if (v.op == &describe<op::multiply>) {
    const int left = mask_of(graph, v.arg[0], depth + 1);
    return left >= 0 ? left : mask_of(graph, v.arg[1], depth + 1);
  }
  if (v.op == &describe<op::add> || v.op == &describe<op::subtract>) {
    const int left = mask_of(graph, v.arg[0], depth + 1);
    const int right = left >= 0 ? mask_of(graph, v.arg[1], depth + 1) : -1;
    if (right < 0 || left == right) return right;
    const term c{&graph, left};
    return select(c, c, {&graph, right}).index;  // either condition
  }
  return -1;
}

/// Where a masked factor meets one that may be infinite, the mask moves outward: m * s = select(mask of m, m * s, 0).
constexpr int mask_outward(const request& r, const operation& op) {
  arena& graph = *r.graph;
  if (!graph[r.arg[0]].masked && !graph[r.arg[1]].masked) return -1;
  const bool divides = &op == &describe<op::divide>;
  for (int k = 0; k < (divides ? 1 : r.count); ++k) {
    const int inner = masked_operand(graph, r.arg[k]);
    const term other{&graph, r.arg[r.count == 2 ? 1 - k : k]};
    if (!divides && inner == 1 && is_constant(graph, graph[r.arg[k]].arg[1], 1))  // select(c, 1, 0) * b = select(c, b, 0)
      return fit(select({&graph, graph[r.arg[k]].arg[0]}, other, constant_term(graph, {})), r.shape).index;
    if (!divides && !other.node().singular) continue;
    const int mask = mask_of(graph, r.arg[k]);
    if (mask < 0) continue;
    const term raw{&graph, graph.intern(op, r.arg, r.count, r.value, r.shape, nullptr)};
    return select({&graph, mask}, raw, constant_term(graph, {})).index;
  }
  return -1;
}

/// The sum of two selections under one condition is one selection.
constexpr int merge_masks(const request& r) {
  arena& graph = *r.graph;
  if (!graph[r.arg[0]].masked || !graph[r.arg[1]].masked) return -1;
  const int left = masked_operand(graph, r.arg[0]), right = masked_operand(graph, r.arg[1]);
  if (left == 0 || right == 0) return -1;
  const term a{&graph, r.arg[0]}, b{&graph, r.arg[1]};
  if (a[0] != b[0]) return -1;
  const term c = a[0], p = a[left], q = b[right], zero = constant_term(graph, {});
  if (left == right) return fit(left == 1 ? select(c, p + q, zero) : select(c, zero, p + q), r.shape).index;
  return fit(left == 1 ? select(c, p, q) : select(c, q, p), r.shape).index;
}

}  // namespace detail

/// select(c, a, b): a where c holds (is not 0), else b. The branch that is not taken contributes nothing to value or gradient.
template <class C, class A, class B>
  requires(Expression<C> || Expression<A> || Expression<B>)
constexpr auto select(C c, A a, B b) {
  return detail::checked_apply<op::select>(c, a, b);
}

/// Comparisons give 1 or 0 for `select`; their derivative is 0.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator<(A a, B b) {
  return detail::checked_apply<op::less>(a, b);
}
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator>(A a, B b) {
  return detail::checked_apply<op::less>(b, a);
}
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator<=(A a, B b) {
  return detail::checked_apply<op::less_equal>(a, b);
}
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator>=(A a, B b) {
  return detail::checked_apply<op::less_equal>(b, a);
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
