// SPDX-License-Identifier: BSL-1.0
// Products and sums along named axes: dot<c>(a, b), sum<c>(x), mean<c>(x), norm<c>(x).
#pragma once

#include <typegrad/op/align.hpp>

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

/// The condition of an error: an operand has this axis.
template <fixed_string Axis, class Shape>
struct operand_has_axis {
  static constexpr int size = [] {
    const int k = axes_of_shape<Shape>.find(hash_text(Axis.text));
    return k < 0 ? -1 : axes_of_shape<Shape>.at[k].size;
  }();
  static constexpr bool value = size >= 0;
};
/// Has a tensor of this shape the axes, and with the same sizes?
template <class Shape, auto... Axis>
constexpr bool has_axes() {
  constexpr bool has = (operand_has_axis<Axis.text, Shape>::value && ...);
  static_assert((operand_has_axis<Axis.text, Shape>::value && ...), "typegrad: this operand has no such axis");
  if constexpr (has) return check_sizes<Shape, axes<Axis...>>();
  else return false;
}

/// The sum over axes of a product, or of one tensor.
template <class A, class B, auto... Axis>
struct dot_loops {
  struct result {
    static constexpr axis_list value = axes_without(union_of(axes_of_shape<A>, axes_of_shape<B>), list_of<Axis...>());
  };
  using shape = typename shape_of_list<result>::type;
  static constexpr contraction value = contraction_over(axes_of_shape<shape>, list_of<Axis...>(), axes_of_shape<A>, axes_of_shape<B>);
};

/// Are both operands expressions? Numbers are told from them by the message of `composite`.
template <class... E>
constexpr auto not_expressions() {
  return typename composite<op::add, E...>::type{};
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
    constexpr bool fits = detail::has_axes<first, Axis...>() && detail::has_axes<second, Axis...>() && detail::check_sizes<first, second>();
    if constexpr (fits) return detail::nest_expression<op::contract, detail::dot_loops<first, second, Axis...>, A, B>();
    else return constant<0>;
  }
}

/// The sum over axes.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto sum(X) {
  using shape = typename X::shape;
  if constexpr (detail::has_axes<shape, Axis...>()) return detail::nest_expression<op::contract, detail::dot_loops<shape, scalar, Axis...>, X>();
  else return constant<0>;
}

/// The mean over axes.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto mean(X x) {
  return detail::abbreviate<detail::name_along<"mean", Axis...>>(sum<Axis...>(x) / constant<(Axis.size * ... * 1)>, x);
}

/// The Euclidean norm along axes: sqrt(sum<c>(x^2)). Where it is 0, its derivative is infinite.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto norm(X x) {
  return detail::abbreviate<detail::name_along<"norm", Axis...>>(sqrt(dot<Axis...>(x, x)), x);
}

}  // namespace typegrad
