// SPDX-License-Identifier: BSL-1.0
// Tensors under other axes: rename, order, split, merge, reshape; and position<t>.
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

template <auto Axis>
struct range_formula {
  using op = std::conditional_t<Axis.info.is_run_time(), typegrad::op::row_number, typegrad::op::range>;
  static constexpr std::uint64_t hash = mix(mix(describe<op>.id, Axis.info.hash), static_cast<std::uint64_t>(Axis.size));
  static constexpr loop_text text = loop_text{}.put("position<").put(Axis.info.name).put(">");
  static constexpr extent shape = axes<Axis>::value;
  static constexpr contraction loops = [] {
    contraction made = contraction_over(list_of<Axis>(), no_axes, no_axes, no_axes);
    made.name = text.text;
    if (Axis.info.is_run_time()) made.pick = list_of<Axis>().rows();
    return made;
  }();
  static constexpr formula node_{&describe<op>, hash, shape, nullptr, 0, {}, nullptr, nullptr, false, &loops};
  static_assert(sizeof(inject<hash, range_formula>) > 0);
  using type = expression<op, axes<Axis>, hash>;
};

}  // namespace detail

/// 0, 1, 2, ... along an axis: a constant, of the shape axes<t>. Along an axis of run-time length, the number of the row.
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

}  // namespace typegrad
