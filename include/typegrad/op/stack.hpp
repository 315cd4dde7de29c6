// SPDX-License-Identifier: BSL-1.0
// The operations that take elements out of tensors and put them together.
#pragma once

#include <typegrad/op/reduce.hpp>

namespace typegrad {

namespace op {

/// Element (row, column); the payload holds the row as numerator and the column as exponent.
struct at {
  static constexpr char name[] = "at";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::index;
  static constexpr extent shape(const extent* arg, int, number v) {
    return v.num >= 0 && v.num < arg[0].rows && v.exponent >= 0 && v.exponent < arg[0].cols ? extent{} : no_shape;
  }
  // The reverse sweep gathers the adjoints of all elements into one `stack`.
  static constexpr term pushforward(term y, int, term d) { return make<op::at>(y.node().value, d); }
  static constexpr term pullback(term, int, term g) { return g; }
  static constexpr int rewrite(const request& r);
};

/// A tensor put together from scalars, row after row.
struct stack {
  static constexpr char name[] = "stack";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::list;
  static constexpr extent shape(const extent* arg, int count, number) {
    for (int k = 0; k < count; ++k)
      if (arg[k].rank != 0) return no_shape;
    return {1, count, 1};
  }
  static constexpr number position(extent shape, int k) { return {k / shape.cols, 1, k % shape.cols}; }
  static constexpr term pullback(term y, int k, term g) { return make<op::at>(position(y.shape(), k), g); }
  // The forward sweep stacks the tangents of all operands itself.
  static constexpr term pushforward(term, int, term d) { return d; }
  static constexpr int rewrite(const request& r);
};

}  // namespace op

namespace detail {

/// Vectors of so many elements fill no lanes: they are taken apart where elements are read.
inline constexpr int few_elements = 4;

/// Is a tensor put together from numbers: a stack, or elementwise of such?
constexpr bool is_put_together(const arena& graph, int i, int depth = 4) {
  const vertex& v = graph.vertices()[i];
  if (v.op == &describe<op::stack>) return true;
  if (!v.op->elementwise || depth == 0 || v.shape.rank == 0) return false;
  for (int k = 0; k < v.count; ++k)
    if (is_put_together(graph, v.arg[k], depth - 1)) return true;
  return false;
}
/// Element n of operand k, whose shape may be that of a number.
constexpr term number_in(arena& graph, int operand, int n) {
  const extent shape = graph[operand].shape;
  return shape.rank == 0 ? term{&graph, operand} : make<op::at>(op::stack::position(shape, n), term{&graph, operand});
}
/// Of what is put together from numbers, element n is one operation on numbers.
constexpr int element_apart(arena& graph, const vertex v, int n) {
  int arg[3] = {};
  for (int k = 0; k < v.count; ++k) arg[k] = number_in(graph, v.arg[k], n).index;
  return graph.make(*v.op, arg, v.count, v.value);
}

}  // namespace detail

constexpr int op::at::rewrite(const request& r) {
  const vertex v = (*r.graph)[r.arg[0]];
  const int number = static_cast<int>(r.value.num) * v.shape.cols + r.value.exponent;
  if (v.op->elementwise && v.shape.size() > 1 && v.shape.size() <= detail::few_elements && v.count <= 3 &&
      detail::is_put_together(*r.graph, r.arg[0]))
    return detail::element_apart(*r.graph, v, number);
  if (v.op == &describe<op::stack>) return r.graph->operand(v, static_cast<int>(r.value.num) * v.shape.cols + r.value.exponent);
  if (v.op == &describe<op::broadcast> || v.shape.rank == 0) return v.shape.rank == 0 ? r.arg[0] : v.arg[0];
  return v.op == &describe<op::constant> ? constant_term(*r.graph, v.value).index : -1;
}

constexpr int op::stack::rewrite(const request& r) {
  const arena& graph = *r.graph;
  const vertex first = graph[r.arg[0]];
  const bool constant = first.op == &describe<op::constant>;
  const bool elements = first.op == &describe<op::at> && graph[first.arg[0]].shape == r.shape;
  if (!constant && !elements) return -1;
  for (int k = 0; k < r.count; ++k) {
    const vertex& v = graph.vertices()[r.arg[k]];
    if (constant ? r.arg[k] != r.arg[0] : v.op != first.op || v.arg[0] != first.arg[0] || v.value != position(r.shape, k)) return -1;
  }
  return constant ? constant_term(*r.graph, first.value, r.shape).index : first.arg[0];
}

namespace detail {

constexpr bool has_zeros(const arena& graph, const vertex& v) {
  for (int k = 0; v.op == &describe<op::stack> && k < v.count; ++k)
    if (is_constant(graph, graph.operand(v, k), 0)) return true;
  return false;
}

/// Elementwise, of stacks and numbers, with a zero among them: number by number. (So a cotangent that is 1 in one place leads nowhere else.)
constexpr int apart_at_zeros(const request& r, const operation& op) {
  arena& graph = *r.graph;
  bool zeros = false;
  for (int k = 0; k < r.count; ++k) {
    const vertex& v = graph.vertices()[r.arg[k]];
    if (v.shape.rank > 0 && v.op != &describe<op::stack> && v.op != &describe<op::constant>) return -1;
    zeros = zeros || has_zeros(graph, v);
  }
  if (!zeros || r.shape.rank == 0) return -1;
  buffer<int> parts;
  for (int n = 0; n < r.shape.size(); ++n) {
    int arg[3] = {};
    for (int k = 0; k < r.count; ++k) arg[k] = number_in(graph, r.arg[k], n).index;
    parts.push(graph.make(op, arg, r.count, r.value));
  }
  return graph.make(describe<op::stack>, parts.items, parts.size(), {}, r.shape);
}
/// A sum or a view of a stack, where each number of the result is the sum of few: put together anew.
constexpr int contract_apart(const request& r, const contraction& c) {
  arena& graph = *r.graph;
  if (!has_zeros(graph, graph[r.arg[0]]) || c.points() > 4096) return -1;
  const term zero = constant_term(graph, {});
  buffer<int> parts(c.result, zero.index);
  for_all_points(c, [&](int y, int a, int) { parts.items[y] = (term{&graph, parts.items[y]} + number_in(graph, r.arg[0], a)).index; });
  return r.shape.rank == 0 ? parts.items[0] : graph.make(describe<op::stack>, parts.items, parts.size(), {}, r.shape);
}

/// Zeros of a stack multiply nothing: the elementwise product, or the dot product, of what is left. -1 if there are none.
constexpr int drop_zeros(const request& r) {
  arena& graph = *r.graph;
  const vertex a = graph[r.arg[0]], b = graph[r.arg[1]];
  if (a.shape.rank == 0 || b.shape.rank == 0 || (!has_zeros(graph, a) && !has_zeros(graph, b))) return -1;
  const term zero = constant_term(graph, {});
  const auto element = [&](int k, int i) { return make<op::at>(op::stack::position(a.shape, i), term{&graph, r.arg[k]}); };
  term total = zero;
  buffer<int> parts;
  for (int i = 0; i < a.shape.size(); ++i) {
    const term x = element(0, i), y = element(1, i), product = x == zero || y == zero ? zero : x * y;
    if (r.shape.rank > 0) parts.push(product.index);
    else total = total + product;
  }
  return r.shape.rank > 0 ? graph.make(describe<op::stack>, parts.items, parts.size(), {}, r.shape) : total.index;
}

}  // namespace detail
}  // namespace typegrad
