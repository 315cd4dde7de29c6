// SPDX-License-Identifier: BSL-1.0
// A result for each row of the data: evaluate(f, theta, each(x = xs), into(out)); and data with an axis of run-time length, `x = xs`.
#pragma once

#include <typegrad/eval/tuple.hpp>

namespace typegrad {

/// Rows for each of which a formula is evaluated.
template <class Batch>
struct each_type {
  Batch rows;
};

/// The rows for each of which a formula is evaluated: `evaluate(f, theta, each(x = xs), into(out))` writes f of row i to out[i].
template <class... S, class... V>
constexpr auto each(binding<S, V>... rows) {
  return each_type<batch_type<binding<S, V>...>>{batch(static_cast<binding<S, V>&&>(rows)...)};
}

namespace detail {

template <class T>
inline constexpr bool is_each = false;
template <class Batch>
inline constexpr bool is_each<each_type<Batch>> = true;

template <class E>
inline constexpr bool has_rows_left = axes_of_shape<typename E::shape>.has_rows();

struct neither_rows_nor_targets {
  template <class A>
  static constexpr bool keeps = !is_row_binding<A> && !is_target<A> && !is_each<A>;
};

/// Several results for each row.
template <class Rows, class... E>
struct each_recipe : expressions<true, E...> {
  static constexpr bool gives_rows = true;
  static constexpr int result_axes[] = {(has_rows_left<E> ? axes_of_shape<typename E::shape>.rows() : 0)...};
  static constexpr bool build(arena& target, buffer<int>& roots) {
    target.set_rows(Rows::hashes, Rows::count);
    return expressions<true, E...>::build(target, roots);
  }
};

/// The axis of the rows of a result. One that has none is the same for all rows of the last pass.
template <class Recipe, class Shape>
inline constexpr int axis_of_result = [] {
  constexpr auto& plan = plan_of<Recipe>::value;
  return axes_of_shape<Shape>.has_rows() ? axes_of_shape<Shape>.rows() : plan.axes[plan.axis_of[plan.passes - 1]];
}();

template <class... E>
struct each_call {
  template <class Target, class Batch, class... Other>
  static constexpr void run(const Target& target, const Batch& rows, const Other&... other) {
    using T = typename target_of<Target>::number_type;
    using recipe = each_recipe<rows_of_arguments<Batch>, E...>;
    using check = call_check<recipe, Other..., Batch>;
    if constexpr (!check::passed) {
      report<check>();
    } else if constexpr (check_memory<call_storage<T, call_memory<recipe, T>>, Other...>()) {
      one_thread policy;
      const auto go = [&](const auto&... to) {
        (check_target(to, row_count(rows, axis_of_result<recipe, typename E::shape>) * E::shape::value.size()), ...);
        T* const roots[] = {to.data...};
        constexpr bool in_place = sizeof...(E) == 1;  // a row is read before its one result is written
        check_overlap<recipe, in_place>(target, other..., rows);
        run_program<recipe, T>(policy, roots, other..., rows);
      };
      if constexpr (boost::hana::is_a<boost::hana::tuple_tag, Target>) boost::hana::unpack(target, go);
      else go(target);
    }
  }
};

template <class First, class... Rest>
constexpr const auto& each_among(const First& first, const Rest&... rest) {
  if constexpr (is_each<First>) return first.rows;
  else return each_among(rest...);
}

/// Asked: the number type that is asked for, or void.
template <class Asked, class... E, class... Arg>
constexpr void evaluate_each(const Arg&... arg) {
  using given = targets<(0 + ... + target_of<Arg>::count), static_cast<int>(sizeof...(E))>;
  static_assert(given::are_given, "typegrad: a result for each row needs a place: evaluate(f, ..., into(out)), out a std::vector or the like");
  using written = numbers_written<Asked, target_number<Arg..., into_rows<Asked>>>;
  using into = at_most_one_into<Arg...>;
  constexpr bool usable = given::are_given && into::of_ranges;
  static_assert(into::of_ranges, TYPEGRAD_ONE_INTO);
  static_assert(given::are_as_many || !usable, "typegrad: into(...) takes one range for each formula of a tuple");
  static_assert(written::are_those_asked_for || !usable || !given::are_as_many, TYPEGRAD_OTHER_NUMBERS);
  if constexpr (given::are_as_many && usable && written::are_those_asked_for) {
    boost::hana::unpack(other_arguments(neither_rows_nor_targets{}, arg...), [&](const auto*... other) {
      if constexpr ((is_each<Arg> || ...)) each_call<E...>::run(target_among(arg...), each_among(arg...), *other...);
      else each_call<E...>::run(target_among(arg...), row_arguments(arg...), *other...);
    });
  }
}

}  // namespace detail

/// f of each row, written to `into(out)`: `evaluate(f, theta, each(x = xs), into(out))`, or, where x has an axis of run-time length that f
/// keeps, `evaluate(f, theta, x = xs, into(out))`. Computes in the number type of out (which
/// must be T, if one is asked for), many rows at a time.
template <class T = void, Expression E, class... Arg>
  requires((detail::is_each<Arg> || ...) || detail::has_rows_left<E>)
constexpr void evaluate(E, const Arg&... arg) TYPEGRAD_NOEXCEPT {
  detail::evaluate_each<T, E>(arg...);
}
template <class T = void, class... E, class... Arg>
  requires((detail::is_each<Arg> || ...) || (detail::has_rows_left<E> || ...))
constexpr void evaluate(tuple_type<E...>, const Arg&... arg) TYPEGRAD_NOEXCEPT {
  detail::evaluate_each<T, E...>(arg...);
}

}  // namespace typegrad
