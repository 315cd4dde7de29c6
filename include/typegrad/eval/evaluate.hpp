// SPDX-License-Identifier: BSL-1.0
// evaluate and value_and_gradient: numbers in, numbers out, in constant expressions and at run time.
#pragma once

#include <typegrad/diff/gradient.hpp>
#include <typegrad/eval/call.hpp>
#include <typegrad/eval/execute.hpp>

namespace typegrad {

/// A value and the gradient there, a point; `gradient[w]` is the partial derivative with respect to w.
template <class Gradient>
struct value_and_gradient_result {
  typename Gradient::value_type value{};
  Gradient gradient{};
};

namespace detail {

template <class Plan, class T, class Use, class... Value>
[[gnu::always_inline]] constexpr void run_bound(Use use, const Value&... value) {
  T workspace[Plan::value.workspace + 1];
  const T* const base[] = {workspace, constants_of<Plan, T>::value.at, value.data()...};
  execute<Plan>(workspace, base);
  for (int r = 0; r < Plan::size.roots; ++r) use(r, base[Plan::line.roots[r].base] + Plan::line.roots[r].offset);
}

/// Runs the plan for one set of values and hands `use(root, pointer)` the results, root by root.
template <class Plan, class T, class... S, class Use, class... Arg>
[[gnu::always_inline]] constexpr void run_once(type_list<S...>, Use use, const Arg&... arg) {
  run_bound<Plan, T>(use, bound_value<T, S, std::remove_cvref_t<decltype(pick<S>(arg...))>>(pick<S>(arg...))...);
}

/// Runs the plan once, or once per row of the batch; `use` sees every run.
template <class Recipe, class T, class Use, class... Arg>
constexpr long long run_all(Use use, const Arg&... arg) {
  using plan = plan_of<Recipe>;
  using symbols = typename plan_symbols<plan>::type;
  if constexpr ((is_batch<Arg> || ...)) {
    const long long rows = (0 + ... + rows_in(arg));
    for (long long i = 0; i < rows; ++i) run_once<plan, T>(symbols{}, use, single_row(arg, i)...);
    return rows;
  } else {
    run_once<plan, T>(symbols{}, use, arg...);
    return 1;
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
  T* const out = first_of(result);
  constexpr int size = static_cast<int>(sizeof(Value) / sizeof(T));
  const long long rows = run_all<Recipe, T>(
      [out](int, const T* value) {
        for (int i = 0; i < size; ++i) out[i] += value[i];
      },
      arg...);
  if (rows > 1)
    for (int i = 0; i < size; ++i) out[i] /= static_cast<T>(rows);
  return result;
}

/// Sums value and gradient over the rows, then divides by their number. Gradient is the type of the result, a point.
template <class Recipe, class Gradient, class... S>
struct gradient_program {
  using T = typename Gradient::value_type;
  static constexpr int offsets[1 + sizeof...(S)] = {0, Gradient::layout::offset(S::hash)...};
  static constexpr int sizes[1 + sizeof...(S)] = {1, S::shape::value.size()...};

  template <class... Arg>
  static constexpr auto run(const Arg&... arg) {
    value_and_gradient_result<Gradient> result;
    T *const out = result.gradient.data(), *const total = &result.value;
    const long long rows = run_all<Recipe, T>(
        [out, total](int r, const T* value) {
          T* const to = r == 0 ? total : out + offsets[r];
          for (int i = 0; i < sizes[r]; ++i) to[i] += value[i];
        },
        arg...);
    if (rows > 1) {
      result.value /= static_cast<T>(rows);
      for (T& g : result.gradient) g /= static_cast<T>(rows);
    }
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
constexpr auto evaluate(E, const Arg&... arg) noexcept {
  using recipe = detail::expressions<true, E>;
  using check = detail::call_check<recipe, Arg...>;
  if constexpr (check::passed) {
    using number_type = std::conditional_t<std::is_void_v<T>, typename detail::number_type_of<detail::row_of_argument<Arg>...>::type, T>;
    using value_type = typename detail::value_type_for<number_type, typename E::shape>::type;
    return detail::evaluate_as<recipe, number_type, value_type>(arg...);
  } else {
    return detail::report<check>();
  }
}

/// The callable that evaluates a scalar formula and its gradient together; made by `value_and_gradient`.
template <class E, class... S>
struct value_and_gradient_of {
  using recipe = detail::reverse_recipe<E, constant_type<number{1, 1, 0}>, S...>;

  /// Figures of the program, all compile-time constants: unique vertices, operations, workspace in scalars, depth.
  static constexpr int node_count() { return detail::graph_of<recipe>::size.vertices; }
  static constexpr operation_counts operation_count() { return plan_of<recipe>::value.operations; }
  static constexpr int depth() { return plan_of<recipe>::value.depth; }
  template <class T>
  static constexpr std::size_t workspace_bytes() {
    return static_cast<std::size_t>(plan_of<recipe>::value.workspace) * sizeof(T);
  }

  template <class... Arg>
  constexpr auto operator()(const Arg&... arg) const noexcept {
    using check = detail::call_check<recipe, Arg...>;
    if constexpr (check::passed) {
      using number_type = typename detail::number_type_of<detail::row_of_argument<Arg>...>::type;
      using gradient = typename detail::gradient_type<number_type, type_list<S...>, Arg...>::type;
      return detail::gradient_program<recipe, gradient, S...>::run(arg...);
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
template <Expression E, class... X>
constexpr auto value_and_gradient(E, boost::hana::tuple<X...>) noexcept {
  return detail::value_and_gradient_for<E>(type_list<X...>{});
}

}  // namespace typegrad
