// SPDX-License-Identifier: BSL-1.0
// Several results of one program: tuple(f, g, ...), value_and_jacobian(f, wrt(...)). What they share is computed once.
#pragma once

#include <typegrad/diff/jacobian.hpp>
#include <typegrad/eval/evaluate.hpp>
#include <typegrad/plan/print.hpp>

#include <boost/hana/keys.hpp>

namespace typegrad {

/// Several formulas, to be evaluated together.
template <Expression... E>
struct tuple_type {};

namespace detail {

/// The formulas, or their means over the rows of a batch.
template <class Rows, class... E>
struct tuple_recipe : expressions<true, E...> {
  static constexpr bool build(arena& target, buffer<int>& roots) {
    target.set_rows(Rows::hashes, Rows::count);
    importer import(target);
    const int all[] = {import(E::node())...};
    for (const int root : all) roots.push(Rows::count > 0 ? mean_over_rows(target, root) : root);
    return true;
  }
};

template <class T, class... E>
struct tuple_call {
  template <class... Arg>
  struct with {
    using recipe = tuple_recipe<rows_of_arguments<Arg...>, E...>;
    using check = call_check<recipe, Arg...>;
    using number_type = std::conditional_t<std::is_void_v<T>, typename number_type_of<row_of_argument<Arg>...>::type, T>;
    using value_type = boost::hana::tuple<typename value_type_for<number_type, typename E::shape>::type...>;
    using storage = call_storage<value_type, call_memory<recipe, number_type>>;
  };
};

template <class... E>
struct all_expressions {
  static constexpr bool value = (Expression<E> && ...) && sizeof...(E) > 0;
};

}  // namespace detail

/// Several formulas as one: `evaluate(tuple(f, g), x = 2.0)` is a hana::tuple of their values.
template <class... E>
constexpr auto tuple(E...) {
  static_assert(detail::all_expressions<E...>::value, "typegrad: tuple(f, g, ...) takes formulas, at least one");
  if constexpr (detail::all_expressions<E...>::value) return tuple_type<E...>{};
  else return tuple_type<>{};
}

/// The values of several formulas, by one program. With `into(y, z, ...)` they are written there.
template <class T = void, class... E, class... Arg>
constexpr decltype(auto) evaluate(tuple_type<E...>, const Arg&... arg) TYPEGRAD_NOEXCEPT {
  using call = detail::sorted_call<detail::tuple_call<T, E...>::template with, Arg...>;
  if constexpr (!call::check::passed) return detail::report<typename call::check>();
  else if constexpr (detail::have_row_bindings<Arg...>)
    return detail::with_rows([](const auto&... a) -> decltype(auto) { return evaluate<T>(tuple_type<E...>{}, a...); }, arg...);
  else if constexpr ((detail::is_target<Arg> || ...))
    return detail::write_results<detail::tuple_recipe<detail::rows_of_arguments<Arg...>, E...>, T, E::shape::value.size()...>(arg...);
  else if constexpr (!detail::check_memory<typename call::storage, Arg...>()) return detail::nothing{};
  else return detail::evaluate_as<typename call::recipe, typename call::number_type, typename call::value_type>(arg...);
}

/// Memory for `evaluate(tuple(f, g), arg..., into(memory))`.
template <class T = void, class... E, class... Arg>
auto storage(tuple_type<E...>, const Arg&...) {
  return typename detail::sorted_call<detail::tuple_call<T, E...>::template with, Arg...>::storage();
}

/// A value and its Jacobians; `jacobian[x]` is that with respect to x.
template <class Value, class Jacobian>
struct value_and_jacobian_result {
  Value value;
  Jacobian jacobian;
};

/// The callable that evaluates a formula and its Jacobians together; made by `value_and_jacobian`. With `into(y, J, ...)` the value is written to y,
/// the Jacobian with respect to the first symbol to J, and so on.
template <class E, class... X>
struct value_and_jacobian_of {
  static constexpr auto formulas = typegrad::tuple(E{}, detail::jacobian_by<E, X>()...);

  /// The plan of one call: `to_string(program.plan<double>())`.
  template <class T = float>
  static constexpr auto plan() noexcept {
    return single_plan<detail::tuple_recipe<detail::no_rows, E, decltype(detail::jacobian_by<E, X>())...>, T>{};
  }

  template <class... Arg>
  constexpr auto operator()(const Arg&... arg) const TYPEGRAD_NOEXCEPT {
    if constexpr ((detail::is_target<Arg> || ...)) return evaluate(formulas, arg...);
    else
      return boost::hana::unpack(evaluate(formulas, arg...), [](const auto& value, const auto&... jacobian) {
        const auto all = boost::hana::make_map(boost::hana::make_pair(X{}, jacobian)...);
        return value_and_jacobian_result<std::remove_cvref_t<decltype(value)>, std::remove_const_t<decltype(all)>>{value, all};
      });
  }
};

/// One program for the value of a formula of any shape and its Jacobian with respect to each symbol, by default all parameters.
template <Expression E>
constexpr auto value_and_jacobian(E) noexcept {
  return []<class... X>(type_list<X...>) { return value_and_jacobian_of<E, X...>{}; }(parameters_of<E>{});
}
template <Expression E, class... X>
constexpr auto value_and_jacobian(E, boost::hana::tuple<X...>) noexcept {
  return value_and_jacobian_of<E, X...>{};
}

}  // namespace typegrad
