// SPDX-License-Identifier: BSL-1.0
// Where the results of a call go: they are returned, or stand in memory that is given, or are written to ranges.
#pragma once

#include <typegrad/eval/overlap.hpp>
#include <typegrad/eval/run.hpp>
#include <typegrad/eval/target.hpp>
#include <typegrad/eval/tensor.hpp>

#include <boost/hana/core/is_a.hpp>
#include <boost/hana/unpack.hpp>

namespace typegrad::detail {

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

/// Results of Size numbers each are written to the ranges among the arguments. Asked: the number type that is asked for, or void.
template <class Recipe, class Asked, int... Size, class... Arg>
constexpr void write_results(const Arg&... arg) {
  using T = target_number<Arg...>;
  using check = call_check<Recipe, Arg...>;
  using given = targets<(0 + ... + target_of<Arg>::count), static_cast<int>(sizeof...(Size))>;
  using written = numbers_written<Asked, T>;
  static_assert(given::are_as_many, "typegrad: into(...) takes one range for each result");
  static_assert(written::are_those_asked_for || !given::are_as_many, TYPEGRAD_OTHER_NUMBERS);
  if constexpr (!given::are_as_many || !written::are_those_asked_for) return;
  else if constexpr (!check::passed) report<check>();
  else if constexpr (check_memory<call_storage<T, call_memory<Recipe, T>>, Arg...>()) {
    T* roots[sizeof...(Size)];
    place_targets<Size...>(roots, target_among(arg...));
    check_overlap<Recipe, false>(target_among(arg...), arg...);
    one_thread policy;
    run_program<Recipe, T>(policy, roots, arg...);
  }
}

}  // namespace typegrad::detail
