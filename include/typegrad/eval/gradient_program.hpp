// SPDX-License-Identifier: BSL-1.0
// One program for a value and a gradient: what types they have, and where each partial derivative goes.
#pragma once

#include <typegrad/eval/point.hpp>
#include <typegrad/eval/results.hpp>

namespace typegrad {

/// A value and the gradient there, a point; `gradient[w]` is the partial derivative with respect to w.
template <class Gradient>
struct value_and_gradient_result {
  typename Gradient::value_type value{};
  Gradient gradient{};
};

namespace detail {

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
      check_overlap<Recipe, false>(target_among(arg...), arg...);
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

}  // namespace detail
}  // namespace typegrad
