// SPDX-License-Identifier: BSL-1.0
// Symbols: named scalars, vectors and matrices; parameters are trained, variables are given.
#pragma once

#include <typegrad/expr/expression.hpp>

namespace typegrad {

namespace op {
struct symbol {
  static constexpr char name[] = "symbol";
  static constexpr notation form = notation::leaf;
};
}  // namespace op

namespace detail {
template <class Shape>
constexpr link<const axis_list> axes_link() {
  if constexpr (is_named<Shape>) return &Shape::list;
  else return nullptr;
}
template <class Shape>
inline constexpr link<const axis_info> values_link = nullptr;
template <auto Axis, class Shape>
inline constexpr link<const axis_info> values_link<indices<Axis, Shape>> = &decltype(Axis)::info;

template <fixed_string Name>
struct is_name {
  static constexpr bool value = sizeof(Name.text) > 1 && length(Name.text) + 1 == sizeof(Name.text);
};
}  // namespace detail

/// A symbol and the value that it is to have; made by `w = 0.5`.
template <class Symbol, class Value>
struct binding {
  using typegrad_binding = Symbol;
  Value value;
};

/// A named input of a formula. Two symbols are the same if name, shape and role are.
template <fixed_string Name, class Shape, role Role>
struct symbol : detail::expression_members<symbol<Name, Shape, Role>> {
  using typegrad_expression = symbol;
  using typegrad_symbol = symbol;
  using shape = Shape;
  using hana_tag = struct symbol_tag;
  static_assert(Shape::value.rank >= 0);  // what is wrong with the shape is told first
  static constexpr auto text = Name;
  static constexpr std::uint64_t hash = [] {
    using detail::mix;
    std::uint64_t named = static_cast<std::uint64_t>(Role);
    for (const char letter : Name.text) named = mix(named, static_cast<unsigned char>(letter));
    named = mix(mix(mix(named, static_cast<std::uint64_t>(Shape::value.rank)), static_cast<std::uint64_t>(Shape::value.rows)),
                static_cast<std::uint64_t>(Shape::value.cols));
    if constexpr (detail::is_named<Shape>) named = mix(named, Shape::hash);
    if constexpr (detail::is_indices<Shape>) named = mix(named, detail::values_link<Shape>->hash);
    return named;
  }();
  static_assert(detail::is_name<Name>::value, "typegrad: the name of a symbol has at least one character, and no NUL among them");
  static_assert(sizeof(detail::inject<hash, symbol>) > 0);  // two symbols of one hash would be a redefinition
  static constexpr symbol_info info{text.text, Shape::value, Role, hash, detail::axes_link<Shape>(), detail::values_link<Shape>};
  static constexpr formula node_{&describe<op::symbol>, hash, Shape::value, nullptr, 0, {}, &info};
  static constexpr const formula& node() { return node_; }

  /// Names a value for this symbol: a number, or anything contiguous (std::array, std::span, std::vector, a C array).
  /// What has a name of its own is referred to; temporaries are moved in.
  template <class Value>
  [[nodiscard]] constexpr auto operator=(Value&& value) const noexcept {
    using V = std::remove_cvref_t<Value>;
    if constexpr (std::is_arithmetic_v<V>) return binding<symbol, V>{value};
    else if constexpr (std::is_lvalue_reference_v<Value> || std::is_array_v<V>) return binding<symbol, const V&>{value};
    else return binding<symbol, V>{static_cast<Value&&>(value)};
  }
};

struct symbol_tag;

template <class S>
concept Symbol = requires { typename S::typegrad_symbol; };

/// A trainable input: `parameter<"w">`, `parameter<"W", matrix<16, 2>>`.
template <fixed_string Name, class Shape = scalar>
inline constexpr symbol<Name, Shape, role::parameter> parameter{};

/// A free input: `variable<"x">`, `variable<"v", vector<2>>`.
template <fixed_string Name, class Shape = scalar>
inline constexpr symbol<Name, Shape, role::variable> variable{};

/// Integers as input, each of them an element of an axis: `index<"token", v, axes<t>>`, `index<"label", v>`. Bound to integers of any width;
/// one that is out of range is an error before anything is read.
template <fixed_string Name, auto Axis, class Shape = scalar>
inline constexpr symbol<Name, indices<Axis, Shape>, role::variable> index{};

namespace detail {
/// The shape of the symbol that Info describes, from its extent Source::shape, its axes, and the axis whose elements it counts.
template <class Source, const symbol_info* Info, bool Named, bool Counts>
struct shape_of_symbol {
  using type = shape_type<Source>;
};
template <class Source, const symbol_info* Info>
struct shape_of_symbol<Source, Info, true, false> {
  static constexpr axis_list value = *Info->axes;
  using type = typename shape_of_list<shape_of_symbol>::type;
};
template <class Source, const symbol_info* Info, bool Named>
struct shape_of_symbol<Source, Info, Named, true> {
  static constexpr axis_list value{1, {*Info->values}};
  static constexpr typename axis_from<shape_of_symbol, 0>::type axis{};
  using type = indices<axis, typename shape_of_symbol<Source, Info, Named, false>::type>;
};

/// The symbol type that a symbol_info describes.
template <const symbol_info* Info>
struct symbol_from {
  static constexpr extent shape = Info->shape;
  static constexpr role kind = Info->role;
  static constexpr std::size_t size = length(Info->name) + 1;
  static constexpr auto name = fixed_string<size>::from(Info->name);
  using type = symbol<name, typename shape_of_symbol<symbol_from, Info, Info->axes != nullptr, Info->values != nullptr>::type, kind>;
};
}  // namespace detail

}  // namespace typegrad
