// SPDX-License-Identifier: BSL-1.0
// The rewriting rules of arithmetic: neutral elements, exact constants, signs outward, like terms, equal factors.
#pragma once

#include <typegrad/op/arithmetic.hpp>

namespace typegrad::detail {

constexpr term square_term(term a);                                   // op/power.hpp
constexpr int merge_powers(term a, term b);                           // op/power.hpp
constexpr int drop_zeros(const request& r);                           // op/stack.hpp
constexpr int apart_at_zeros(const request& r, const operation& op);  // op/stack.hpp

/// v = coefficient * base, with the constant taken out.
struct scaled_term {
  number coefficient;
  int base;
};

constexpr scaled_term split(const arena& graph, int i) {
  const vertex& v = graph.vertices()[i];
  if (v.op == &describe<op::negate>) {
    const scaled_term inner = split(graph, v.arg[0]);
    return {negate(inner.coefficient), inner.base};
  }
  if (v.op == &describe<op::multiply> && is_constant(graph, v.arg[0]) && graph[v.arg[1]].shape == v.shape) return {graph[v.arg[0]].value, v.arg[1]};
  return {{1, 1, 0}, i};
}

/// a ± b when both are multiples of the same base, else -1.
constexpr int like_terms(arena& graph, int a, int b, bool subtract) {
  const vertex* const v = graph.vertices();
  const bool plain_a = v[a].op != &describe<op::multiply> && v[a].op != &describe<op::negate>;
  const bool plain_b = v[b].op != &describe<op::multiply> && v[b].op != &describe<op::negate>;
  if (a != b && plain_a && plain_b) return -1;
  const scaled_term left = split(graph, a), right = split(graph, b);
  if (left.base != right.base) return -1;
  const folded c = add(left.coefficient, subtract ? negate(right.coefficient) : right.coefficient);
  if (!c.exact) return -1;
  const term base{&graph, left.base};
  return c.value.num == 0 ? constant_term(graph, {}, base.shape()).index : (c.value * base).index;
}

/// a ± b, where one is a tensor filled with a constant and the other has the shape of the result: the constant as a number.
constexpr int add_filled(const request& r, bool subtract) {
  arena& graph = *r.graph;
  int arg[] = {r.arg[0], r.arg[1]};
  const int k = is_constant(graph, arg[0]) ? 0 : 1;
  if (graph[arg[k]].shape.rank == 0 || graph[arg[1 - k]].shape != r.shape) return -1;
  arg[k] = constant_term(graph, graph[arg[k]].value).index;
  return graph.make(subtract ? describe<op::subtract> : describe<op::add>, arg, 2, {}, r.shape);
}

/// a ± b where at least one is a constant, else -1.
constexpr int add_constant(const request& r, bool subtract) {
  arena& graph = *r.graph;
  const term a{&graph, r.arg[0]}, b{&graph, r.arg[1]};
  if (is_constant(graph, b.index, 0)) return fit(a, r.shape).index;
  if (is_constant(graph, a.index, 0)) return fit(subtract ? -b : b, r.shape).index;
  if (!is_constant(graph, a.index) || !is_constant(graph, b.index)) return add_filled(r, subtract);
  const folded c = add(a.node().value, subtract ? negate(b.node().value) : b.node().value);
  return c.exact ? constant_term(graph, c.value, r.shape).index : -1;
}

/// (p ± q) ± b with b like p or q, else -1.
constexpr int like_terms_in_sum(arena& graph, term a, term b, bool subtract) {
  const term p = a[0], q = a[1];
  const bool minus = a.node().op == &describe<op::subtract>;
  const extent shape = b.shape();
  const int with_p = p.shape() == shape ? like_terms(graph, p.index, b.index, subtract) : -1;
  if (with_p >= 0) return (minus ? term{&graph, with_p} - q : term{&graph, with_p} + q).index;
  const int with_q = q.shape() == shape ? like_terms(graph, q.index, b.index, subtract != minus) : -1;
  if (with_q >= 0) return (minus ? p - term{&graph, with_q} : p + term{&graph, with_q}).index;
  return -1;
}

constexpr int rewrite_sum(const request& r, bool subtract) {
  arena& graph = *r.graph;
  const term a{&graph, r.arg[0]}, b{&graph, r.arg[1]};
  const vertex* const v = graph.vertices();  // good until something is made
  const operation_link left = v[a.index].op, right = v[b.index].op;
  const bool same_shape = v[a.index].shape == v[b.index].shape;
  if (left == &describe<op::constant> || right == &describe<op::constant>) {
    const int simpler = add_constant(r, subtract);
    if (simpler >= 0) return simpler;
  }
  if (same_shape) {
    const int like = like_terms(graph, a.index, b.index, subtract);
    if (like >= 0) return like;
    if (left == &describe<op::add> || left == &describe<op::subtract>) {
      const int inner = like_terms_in_sum(graph, a, b, subtract);
      if (inner >= 0) return inner;
    }
  }
  if (right == &describe<op::negate>) return (subtract ? a + b[0] : a - b[0]).index;  // a + (-b) = a - b
  if (!subtract && left == &describe<op::negate>) return (b - a[0]).index;            // (-a) + b = b - a
  if (right == &describe<op::multiply> && is_constant(graph, b[0].index) && b[0].node().value.num < 0) {
    const term positive = negate(b[0].node().value) * b[1];  // a + (-2)*b = a - 2*b
    return fit(subtract ? a + positive : a - positive, r.shape).index;
  }
  if (left->form != notation::list && right->form != notation::list) return -1;
  return apart_at_zeros(r, subtract ? describe<op::subtract> : describe<op::add>);
}

/// a * b where at least one is a constant.
constexpr int multiply_by_constant(const request& r, bool left_constant, bool right_constant) {
  arena& graph = *r.graph;
  const term a{&graph, r.arg[0]}, b{&graph, r.arg[1]};
  const vertex left = a.node(), right = b.node();
  if ((left_constant && left.value.is(0)) || (right_constant && right.value.is(0))) return constant_term(graph, {}, r.shape).index;
  if (left_constant && right_constant) {
    const folded c = multiply(left.value, right.value);
    return c.exact ? constant_term(graph, c.value, r.shape).index : -1;
  }
  if (right_constant) return fit(b * a, r.shape).index;                // constants to the front
  if (left.shape.rank > 0) return fit(left.value * b, r.shape).index;  // a filled tensor scales like a scalar
  if (left.value.is(1)) return b.index;
  if (left.value.is(-1)) return (-b).index;
  if (right.op == &describe<op::negate>) return (negate(left.value) * b[0]).index;
  if (right.op == &describe<op::multiply> && is_constant(graph, right.arg[0])) {
    const folded c = multiply(left.value, graph[right.arg[0]].value);
    if (c.exact) return fit(c.value * b[1], r.shape).index;
  }
  if (right.op == &describe<op::multiply> && right.shape.rank > 0)
    for (int k = 0; k < 2; ++k)
      if (graph[right.arg[k]].shape.rank == 0) return fit((left.value * b[k]) * b[1 - k], r.shape).index;  // one product, not one for each number
  return right.op->form == notation::list ? apart_at_zeros(r, describe<op::multiply>) : -1;
}

constexpr int rewrite_multiply(const request& r) {
  arena& graph = *r.graph;
  const term a{&graph, r.arg[0]}, b{&graph, r.arg[1]};
  const vertex* const v = graph.vertices();  // good until something is made
  const vertex &left = v[a.index], &right = v[b.index];
  const bool left_constant = left.op == &describe<op::constant>, right_constant = right.op == &describe<op::constant>;
  if (left_constant || right_constant) return multiply_by_constant(r, left_constant, right_constant);
  // signs and constants outward, unless the result has more numbers
  const bool whole_left = left.shape == r.shape, whole_right = right.shape == r.shape;
  if (whole_left && left.op == &describe<op::negate>) return (-(a[0] * b)).index;
  if (whole_right && right.op == &describe<op::negate>) return (-(a * b[0])).index;
  if (whole_left && left.op == &describe<op::multiply> && v[left.arg[0]].op == &describe<op::constant>)
    return (v[left.arg[0]].value * (a[1] * b)).index;
  if (whole_right && right.op == &describe<op::multiply> && v[right.arg[0]].op == &describe<op::constant>)
    return (v[right.arg[0]].value * (a * b[1])).index;
  if (left.shape == right.shape && (a.index == b.index || left.op->form == notation::power || right.op->form == notation::power)) {
    const int power = merge_powers(a, b);
    if (power >= 0) return power;
  }
  if (left.op->form != notation::list && right.op->form != notation::list) return -1;
  return left.shape.rank > 0 && right.shape.rank > 0 ? drop_zeros(r) : apart_at_zeros(r, describe<op::multiply>);
}

/// c / b, where b is spread over more axes: the reciprocals are. (Contractions are the only ones with loops that keep a sign.)
constexpr int divide_spread(const request& r) {
  arena& graph = *r.graph;
  const vertex b = graph[r.arg[1]];
  if (b.count != 1 || b.op->payload != payload::contraction || b.op->sign != sign_of::keeps) return -1;
  const contraction spread = graph.contraction_of(b);
  if (!is_view(spread) || spread.operand[0] >= spread.result) return -1;
  const term inner = constant_term(graph, graph[r.arg[0]].value) / term{&graph, b.arg[0]};
  return graph.make(*b.op, &inner.index, 1, graph.number_of(spread), r.shape);
}

constexpr int rewrite_divide(const request& r) {
  arena& graph = *r.graph;
  const term a{&graph, r.arg[0]}, b{&graph, r.arg[1]};
  const operation_link left = a.node().op, right = b.node().op;
  if (is_constant(graph, b.index, 1)) return fit(a, r.shape).index;
  if (is_constant(graph, a.index, 0)) return constant_term(graph, {}, r.shape).index;
  if (is_constant(graph, a.index) && is_constant(graph, b.index)) {
    const folded c = divide(a.node().value, b.node().value);
    return c.exact ? constant_term(graph, c.value, r.shape).index : -1;
  }
  if (left == &describe<op::negate>) return (-(a[0] / b)).index;
  if (right == &describe<op::negate>) return (-(a / b[0])).index;
  if (left->form == notation::list && b.shape().rank == 0) return apart_at_zeros(r, describe<op::divide>);
  return is_constant(graph, a.index) ? divide_spread(r) : -1;
}

constexpr int rewrite_negate(const request& r) {
  arena& graph = *r.graph;
  const term a{&graph, r.arg[0]};
  const vertex v = a.node();
  if (is_constant(graph, a.index)) return constant_term(graph, negate(v.value), r.shape).index;
  if (v.op == &describe<op::negate>) return v.arg[0];               // --a = a
  if (v.op == &describe<op::subtract>) return (a[1] - a[0]).index;  // -(a - b) = b - a
  if (v.op == &describe<op::multiply> && is_constant(graph, v.arg[0])) return (negate(graph[v.arg[0]].value) * a[1]).index;
  return v.op->form == notation::list ? apart_at_zeros(r, describe<op::negate>) : -1;
}

}  // namespace typegrad::detail

// The rules name these operations, and they are made of arithmetic.
#include <typegrad/op/comparison.hpp>
#include <typegrad/op/power.hpp>
#include <typegrad/op/reduce.hpp>
