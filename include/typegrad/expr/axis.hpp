// SPDX-License-Identifier: BSL-1.0
// Named axes, and shapes made of them: axis<"c", 16>, axes<t, c>. Which axes a tensor has stands in its type.
#pragma once

#include <typegrad/expr/fixed_string.hpp>
#include <typegrad/expr/shape.hpp>

#include <cstdint>
#include <utility>

namespace typegrad {

/// An axis as a value. Size 0: known at run time; then the calculus sees one row at a time, and the axis has one element.
struct axis_info {
  const char* name = "";
  int size = 0;
  std::uint64_t hash = 0;  // of its name

  constexpr int length() const { return size == 0 ? 1 : size; }
  constexpr bool is_run_time() const { return size == 0; }
};

inline constexpr int most_axes = 8;

/// The axes of a tensor as a value, the outermost first: numbers stand in this order, the last axis next to each other.
struct axis_list {
  int count = 0;
  axis_info at[most_axes] = {};

  /// The number of the axis of this name, or -1.
  constexpr int find(std::uint64_t hash) const {
    for (int k = 0; k < count; ++k)
      if (at[k].hash == hash) return k;
    return -1;
  }
  constexpr bool has(std::uint64_t hash) const { return find(hash) >= 0; }
  /// How far apart neighbours along the axis of this name stand; 0 if there is none.
  constexpr int stride(std::uint64_t hash) const {
    const int k = find(hash);
    int result = k < 0 ? 0 : 1;
    for (int j = k + 1; k >= 0 && j < count; ++j) result *= at[j].length();
    return result;
  }
  constexpr int size() const {
    int result = 1;
    for (int k = 0; k < count; ++k) result *= at[k].length();
    return result;
  }
  /// Does it have axes of known length?
  constexpr bool is_tensor() const {
    for (int k = 0; k < count; ++k)
      if (!at[k].is_run_time()) return true;
    return false;
  }
  /// The number of the axis of run-time length among all axes, told by its name; 0 if there is none, 1 for rows without a name.
  constexpr int rows() const {
    for (int k = 0; k < count; ++k)
      if (at[k].is_run_time()) return rows_named(at[k].hash);
    return 0;
  }
  static constexpr int rows_named(std::uint64_t hash) { return 2 + static_cast<int>(hash % (1u << 29)); }
  constexpr bool has_rows() const {
    for (int k = 0; k < count; ++k)
      if (at[k].is_run_time()) return true;
    return false;
  }
  constexpr void add(const axis_info& axis) {
    if (count < most_axes) at[count] = axis;
    ++count;
  }
  constexpr std::uint64_t hash() const {
    std::uint64_t h = detail::hash_text("axes");
    for (int k = 0; k < count && k < most_axes; ++k) h = detail::mix(detail::mix(h, at[k].hash), static_cast<std::uint64_t>(at[k].size));
    return h;
  }
};

inline constexpr axis_list no_axes{};

/// The type of an axis: its name and its size.
template <fixed_string Name, int Size>
struct axis_type {
  static_assert(sizeof(Name.text) > 1, "typegrad: an axis has a name");
  static_assert(Size >= 0, "typegrad: an axis has at least one element: axis<\"c\", 16>");
  static constexpr auto text = Name;
  static constexpr int size = Size;
  static constexpr axis_info info{text.text, Size, detail::hash_text(text.text)};
  constexpr bool operator==(const axis_type&) const = default;
};

/// An axis: `constexpr auto c = tg::axis<"c", 16>;`. Tensors are indexed by axes, which are told apart by their names. Without a size
/// its length is known at run time.
template <fixed_string Name, int Size = 0>
inline constexpr axis_type<Name, Size> axis{};

namespace detail {

template <class T>
inline constexpr bool is_axis = false;
template <fixed_string Name, int Size>
inline constexpr bool is_axis<axis_type<Name, Size>> = true;

template <class... Axis>
struct are_axes {
  static constexpr bool value = (is_axis<Axis> && ...);
};

}  // namespace detail

/// The shape of a tensor with these axes, the outermost first: `parameter<"Wq", axes<h, d, c>>`. To the calculus its numbers are one
/// long vector.
template <auto... Axis>
struct axes {
  static_assert(detail::are_axes<std::remove_cv_t<decltype(Axis)>...>::value, "typegrad: axes<...> takes axes: axis<\"c\", 16>");
  static_assert(sizeof...(Axis) > 0 && sizeof...(Axis) <= most_axes, "typegrad: a tensor has one to eight axes; one number is a scalar");
  static constexpr axis_list list = [] {
    axis_list result;
    (result.add(Axis.info), ...);
    return result;
  }();
  static constexpr bool names_differ = [] {
    for (int i = 0; i < list.count; ++i)
      if (list.find(list.at[i].hash) != i) return false;
    return true;
  }();
  static constexpr bool rows_come_first = [] {
    for (int k = 1; k < list.count; ++k)
      if (list.at[k].is_run_time()) return false;
    return true;
  }();
  static_assert(
      rows_come_first,
      "typegrad: an axis whose length is known at run time stands first, and a tensor has one of them: there are no values for pairs of rows");
  static_assert(names_differ, "typegrad: two axes of a tensor have the same name; rename<t, s>(x) gives one of them another");
  static constexpr std::uint64_t hash = list.hash();
  static constexpr extent value{list.is_tensor() ? 1 : 0, list.size(), 1};
};

/// The shape of integers that say which element of an axis: 0 to below its size.
template <auto Axis, class Shape = scalar>
struct indices : Shape {
  static_assert(detail::is_axis<std::remove_cv_t<decltype(Axis)>> && Axis.size > 0, "typegrad: indices count the elements of an axis with a size");
  static_assert(Axis.size <= 1 << 24,
                "typegrad: an axis that is indexed has at most 16,777,216 elements, since float holds no larger integers exactly");
};

namespace detail {

template <class Shape>
inline constexpr bool is_indices = false;
template <auto Axis, class Shape>
inline constexpr bool is_indices<indices<Axis, Shape>> = true;

/// The axes of a shape; a scalar has none. Vectors and matrices have positions instead.
template <class Shape>
inline constexpr axis_list axes_of_shape{};
template <auto... Axis>
inline constexpr axis_list axes_of_shape<axes<Axis...>> = axes<Axis...>::list;
template <auto Axis, class Shape>
inline constexpr axis_list axes_of_shape<indices<Axis, Shape>> = axes_of_shape<Shape>;

template <class Shape>
inline constexpr bool is_named = false;
template <auto... Axis>
inline constexpr bool is_named<axes<Axis...>> = true;
template <auto Axis, class Shape>
inline constexpr bool is_named<indices<Axis, Shape>> = is_named<Shape>;

/// The axis that a value describes, as a type.
template <class List, int K>
struct axis_from {
  static constexpr axis_info info = List::value.at[K];
  using type = axis_type<fixed_string<length(info.name) + 1>::from(info.name), info.size>;
};

/// The shape of the axes `List::value`.
template <class List, class I = std::make_index_sequence<static_cast<std::size_t>(List::value.count)>>
struct shape_of_list;
template <class List>
struct shape_of_list<List, std::index_sequence<>> {
  using type = scalar;
};
template <class List, std::size_t... K>
struct shape_of_list<List, std::index_sequence<K...>> {
  using type = axes<typename axis_from<List, static_cast<int>(K)>::type{}...>;
};

}  // namespace detail
}  // namespace typegrad
