// SPDX-License-Identifier: BSL-1.0
// The checks of a call: each symbol has one value, of its shape. The first problem becomes one error that names the symbol.
#pragma once

#include <typegrad/eval/batch.hpp>
#include <typegrad/plan/body.hpp>

namespace typegrad::detail {

template <class S, class... Arg>
constexpr problem problem_of() {
  constexpr int count = (0 + ... + source<Arg>::template provides<S>);
  if constexpr (count != 1) return count == 0 ? problem::missing : problem::twice;
  else return (problem::none | ... | (source<Arg>::template provides<S> != 0 ? source<Arg>::template problem_with<S> : problem::none));
}

template <fixed_string Symbol, class Shape, problem Problem>
struct value_of {
  static constexpr bool is_given = Problem != problem::missing;
  static constexpr bool is_given_once = Problem != problem::twice;
  static constexpr bool is_contiguous = Problem != problem::no_data;
  static constexpr bool fits_shape = Problem != problem::wrong_shape;
  static constexpr bool rows_fit_shape = Problem != problem::wrong_rows;
  static constexpr bool has_rows = Problem != problem::rows_missing;
};

/// The first problem among the symbols.
template <class List, class... Arg>
struct first_problem {
  static constexpr problem value = problem::none;
};
template <class S, class... Rest, class... Arg>
struct first_problem<type_list<S, Rest...>, Arg...> {
  static constexpr problem own = problem_of<S, Arg...>();
  using rest = first_problem<type_list<Rest...>, Arg...>;
  static constexpr problem value = own != problem::none ? own : rest::value;
  static constexpr auto pick_symbol() {
    if constexpr (own != problem::none) return std::type_identity<S>{};
    else return rest::pick_symbol();
  }
};

/// The first symbol over whose rows a region runs, but whose value is not in a batch.
template <class List, class... Arg>
struct first_without_rows {
  static constexpr problem value = problem::none;
};
template <class S, class... Rest, class... Arg>
struct first_without_rows<type_list<S, Rest...>, Arg...> {
  static constexpr bool own = !(source<Arg>::template provides_rows<S> || ...);
  using rest = first_without_rows<type_list<Rest...>, Arg...>;
  static constexpr problem value = own ? problem::rows_missing : rest::value;
  static constexpr auto pick_symbol() {
    if constexpr (own) return std::type_identity<S>{};
    else return rest::pick_symbol();
  }
};

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

template <class Plan, class I = std::make_index_sequence<static_cast<std::size_t>(Plan::size.symbols)>>
struct plan_symbols;
template <class Plan, std::size_t... I>
struct plan_symbols<Plan, std::index_sequence<I...>> {
  using type = type_list<typename symbol_from<Plan::value.symbols[I]>::type...>;
  using varying = typename concatenate<
      std::conditional_t<Plan::value.varies[I], type_list<typename symbol_from<Plan::value.symbols[I]>::type>, type_list<>>...>::type;
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
using row_of_argument = std::remove_cvref_t<decltype(single_row(std::declval<const Arg&>(), 0))>;

template <class... Arg>
struct at_most_one_batch {
  static constexpr bool value = (0 + ... + (is_batch<Arg> ? 1 : 0)) <= 1;
};

/// A symbol of the plan that has the name of another, with another shape or role; or nothing.
template <class Plan>
constexpr const symbol_info* name_twice() {
  buffer<std::uint64_t> hashes;
  index_table names;
  for (int s = 0; s < Plan::size.symbols; ++s) {
    const symbol_info* const symbol = Plan::value.symbols[s];
    hashes.push(hash_text(symbol->name));
    if (names.find(hashes[s], [](int) { return true; }) >= 0) return symbol;
    names.insert(hashes[s], s);
  }
  return nullptr;
}

/// Has every symbol of a formula a name of its own? This one has not.
template <const symbol_info* Symbol>
struct names_are_unique {
  static constexpr bool value = Symbol == nullptr;
};

/// So many numbers of a row may be alive at once: a tile keeps them on the stack, 4 MB with the widest registers.
inline constexpr int most_row_values = 1 << 16;

/// Is there a batch to run over, can one pass over its rows run the plan, and do their values fit?
template <class Recipe, bool Known, bool Batch>
struct rows_check {
  static constexpr bool is_enough = true;
  static constexpr bool has_rows = true;
  static constexpr bool fits = true;
};
template <class Recipe, bool Batch>
struct rows_check<Recipe, true, Batch> {
  using plan = plan_of<Recipe>;
  static constexpr bool is_enough = !plan::value.two_passes;
  static constexpr bool has_rows = Batch || plan::size.vertices == 0;
  static constexpr bool fits = [] {
    if constexpr (Batch && plan::size.vertices > 0 && is_enough) return body_of<plan, graph_of<Recipe>>::value.workspace <= most_row_values;
    else return true;
  }();
};

/// All that can be wrong with the arguments of a call.
template <class Recipe, class... Arg>
struct call_check {
  using known = arguments_are_known<row_of_argument<Arg>...>;
  using batches = at_most_one_batch<Arg...>;
  using names = names_are_unique<name_twice<plan_of<Recipe>>()>;
  static constexpr auto find() {
    if constexpr (known::value && batches::value && names::value) {
      using symbols = plan_symbols<plan_of<Recipe>>;
      using found = first_problem<typename symbols::type, row_of_argument<Arg>...>;
      if constexpr (found::value != problem::none) return std::type_identity<found>{};
      else return std::type_identity<first_without_rows<typename symbols::varying, row_of_argument<Arg>...>>{};
    } else {
      return std::type_identity<first_problem<type_list<>>>{};
    }
  }
  using first = typename decltype(find())::type;
  using rows = rows_check<Recipe, known::value && batches::value && first::value == problem::none, (is_batch<Arg> || ...)>;
  static constexpr bool passed =
      known::value && batches::value && names::value && first::value == problem::none && rows::is_enough && rows::has_rows && rows::fits;
};

/// Reports what a failed check found, as one error.
template <class Check>
constexpr nothing report() {
  using known = typename Check::known;
  using batches = typename Check::batches;
  static_assert(known::value, "typegrad: the arguments must be bindings (w = 0.5), points, batch(...) or structs described to Boost.Hana");
  static_assert(batches::value, "typegrad: one batch(...) per call: put all its ranges into it");
  using names = typename Check::names;
  static_assert(names::value,
                "typegrad: two symbols of one name, but of different shapes or roles, in one formula; networks get names of their own by "
                ".named<\"other\">()");
  using rows = typename Check::rows;
  static_assert(rows::is_enough, "typegrad: a value of each row depends on a sum over all rows; that needs two passes, call twice");
  static_assert(rows::has_rows, "typegrad: sum_over and mean_over run over the rows of a batch: add batch(...) to the arguments");
  static_assert(rows::fits, "typegrad: the values of a row take too much of the stack in a batch: more than 65,536 numbers at once");
  if constexpr (Check::first::value != problem::none) {
    using symbol = typename decltype(Check::first::pick_symbol())::type;
    using value = value_of<symbol::text, typename symbol::shape, Check::first::value>;
    static_assert(value::is_given, "typegrad: a symbol of the formula has no value: bind it, evaluate(f, w = 0.5)");
    static_assert(value::is_given_once, "typegrad: a symbol is given a value more than once");
    static_assert(value::is_contiguous,
                  "typegrad: the value of a symbol must be a number or contiguous numbers (std::array, std::span, std::vector, an array)");
    static_assert(
        value::rows_fit_shape,
        "typegrad: the rows of a batch do not have the shape of their symbol (vector<N>: N numbers a row, nested or one row after the other)");
    static_assert(value::has_rows, "typegrad: sum_over and mean_over run over the rows of a batch: bind this symbol in batch(...)");
    static_assert(value::fits_shape, "typegrad: the value does not have the shape of its symbol (a class, for a vector: its one-hot vector)");
  }
  return {};
}

/// What value_and_gradient returns after an error was reported.
struct value_and_gradient_nothing {
  nothing value, gradient;
};

}  // namespace typegrad::detail
