// SPDX-License-Identifier: BSL-1.0
// take<v>(table, token): picks by integers; its pullback adds up where the same element was picked, in a fixed order.
#pragma once

#include <typegrad/op/lane_index.hpp>
#include <typegrad/math/for_each_number.hpp>
#include <typegrad/op/named.hpp>

namespace typegrad {

namespace op {

/// y[to(i)] = table[from_0(i) + pick index[from_1(i)]]
struct take {
  static constexpr char name[] = "take";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_nest = true;
  template <detail::nest N, class V, class A, class B>
  static constexpr void run(V* y, const A* table, const B* index) {
    constexpr int rows = detail::row_loop(N);
    if constexpr (rows >= 0 && std::is_same_v<V, A> && !math::is_lanes<V>)
      detail::for_each_row<N, rows, 0>(
          [&](int i, int j, int k) TYPEGRAD_INLINE {
            math::for_each_number(
                N.size[rows], []<class X>(X& to, const X& from) TYPEGRAD_INLINE { to = from; }, y + i,
                table + j + N.pick * detail::index_at(index[k], 0));
          },
          N.to0, N.a0, N.b0);
    else
      detail::for_each_point<N, 0>([&](int i, int j, int k) TYPEGRAD_INLINE { y[i] = detail::picked<V>(table + j, V(index[k]), N.pick); }, N.to0,
                                   N.a0, N.b0);
  }
  // linear in the table; the index has no derivative
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d) { return k == 0 ? same(y, d) : constant_term(*y.graph, {}, y.shape()); }
  static constexpr bool leaves_out(term, int k) { return k == 0; }
  static constexpr term same(term y, term table) {
    const int arg[] = {table.index, y[1].index};
    return {y.graph, y.graph->make(describe<take>, arg, 2, y.node().value, y.shape())};
  }
  static constexpr int rewrite(const request& r) { return is_constant(*r.graph, r.arg[0], 0) ? constant_term(*r.graph, {}, r.shape).index : -1; }
};

/// y[to(i) + pick index[from_1(i)]] += x[from_0(i)]
struct scatter {
  static constexpr char name[] = "scatter";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_nest = true;
  template <detail::nest N, class V, class A, class B>
  static constexpr void run(V* y, const A* x, const B* index) {
    detail::fill_zero<N>(y);
    constexpr int rows = detail::row_loop(N);
    if constexpr (rows >= 0 && std::is_same_v<V, A> && !math::is_lanes<V>)
      detail::for_each_row<N, rows, 0>(
          [&](int i, int j, int k) TYPEGRAD_INLINE {
            math::for_each_number(
                N.size[rows], []<class X>(X& to, const X& from) TYPEGRAD_INLINE { to += from; }, y + i + N.pick * detail::index_at(index[k], 0),
                x + j);
          },
          N.to0, N.a0, N.b0);
    else
      detail::for_each_point<N, 0>([&](int i, int j, int k) TYPEGRAD_INLINE { detail::scatter_add(y + i, x[j], V(index[k]), N.pick); }, N.to0, N.a0,
                                   N.b0);
    detail::written_at_an_index(y);
  }
  static constexpr term pullback(term y, int k, term g) {
    if (k == 1) return constant_term(*y.graph, {}, y[1].shape());
    contraction made = detail::contraction_of(y).pulled(0);
    const int arg[] = {g.index, y[1].index};
    return {y.graph, y.graph->make(describe<take>, arg, 2, y.graph->number_of(made), y[0].shape())};
  }
  static constexpr term pushforward(term y, int k, term d) {
    if (k == 1) return constant_term(*y.graph, {}, y.shape());
    const int arg[] = {d.index, y[1].index};
    return {y.graph, y.graph->make(describe<scatter>, arg, 2, y.node().value, y.shape())};
  }
  static constexpr int rewrite(const request& r) { return is_constant(*r.graph, r.arg[0], 0) ? constant_term(*r.graph, {}, r.shape).index : -1; }
};

constexpr term take::pullback(term y, int k, term g) {
  if (k == 1) return constant_term(*y.graph, {}, y[1].shape());
  const contraction made = detail::contraction_of(y).pulled(0);
  const int arg[] = {g.index, y[1].index};
  return {y.graph, y.graph->make(describe<scatter>, arg, 2, y.graph->number_of(made), y[0].shape())};
}

}  // namespace op

namespace detail {

template <class Table, class Index, auto Axis>
struct take_loops {
  struct result {
    static constexpr axis_list value = union_of(axes_of_shape<Index>, axes_without(axes_of_shape<Table>, list_of<Axis>()));
  };
  using shape = typename shape_of_list<result>::type;
  static constexpr loop_text text = loop_text{}.put("take<").put(Axis.info.name).put(">");
  static constexpr contraction value = [] {
    contraction made = contraction_over(axes_of_shape<shape>, no_axes, axes_without(axes_of_shape<Table>, no_axes), axes_of_shape<Index>);
    for (int l = 0; l < made.count; ++l) made.loops[l].from[0] = axes_of_shape<Table>.stride(made.loops[l].axis);
    made.operand[0] = axes_of_shape<Table>.size();
    made.pick = axes_of_shape<Table>.stride(Axis.info.hash);
    made.name = text.text;
    return made;
  }();
};

/// The condition of an error: does the symbol count elements of this axis?
template <class Index, auto Axis>
struct index_counts {
  static constexpr bool this_axis = false;
};
template <auto Axis, class Shape, auto Given>
struct index_counts<indices<Axis, Shape>, Given> {
  static constexpr bool this_axis = Axis.info.hash == Given.info.hash && Axis.size == Given.size;
};

}  // namespace detail

/// take<v>(table, token)[t, c] = table[token[t], c]: an embedding, the score of a label. The derivative of the table is a scatter: for each
/// element of v, the sum over all that picked it, in their order.
template <auto Axis, Expression Table, Expression Index>
  requires detail::Axes<Axis>
constexpr auto take(Table, Index) {
  using table = typename Table::shape;
  using counts = detail::index_counts<typename Index::shape, Axis>;
  static_assert(counts::this_axis, "typegrad: take<v>(table, token): the token is an index symbol of the axis v: index<\"token\", v, axes<t>>");
  TYPEGRAD_NEEDS_AXES(table, Axis);
  using sizes = detail::sizes_of<table, typename Index::shape>;
  static_assert(sizes::value, "typegrad: an axis has one size in one operand and another in the other");
  if constexpr (!counts::this_axis || !sizes::value || !detail::shape_has<table, Axis>::axes_of_this_size) return constant<0>;
  else return detail::nest_expression<op::take, detail::take_loops<table, typename Index::shape, Axis>, Table, Index>();
}

}  // namespace typegrad
