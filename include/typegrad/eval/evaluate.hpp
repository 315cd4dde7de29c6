// SPDX-License-Identifier: BSL-1.0
// evaluate(f, w = 0.5): the value of a formula, in constant expressions and at run time.
#pragma once

#include <typegrad/diff/reverse.hpp>
#include <typegrad/eval/results.hpp>
#include <typegrad/eval/row_axis.hpp>

namespace typegrad {
namespace detail {

template <class T, class E>
struct evaluate_with {
  template <class... Arg>
  struct call;
};
template <class T, class E>
template <class... Arg>
struct evaluate_with<T, E>::call {
  using recipe = batch_recipe<E, rows_of_arguments<Arg...>>;
  using check = call_check<recipe, Arg...>;
  using number_type = std::conditional_t<std::is_void_v<T>, typename number_type_of<row_of_argument<Arg>...>::type, T>;
  using value_type = typename value_type_for<number_type, typename E::shape>::type;
  using storage = call_storage<value_type, call_memory<recipe, number_type>>;
};

}  // namespace detail

/// The value of e at the given values: a number, or a tensor of the shape of e; with a batch, the mean over its rows.
/// Computes in the number type of the values (that of a point, if one is given), or in the type asked for.
/// With `into(memory)` a reference to the result there; with `into(y)` it is written to y and computed in its number type, which must be the one
/// asked for, if one is.
template <class T = void, Expression E, class... Arg>
constexpr decltype(auto) evaluate(E, const Arg&... arg) TYPEGRAD_NOEXCEPT {
  using call = detail::sorted_call<detail::evaluate_with<T, E>::template call, Arg...>;
  if constexpr (!call::check::passed) return detail::report<typename call::check>();
  else if constexpr (detail::have_row_bindings<Arg...>)
    return detail::with_rows([](const auto&... a) -> decltype(auto) { return evaluate<T>(E{}, a...); }, arg...);
  else if constexpr ((detail::is_target<Arg> || ...)) return detail::write_results<typename call::recipe, T, E::shape::value.size()>(arg...);
  else if constexpr (!detail::check_memory<typename call::storage, Arg...>()) return detail::nothing{};
  else return detail::evaluate_as<typename call::recipe, typename call::number_type, typename call::value_type>(arg...);
}

/// Memory for `evaluate(e, arg..., into(memory))`.
template <class T = void, Expression E, class... Arg>
auto storage(E, const Arg&...) {
  return typename detail::sorted_call<detail::evaluate_with<T, E>::template call, Arg...>::storage();
}

namespace detail {

/// f(w = 0.5), of which the expression knows before there is an evaluation.
template <class E, class... Arg>
struct call_later : call_check<batch_recipe<E, rows_of_arguments<Arg...>>, Arg...> {
  static constexpr auto value(const Arg&... arg) TYPEGRAD_NOEXCEPT { return evaluate(E{}, arg...); }
};

template <class E>
struct evaluated {
  static constexpr bool is_a_formula = Expression<E>;
};

}  // namespace detail

/// What is no formula: most likely a network without its input.
template <class T = void, class E, class... Arg>
  requires(!Expression<E>)
constexpr auto evaluate(const E&, const Arg&...) {
  static_assert(detail::evaluated<E>::is_a_formula,
                "typegrad: evaluate(e, ...) takes a formula; a network becomes one by its input: evaluate(model(x), ...)");
  return detail::nothing{};
}

}  // namespace typegrad
