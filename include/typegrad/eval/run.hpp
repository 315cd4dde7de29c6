// SPDX-License-Identifier: BSL-1.0
// Runs the program of a recipe with the arguments of a call: symbols find their values, root r goes to roots[r].
#pragma once

#include <typegrad/eval/execute.hpp>
#include <typegrad/eval/places.hpp>
#include <typegrad/eval/region.hpp>
#include <typegrad/eval/row_by_row.hpp>
#include <typegrad/eval/storage.hpp>

namespace typegrad::detail {

/// The value of symbol S as contiguous numbers; nothing if it differs from row to row.
template <class T, class S, class... Arg>
TYPEGRAD_INLINE constexpr auto value_of_symbol(const Arg&... arg) {
  if constexpr ((rows_provide<Arg, S> || ...)) return no_value<T>{};
  else return bound_value<T, S, std::remove_cvref_t<decltype(pick<S>(arg...))>>(pick<S>(arg...));
}

/// Runs f with the memory of a call: that of `into`, or some of the stack.
template <class Recipe, class T, class F, class... Arg>
TYPEGRAD_INLINE inline void with_memory(F f, const Arg&... arg) {
  if constexpr ((is_into<Arg> || ...)) {
    f(storage_among(arg...).memory);
  } else {
    call_memory<Recipe, T> memory;
    f(memory);
  }
}

template <class Recipe, class T, class Policy, class... Row, class... Arg>
TYPEGRAD_INLINE constexpr void run_batch(Policy& policy, type_list<Row...>, T* const* roots, const T* const* shared, const Arg&... arg) {
  constexpr bool has_lanes = std::is_same_v<T, float> || std::is_same_v<T, double>;
  long long rows[plan_of<Recipe>::value.axis_count] = {};
  for (int a = 0; a < plan_of<Recipe>::value.axis_count; ++a) rows[a] = (0 + ... + rows_in(arg, plan_of<Recipe>::value.axes[a]));
  if constexpr (has_lanes) {
    // The builtin itself: else g++ emits both branches where it does not optimise.
    if (__builtin_is_constant_evaluated()) row_by_row<Recipe, T>::run(roots, rows, shared, reader_of_rows(rows_of_symbol<Row>(arg...))...);
    else
      with_memory<Recipe, T>(
          [&](auto& memory)
              TYPEGRAD_INLINE { run_regions<Recipe, T>(policy, memory, roots, rows, shared, source_of_rows(rows_of_symbol<Row>(arg...))...); },
          arg...);
  } else {
    row_by_row<Recipe, T>::run(roots, rows, shared, reader_of_rows(rows_of_symbol<Row>(arg...))...);
  }
}

/// A program without rows; `base[2 + k]` is where the value of symbol k is. A small one reads a constant copy of this table, so that
/// nothing is looked up again after a store.
template <class Plan, class T, std::size_t... K, std::size_t... R>
TYPEGRAD_INLINE constexpr void run_line(T* workspace, T* const* roots, const T** base, std::index_sequence<K...>, std::index_sequence<R...>) {
  base[0] = workspace, base[1] = constants_of<Plan, T>::value.at;
  if constexpr (sizeof...(K) <= few_symbols) {
    const T* const copy[] = {workspace, constants_of<Plan, T>::value.at, base[2 + K]..., roots[R]...};
    execute<Plan>(workspace, copy);
    copy_roots<Plan>(roots, copy);
  } else {
    execute<Plan>(workspace, base);
    copy_roots<Plan>(roots, base);
  }
}
template <class Plan>
using symbols_of_plan = std::make_index_sequence<static_cast<std::size_t>(Plan::size.symbols)>;
template <class Plan>
using roots_of_plan = std::make_index_sequence<static_cast<std::size_t>(roots_in_table(Plan::size))>;

template <class Recipe, class T, class Policy, class... S, class... Arg>
TYPEGRAD_INLINE constexpr void run_placed(Policy& policy, type_list<S...>, T* const* roots, const T** base, const Arg&... arg) {
  using plan = plan_of<Recipe>;
  if constexpr (plan::size.vertices != 0) {
    run_batch<Recipe, T>(policy, typename varying_symbols<type_list<>, type_list<S...>, Arg...>::type{}, roots, base + 2, arg...);
  } else if constexpr ((is_into<Arg> || ...)) {
    run_line<plan>(storage_among(arg...).memory.workspace, roots, base, symbols_of_plan<plan>{}, roots_of_plan<plan>{});
  } else {
    alignas(plan::value.workspace < 16 ? alignof(T) : 64) T workspace[plan::value.workspace + 1];
    run_line<plan>(workspace, roots, base, symbols_of_plan<plan>{}, roots_of_plan<plan>{});
  }
}

/// Without rows a batch stands for its first one.
template <bool Rows, class Arg>
constexpr decltype(auto) as_used(const Arg& arg) {
  if constexpr (Rows) return (arg);
  else return single_row(arg, 0);
}

/// Runs the program of a recipe; root r goes to roots[r].
template <class Recipe, class T, class Others, class Policy, class... S, class... Arg>
TYPEGRAD_INLINE constexpr void run_with(Policy& policy, type_list<S...> others, T* const* roots, const Arg&... arg) {
  using plan = plan_of<Recipe>;
  [&](const auto&... value) TYPEGRAD_INLINE {
    const T* base[bound(plan::size.symbols + 2)] = {};
    (place_point<plan>(base + 2, arg), ...);
    place_others<Others>(base + 2, std::index_sequence_for<S...>{}, value...);
    run_placed<Recipe, T>(policy, others, roots, base, arg...);
  }(value_of_symbol<T, S>(as_used < plan::size.vertices != 0 > (arg)...)...);
}
template <class Recipe, class T, class Policy, class... Arg>
TYPEGRAD_INLINE constexpr void run_program(Policy& policy, T* const* roots, const Arg&... arg) {
  using others = other_symbols<plan_of<Recipe>, T, Arg...>;
  run_with<Recipe, T, others>(policy, typename others::type{}, roots, arg...);
}

}  // namespace typegrad::detail
