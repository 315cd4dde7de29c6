// SPDX-License-Identifier: BSL-1.0
// Tensors of which the formula knows every number: full<t, c>(x), zeros, ones, identity<i, j>, and stack<t, c>(...) of numbers in their order.
#pragma once

#include <typegrad/op/comparison.hpp>
#include <typegrad/op/structure.hpp>

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

/// Numbers as a tensor with these axes, those along the last axis first: stack<t>(1_c, -2_c, 1_c), stack<i, j>(a, b, c, d) with b at (0, 1).
template <auto... Axis, Expression... E>
  requires detail::Axes<Axis...> && (sizeof...(Axis) > 0)
constexpr auto stack(E... numbers) {
  using given = detail::number_of_elements<static_cast<int>(sizeof...(E)), (Axis.size * ...)>;
  using operands = detail::numbers_given<E...>;
  static_assert(given::agrees, "typegrad: stack<t, c>(a, b, ...): as many numbers as the axes have together");
  static_assert(operands::are_scalars, "typegrad: stack<t, c>(a, b, ...): each of a, b, ... is a number");
  if constexpr (given::agrees && operands::are_scalars) return reshape<axes<Axis...>>(stack(numbers...));
  else return constant<0>;
}

}  // namespace typegrad
