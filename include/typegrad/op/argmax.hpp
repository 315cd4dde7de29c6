// SPDX-License-Identifier: BSL-1.0
// Where the largest along an axis is, and whether a condition holds anywhere: argmax<c>(x), any<c>(condition).
#pragma once

#include <typegrad/op/extremum.hpp>
#include <typegrad/op/softmax.hpp>
#include <typegrad/op/structure.hpp>

namespace typegrad {

namespace op {

/// The number of the first largest element along a loop.
struct arg_largest {
  static constexpr char name[] = "argmax";
  static constexpr growth grows = growth::none;
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_nest = true;
  template <detail::nest N, class V, class A, class B>
  static constexpr void run(V* y, const A* a, const B*) {
    using T = math::scalar_of<V>;
    detail::for_each_number<N, 0>(
        [&](int i, int j) TYPEGRAD_INLINE {
          V top = V(a[j]), where = V(T(0));
          int n = 0;
          detail::for_each_point<N, N.outer>(
              [&](int, int at, int) TYPEGRAD_INLINE {
                const auto larger = top < V(a[at]);
                where = math::select(larger, V(static_cast<T>(n++)), where);
                top = math::select(larger, V(a[at]), top);
              },
              0, j, 0);
          y[i] = where;
        },
        N.to0, N.a0);
  }
  static constexpr term pullback(term y, int, term) { return constant_term(*y.graph, {}, y[0].shape()); }
  static constexpr term pushforward(term y, int, term) { return constant_term(*y.graph, {}, y.shape()); }
};

}  // namespace op

namespace detail {
/// The smallest number of a row that has the largest. NaN counts as the smallest, but in the first row as the largest, whatever the order in
/// which rows meet.
template <auto Axis, class X>
constexpr auto first_row_of_largest(X x) {
  const auto row = typegrad::position<Axis>;
  const auto key = select(equal(x, x), x, select(equal(row, constant<0>), -minus_infinity, minus_infinity));
  const auto first = -max<Axis>(select(equal(key, max<Axis>(key)), -row, minus_infinity));
  return abbreviate<name_along<"argmax", Axis>>(first, x);
}
}  // namespace detail

/// Which element along an axis is the largest, the first of several, as a number; its derivative is 0. Over the rows of run-time data, which row.
/// NaN is never larger, and nothing is larger than a NaN that stands first.
template <auto Axis, Expression X>
  requires detail::Axes<Axis>
constexpr auto argmax(X x) {
  using shape = typename X::shape;
  TYPEGRAD_NEEDS_AXES(shape, Axis);
  if constexpr (!detail::shape_has<shape, Axis>::axes_of_this_size) return constant<0>;
  else if constexpr (detail::over_rows<Axis>) return detail::first_row_of_largest<Axis>(x);
  else return detail::nest_expression<op::arg_largest, detail::dot_loops<shape, scalar, Axis>, X>();
}

/// 1 if a condition holds (is not 0) in some element along axes, or in some row, else 0; its derivative is 0.
template <auto... Axis, Expression C>
  requires detail::Axes<Axis...>
constexpr auto any(C condition) {
  TYPEGRAD_NEEDS_AXES(typename C::shape, Axis...);
  if constexpr (!detail::shape_has<typename C::shape, Axis...>::axes_of_this_size) return constant<0>;
  else return detail::abbreviate<detail::name_along<"any", Axis...>>(max<Axis...>(not_equal(condition, constant<0>)), condition);
}

}  // namespace typegrad
