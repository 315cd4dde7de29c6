// SPDX-License-Identifier: BSL-1.0
// evaluate and value_and_gradient: numbers in, numbers out, in constant expressions and at run time.
#pragma once

#include <typegrad/diff/gradient.hpp>
#include <typegrad/eval/call.hpp>
#include <typegrad/eval/execute.hpp>
#include <typegrad/eval/one_by_one.hpp>
#include <typegrad/eval/places.hpp>
#include <typegrad/eval/region.hpp>
#include <typegrad/eval/row_axis.hpp>
#include <typegrad/eval/row_by_row.hpp>
#include <typegrad/eval/storage.hpp>
#include <typegrad/eval/target.hpp>
#include <typegrad/plan/print.hpp>

#include <boost/hana/core/is_a.hpp>
#include <boost/hana/unpack.hpp>

namespace typegrad {

/// A value and the gradient there, a point; `gradient[w]` is the partial derivative with respect to w.
template <class Gradient>
struct value_and_gradient_result {
  typename Gradient::value_type value{};
  Gradient gradient{};
};

namespace detail {

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
  const long long rows = (0 + ... + rows_in(arg));
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
template <class Plan, class T, std::size_t... K>
TYPEGRAD_INLINE constexpr void run_line(T* workspace, T* const* roots, const T** base, std::index_sequence<K...>) {
  base[0] = workspace, base[1] = constants_of<Plan, T>::value.at;
  if constexpr (sizeof...(K) <= few_symbols) {
    const T* const copy[] = {workspace, constants_of<Plan, T>::value.at, base[2 + K]...};
    execute<Plan>(workspace, copy);
    copy_roots<Plan>(roots, copy);
  } else {
    execute<Plan>(workspace, base);
    copy_roots<Plan>(roots, base);
  }
}
template <class Plan>
using symbols_of_plan = std::make_index_sequence<static_cast<std::size_t>(Plan::size.symbols)>;

template <class Recipe, class T, class Policy, class... S, class... Arg>
TYPEGRAD_INLINE constexpr void run_placed(Policy& policy, type_list<S...>, T* const* roots, const T** base, const Arg&... arg) {
  using plan = plan_of<Recipe>;
  if constexpr (plan::size.vertices != 0) {
    run_batch<Recipe, T>(policy, typename varying_symbols<type_list<>, type_list<S...>, Arg...>::type{}, roots, base + 2, arg...);
  } else if constexpr ((is_into<Arg> || ...)) {
    run_line<plan>(storage_among(arg...).memory.workspace, roots, base, symbols_of_plan<plan>{});
  } else {
    alignas(plan::value.workspace < 16 ? alignof(T) : 64) T workspace[plan::value.workspace + 1];
    run_line<plan>(workspace, roots, base, symbols_of_plan<plan>{});
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

template <class T, class Shape>
struct value_type_for {
  using type = tensor<T, Shape>;
};
template <class T>
struct value_type_for<T, scalar> {
  using type = T;
};

template <class T>
constexpr T* first_of(T& x) {
  return &x;
}
template <class T, class Shape>
constexpr T* first_of(tensor<T, Shape>& x) {
  return x.data();
}

template <class Recipe, class T, class Value, class... Arg>
constexpr void evaluate_into(Value& result, const Arg&... arg) {
  one_thread policy;
  if constexpr (boost::hana::is_a<boost::hana::tuple_tag, Value>) {
    boost::hana::unpack(result, [&](auto&... one) {
      T* const roots[] = {first_of(one)...};
      run_program<Recipe, T>(policy, roots, arg...);
    });
  } else {
    T* const roots[] = {first_of(result)};
    run_program<Recipe, T>(policy, roots, arg...);
  }
}
/// A function of its own: g++ 12 makes a result where the caller wants it only if it is declared in the outermost block.
template <class Recipe, class T, class Value, class... Arg>
constexpr Value make_value(const Arg&... arg) {
  Value result{};
  evaluate_into<Recipe, T>(result, arg...);
  return result;
}
template <class Recipe, class T, class Value, class... Arg>
constexpr decltype(auto) evaluate_as(const Arg&... arg) {
  if constexpr ((is_into<Arg> || ...)) {
    auto& storage = storage_among(arg...);
    evaluate_into<Recipe, T>(storage.result, arg...);
    return std::as_const(storage.result);
  } else {
    return make_value<Recipe, T, Value>(arg...);
  }
}

/// The number type of a call: that of what results are written to, if anything is.
template <class... Arg>
struct number_type_of_call : number_type_of<row_of_argument<Arg>...> {};
template <class... Arg>
  requires(is_target<Arg> || ...)
struct number_type_of_call<Arg...> {
  using type = target_number<Arg...>;
};
/// One range for the whole gradient, or one for each symbol.
template <int Targets, int Symbols>
struct gradient_targets {
  static constexpr bool are_as_many = Targets <= 1 || Targets == Symbols;
};
struct no_targets {
  template <class A>
  static constexpr bool keeps = !is_target<A>;
};
template <class T, class U>
constexpr void copy_numbers(const T* from, int count, U* to) {
  for (int i = 0; i < count; ++i) to[i] = from[i];
}

/// Results of Size numbers each are written to the ranges among the arguments.
template <class Recipe, int... Size, class... Arg>
constexpr void write_results(const Arg&... arg) {
  using T = target_number<Arg...>;
  using check = call_check<Recipe, Arg...>;
  using given = targets<(0 + ... + target_of<Arg>::count), static_cast<int>(sizeof...(Size)), true>;
  static_assert(given::are_as_many, "typegrad: into(...) takes one range for each result");
  if constexpr (!given::are_as_many) return;
  else if constexpr (!check::passed) report<check>();
  else if constexpr (check_memory<call_storage<T, call_memory<Recipe, T>>, Arg...>()) {
    T* roots[sizeof...(Size)];
    place_targets<Size...>(roots, target_among(arg...));
    one_thread policy;
    run_program<Recipe, T>(policy, roots, arg...);
  }
}

/// Gradient is the type of the result, a point.
template <class Recipe, class Gradient, class... S>
struct gradient_program {
  using T = typename Gradient::value_type;
  using result_type = value_and_gradient_result<Gradient>;

  template <class Policy, class... Arg>
  static constexpr decltype(auto) run(Policy& policy, const Arg&... arg) {
    if constexpr ((is_target<Arg> || ...)) {
      T value = 0, *roots[sizeof...(S) + 1] = {&value};
      place_targets<S::shape::value.size()...>(roots + 1, target_among(arg...));
      run_program<Recipe, T>(policy, roots, arg...);
      return value;
    } else if constexpr ((is_into<Arg> || ...)) {
      auto& storage = storage_among(arg...);
      run_to(policy, storage.result, arg...);
      return std::as_const(storage.result);
    } else {
      return make(policy, arg...);
    }
  }

  static constexpr result_type empty() { return {T(0), Gradient(no_values{})}; }
  template <class Policy, class... Arg>
  static constexpr void run_to(Policy& policy, result_type& result, const Arg&... arg) {
    T* roots[sizeof...(S) + 1] = {&result.value};
    point_roots(roots + 1, result.gradient.data(), std::index_sequence_for<S...>{});
    run_program<Recipe, T>(policy, roots, arg...);
  }

 private:
  /// Like make_value.
  template <class Policy, class... Arg>
  static constexpr result_type make(Policy& policy, const Arg&... arg) {
    result_type result = empty();
    run_to(policy, result, arg...);
    return result;
  }
  struct table {
    int at[sizeof...(S) + 1];
  };
  static constexpr table offsets{{Gradient::layout::offset(S::hash)..., 0}};
  template <std::size_t... I>
  TYPEGRAD_INLINE static constexpr void point_roots([[maybe_unused]] T** roots, [[maybe_unused]] T* gradient, std::index_sequence<I...>) {
    if constexpr (sizeof...(I) <= few_symbols) ((roots[I] = gradient + offsets.at[I]), ...);
    else
      for (std::size_t k = 0; k < sizeof...(I); ++k) roots[k] = gradient + offsets.at[k];
  }
};

/// The type of a gradient: that of the first argument which is a point of exactly the wanted symbols, in its own order;
/// else a point of these symbols in the order given.
template <class T, class Wanted, class... Arg>
struct gradient_type;
template <class T, class... S>
struct gradient_type<T, type_list<S...>> {
  using type = point<T, S...>;
};
template <class T, class... S, class First, class... Rest>
struct gradient_type<T, type_list<S...>, First, Rest...> : gradient_type<T, type_list<S...>, Rest...> {};
template <class T, class... S, class... X, class... Rest>
  requires(sizeof...(S) == sizeof...(X)) && ((layout<X...>::offset(S::hash) >= 0) && ...)
struct gradient_type<T, type_list<S...>, point<T, X...>, Rest...> {
  using type = point<T, X...>;
};

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
/// With `into(memory)` a reference to the result there; with `into(y)` it is written to y.
template <class T = void, Expression E, class... Arg>
constexpr decltype(auto) evaluate(E, const Arg&... arg) TYPEGRAD_NOEXCEPT {
  using call = detail::sorted_call<detail::evaluate_with<T, E>::template call, Arg...>;
  if constexpr (!call::check::passed) return detail::report<typename call::check>();
  else if constexpr (detail::have_row_bindings<Arg...>)
    return detail::with_rows([](const auto&... a) -> decltype(auto) { return evaluate<T>(E{}, a...); }, arg...);
  else if constexpr ((detail::is_target<Arg> || ...)) return detail::write_results<typename call::recipe, E::shape::value.size()>(arg...);
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

/// The callable that evaluates a scalar formula and its gradient together; made by `value_and_gradient`.
template <class E, class... S>
struct value_and_gradient_of {
  template <class Rows>
  using recipe_over = detail::reverse_recipe<E, constant_type<number{1, 1, 0}>, Rows, typename detail::symbol_set_of<S...>::type>;
  using recipe = recipe_over<detail::no_rows>;

  /// Figures of the program, all compile-time constants: unique vertices, operations, workspace in scalars, depth.
  static constexpr int node_count() { return detail::graph_of<recipe>::size.vertices; }
  static constexpr operation_counts operation_count() { return plan_of<recipe>::value.operations; }
  static constexpr int depth() { return plan_of<recipe>::value.depth; }
  template <class T>
  static constexpr std::size_t workspace_bytes() {
    return static_cast<std::size_t>(plan_of<recipe>::value.workspace) * sizeof(T);
  }

  template <class... Arg>
  constexpr decltype(auto) operator()(const Arg&... arg) const TYPEGRAD_NOEXCEPT {
    using check = typename detail::sorted_call<call, Arg...>::check;
    detail::one_thread policy;
    if constexpr (check::passed && detail::have_row_bindings<Arg...>)
      return detail::with_rows([](const auto&... a) -> decltype(auto) { return value_and_gradient_of{}(a...); }, arg...);
    else if constexpr (!check::passed) return detail::value_and_gradient_nothing{detail::report<check>(), {}};  // here, so that messages are short
    else return run(policy, arg...);
  }
  /// The plan over the rows of a batch: `to_string(program.plan<float>(rows(x, y)))`.
  template <class T = float, class... X>
  static constexpr auto plan(detail::row_symbols_of<X...>) noexcept {
    return batch_plan<recipe_over<detail::row_set<X...>>, T>{};
  }
  /// The plan of one call: `to_string(program.plan<float>())`.
  template <class T = float>
  static constexpr auto plan() noexcept {
    return single_plan<recipe, T>{};
  }
  /// The same program with the rows of a batch dealt to the threads of a pool (eval/threads.hpp). Results do not depend on
  /// their number.
  template <class Pool>
  constexpr auto on(Pool& pool) const noexcept {
    return [&pool]<class... Arg>(const Arg&... arg) -> decltype(auto) {
      if constexpr (detail::have_row_bindings<Arg...>)
        return detail::with_rows([&pool](const auto&... sorted) -> decltype(auto) { return value_and_gradient_of::run(pool, sorted...); }, arg...);
      else return value_and_gradient_of::run(pool, arg...);
    };
  }
  /// Memory for calls with these arguments: `static auto memory = program.storage(theta); program(theta, into(memory)).gradient`.
  template <class... Arg>
  static auto storage(const Arg&...) {
    return typename detail::sorted_call<call, Arg...>::storage();
  }

 private:
  template <class... Arg>
  struct call {
    using rows = detail::rows_of_arguments<Arg...>;
    using number_type = typename detail::number_type_of_call<Arg...>::type;
    static constexpr bool has_targets = (detail::is_target<Arg> || ...);
    using given = detail::gradient_targets<(0 + ... + detail::target_of<Arg>::count), static_cast<int>(sizeof...(S))>;
    static constexpr bool one_by_one = detail::goes_one_by_one<E, recipe, rows, number_type>();
    using program = recipe_over<std::conditional_t<one_by_one, detail::no_rows, rows>>;
    using check = detail::call_check<program, Arg...>;
    using gradient = typename detail::gradient_type<number_type, type_list<S...>, Arg...>::type;
    using result = value_and_gradient_result<gradient>;
    using memory = std::conditional_t<one_by_one, detail::row_memory<program, number_type, result>, detail::call_memory<program, number_type>>;
    using storage = call_storage<result, memory>;
  };
  template <class Policy, class... Arg>
  static constexpr decltype(auto) run([[maybe_unused]] Policy& policy, const Arg&... arg) TYPEGRAD_NOEXCEPT {
    using here = call<Arg...>;
    static_assert(here::given::are_as_many, "typegrad: into(...) takes one range for the whole gradient, or one for each symbol");
    if constexpr (!here::check::passed) return detail::value_and_gradient_nothing{detail::report<typename here::check>(), {}};
    else if constexpr (!here::given::are_as_many) return detail::value_and_gradient_nothing{};
    else if constexpr (here::has_targets && here::one_by_one) return run_and_copy(policy, arg...);
    else if constexpr (!detail::check_memory<typename here::storage, Arg...>()) return detail::value_and_gradient_nothing{};
    else {
      using program = detail::gradient_program<typename here::program, typename here::gradient, S...>;
      if constexpr (here::one_by_one) return detail::rows_one_by_one<program, typename here::program>::run(policy, arg...);
      else return program::run(policy, arg...);
    }
  }
  /// Where each row has a program of its own.
  template <class Policy, class... Arg>
  static constexpr auto run_and_copy(Policy& policy, const Arg&... arg) {
    return boost::hana::unpack(detail::other_arguments(detail::no_targets{}, arg...), [&](const auto*... other) {
      const auto& result = run(policy, *other...);
      typename call<Arg...>::number_type* to[sizeof...(S) + 1];
      detail::place_targets<S::shape::value.size()...>(to, detail::target_among(arg...));
      int k = 0;
      ((detail::copy_numbers(result.gradient.data() + decltype(result.gradient)::layout::offset(S::hash), S::shape::value.size(), to[k++])), ...);
      return result.value;
    });
  }
};

namespace detail {
/// Has each of the symbols one value for all rows?
template <class... X>
struct symbols_have {
  static constexpr bool one_value = (!axes_of_shape<typename X::shape>.has_rows() && ...);
};

template <class E, class... S>
constexpr auto value_and_gradient_for(type_list<S...>) {
  static_assert(symbols_have<S...>::one_value,
                "typegrad: a gradient with respect to what each row has is a column of results: evaluate(gradient(f, wrt(x))[x], x = xs, into(out))");
  using mode = derivative_of<E>;
  static_assert(mode::reverse_is_there, TYPEGRAD_NO_SUCH_SCAN);
  static_assert(is_scalar_expression<E>::value, "typegrad: value_and_gradient(e): e must be a scalar; reduce it with sum, mean or dot");
  if constexpr (symbols_have<S...>::one_value && is_scalar_expression<E>::value && mode::reverse_is_there) return value_and_gradient_of<E, S...>{};
  else return nothing{};
}
}  // namespace detail

/// One fused program for the value and all partial derivatives of a scalar expression; call the result with values.
/// By default with respect to all parameters.
template <Expression E>
constexpr auto value_and_gradient(E) noexcept {
  return detail::value_and_gradient_for<E>(parameters_of<E>{});
}
template <class E, class... X>
  requires(!Expression<E>)
constexpr auto value_and_gradient(const E&, X...) {
  static_assert(detail::evaluated<E>::is_a_formula,
                "typegrad: value_and_gradient(e) takes a scalar formula; a network becomes one by its input and a loss: loss(model(x), y)");
  return detail::nothing{};
}
template <Expression E, class... X>
constexpr auto value_and_gradient(E, boost::hana::tuple<X...>) noexcept {
  return detail::value_and_gradient_for<E>(type_list<X...>{});
}

}  // namespace typegrad
