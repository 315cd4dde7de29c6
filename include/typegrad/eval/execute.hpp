// SPDX-License-Identifier: BSL-1.0
// Runs a plan: the steps one after the other as straight-line code, in functions of bounded size with short names.
#pragma once

#include <typegrad/eval/copy_roots.hpp>
#include <typegrad/eval/shared_loop.hpp>

namespace typegrad::detail {

/// Are these steps one function, so that values stay in registers? If they are few, or if there are few values.
template <class Plan>
constexpr bool in_one_function(int steps) {
  return steps <= 128 || (steps <= 2048 && Plan::value.workspace <= 256);
}

template <class Plan, int First, int Last, class T, std::size_t... I>
TYPEGRAD_INLINE constexpr void keep_numbers(T* workspace, const T* own, std::index_sequence<I...>) {
  (keep_number(workspace, own, steps_in<Plan, First, Last>.at[I]), ...);
}

/// Are all steps from single numbers to single numbers?
template <class Plan>
constexpr bool are_numbers(int first, int last) {
  for (int i = first; i < last; ++i)
    if (!Plan::value.scalar[i]) return false;
  return Plan::size.vertices == 0 && first % steps_in_function == 0;
}

/// So many steps as a function of their own. If they are all numbers they live in registers: only what another function computed or reads goes
/// through the workspace.
template <class Plan, int First, int Last, class T>
struct chunk {
  using indices = std::make_index_sequence<static_cast<std::size_t>(Last - First)>;
  static constexpr void run(T* workspace, const T* const* base) {
    with_places<Plan>(
        [workspace](const T* const* table) TYPEGRAD_INLINE {
          if constexpr (are_numbers<Plan>(First, Last) && !Plan::has_layouts) {
            T own[Plan::value.workspace + 1];
            run_steps<Plan, First, Last, 0, false>(own, workspace, table, indices{});
            keep_numbers<Plan, First, Last>(workspace, own, indices{});
          } else {
            run_with_loops<Plan, First, Last, false>(workspace, table);
          }
        },
        workspace, base);
  }
};

/// Steps First .. Last of a plan, chunk by chunk; each chunk of a long plan is a function, whose size is bounded.
template <class Plan, int First = 0, int Last = Plan::size.steps, bool Together = in_one_function<Plan>(Last - First), class T>
TYPEGRAD_INLINE constexpr void execute(T* workspace, const T* const* base) {
  constexpr int end = First + steps_in_function < Last ? First + steps_in_function : Last;
  if constexpr (Together && !Plan::has_layouts) run_with_loops<Plan, First, end, true>(workspace, base);
  else chunk<Plan, First, end, T>::run(workspace, base);
  if constexpr (end < Last) execute<Plan, end, Last, Together>(workspace, base);
}

}  // namespace typegrad::detail
