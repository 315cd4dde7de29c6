// SPDX-License-Identifier: BSL-1.0
// Where the values of symbols are: points of the number type of the call are read in place, by a table; other values one by one.
#pragma once

#include <typegrad/eval/call.hpp>
#include <typegrad/math/inline.hpp>

namespace typegrad::detail {

template <class Arg, class T>
inline constexpr bool is_point_of = false;
template <class T, class... X>
inline constexpr bool is_point_of<point<T, X...>, T> = true;

/// Where the symbols of a plan start in a point; -1: not there.
template <class Plan, class Point>
struct place_map {
  struct table {
    int at[Plan::size.symbols + 1];
  };
  static constexpr table value = [] {
    table result{};
    for (int k = 0; k < Plan::size.symbols; ++k) result.at[k] = Point::layout::offset(Plan::value.symbols[k]->hash);
    return result;
  }();
};

/// The symbols of a plan that are not read in place.
template <class Plan, class T, class... Arg>
struct other_symbols {
  static constexpr bool in_place(int k) {
    bool result = false;
    [[maybe_unused]] const auto look = [&]<class A>(std::type_identity<A>) {
      if constexpr (is_point_of<A, T>) result = result || place_map<Plan, A>::value.at[k] >= 0;
    };
    (look(std::type_identity<Arg>{}), ...);
    return result;
  }
  static constexpr int count = [] {
    int n = 0;
    for (int k = 0; k < Plan::size.symbols; ++k) n += in_place(k) ? 0 : 1;
    return n;
  }();
  struct table {
    const symbol_info* at[bound(count + 1)];
    int number[bound(count + 1)];
  };
  static constexpr table value = [] {
    table result{};
    for (int k = 0, n = 0; k < Plan::size.symbols; ++k)
      if (!in_place(k)) result.at[n] = Plan::value.symbols[k], result.number[n++] = k;
    return result;
  }();
  using type = symbol_list<other_symbols, 0, count>;
};

template <class Plan, class Point, class T, std::size_t... I>
TYPEGRAD_INLINE constexpr void place_each([[maybe_unused]] const T** symbols, [[maybe_unused]] const T* first, std::index_sequence<I...>) {
  ((symbols[I] = place_map<Plan, Point>::value.at[I] < 0 ? symbols[I] : first + place_map<Plan, Point>::value.at[I]), ...);
}
/// Points symbols[k] to the value of symbol k, if it stands in this argument.
template <class Plan, class T, class Arg>
TYPEGRAD_INLINE constexpr void place_point([[maybe_unused]] const T** symbols, [[maybe_unused]] const Arg& arg) {
  if constexpr (!is_point_of<Arg, T>) return;
  else if constexpr (Plan::size.symbols <= few_symbols)
    place_each<Plan, Arg>(symbols, arg.data(), std::make_index_sequence<static_cast<std::size_t>(Plan::size.symbols)>{});
  else
    for (int k = 0; k < Plan::size.symbols; ++k)
      if (place_map<Plan, Arg>::value.at[k] >= 0) symbols[k] = arg.data() + place_map<Plan, Arg>::value.at[k];
}

/// The others: value n is that of symbol Number[n].
template <class Others, class T, std::size_t... N, class... Value>
TYPEGRAD_INLINE constexpr void place_others([[maybe_unused]] const T** symbols, std::index_sequence<N...>, const Value&... value) {
  ((symbols[Others::value.number[N]] = value.data()), ...);
}

}  // namespace typegrad::detail
