// SPDX-License-Identifier: BSL-1.0
// The results of a plan, copied from where they were computed to where they are wanted.
#pragma once

#include <typegrad/math/inline.hpp>
#include <typegrad/plan/planner.hpp>

#include <type_traits>
#include <utility>

namespace typegrad::detail {

/// f(constant First), ..., f(constant Last - 1); in halves, because compilers bound the length of a fold.
template <int First, int Last, class F>
TYPEGRAD_INLINE constexpr void for_each_index(F f) {
  if constexpr (Last - First > 64) {
    constexpr int middle = (First + Last) / 2;
    for_each_index<First, middle>(f);
    for_each_index<middle, Last>(f);
  } else {
    [&]<int... I>(std::integer_sequence<int, I...>)
        TYPEGRAD_INLINE { (f(std::integral_constant<int, First + I>{}), ...); }(std::make_integer_sequence<int, Last - First>{});
  }
}

template <class Plan, int R, class T, int... I>
TYPEGRAD_INLINE constexpr void copy_elements(T* const* roots, const T* const* base, std::integer_sequence<int, I...>) {
  ((roots[R][I] = base[Plan::results.roots[R].base][Plan::results.roots[R].offset + I]), ...);
}
/// Numbers First, ... of a root whose numbers stand apart.
template <class Plan, int R, int First, class T, int... I>
TYPEGRAD_INLINE constexpr void copy_scattered(T* const* roots, const T* const* base, std::integer_sequence<int, I...>) {
  constexpr const place* at = Plan::results.numbers + Plan::results.first[R] + First;
  ((roots[R][First + I] = base[at[I].base][at[I].offset]), ...);
}
template <class Plan, int R, int First, class T>
TYPEGRAD_INLINE constexpr void copy_numbers_of(T* const* roots, const T* const* base) {
  constexpr int size = Plan::results.root_sizes[R], last = First + 64 < size ? First + 64 : size;
  copy_scattered<Plan, R, First>(roots, base, std::make_integer_sequence<int, last - First>{});
  if constexpr (last < size) copy_numbers_of<Plan, R, last>(roots, base);
}
/// The results of a plan: root r goes to roots[r].
template <class Plan, int R, class T>
TYPEGRAD_INLINE constexpr void copy_root(T* const* roots, const T* const* base) {
  constexpr int size = Plan::results.root_sizes[R];
  if constexpr (Plan::results.first[R] == written_in_place) return;
  else if constexpr (Plan::results.first[R] >= 0) copy_numbers_of<Plan, R, 0>(roots, base);
  else if constexpr (size <= 32) copy_elements<Plan, R>(roots, base, std::make_integer_sequence<int, size>{});
  else if (const T* const from = base[Plan::results.roots[R].base] + Plan::results.roots[R].offset; __builtin_is_constant_evaluated())
    for (int i = 0; i < size; ++i) roots[R][i] = from[i];
  else  // keeps the workspace in memory, but larger programs live there anyway
    __builtin_memmove(roots[R], from, sizeof(T) * static_cast<std::size_t>(size));
}
/// Roots that are single numbers, one expression for 64 of them.
template <class Plan, int First, class T, int... R>
TYPEGRAD_INLINE constexpr void copy_numbers([[maybe_unused]] T* const* roots, [[maybe_unused]] const T* const* base,
                                            std::integer_sequence<int, R...>) {
  ((*roots[First + R] = base[Plan::results.roots[First + R].base][Plan::results.roots[First + R].offset]), ...);
}
template <class Plan>
constexpr bool numbers_from(int first, int last) {
  for (int r = first; r < last; ++r)
    if (Plan::results.root_sizes[r] != 1 || Plan::results.first[r] >= 0) return false;
  return true;
}
template <class Plan, int First = 0, class T>
TYPEGRAD_INLINE constexpr void copy_roots(T* const* roots, const T* const* base) {
  constexpr int last = First + 64 < Plan::size.roots ? First + 64 : Plan::size.roots;
  if constexpr (numbers_from<Plan>(First, last)) copy_numbers<Plan, First>(roots, base, std::make_integer_sequence<int, last - First>{});
  else for_each_index<First, last>([&](auto r) TYPEGRAD_INLINE { copy_root<Plan, r>(roots, base); });
  if constexpr (last < Plan::size.roots) copy_roots<Plan, last>(roots, base);
}

}  // namespace typegrad::detail
