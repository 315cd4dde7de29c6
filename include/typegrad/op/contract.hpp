// SPDX-License-Identifier: BSL-1.0
// The contraction: one operation for every product, sum, transposition, broadcast, slice and window of tensors with named axes.
#pragma once

#include <typegrad/expr/blocks.hpp>
#include <typegrad/op/nest.hpp>
#include <typegrad/op/element.hpp>
#include <typegrad/op/product.hpp>

namespace typegrad {

namespace op {

/// y[to(i)] = sum of a[from_0(i)] b[from_1(i)], or of a alone; the payload says how far each loop steps (expr/contraction.hpp).
struct contract : detail::contraction_of_numbers {
  static constexpr char name[] = "contract";
  static constexpr slopes slope_from = slopes::others;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_nest = true;
  static constexpr sign_of sign = sign_of::keeps;
  static constexpr int binding = precedence::product;
  static constexpr growth growth_of(const request& r) { return r.count == 2 ? growth::product : growth::moderate; }
  // linear in each operand: d y = contract(da, b) + contract(a, db); the adjoint of an operand is a contraction of g and the other one
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d);
  static constexpr bool leaves_out(term y, int k);
  static constexpr bool fills_up(term y);
  static constexpr int rewrite(const request& r);
};

}  // namespace op

namespace detail {

constexpr term contract_term(const contraction& c, extent shape, term a) {
  return {a.graph, a.graph->make(describe<op::contract>, &a.index, 1, a.graph->number_of(c), shape)};
}
constexpr term contract_term(const contraction& c, extent shape, term a, term b) {
  const int arg[] = {a.index, b.index};
  return {a.graph, a.graph->make(describe<op::contract>, arg, 2, a.graph->number_of(c), shape)};
}
/// The contraction of a vertex: a copy, since the table moves when something is made.
constexpr contraction contraction_of(term y) { return y.graph->contraction_of(y.node()); }

/// Does a vertex make one block among zeros?
constexpr bool is_block(const arena& graph, int i) {
  const vertex& v = graph.vertices()[i];
  return v.op == &describe<op::contract> && block_of(graph.contraction_of(v)).found;
}

/// A part of a block, or of what a block is added to: of each operand, what of it is there. Or -1.
constexpr int part_of_blocks(const request& r, const contraction& c) {
  arena& graph = *r.graph;
  if (!is_part(c)) return -1;
  const vertex v = graph[r.arg[0]];
  if (v.op == &describe<op::contract>) {
    const contraction inner = graph.contraction_of(v);
    const block_of block(inner);
    if (!block.found) return -1;
    const int first = block.first - c.from[0], last = first + block.alone.result;
    if (last <= 0 || first >= c.result) return constant_term(graph, {}, r.shape).index;
    if (first < 0 || last > c.result) return -1;
    contraction moved = inner;
    moved.to = first, moved.result = c.result, moved.name = nullptr;
    return graph.make(*v.op, v.arg, v.count, graph.number_of(moved), r.shape);
  }
  if (v.op != &describe<op::add> && v.op != &describe<op::subtract>) return -1;
  if (!is_block(graph, v.arg[0]) && !is_block(graph, v.arg[1])) return -1;
  const number same = graph.number_of(c);
  const term a{&graph, graph.make(describe<op::contract>, &v.arg[0], 1, same, r.shape)};
  const term b{&graph, graph.make(describe<op::contract>, &v.arg[1], 1, same, r.shape)};
  return (v.op == &describe<op::add> ? a + b : a - b).index;
}

/// The same number in every element: a constant, a scalar, what is broadcast.
constexpr bool is_uniform(const vertex& v) {
  return v.op == &describe<op::constant> || v.op == &describe<op::broadcast> || (v.shape.rank == 0 && v.shape.size() == 1);
}
constexpr term uniform_value(term a) {
  const vertex v = a.node();
  if (v.op == &describe<op::broadcast>) return a[0];
  return v.op == &describe<op::constant> ? constant_term(*a.graph, v.value) : a;
}

/// A contraction of one operand: what is the same everywhere, factors, products under a sum.
constexpr int rewrite_single(const request& r, const contraction& c) {
  const term a{r.graph, r.arg[0]};
  const vertex v = a.node();
  if (c.is_identity() && v.shape == r.shape) return a.index;
  if (const int parts = contract_apart(r, c); parts >= 0) return parts;
  if (is_uniform(v) && c.is_direct()) {
    const number terms{c.points() / c.result, 1, 0};
    return fit(terms * uniform_value(a), r.shape).index;
  }
  if (v.op == &describe<op::negate>) return (-contract_term(c, r.shape, a[0])).index;
  if (v.op != &describe<op::multiply>) return -1;
  if (c.result > c.operand[0] && !c.is_direct()) return -1;  // numbers among zeros: a factor outside would multiply these, too
  const auto goes_outside = [&](int k) {
    return a[k].shape().rank == 0 && v.shape.rank > 0 && (c.is_direct() || a[k].node().op == &describe<op::constant>);
  };
  if (goes_outside(0)) return fit(a[0] * contract_term(c, r.shape, a[1]), r.shape).index;
  if (goes_outside(1)) return fit(contract_term(c, r.shape, a[0]) * a[1], r.shape).index;
  if (!c.sums() || v.shape.rank == 0) return -1;
  contraction both = c;
  both.operands = 2;
  both.from[1] = c.from[0], both.operand[1] = c.operand[0];
  for (int l = 0; l < c.count; ++l) both.loops[l].from[1] = c.loops[l].from[0];
  return contract_term(both, r.shape, a[0], a[1]).index;
}

}  // namespace detail

constexpr term op::contract::pullback(term y, int k, term g) {
  const contraction c = detail::contraction_of(y);
  if (y.node().count == 1) return detail::contract_term(c.pulled(0), y[0].shape(), g);
  return detail::contract_term(c.pulled(k), y[k].shape(), g, y[1 - k]);
}
constexpr bool op::contract::fills_up(term y) { return !detail::contraction_of(y).is_direct(); }
constexpr bool op::contract::leaves_out(term y, int k) { return !detail::contraction_of(y).pulled(k).is_direct(); }
constexpr term op::contract::pushforward(term y, int k, term d) {
  const contraction c = detail::contraction_of(y);
  if (y.node().count == 1) return detail::contract_term(c, y.shape(), d);
  return k == 0 ? detail::contract_term(c, y.shape(), d, y[1]) : detail::contract_term(c, y.shape(), y[0], d);
}

constexpr int op::contract::rewrite(const request& r) {
  arena& graph = *r.graph;
  const contraction c = graph.contractions()[static_cast<int>(r.value.num)];
  for (int k = 0; k < r.count; ++k)
    if (is_constant(graph, r.arg[k], 0)) return constant_term(graph, {}, r.shape).index;
  const auto term_at = [&](int k) { return term{&graph, r.arg[k]}; };
  if (r.count == 2) {
    for (int k = 0; k < 2; ++k) {
      const vertex v = graph[r.arg[k]];
      if (detail::is_uniform(v) && (v.op == &describe<op::constant> || c.is_direct())) {  // infinity outside would meet the zeros between numbers
        const term rest = detail::contract_term(c.without(k), r.shape, term_at(1 - k));
        return detail::fit(detail::uniform_value(term_at(k)) * rest, r.shape).index;
      }
      if (v.op == &describe<op::negate>)
        return (-detail::contract_term(c, r.shape, k == 0 ? term_at(0)[0] : term_at(0), k == 1 ? term_at(1)[0] : term_at(1))).index;
      if (c.result > c.operand[k]) continue;  // a factor outside would be a product for each result
      if (v.op == &describe<op::multiply> && is_constant(graph, v.arg[0]) && graph[v.arg[0]].shape.rank == 0)
        return (graph[v.arg[0]].value * detail::contract_term(c, r.shape, k == 0 ? term_at(0)[1] : term_at(0), k == 1 ? term_at(1)[1] : term_at(1)))
            .index;
    }
  }
  for (int k = 0; k < r.count; ++k) {  // what is only looked at another way is read where it is
    const vertex v = graph[r.arg[k]];
    if (v.op != &describe<op::contract> || v.count != 1) continue;
    const contraction inner = graph.contraction_of(v);
    contraction both;
    if (!detail::is_view(inner) || !detail::compose(c, k, inner, both)) continue;
    const term x{&graph, v.arg[0]};
    if (r.count == 1) return detail::contract_term(both, r.shape, x).index;
    return (k == 0 ? detail::contract_term(both, r.shape, x, term_at(1)) : detail::contract_term(both, r.shape, term_at(0), x)).index;
  }
  if (r.count == 1)
    if (const int part = detail::part_of_blocks(r, c); part >= 0) return part;
  if (r.count == 1) return detail::rewrite_single(r, c);
  if (r.arg[0] > r.arg[1]) return detail::contract_term(c.turned(), r.shape, term_at(1), term_at(0)).index;
  return -1;
}

}  // namespace typegrad
