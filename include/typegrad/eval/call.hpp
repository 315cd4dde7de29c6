// SPDX-License-Identifier: BSL-1.0
// The checks of a call: each symbol has one value, of its shape. The first problem becomes one error that names the symbol.
#pragma once

#include <typegrad/eval/batch.hpp>
#include <typegrad/plan/body.hpp>

namespace typegrad::detail {

template <fixed_string Symbol, class Shape, problem Problem>
struct value_of {
  static constexpr bool is_given = Problem != problem::missing;
  static constexpr bool is_given_once = Problem != problem::twice;
  static constexpr bool is_contiguous = Problem != problem::no_data;
  static constexpr bool is_integer = Problem != problem::no_integers;
  static constexpr bool fits_shape = Problem != problem::wrong_shape;
  static constexpr bool rows_fit_shape = Problem != problem::wrong_rows;
  static constexpr bool has_rows = Problem != problem::rows_missing;
};

/// What is wrong first, and with which symbol of the plan.
struct found_problem {
  problem what;
  int symbol;
};

/// Looks every symbol up among the arguments: one of them must have it, in its shape; those over whose rows a region runs must be in a
/// batch. (Ordinary code over tables, not a class for each symbol: there may be a thousand.)
template <class Plan, class... Arg>
constexpr found_problem first_problem() {
  for (int k = 0; k < Plan::size.symbols; ++k) {
    const symbol_info& s = *Plan::value.symbols[k];
    const int found[] = {source<Arg>::find(s)..., -1};
    int count = 0;
    for (const int number : found) count += number >= 0 ? 1 : 0;
    if (count != 1) return {count == 0 ? problem::missing : problem::twice, k};
    problem p = problem::none;
    int a = 0;
    ((p = found[a] >= 0 ? source<Arg>::problem_at(found[a], s) : p, ++a), ...);
    if (p != problem::none) return {p, k};
  }
  for (int k = 0; k < Plan::size.symbols; ++k)
    if (Plan::value.varies[k] && !(source<Arg>::has_rows(*Plan::value.symbols[k]) || ...)) return {problem::rows_missing, k};
  return {problem::none, 0};
}

template <class... Arg>
struct arguments_are_known {
  static constexpr bool value = (source<Arg>::known && ...);
};

/// What a call returns after an error was reported: converts to anything, so that nothing more is reported.
struct nothing {
  template <class T>
  operator T() const;
  template <class... A>
  constexpr nothing operator()(A&&...) const {
    return {};
  }
  template <class A>
  constexpr nothing operator[](A&&) const {
    return {};
  }
};

template <class Arg>
constexpr const Arg& single_row(const Arg& arg, long long) {
  return arg;
}
template <class... B>
constexpr row<batch_type<B...>> single_row(const batch_type<B...>& all, long long i) {
  return {all, i};
}
template <class Arg>
constexpr long long rows_in(const Arg& arg) {
  if constexpr (is_batch<Arg>) return row_count(arg);
  else return 0;
}
template <class Arg>
constexpr long long rows_in(const Arg& arg, int axis) {
  if constexpr (is_batch<Arg>) return row_count(arg, axis);
  else return 0;
}

template <class Arg>
using row_of_argument = std::remove_cvref_t<decltype(single_row(std::declval<const Arg&>(), 0))>;

template <class... Arg>
struct at_most_one_batch {
  static constexpr bool value = (0 + ... + (is_batch<Arg> ? 1 : 0)) <= 1;
};

/// Is it said once where results go?
template <class... Arg>
struct at_most_one_into {
  static constexpr bool of_ranges = (0 + ... + (is_target<Arg> ? 1 : 0)) <= 1;
  static constexpr bool of_memory = (0 + ... + (is_into<Arg> ? 1 : 0)) <= 1;
};
#define TYPEGRAD_ONE_INTO "typegrad: one into(...) a call: into(y, z) takes several ranges"

/// A symbol of the plan that has the name of another, with another shape or role; or nothing.
template <class Plan>
constexpr const symbol_info* name_twice() {
  buffer<std::uint64_t> hashes;
  index_table names;
  for (int s = 0; s < Plan::size.symbols; ++s) {
    const symbol_info* const symbol = Plan::value.symbols[s];
    hashes.push(hash_text(symbol->name));
    if (names.find(hashes[s]) >= 0) return symbol;
    names.insert(hashes[s], s);
  }
  return nullptr;
}

/// Has every symbol of a formula a name of its own? This one has not.
template <const symbol_info* Symbol>
struct names_are_unique {
  static constexpr bool value = Symbol == nullptr;
};

/// Has a range of a batch this axis?
template <class Arg>
struct axes_in {
  static constexpr bool has(int) { return false; }
};
template <class... S, class... V>
struct axes_in<batch_type<binding<S, V>...>> {
  static constexpr bool has(int axis) { return ((rows_of_symbols<S> == axis) || ...); }
};
/// Is there a batch to run over, with rows along each axis, and can one pass over its rows run the plan?
template <class Recipe, bool Known, class... Arg>
struct rows_check {
  static constexpr bool is_enough = true, has_rows = true, has_each_axis = true;
};
template <class Recipe, class... Arg>
struct rows_check<Recipe, true, Arg...> {
  using plan = plan_of<Recipe>;
  static constexpr bool is_enough = plan::value.passes <= most_passes;
  static constexpr bool has_rows = (is_batch<Arg> || ...) || plan::size.vertices == 0;
  static constexpr bool has_each_axis = [] {
    for (int a = 0; a < plan::value.axis_count; ++a)
      if (has_rows && plan::value.axes[a] > 1 && !(axes_in<Arg>::has(plan::value.axes[a]) || ...)) return false;
    return true;
  }();
};

/// All that can be wrong with the arguments of a call.
template <bool InLimits, class Recipe, class... Arg>
struct arguments_check {
  static constexpr bool passed = false;
};
template <class Recipe, class... Arg>
struct arguments_check<true, Recipe, Arg...> {
  using known = arguments_are_known<row_of_argument<Arg>...>;
  using batches = at_most_one_batch<Arg...>;
  using into = at_most_one_into<Arg...>;
  using names = names_are_unique<name_twice<plan_of<Recipe>>()>;
  using plan = plan_of<Recipe>;
  static constexpr found_problem first = [] {
    if constexpr (known::value && batches::value && names::value) return first_problem<plan, row_of_argument<Arg>...>();
    else return found_problem{problem::none, 0};
  }();
  using rows = rows_check<Recipe, known::value && batches::value && first.what == problem::none, std::remove_cvref_t<Arg>...>;
  static constexpr bool passed = known::value && batches::value && into::of_ranges && into::of_memory && names::value &&
                                 first.what == problem::none && rows::is_enough && rows::has_rows && rows::has_each_axis;
};

/// All that can be wrong with a call.
template <class Recipe, class... Arg>
struct call_check : arguments_check<within_limits<Recipe>::value, Recipe, Arg...> {
  using limits = within_limits<Recipe>;
};

/// Reports what a failed check found, as one error.
template <class Check>
constexpr nothing report() {
  static_assert(Check::limits::value, TYPEGRAD_TOO_LARGE);
  if constexpr (Check::limits::value) {
    using known = typename Check::known;
    using batches = typename Check::batches;
    static_assert(known::value, "typegrad: the arguments must be bindings (w = 0.5), points, batch(...) or structs described to Boost.Hana");
    static_assert(batches::value, "typegrad: one batch(...) per call: put all its ranges into it");
    using into = typename Check::into;
    static_assert(into::of_ranges, TYPEGRAD_ONE_INTO);
    static_assert(into::of_memory, "typegrad: one into(memory) a call: it holds all that a call computes in");
    using names = typename Check::names;
    static_assert(names::value,
                  "typegrad: two symbols of one name, but of different shapes or roles, in one formula; networks get names of their own by "
                  ".named<\"other\">()");
    using rows = typename Check::rows;
    static_assert(rows::is_enough,
                  "typegrad: sums over rows of values that depend on sums over rows, and so on: more than eight passes over the data");
    static_assert(rows::has_rows, "typegrad: sum_over and mean_over run over the rows of a batch: add batch(...) to the arguments");
    static_assert(rows::has_each_axis,
                  "typegrad: no data has an axis of run-time length that the formula goes along: bind a symbol with this axis, x = xs");
    if constexpr (Check::first.what != problem::none) {
      using symbol = typename symbol_from<Check::plan::value.symbols[Check::first.symbol]>::type;
      using value = value_of<symbol::text, typename symbol::shape, Check::first.what>;
      static_assert(value::is_given, "typegrad: a symbol of the formula has no value: bind it, evaluate(f, w = 0.5)");
      static_assert(value::is_given_once, "typegrad: a symbol is given a value more than once");
      static_assert(value::is_contiguous,
                    "typegrad: the value of a symbol must be a number or contiguous numbers (std::array, std::span, std::vector, an array)");
      static_assert(value::is_integer, "typegrad: the value of an index symbol must be integers (int, std::uint8_t, ...)");
      static_assert(
          value::rows_fit_shape,
          "typegrad: the rows of a batch do not have the shape of their symbol (vector<N>: N numbers a row, nested or one row after the other)");
      static_assert(value::has_rows, "typegrad: sum_over and mean_over run over the rows of a batch: bind this symbol in batch(...)");
      static_assert(value::fits_shape, "typegrad: the value does not have the shape of its symbol (a class, for a vector: its one-hot vector)");
    }
  }
  return {};
}

/// What value_and_gradient returns after an error was reported.
struct value_and_gradient_nothing {
  nothing value, gradient;
};

}  // namespace typegrad::detail
