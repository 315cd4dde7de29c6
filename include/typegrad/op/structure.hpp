// SPDX-License-Identifier: BSL-1.0
// What moves numbers of tensors and computes nothing: rename, order, split, merge, slice, shift, window, concat, at<t, 3>, as_axes, position.
#pragma once

#include <typegrad/op/element.hpp>
#include <typegrad/op/named.hpp>

namespace typegrad {

namespace op {
/// 0, 1, 2, ...
struct range {
  static constexpr char name[] = "range";
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr void compute(T* y, extent shape, const T*, extent) {
    for (int i = 0; i < shape.size(); ++i) y[i] = T(static_cast<math::scalar_of<T>>(i));
  }
};
}  // namespace op

namespace detail {

/// A list of axes that a class makes, as a shape.
template <class Make>
struct shape_made {
  struct list {
    static constexpr axis_list value = Make::make();
  };
  using type = typename shape_of_list<list>::type;
};

template <class Shape, auto From, auto To>
struct renamed_axes {
  static constexpr axis_list make() {
    axis_list result = axes_of_shape<Shape>;
    result.at[result.find(From.info.hash)] = To.info;
    return result;
  }
};
/// Axis number `first` and the next ones, `count` in all, are replaced.
constexpr axis_list replaced(const axis_list& list, int first, int count, const axis_list& by) {
  axis_list result;
  for (int k = 0; k < first; ++k) result.add(list.at[k]);
  for (int k = 0; k < by.count; ++k) result.add(by.at[k]);
  for (int k = first + count; k < list.count; ++k) result.add(list.at[k]);
  return result;
}
template <class Shape, auto From, auto... To>
struct split_axes {
  static constexpr axis_list make() { return replaced(axes_of_shape<Shape>, axes_of_shape<Shape>.find(From.info.hash), 1, list_of<To...>()); }
};
/// The last axis given is the new one; the others are brought side by side, in the place of the first of them.
template <class Shape, auto... Axis>
struct merge_plan {
  static constexpr axis_list all = axes_of_shape<Shape>, names = list_of<Axis...>();
  static constexpr int count = names.count - 1;
  static constexpr bool are_there = [] {
    int size = 1;
    for (int k = 0; k < count; ++k) {
      if (!all.has(names.at[k].hash)) return false;
      size *= names.at[k].size;
    }
    return size == names.at[count].size;
  }();
  struct gathered {
    static constexpr axis_list make() {
      axis_list result;
      for (int k = 0; k < all.count; ++k) {
        int place = -1;
        for (int j = 0; j < count; ++j) place = names.at[j].hash == all.at[k].hash ? j : place;
        for (int j = 0; place == 0 && j < count; ++j) result.add(names.at[j]);
        if (place < 0) result.add(all.at[k]);
      }
      return result;
    }
  };
  struct merged {
    static constexpr axis_list make() {
      axis_list to;
      to.add(names.at[count]);
      return replaced(gathered::make(), gathered::make().find(names.at[0].hash), count, to);
    }
  };
  using gathered_shape = typename shape_made<gathered>::type;
};

/// Number after number.
template <class Shape>
struct reshape_loops {
  using shape = Shape;
  static constexpr contraction value = [] {
    contraction made;
    made.result = made.operand[0] = Shape::value.size();
    made.add({made.result, 1, {1, 0}, 0, nullptr});
    made.name = "reshape";
    return made;
  }();
};

template <int Given, int Wanted>
struct number_of_elements {
  static constexpr bool agrees = Given == Wanted;
};

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

template <auto Axis>
struct range_formula {
  static constexpr std::uint64_t hash = mix(mix(describe<op::range>.id, Axis.info.hash), static_cast<std::uint64_t>(Axis.size));
  static constexpr loop_text text = loop_text{}.put("position<").put(Axis.info.name).put(">");
  static constexpr extent shape{1, Axis.size, 1};
  static constexpr contraction loops = [] {
    contraction made = contraction_over(list_of<Axis>(), no_axes, no_axes, no_axes);
    made.name = text.text;
    return made;
  }();
  static constexpr formula node_{&describe<op::range>, hash, shape, nullptr, 0, {}, nullptr, nullptr, false, &loops};
  static_assert(sizeof(inject<hash, range_formula>) > 0);
  using type = expression<op::range, axes<Axis>, hash>;
};

}  // namespace detail

/// 0, 1, 2, ... along an axis: a constant, of the shape axes<t>.
template <auto Axis>
  requires detail::Axes<Axis>
inline constexpr typename detail::range_formula<Axis>::type position{};

/// The same tensor with another name for an axis: rename<t, s>(x).
template <auto From, auto To, Expression X>
  requires detail::Axes<From, To>
constexpr auto rename(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, From);
  if constexpr (!detail::shape_has<typename X::shape, From>::axes_of_this_size) return constant<0>;
  else {
    using length = detail::number_of_elements<From.size, To.size>;
    static_assert(length::agrees, "typegrad: rename<t, s>(x): the axes have different sizes");
    return detail::reshaped<typename detail::shape_made<detail::renamed_axes<typename X::shape, From, To>>::type>(x);
  }
}

/// The same tensor with its numbers in the order of these axes, which are all that it has.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto order(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis...);
  if constexpr (!detail::shape_has<typename X::shape, Axis...>::axes_of_this_size) return constant<0>;
  else {
    using all = detail::number_of_elements<static_cast<int>(sizeof...(Axis)), detail::axes_of_shape<typename X::shape>.count>;
    static_assert(all::agrees, "typegrad: order<t, c>(x): name all axes of x");
    if constexpr (all::agrees) return detail::spread_to<axes<Axis...>>(x);
    else return constant<0>;
  }
}

/// One axis as several, the outermost first: split<c, h, d>(x).
template <auto From, auto... To, Expression X>
  requires detail::Axes<From, To...> && (sizeof...(To) > 0)
constexpr auto split(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, From);
  if constexpr (!detail::shape_has<typename X::shape, From>::axes_of_this_size) return constant<0>;
  else {
    using length = detail::number_of_elements<(To.size * ...), From.size>;
    static_assert(length::agrees, "typegrad: split<c, h, d>(x): the sizes of the new axes must multiply to that of the old one");
    if constexpr (length::agrees) return detail::reshaped<typename detail::shape_made<detail::split_axes<typename X::shape, From, To...>>::type>(x);
    else return constant<0>;
  }
}

/// Several axes as one, the last name given: merge<h, d, c>(x).
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...> && (sizeof...(Axis) > 1)
constexpr auto merge(X x) {
  using plan = detail::merge_plan<typename X::shape, Axis...>;
  static_assert(plan::are_there, "typegrad: merge<h, d, c>(x): x must have the axes to be merged, and their sizes multiply to that of the new one");
  if constexpr (plan::are_there)
    return detail::reshaped<typename detail::shape_made<typename plan::merged>::type>(detail::spread_to<typename plan::gathered_shape>(x));
  else return constant<0>;
}

/// The numbers of x, in their order, as a tensor of another shape: reshape<matrix<2, 3>>(v), reshape<axes<t, c>>(X).
template <class Shape, Expression X>
  requires requires { Shape::value.rank; }
constexpr auto reshape(X x) {
  using length = detail::number_of_elements<Shape::value.size(), X::shape::value.size()>;
  static_assert(length::agrees, "typegrad: reshape<Shape>(x): the shapes must have the same number of elements");
  if constexpr (!length::agrees) return constant<0>;
  else if constexpr (std::is_same_v<Shape, typename X::shape>) return x;
  else if constexpr (Shape::value == X::shape::value && detail::is_named<Shape>) return detail::reshaped<Shape>(x);
  else return detail::nest_expression<op::contract, detail::reshape_loops<Shape>, X>();
}

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
