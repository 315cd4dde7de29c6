// SPDX-License-Identifier: BSL-1.0
// Where the steps of a plan find numbers: a table of the workspace, the constants, what symbols are, and where results go.
#pragma once

#include <typegrad/math/inline.hpp>
#include <typegrad/plan/planner.hpp>

#include <type_traits>

namespace typegrad::detail {

/// The constants of a plan as numbers of type T.
template <class Plan, class T>
struct constants_of {
  static constexpr auto value = [] {
    struct table {
      T at[Plan::size.constants + 1];
    } result{};
    for (int i = 0; i < Plan::size.constants; ++i) result.at[i] = Plan::value.constants[i].template to<T>();
    return result;
  }();
};

/// f(where numbers are): a copy of the table that no store can change, so that nothing is looked up again.
template <class Plan, class F, class T>
TYPEGRAD_INLINE constexpr void with_places(F f, const T* workspace, const T* const* base) {
  constexpr int size = Plan::size.symbols + 2 + (Plan::size.vertices != 0 ? 1 : roots_in_table(Plan::size));
  if constexpr (Plan::size.symbols > few_symbols) {
    f(base);
  } else {
    const T* table[bound(size)];
    for (int k = 0; k < size; ++k) table[k] = base[k];
    table[0] = workspace;
    if constexpr (std::is_floating_point_v<T>) table[1] = constants_of<Plan, T>::value.at;
    f(static_cast<const T* const*>(table));
  }
}

}  // namespace typegrad::detail
