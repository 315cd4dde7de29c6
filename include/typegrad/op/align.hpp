// SPDX-License-Identifier: BSL-1.0
// Tensors with named axes meet by name: operands of elementwise operations are spread over the union of their axes.
#pragma once

#include <typegrad/op/contract.hpp>
#include <typegrad/op/nest_formula.hpp>
#include <typegrad/op/union.hpp>

namespace typegrad::detail {

/// Loops that spread the axes From over the axes Shape, or put them into another order.
template <class From, class Shape>
struct spread_loops {
  using shape = Shape;
  static constexpr contraction value = contraction_over(axes_of_shape<Shape>, no_axes, axes_of_shape<From>, no_axes);
};
template <class Shape, class E>
constexpr auto spread_to(E e) {
  if constexpr (std::is_same_v<Shape, typename E::shape> || E::shape::value.rank == 0) return e;
  else return nest_expression<op::contract, spread_loops<typename E::shape, Shape>, E>();
}

/// Op over operands that have all axes of the result, whose shape is given.
template <class Op, class Shape, class... Operand>
struct aligned {
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr formula node_ = compose(describe<Op>, {}, arg);
  static_assert(sizeof(inject<node_.hash, aligned>) > 0);
  using type = expression<Op, Shape, node_.hash>;
};

/// The condition of an error: operands have rows along one axis, or none.
template <class... Shape>
struct rows_of_operands {
  static constexpr bool have_one_axis = [] {
    const int all[] = {0, axes_of_shape<Shape>.rows()...};
    for (const int a : all)
      for (const int b : all)
        if (a != 0 && b != 0 && a != b) return false;
    return true;
  }();
};

/// What an elementwise operation makes of operands with named axes.
template <bool Elementwise, class Op, class... Operand>
struct meeting {
  static constexpr bool names_stay_apart_from_positions = ((is_named<typename Operand::shape> || Operand::shape::value.rank == 0) && ...);
  static constexpr bool is_for_tensors = true;
  using rows = rows_of_operands<typename Operand::shape...>;
  using shape = typename std::conditional_t<rows::have_one_axis, union_shape<typename Operand::shape...>,
                                            std::type_identity<typename first_shape<Operand...>::type>>::type;
  using sizes = typename find_sizes_among<shape, typename Operand::shape...>::type;
  template <class... Spread>
  static constexpr auto make(Spread...) {
    return typename aligned<Op, shape, Spread...>::type{};
  }
  static constexpr auto expression_of_it() {
    if constexpr (names_stay_apart_from_positions && rows::have_one_axis && sizes::value) return make(spread_to<shape>(Operand{})...);
    else return constant_type<number{}>{};
  }
};
/// What is left of a shape when all axes of known length are gone: a number, or one for each row.
template <class Shape>
struct rows_of_shape {
  static constexpr axis_list value = [] {
    axis_list rows;
    for (int k = 0; k < axes_of_shape<Shape>.count; ++k)
      if (axes_of_shape<Shape>.at[k].is_run_time()) rows.add(axes_of_shape<Shape>.at[k]);
    return rows;
  }();
  using type = typename shape_of_list<rows_of_shape>::type;
};
/// Other operations make sense without axes if they make a number of tensors that have the same axes.
template <class Op, class... Operand>
struct meeting<false, Op, Operand...> {
  using first = typename first_shape<Operand...>::type;
  using sizes = axis_has_one_size<"", 0, 0>;
  using rows = rows_of_operands<>;
  static constexpr bool names_stay_apart_from_positions = true;
  static constexpr bool is_region = requires { Op::rows; };
  static constexpr bool is_for_tensors = is_region || ((std::is_same_v<typename Operand::shape, first> && ...) && [] {
                                           const extent shapes[] = {Operand::shape::value...};
                                           return describe<Op>.shape(shapes, sizeof...(Operand), {}).rank == 0;
                                         }());
  static constexpr auto expression_of_it() {
    if constexpr (!is_for_tensors) return constant_type<number{}>{};
    else return typename aligned<Op, std::conditional_t<is_region, first, typename rows_of_shape<first>::type>, Operand...>::type{};
  }
};

template <class Op, class... Operand>
  requires MeetByName<Operand...>
struct composite<Op, Operand...> {
  using operands = meeting<requires { Op::is_elementwise; }, Op, Operand...>;
  static_assert(operands::names_stay_apart_from_positions,
                "typegrad: a tensor with named axes meets a vector or matrix without names: give this names, reshape<axes<t, c>>(X)");
  static_assert(operands::rows::have_one_axis,
                "typegrad: rows of two axes meet, and there are no values for pairs of rows: sum over one axis before, mean<m>(y)");
  static_assert(!operands::rows::have_one_axis || operands::sizes::value, "typegrad: an axis has one size in one operand and another in the other");
  static_assert(operands::is_for_tensors,
                "typegrad: this operation is for vectors and matrices; tensors with named axes have dot<c>(a, b), sum<c>(x), rename<t, s>(x), ...");
  using type = decltype(operands::expression_of_it());
};

template <class Op, class A, class B>
  requires MeetByName<A, B>
struct turned_composite<Op, A, B> {
  using in_order = typename composite<Op, A, B>::type;
  static constexpr auto expression_of_it() {
    if constexpr (Expression<in_order> && is_named<typename in_order::shape>) {
      using shape = typename in_order::shape;
      return typename aligned<Op, shape, decltype(spread_to<shape>(B{})), decltype(spread_to<shape>(A{}))>::type{};
    } else {
      return typename composite<Op, B, A>::type{};
    }
  }
  using type = decltype(expression_of_it());
};

}  // namespace typegrad::detail
