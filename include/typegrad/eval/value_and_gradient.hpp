// SPDX-License-Identifier: BSL-1.0
// value_and_gradient(f)(w = 0.5, x = 2.0): a scalar formula and all its partial derivatives, by one program.
#pragma once

#include <typegrad/diff/gradient.hpp>
#include <typegrad/eval/evaluate.hpp>
#include <typegrad/eval/gradient_program.hpp>
#include <typegrad/eval/one_by_one.hpp>
#include <typegrad/eval/row_axis.hpp>
#include <typegrad/plan/print.hpp>

namespace typegrad {
namespace detail {

struct no_targets {
  template <class A>
  static constexpr bool keeps = !is_target<A>;
};
template <class T, class U>
constexpr void copy_numbers(const T* from, int count, U* to) {
  for (int i = 0; i < count; ++i) to[i] = from[i];
}

}  // namespace detail

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
