// SPDX-License-Identifier: BSL-1.0
// Regions: sum_over(rows(x, y), e) and mean_over(rows(x, y), e), the loop over the rows of run-time data as a node.
#pragma once

#include <typegrad/op/comparison.hpp>
#include <typegrad/op/contract.hpp>
#include <typegrad/op/product.hpp>

namespace typegrad {

namespace op {

/// The number of rows along an axis, which is the payload; known at run time.
struct row_count {
  static constexpr char name[] = "rows";
  static constexpr notation form = notation::leaf;
  static constexpr over rows = over::all;
};

/// 1 in every row; with payload 1, 1 divided by the number of rows. The seed of a pullback into a region. The exponent of the payload is the axis.
struct row_weight {
  static constexpr char name[] = "row_weight";
  static constexpr notation form = notation::leaf;
  static constexpr over rows = over::each;
};

/// 0 in the first row, 1 in the next, ...
struct row_number {
  static constexpr char name[] = "row_number";
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr over rows = over::each;
};

/// The operands of a region: the body, then symbols that have a value for each row, if they have no axis. The payload is the axis.
struct region {
  static constexpr over rows = over::all;
  static constexpr extent shape(const extent* arg, int, number) { return arg[0]; }
};

struct sum_over : region {
  static constexpr char name[] = "sum_over";
  static constexpr slopes slope_from = slopes::constant;
  // d sum(e) = sum(de)
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d);
  static constexpr int rewrite(const request& r);
};

struct mean_over : region {
  static constexpr char name[] = "mean_over";
  static constexpr slopes slope_from = slopes::constant;
  // d mean(e) = sum(de / N)
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d);
  static constexpr int rewrite(const request& r);
};

/// The largest over all rows.
struct max_over : region {
  static constexpr char name[] = "max_over";
  static constexpr slopes slope_from = slopes::constant;
  // d max(e) = the mean of de over the rows that have the largest
  static constexpr term weights(term y);
  static constexpr term weighted(term y, term a);
  static constexpr bool leaves_out(term, int k) { return k == 0; }
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d);
  static constexpr int rewrite(const request& r) { return (*r.graph)[r.arg[0]].varies ? -1 : r.arg[0]; }
};

}  // namespace op

namespace detail {

constexpr bool is_region(operation_link op) {
  return op == &describe<op::sum_over> || op == &describe<op::mean_over> || op == &describe<op::max_over>;
}

constexpr term row_weight_term(arena& graph, int rows, bool mean) {
  return {&graph, graph.intern(describe<op::row_weight>, nullptr, 0, {mean ? 1 : 0, 1, rows}, {}, nullptr)};
}
constexpr term row_count_term(arena& graph, int rows) {
  return {&graph, graph.intern(describe<op::row_count>, nullptr, 0, {rows, 1, 0}, {}, nullptr)};
}

/// The region `op` over `body` along an axis; its further operands are the symbols whose rows it runs over.
constexpr term region_term(const operation& op, arena& graph, int axis, int body, const int* rows, int count) {
  buffer<int> arg;
  arg.push(body);
  for (int k = 0; k < count; ++k) arg.push(rows[k]);
  return {&graph, graph.make(op, arg.items, arg.size(), {axis, 1, 0})};
}

/// What is linear moves out of a region: fewer operations are done for each row. Or -1.
constexpr int rewrite_region(const operation& op, const request& r) {
  arena& graph = *r.graph;
  const vertex body = graph[r.arg[0]];  // varies along the axis of the region, or not at all
  const bool mean = &op == &describe<op::mean_over>;
  const int rows = static_cast<int>(r.value.num);
  const auto inside = [&](int i) { return region_term(op, graph, rows, i, r.arg + 1, r.count - 1); };
  const auto at = [&](int k) { return term{&graph, body.arg[k]}; };
  const auto varies = [&](int k) { return graph[body.arg[k]].varies; };
  if (!body.varies) return mean ? r.arg[0] : (row_count_term(graph, rows) * term{&graph, r.arg[0]}).index;
  if (body.op == &describe<op::row_weight> && !mean)
    return body.value.num == 1 ? constant_term(graph, {1, 1, 0}).index : row_count_term(graph, rows).index;
  if (body.op == &describe<op::negate>) return (-inside(body.arg[0])).index;
  if (body.op == &describe<op::broadcast>) return broadcast_term(inside(body.arg[0]), body.shape).index;
  if (body.op == &describe<op::multiply> && !varies(0)) return (at(0) * inside(body.arg[1])).index;
  if (body.op == &describe<op::multiply> && !varies(1)) return (inside(body.arg[0]) * at(1)).index;
  if (body.op == &describe<op::divide> && !varies(1)) return (inside(body.arg[0]) / at(1)).index;
  if (body.op == &describe<op::contract> && (body.count == 1 || varies(0) == varies(1))) {
    const contraction c = graph.contraction_of(body);
    const block_of block(c);
    if (block.found && (body.count == 2 || block.alone.result < c.operand[0])) {
      const int alone = graph.make(describe<op::contract>, body.arg, body.count, graph.number_of(block.alone), {1, block.alone.result, 1});
      return contract_term(block.placed(c.result), body.shape, inside(alone)).index;
    }
    if (body.count == 1 && is_part(c)) return -1;  // only what is asked for is summed
  }
  if (body.op == &describe<op::contract> && (body.count == 1 || varies(0) != varies(1))) {
    const int k = body.count == 1 || varies(0) ? 0 : 1;
    const int arg[] = {k == 0 ? inside(body.arg[0]).index : body.arg[0], k == 1 ? inside(body.arg[1]).index : body.arg[1]};
    return graph.make(describe<op::contract>, arg, body.count, body.value, body.shape);
  }
  if (body.op == &describe<op::matmul> && !varies(0)) return make<op::matmul>(body.value, at(0), inside(body.arg[1])).index;
  if (body.op == &describe<op::add> || body.op == &describe<op::subtract>) {
    const auto apart = [&](int k) {
      const vertex& v = graph.vertices()[body.arg[k]];
      if (!v.varies || v.op == &describe<op::outer>) return true;
      return v.op == &describe<op::contract> &&
             (block_of(graph.contraction_of(v)).found || (v.count == 2 && is_outer_product(nest_of(graph.contraction_of(v)))));
    };
    if (!apart(0) && !apart(1)) return -1;
    const term a = fit(inside(body.arg[0]), body.shape), b = fit(inside(body.arg[1]), body.shape);
    return (body.op == &describe<op::add> ? a + b : a - b).index;
  }
  return -1;
}

/// A region over the rows of y.
constexpr term region_over(const operation& op, term y, term body) {
  buffer<int> rows;
  for (int k = 1; k < y.node().count; ++k) rows.push(y[k].index);
  return region_term(op, *y.graph, static_cast<int>(y.node().value.num), body.index, rows.items, rows.size());
}
/// The same region over another body.
constexpr term region_like(term y, term body) { return region_over(*y.node().op, y, body); }

}  // namespace detail

constexpr term op::sum_over::pullback(term y, int k, term g) {
  return k > 0 ? constant_term(*y.graph, {}) : g * detail::row_weight_term(*y.graph, static_cast<int>(y.node().value.num), false);
}
constexpr term op::sum_over::pushforward(term y, int k, term d) { return k > 0 ? constant_term(*y.graph, {}, y.shape()) : detail::region_like(y, d); }
constexpr int op::sum_over::rewrite(const request& r) { return detail::rewrite_region(describe<op::sum_over>, r); }
constexpr term op::mean_over::pullback(term y, int k, term g) {
  return k > 0 ? constant_term(*y.graph, {}) : g * detail::row_weight_term(*y.graph, static_cast<int>(y.node().value.num), true);
}
constexpr term op::mean_over::pushforward(term y, int k, term d) {
  return k > 0 ? constant_term(*y.graph, {}, y.shape()) : detail::region_like(y, d);
}
constexpr int op::mean_over::rewrite(const request& r) { return detail::rewrite_region(describe<op::mean_over>, r); }

constexpr term op::max_over::weights(term y) {
  const term top = detail::not_below(y[0], y);
  return top / detail::region_over(describe<op::sum_over>, y, top);
}
constexpr term op::max_over::weighted(term y, term a) {
  const term weight = weights(y), zero = constant_term(*y.graph, {});
  term part = a * weight;
  if (a.node().growth != growth::moderate) part = typegrad::select(weight, part, zero);  // no weight in other rows, and not NaN
  return part;
}
constexpr term op::max_over::pullback(term y, int k, term g) { return k > 0 ? constant_term(*y.graph, {}) : weighted(y, g); }
constexpr term op::max_over::pushforward(term y, int k, term d) {
  if (k > 0) return constant_term(*y.graph, {}, y.shape());
  return detail::region_over(describe<op::sum_over>, y, weighted(y, d));
}

namespace detail {
/// The axis of the rows of symbols.
template <class S>
inline constexpr int rows_of_symbols = axes_of_shape<typename S::shape>.has_rows() ? axes_of_shape<typename S::shape>.rows() : 1;
template <class... X>
inline constexpr int row_axis_of = [] {
  int axis = 1;
  ((axis = rows_of_symbols<X> > axis ? rows_of_symbols<X> : axis), ...);
  return axis;
}();

template <class... X>
struct row_symbols_of {
  static constexpr bool are_symbols = (Symbol<X> && ...) && sizeof...(X) > 0;
};

template <class Op, class... X, class E>
constexpr auto region_of(row_symbols_of<X...>, E body) {
  using symbols = row_symbols_of<X...>;
  static_assert(symbols::are_symbols, "typegrad: rows(...) takes the symbols that have a value for each row, at least one");
  if constexpr (symbols::are_symbols) return apply<Op, number{row_axis_of<X...>, 1, 0}>(body, X{}...);
  else return body;
}
}  // namespace detail

/// The symbols that have a value for each row of a batch.
template <class... X>
constexpr auto rows(X...) {
  return detail::row_symbols_of<X...>{};
}

/// The sum of e over all rows of run-time data; evaluated with `batch(x = xs, ...)`. Formulas may go on from it:
/// `sum_over(rows(x, y), loss) + 0.001_c * penalty`.
template <class Rows, Expression E>
constexpr auto sum_over(Rows over_rows, E body) {
  return detail::region_of<op::sum_over>(over_rows, body);
}

/// The mean of e over all rows. A formula of one row that is evaluated with a batch is this mean.
template <class Rows, Expression E>
constexpr auto mean_over(Rows over_rows, E body) {
  return detail::region_of<op::mean_over>(over_rows, body);
}

}  // namespace typegrad
