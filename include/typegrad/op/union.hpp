// SPDX-License-Identifier: BSL-1.0
// The axes that several tensors have together, and where two of them disagree about a size.
#pragma once

#include <typegrad/expr/axis.hpp>

namespace typegrad::detail {

/// All axes of the lists, those of run-time length first, then in the order of their first appearance.
template <class... List>
constexpr axis_list union_of(const List&... list) {
  axis_list result;
  const auto add = [&](const axis_list& more, bool run_time) {
    for (int k = 0; k < more.count; ++k)
      if (more.at[k].is_run_time() == run_time && !result.has(more.at[k].hash)) result.add(more.at[k]);
  };
  (add(list, true), ...);
  (add(list, false), ...);
  return result;
}
/// The axes of the list that are not among the others.
constexpr axis_list axes_without(const axis_list& list, const axis_list& others) {
  axis_list result;
  for (int k = 0; k < list.count; ++k)
    if (!others.has(list.at[k].hash)) result.add(list.at[k]);
  return result;
}
/// An axis of both lists that has another size in the second, or -1.
constexpr int axis_of_two_sizes(const axis_list& a, const axis_list& b) {
  for (int k = 0; k < a.count; ++k) {
    const int other = b.find(a.at[k].hash);
    if (other >= 0 && b.at[other].size != a.at[k].size) return k;
  }
  return -1;
}

/// The condition of an error: an axis has the same size in two operands.
template <fixed_string Axis, int Size, int OtherSize>
struct axis_has_one_size {
  static constexpr bool value = Size == OtherSize;
};
template <class Shape>
struct list_of_shape {
  static constexpr axis_list value = axes_of_shape<Shape>;
};
/// The first axis that has another size in B than in A, if there is one.
template <class A, class B, int K = axis_of_two_sizes(axes_of_shape<A>, axes_of_shape<B>)>
struct find_sizes {
  static constexpr axis_list b = axes_of_shape<B>;
  using axis = typename axis_from<list_of_shape<A>, K>::type;
  using type = axis_has_one_size<axis::text, axis::size, b.at[b.find(axis::info.hash)].size>;
};
template <class A, class B>
struct find_sizes<A, B, -1> {
  using type = axis_has_one_size<"", 0, 0>;
};
template <class A, class B>
using sizes_of = typename find_sizes<A, B>::type;

template <class... Shape>
struct union_shape {
  static constexpr axis_list value = union_of(axes_of_shape<Shape>...);
  using type = typename shape_of_list<union_shape>::type;
};
/// The first of several shapes that disagrees with their union.
template <class Union, class First, class... Rest>
struct find_sizes_among
    : std::conditional_t<sizes_of<First, Union>::value && (sizeof...(Rest) > 0), find_sizes_among<Union, Rest...>, find_sizes<First, Union>> {};
template <class Union, class Last>
struct find_sizes_among<Union, Last> : find_sizes<Last, Union> {};

}  // namespace typegrad::detail
