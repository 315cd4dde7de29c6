// SPDX-License-Identifier: BSL-1.0
// evaluate and value_and_gradient: numbers in, numbers out, in constant expressions and at run time.
#pragma once

#include <typegrad/diff/gradient.hpp>
#include <typegrad/eval/call.hpp>
#include <typegrad/eval/execute.hpp>
#include <typegrad/eval/region.hpp>
#include <typegrad/eval/row_by_row.hpp>
#include <typegrad/plan/print.hpp>

namespace typegrad {

/// A value and the gradient there, a point; `gradient[w]` is the partial derivative with respect to w.
template <class Gradient>
struct value_and_gradient_result {
  typename Gradient::value_type value{};
  Gradient gradient{};
};

namespace detail {

template <class T, class Plan, class... Value>
TYPEGRAD_INLINE constexpr void run_bound(T* const* roots, const Value&... value) {
  T workspace[Plan::value.workspace + 1];
  const T* const base[] = {workspace, constants_of<Plan, T>::value.at, value.data()...};
  execute<Plan>(workspace, base);
  copy_roots<Plan>(roots, base);
}

/// The value of symbol S as contiguous numbers; nothing if it differs from row to row.
template <class T, class S, class... Arg>
TYPEGRAD_INLINE constexpr auto value_of_symbol(const Arg&... arg) {
  if constexpr ((rows_provide<Arg, S> || ...)) return no_value<T>{};
  else return bound_value<T, S, std::remove_cvref_t<decltype(pick<S>(arg...))>>(pick<S>(arg...));
}

template <class Recipe, class T, class Policy, class... Row>
TYPEGRAD_INLINE constexpr void run_over_rows(Policy& policy, T* const* roots, long long rows, const T* const* shared, const Row&... binding) {
  constexpr bool has_lanes = std::is_same_v<T, float> || std::is_same_v<T, double>;
  if constexpr (has_lanes) {
    // The builtin itself: else g++ emits both branches where it does not optimise.
    if (__builtin_is_constant_evaluated()) row_by_row<Recipe, T>::run(roots, rows, shared, row_reader<Row>{binding}...);
    else run_regions<Recipe, T>(policy, roots, rows, shared, source_of_rows(binding)...);
  } else {
    row_by_row<Recipe, T>::run(roots, rows, shared, row_reader<Row>{binding}...);
  }
}
template <class Recipe, class T, class Policy, class... Row, class... Arg>
TYPEGRAD_INLINE constexpr void run_batch(Policy& policy, type_list<Row...>, T* const* roots, const T* const* shared, const Arg&... arg) {
  run_over_rows<Recipe, T>(policy, roots, (0 + ... + rows_in(arg)), shared, rows_of_symbol<Row>(arg...)...);
}

/// Runs the program of a recipe; root r goes to roots[r].
template <class Recipe, class T, class Policy, class... S, class... Arg>
TYPEGRAD_INLINE constexpr void run_program(Policy& policy, type_list<S...>, T* const* roots, const Arg&... arg) {
  using plan = plan_of<Recipe>;
  if constexpr (plan::size.vertices == 0) {
    run_bound<T, plan>(roots, value_of_symbol<T, S>(single_row(arg, 0)...)...);
  } else {
    using varying = typename varying_symbols<type_list<>, type_list<S...>, Arg...>::type;
    [&](const auto&... value) TYPEGRAD_INLINE {
      const T* const shared[] = {value.data()...};
      run_batch<Recipe, T>(policy, varying{}, roots, shared, arg...);
    }(value_of_symbol<T, S>(arg...)...);
  }
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
constexpr Value evaluate_as(const Arg&... arg) {
  Value result{};
  T* const roots[] = {first_of(result)};
  one_thread policy;
  run_program<Recipe, T>(policy, typename plan_symbols<plan_of<Recipe>>::type{}, roots, arg...);
  return result;
}

/// Gradient is the type of the result, a point.
template <class Recipe, class Gradient, class... S>
struct gradient_program {
  using T = typename Gradient::value_type;

  template <class Policy, class... Arg>
  static constexpr auto run(Policy& policy, const Arg&... arg) {
    value_and_gradient_result<Gradient> result{T(0), Gradient(no_values{})};
    T* const roots[] = {&result.value, result.gradient.data() + Gradient::layout::offset(S::hash)...};
    run_program<Recipe, T>(policy, typename plan_symbols<plan_of<Recipe>>::type{}, roots, arg...);
    return result;
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

}  // namespace detail

/// The value of e at the given values: a number, or a tensor of the shape of e; with a batch, the mean over its rows.
/// Computes in the number type of the values (that of a point, if one is given), or in the type asked for.
template <class T = void, Expression E, class... Arg>
constexpr auto evaluate(E, const Arg&... arg) TYPEGRAD_NOEXCEPT {
  using recipe = detail::batch_recipe<E, detail::rows_of_arguments<Arg...>>;
  using check = detail::call_check<recipe, Arg...>;
  if constexpr (check::passed) {
    using number_type = std::conditional_t<std::is_void_v<T>, typename detail::number_type_of<detail::row_of_argument<Arg>...>::type, T>;
    using value_type = typename detail::value_type_for<number_type, typename E::shape>::type;
    return detail::evaluate_as<recipe, number_type, value_type>(arg...);
  } else {
    return detail::report<check>();
  }
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
  using recipe_over = detail::reverse_recipe<E, constant_type<number{1, 1, 0}>, Rows, S...>;
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
  constexpr auto operator()(const Arg&... arg) const TYPEGRAD_NOEXCEPT {
    detail::one_thread policy;
    return run(policy, arg...);
  }
  /// The plan over the rows of a batch: `to_string(program.plan<float>(rows(x, y)))`.
  template <class T = float, class... X>
  static constexpr auto plan(detail::row_symbols_of<X...>) noexcept {
    return batch_plan<recipe_over<detail::row_set<X...>>, T>{};
  }
  /// The same program with the rows of a batch dealt to the threads of a pool (eval/threads.hpp). Results do not depend on
  /// their number.
  template <class Pool>
  constexpr auto on(Pool& pool) const noexcept {
    return [&pool]<class... Arg>(const Arg&... arg) { return value_and_gradient_of::run(pool, arg...); };
  }

 private:
  template <class Policy, class... Arg>
  static constexpr auto run([[maybe_unused]] Policy& policy, const Arg&... arg) TYPEGRAD_NOEXCEPT {
    using program = recipe_over<detail::rows_of_arguments<Arg...>>;
    using check = detail::call_check<program, Arg...>;
    if constexpr (check::passed) {
      using number_type = typename detail::number_type_of<detail::row_of_argument<Arg>...>::type;
      using gradient = typename detail::gradient_type<number_type, type_list<S...>, Arg...>::type;
      return detail::gradient_program<program, gradient, S...>::run(policy, arg...);
    } else {
      return detail::value_and_gradient_nothing{detail::report<check>(), {}};
    }
  }
};

namespace detail {
template <class E, class... S>
constexpr auto value_and_gradient_for(type_list<S...>) {
  static_assert(is_scalar_expression<E>::value, "typegrad: value_and_gradient(e): e must be a scalar; reduce it with sum, mean or dot");
  if constexpr (is_scalar_expression<E>::value) return value_and_gradient_of<E, S...>{};
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
