// SPDX-License-Identifier: BSL-1.0
// Tensors put together from what the formula names: full<t, c>(x), zeros, ones, identity<i, j>, stack<t, c>(...) of numbers in their order, and
// stack<t>(x, y, ...) of tensors.
#pragma once

#include <typegrad/op/comparison.hpp>
#include <typegrad/op/window.hpp>

namespace typegrad {

namespace detail {

template <auto... Axis>
struct length_known {
  static constexpr bool to_the_compiler = !(Axis.info.is_run_time() || ...);
};
template <class... E>
struct numbers_given {
  static constexpr bool are_scalars = ((E::shape::value.rank == 0) && ...);
};

}  // namespace detail

/// The number x, or a formula of that shape, all over a tensor with these axes: full<t, c>(0.5_c)[i, j] = 0.5. The adjoint of x is the sum of all.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...> && (sizeof...(Axis) > 0)
constexpr auto full(X) {
  using length = detail::length_known<Axis...>;
  using value = detail::numbers_given<X>;
  static_assert(length::to_the_compiler, "typegrad: full<t, c>(x): along an axis of run-time length a number is the same in each row as it stands");
  static_assert(value::are_scalars, "typegrad: full<t, c>(x): x is a number; a tensor is repeated along axes that it lacks where it meets them");
  if constexpr (length::to_the_compiler && value::are_scalars)
    return detail::nest_expression<op::contract, detail::spread_loops<typename X::shape, axes<Axis...>>, X>();
  else return constant<0>;
}
/// 0 all over.
template <auto... Axis>
  requires detail::Axes<Axis...> && (sizeof...(Axis) > 0)
inline constexpr auto zeros = full<Axis...>(constant<0>);
/// 1 all over.
template <auto... Axis>
  requires detail::Axes<Axis...> && (sizeof...(Axis) > 0)
inline constexpr auto ones = full<Axis...>(constant<1>);

/// 1 where the positions along both axes are the same, else 0: identity<i, j>[k, l] = (k == l). Two axes; their sizes may differ.
template <auto Row, auto Column>
  requires detail::Axes<Row, Column> && (Row.info.hash != Column.info.hash)
inline constexpr auto identity = select(equal(position<Row>, position<Column>), constant<1>, constant<0>);

namespace detail {

/// The axes of X with another one in front, of one element; behind an axis of run-time length.
template <class X, auto Axis>
struct with_axis {
  static constexpr axis_list make() {
    axis_list result;
    const axis_list& from = axes_of_shape<X>;
    if (from.has_rows()) result.add(from.at[0]);
    result.add(axis_type<Axis.text, 1>::info);
    for (int k = from.has_rows() ? 1 : 0; k < from.count; ++k) result.add(from.at[k]);
    return result;
  }
};
/// What is stacked: tensors that meet by name, each of them a layer along an axis of one element.
template <auto Axis, class... E>
struct layers_of_stack {
  using operands = meeting<true, void, E...>;
  using shape = typename operands::shape;
  static constexpr bool meet_by_name = is_named<shape> && operands::names_stay_apart_from_positions && operands::rows::have_one_axis &&
                                       operands::sizes::value && axes_of_shape<shape>.count < most_axes && !axes_of_shape<shape>.has(Axis.info.hash);
  using with_one = typename shape_made<with_axis<shape, Axis>>::type;

  template <class X>
  static constexpr auto layer(X) {
    return nest_expression<op::contract, spread_loops<typename X::shape, with_one>, X>();
  }
};

template <auto Axis, class First, class... Rest>
constexpr auto stack_of_tensors(First first, Rest... rest) {
  using layers = layers_of_stack<Axis, First, Rest...>;
  static_assert(layers::meet_by_name, "typegrad: stack<t>(x, y, ...): tensors with named axes that meet by name, t not among them");
  if constexpr (layers::meet_by_name)
    return abbreviate<name_along<"stack", Axis>>(
        concatenated<Axis, static_cast<int>(1 + sizeof...(Rest)), typename layers::with_one, 0>(layers::layer(first), layers::layer(rest)...), first,
        rest...);
  else return constant<0>;
}
template <auto First, auto Second, auto... Axis>
constexpr auto stack_of_tensors(Expression auto...) {
  static_assert(sizeof...(Axis) > 99,
                "typegrad: stack<t, c>(a, b, ...): each of a, b, ... is a number; tensors stand along one axis, stack<t>(x, y, ...)");
  return constant<0>;
}

}  // namespace detail

/// Numbers as a tensor with these axes, those along the last axis first: stack<t>(1_c, -2_c, 1_c), stack<i, j>(a, b, c, d) with b at (0, 1).
/// Tensors along a new axis t, which stands first: stack<t>(x, y)[k, i] = (x, y)_k[i]. They meet by name: what lacks an axis is repeated along it.
template <auto... Axis, Expression... E>
  requires detail::Axes<Axis...> && (sizeof...(Axis) > 0) && (sizeof...(E) > 0)
constexpr auto stack(E... numbers) {
  using given = detail::number_of_elements<static_cast<int>(sizeof...(E)), (Axis.size * ...)>;
  static_assert(given::agrees, "typegrad: stack<t, c>(a, b, ...): as many numbers as the axes have together; stack<t>(x, y, ...): as many tensors");
  if constexpr (!given::agrees) return constant<0>;
  else if constexpr (detail::numbers_given<E...>::are_scalars) return reshape<axes<Axis...>>(stack(numbers...));
  else return detail::stack_of_tensors<Axis...>(numbers...);
}

}  // namespace typegrad
