// SPDX-License-Identifier: BSL-1.0
// Parts of axes and what is made of them: at<t, 3>, slice, shift, window, concat. Nothing is computed; each is the pullback of another.
#pragma once

#include <typegrad/op/structure.hpp>

namespace typegrad {
namespace detail {

/// Part of an axis: elements First .. Last - 1.
template <class Shape, auto Axis, int First, int Last>
struct slice_loops {
  struct make_axes {
    static constexpr axis_list make() {
      axis_list result = axes_of_shape<Shape>;
      result.at[result.find(Axis.info.hash)].size = Last - First;
      return result;
    }
  };
  using shape = typename shape_made<make_axes>::type;
  static constexpr loop_text text = loop_text{}.put("slice<").put(Axis.info.name).put(", ").put(First).put(", ").put(Last).put(">");
  static constexpr contraction value = [] {
    contraction made = contraction_over(axes_of_shape<shape>, no_axes, axes_of_shape<Shape>, no_axes);
    made.from[0] = First * axes_of_shape<Shape>.stride(Axis.info.hash);
    made.name = text.text;
    return made;
  }();
};
/// A tensor as part of a longer axis, from element First on; 0 elsewhere.
template <class Shape, auto Axis, int First, int Size>
struct pad_loops {
  struct make_axes {
    static constexpr axis_list make() {
      axis_list result = axes_of_shape<Shape>;
      result.at[result.find(Axis.info.hash)].size = Size;
      return result;
    }
  };
  using shape = typename shape_made<make_axes>::type;
  static constexpr loop_text text = loop_text{}.put("pad<").put(Axis.info.name).put(", ").put(First).put(", ").put(Size).put(">");
  static constexpr contraction value = [] {
    constexpr axis_list from = axes_of_shape<Shape>, to = axes_of_shape<shape>;
    contraction made = contraction_over(from, no_axes, from, no_axes);
    made.result = to.size(), made.to = First * to.stride(Axis.info.hash);
    for (int l = 0; l < made.count; ++l) made.loops[l].to = to.stride(made.loops[l].axis);
    made.name = text.text;
    return made;
  }();
};
/// y(t, k) = x(Stride t + Dilation k), for an x that was padded.
template <class Shape, auto Axis, auto Within, int Size, int Stride, int Dilation, int Before>
struct window_loops {
  struct make_axes {
    static constexpr axis_list make() {
      axis_list result = axes_of_shape<Shape>;
      result.at[result.find(Axis.info.hash)].size = Size;
      result.add(Within.info);
      return result;
    }
  };
  using shape = typename shape_made<make_axes>::type;
  static constexpr loop_text text = [] {
    loop_text result;
    result.put("window<").put(Axis.info.name).put(", ").put(Within.info.name);
    if (Stride != 1 || Dilation != 1 || Before != 0) result.put(", ").put(Stride).put(", ").put(Dilation);
    if (Before != 0) result.put(", ").put(Before);
    return result.put(">");
  }();
  static constexpr contraction value = [] {
    constexpr axis_list from = axes_of_shape<Shape>;
    contraction made = contraction_over(axes_of_shape<shape>, no_axes, from, no_axes);
    for (int l = 0; l < made.count; ++l) {
      if (made.loops[l].axis == Axis.info.hash) made.loops[l].from[0] = Stride * from.stride(Axis.info.hash);
      if (made.loops[l].axis == Within.info.hash) made.loops[l].from[0] = Dilation * from.stride(Axis.info.hash);
    }
    made.name = text.text;
    return made;
  }();
};

/// Element I of an axis.
template <class Shape, auto Axis, int I>
struct at_loops {
  struct result {
    static constexpr axis_list value = axes_without(axes_of_shape<Shape>, list_of<Axis>());
  };
  using shape = typename shape_of_list<result>::type;
  static constexpr loop_text text = loop_text{}.put("at<").put(Axis.info.name).put(", ").put(I).put(">");
  static constexpr contraction value = [] {
    contraction made = contraction_over(axes_of_shape<shape>, no_axes, axes_of_shape<Shape>, no_axes);
    made.from[0] = I * axes_of_shape<Shape>.stride(Axis.info.hash);
    made.name = text.text;
    return made;
  }();
};

}  // namespace detail

/// Elements First .. Last - 1 of an axis.
template <auto Axis, int First, int Last, Expression X>
  requires detail::Axes<Axis>
constexpr auto slice(X) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis);
  if constexpr (!detail::shape_has<typename X::shape, Axis>::axes_of_this_size) return constant<0>;
  else {
    constexpr bool inside = 0 <= First && First < Last && Last <= Axis.size;
    static_assert(inside, "typegrad: slice<t, first, last>(x): 0 <= first < last <= size of the axis");
    if constexpr (inside) return detail::nest_expression<op::contract, detail::slice_loops<typename X::shape, Axis, First, Last>, X>();
    else return constant<0>;
  }
}

/// Element I of an axis.
template <auto Axis, int I, Expression X>
  requires detail::Axes<Axis>
constexpr auto at(X) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis);
  if constexpr (!detail::shape_has<typename X::shape, Axis>::axes_of_this_size) return constant<0>;
  else {
    constexpr bool inside = 0 <= I && I < Axis.size;
    static_assert(inside, "typegrad: at<t, i>(x): the axis has no element i (they count from 0)");
    if constexpr (inside) return detail::nest_expression<op::contract, detail::at_loops<typename X::shape, Axis, I>, X>();
    else return constant<0>;
  }
}

namespace detail {
template <fixed_string Name, auto Axis, int N>
struct name_and_number {
  static constexpr loop_text text = loop_text{}.put(Name.text).put("<").put(Axis.info.name).put(", ").put(N).put(">");
};
template <int First, int Last, auto Axis, class X>
constexpr auto padded(X x) {
  if constexpr (First == 0 && Last == length_along<typename X::shape, Axis>) return x;
  else return nest_expression<op::contract, pad_loops<typename X::shape, Axis, First, Last>, X>();
}
}  // namespace detail

/// y(t) = x(t - N), 0 where x has no such element.
template <auto Axis, int N, Expression X>
  requires detail::Axes<Axis>
constexpr auto shift(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis);
  if constexpr (!detail::shape_has<typename X::shape, Axis>::axes_of_this_size) return constant<0>;
  else {
    constexpr int size = Axis.size;
    constexpr bool inside = -size < N && N < size;
    static_assert(inside, "typegrad: shift<t, n>(x): by less than the size of the axis");
    using text = detail::name_and_number<"shift", Axis, N>;
    if constexpr (!inside || N == 0) return x;
    else if constexpr (N > 0) return detail::abbreviate<text>(detail::padded<N, size, Axis>(slice<Axis, 0, size - N>(x)), x);
    else return detail::abbreviate<text>(detail::padded<0, size, Axis>(slice<Axis, -N, size>(x)), x);
  }
}

/// y(t, k) = x(Stride t + Dilation k - Before), 0 where x has no such element, for every Stride-th element t of the axis: a convolution is
/// dot<k, c>(W, window<t, k>(x)); with Before = K / 2 windows lie around their element. The new axis k comes last.
template <auto Axis, auto Within, int Stride = 1, int Dilation = 1, int Before = 0, Expression X>
  requires detail::Axes<Axis, Within>
constexpr auto window(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis);
  if constexpr (!detail::shape_has<typename X::shape, Axis>::axes_of_this_size) return constant<0>;
  else {
    static_assert(Stride > 0 && Dilation > 0 && Before >= 0,
                  "typegrad: window<t, k, stride, dilation, before>(x): stride and dilation at least 1, before at least 0");
    constexpr int size = (Axis.size + Stride - 1) / Stride, reached = Stride * (size - 1) + Dilation * (Within.size - 1) + 1;
    constexpr int needed = reached > Axis.size + Before ? reached : Axis.size + Before;
    const auto long_enough = detail::padded<Before, needed, Axis>(x);
    using from = typename decltype(long_enough)::shape;
    using loops = detail::window_loops<from, Axis, Within, size, Stride, Dilation, Before>;
    return detail::abbreviate<loops>(detail::nest_expression<op::contract, loops, std::remove_const_t<decltype(long_enough)>>(), x);
  }
}

namespace detail {
template <class First, class X, auto Axis>
struct fits_beside {
  static constexpr bool value = [] {
    constexpr axis_list a = axes_of_shape<First>, b = axes_of_shape<X>;
    if (a.count != b.count || !b.has(Axis.info.hash)) return false;
    for (int k = 0; k < a.count; ++k)
      if (a.at[k].hash != Axis.info.hash && (!b.has(a.at[k].hash) || b.at[b.find(a.at[k].hash)].size != a.at[k].size)) return false;
    return true;
  }();
};
/// X in the order of the axes of First.
template <class First, class X, auto Axis>
struct ordered_like {
  static constexpr axis_list make() {
    axis_list result = axes_of_shape<First>;
    const int k = result.find(Axis.info.hash);
    result.at[k] = axes_of_shape<X>.at[axes_of_shape<X>.find(Axis.info.hash)];
    return result;
  }
};
template <auto Axis, int Total, class First, int Before, class X, class... Rest>
constexpr auto concatenated(X x, Rest... rest) {
  const auto mine = padded<Before, Total, Axis>(spread_to<typename shape_made<ordered_like<First, typename X::shape, Axis>>::type>(x));
  if constexpr (sizeof...(Rest) == 0) return mine;
  else return mine + concatenated<Axis, Total, First, Before + length_along<typename X::shape, Axis>>(rest...);
}
}  // namespace detail

/// Tensors one after the other along an axis, in which they may have different sizes; all their other axes are the same.
template <auto Axis, Expression First, Expression... Rest>
  requires detail::Axes<Axis>
constexpr auto concat(First first, Rest... rest) {
  using shape = typename First::shape;
  static_assert((detail::fits_beside<shape, typename Rest::shape, Axis>::value && ... && detail::axes_of_shape<shape>.has(Axis.info.hash)),
                "typegrad: concat<t>(a, b, ...): all tensors have the axis t, and the same other axes");
  if constexpr ((detail::fits_beside<shape, typename Rest::shape, Axis>::value && ... && detail::axes_of_shape<shape>.has(Axis.info.hash))) {
    constexpr int total = (detail::length_along<shape, Axis> + ... + detail::length_along<typename Rest::shape, Axis>);
    return detail::abbreviate<detail::name_along<"concat", Axis>>(detail::concatenated<Axis, total, shape, 0>(first, rest...), first, rest...);
  } else {
    return constant<0>;
  }
}

}  // namespace typegrad
