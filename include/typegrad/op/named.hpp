// SPDX-License-Identifier: BSL-1.0
// Products and sums along named axes: dot<c>(a, b), sum<c>(x), mean<c>(x), norm<c>(x).
#pragma once

#include <typegrad/op/abbreviation.hpp>
#include <typegrad/op/align.hpp>
#include <typegrad/op/region.hpp>

namespace typegrad {
namespace detail {

/// Axes as template arguments.
template <auto... Axis>
concept Axes = sizeof...(Axis) > 0 && (is_axis<std::remove_cv_t<decltype(Axis)>> && ...);

template <auto... Axis>
constexpr axis_list list_of() {
  axis_list result;
  (result.add(Axis.info), ...);
  return result;
}

/// The condition of an error: a tensor has these axes.
template <class Shape, auto... Axis>
struct shape_has {
  static constexpr bool axes = (axes_of_shape<Shape>.has(Axis.info.hash) && ...);
  static constexpr bool axes_of_this_size =
      axes && ((axes_of_shape<Shape>.at[axes ? axes_of_shape<Shape>.find(Axis.info.hash) : 0].size == Axis.size) && ...);
};
/// The size of an axis.
template <class Shape, auto Axis>
inline constexpr int length_along = axes_of_shape<Shape>.at[axes_of_shape<Shape>.find(Axis.info.hash)].size;

/// The sum over axes of a product, or of one tensor.
template <class A, class B, auto... Axis>
struct dot_loops {
  struct result {
    static constexpr axis_list value = axes_without(union_of(axes_of_shape<A>, axes_of_shape<B>), list_of<Axis...>());
  };
  using shape = typename shape_of_list<result>::type;
  static constexpr contraction value = contraction_over(axes_of_shape<shape>, list_of<Axis...>(), axes_of_shape<A>, axes_of_shape<B>);
};

// Where a function needs axes: here and not in a function of its own, so that the message is short.
#define TYPEGRAD_NEEDS_AXES(Shape, ...)                                                                                   \
  static_assert(detail::shape_has<Shape, __VA_ARGS__>::axes, "typegrad: this operand has no such axis");                  \
  static_assert(!detail::shape_has<Shape, __VA_ARGS__>::axes || detail::shape_has<Shape, __VA_ARGS__>::axes_of_this_size, \
                "typegrad: the axis has another size in this operand")

template <auto... Axis>
inline constexpr bool over_rows = (Axis.info.is_run_time() || ...);

template <class Shape>
struct shape_of_a_row {
  static constexpr axis_list value = [] {
    axis_list result;
    for (int k = 0; k < axes_of_shape<Shape>.count; ++k)
      if (!axes_of_shape<Shape>.at[k].is_run_time()) result.add(axes_of_shape<Shape>.at[k]);
    return result;
  }();
  using type = typename shape_of_list<shape_of_a_row>::type;
};
/// A shape without the axis of the rows: that of one of them.
template <class Shape>
struct rowless_shape {
  static constexpr auto find() {
    if constexpr (axes_of_shape<Shape>.has_rows()) return std::type_identity<typename shape_of_a_row<Shape>::type>{};
    else return std::type_identity<Shape>{};
  }
  using type = typename decltype(find())::type;
};
template <class E>
constexpr auto rowless(E e) {
  return reshaped<typename rowless_shape<typename E::shape>::type>(e);
}
/// A shape with the axis of the rows that some of these shapes have.
template <class Shape, class... From>
struct shape_with_rows {
  static constexpr auto find() {
    if constexpr ((axes_of_shape<From>.has_rows() || ...)) return union_shape<typename rows_of_shape<From>::type..., Shape>{};
    else return std::type_identity<Shape>{};
  }
  using type = typename decltype(find())::type;
};
/// Op over all rows of X, which are those of its symbols with a run-time axis.
template <class Op, class X>
constexpr auto over_all_rows(X) {
  using shape = typename X::shape;
  return define<Op, composite_with<Op, number{axes_of_shape<shape>.rows(), 1, 0}, X>, typename shape_of_a_row<shape>::type>();
}

/// Are both operands expressions? Numbers are told from them by the message of `composite`.
template <class... E>
constexpr auto not_expressions() {
  return typename composite<op::add, E...>::type{};
}

}  // namespace detail

template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto sum(X x);
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto mean(X x);

namespace detail {
/// Along axes of known length first, then over the rows.
template <class Op, auto First, auto... Rest, class X>
constexpr auto along_axes(X x) {
  if constexpr (sizeof...(Rest) > 0 && First.info.is_run_time()) return along_axes<Op, Rest..., First>(x);
  else if constexpr (First.info.is_run_time() && std::is_same_v<Op, op::mean_over>)
    return abbreviate<name_along<"mean", First>>(over_all_rows<Op>(x), x);
  else if constexpr (First.info.is_run_time()) return abbreviate<name_along<"sum", First>>(over_all_rows<Op>(x), x);
  else if constexpr (std::is_same_v<Op, op::mean_over>) return along_axes<Op, Rest...>(mean<First>(x));
  else return along_axes<Op, Rest...>(sum<First>(x));
}
}  // namespace detail

/// The product of two tensors, summed over the axes given; all other axes align by name:
/// dot<c>(W, x)[h, t] = sum over c of W[h, c] x[t, c]. Its gradient: dot<h>(W, g) for x, dot<t>(g, x) for W.
template <auto... Axis, class A, class B>
  requires detail::Axes<Axis...> && detail::AnyExpression<A, B>
constexpr auto dot(A, B) {
  if constexpr (!Expression<A> || !Expression<B>) return detail::not_expressions<A, B>();
  else {
    using first = typename A::shape;
    using second = typename B::shape;
    using in_first = detail::shape_has<first, Axis...>;
    using in_second = detail::shape_has<second, Axis...>;
    using sizes = detail::sizes_of<first, second>;
    static_assert(in_first::axes, "typegrad: dot<c>(a, b): the first operand has no such axis");
    static_assert(in_second::axes, "typegrad: dot<c>(a, b): the second operand has no such axis");
    static_assert(sizes::value, "typegrad: an axis has one size in one operand and another in the other");
    constexpr bool fits = in_first::axes && in_second::axes && sizes::value;
    if constexpr (fits && detail::over_rows<Axis...>) return sum<Axis...>(typename detail::composite<op::multiply, A, B>::type{});
    else if constexpr (fits) return detail::nest_expression<op::contract, detail::dot_loops<first, second, Axis...>, A, B>();
    else return constant<0>;
  }
}

/// The sum over axes; over the rows of run-time data as well, sum<n>(x).
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto sum(X x) {
  using shape = typename X::shape;
  TYPEGRAD_NEEDS_AXES(shape, Axis...);
  if constexpr (!detail::shape_has<shape, Axis...>::axes_of_this_size) return constant<0>;
  else if constexpr (detail::over_rows<Axis...>) return detail::along_axes<op::sum_over, Axis...>(x);
  else return detail::nest_expression<op::contract, detail::dot_loops<shape, scalar, Axis...>, X>();
}

/// The mean over axes.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto mean(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis...);
  if constexpr (!detail::shape_has<typename X::shape, Axis...>::axes_of_this_size) return constant<0>;
  else if constexpr (detail::over_rows<Axis...>) return detail::along_axes<op::mean_over, Axis...>(x);
  else return detail::abbreviate<detail::name_along<"mean", Axis...>>(sum<Axis...>(x) / constant<(Axis.size * ... * 1)>, x);
}

/// The Euclidean norm along axes: sqrt(sum<c>(x^2)). Where it is 0, its derivative is infinite.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto norm(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis...);
  if constexpr (!detail::shape_has<typename X::shape, Axis...>::axes_of_this_size) return constant<0>;
  else return detail::abbreviate<detail::name_along<"norm", Axis...>>(sqrt(dot<Axis...>(x, x)), x);
}

}  // namespace typegrad
