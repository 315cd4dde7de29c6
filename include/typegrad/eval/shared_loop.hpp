// SPDX-License-Identifier: BSL-1.0
// Elementwise steps over tensors of one size that follow each other, in one loop.
#pragma once

#include <typegrad/eval/run_steps.hpp>

namespace typegrad::detail {

/// Where tensors have layouts, elementwise steps over tensors of one size that follow each other share a loop, so that what one makes is still
/// in a register for the next. (A place in the workspace is taken again by a value of the same size, or by none that shares an element.)
template <class Plan, int Last>
struct shared_loop {
  static constexpr int most = 12;
  static constexpr bool is_loop(int i) { return !Plan::value.scalar[i] && Plan::value.operations_of[i]->elementwise; }
  static constexpr int start_after(int i) {
    while (i < Last && !is_loop(i)) ++i;
    return i;
  }
  static constexpr int end_of(int start) {
    int end = start;
    while (end < Last && end - start < most && is_loop(end) && Plan::value.steps[end].shape.size() == Plan::value.steps[start].shape.size()) ++end;
    return end;
  }
  /// How many lanes fit operands that are shorter than the results.
  static constexpr int lanes_of(int first, int last, int most_lanes) {
    for (int i = first; i < last; ++i)
      for (const extent& operand : Plan::value.steps[i].operand)
        while (operand.rank > 0 && operand.size() != Plan::value.steps[i].shape.size() && operand.size() % most_lanes != 0) most_lanes /= 2;
    return most_lanes;
  }
};

template <class Plan, int First, int Last, int Start, class W, class T, int... I>
TYPEGRAD_INLINE constexpr void run_elements(T* workspace, const T* const* base, int n, std::integer_sequence<int, I...>) {
  (run_element<operation_of_step<Plan, Start + I>, constants_of_step<Plan, Plan::value.loops[Start + I]>, W>(
       workspace, base, steps_in<Plan, First, Last>.at[Start - First + I], n),
   ...);
}
/// Steps Start .. End in one loop.
template <class Plan, int First, int Last, int Start, int End, class T>
TYPEGRAD_INLINE constexpr void run_loop(T* workspace, const T* const* base) {
  constexpr int size = Plan::value.steps[Start].shape.size();
  const T* table[Plan::size.symbols + 2];  // a copy that no store can change
  for (int k = 1; k < Plan::size.symbols + 2; ++k) table[k] = base[k];
  table[0] = workspace;
  using numbers = std::make_integer_sequence<int, End - Start>;
  int n = 0;
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
    constexpr int lanes = shared_loop<Plan, Last>::lanes_of(Start, End, math::native_lanes<T>);
    if constexpr (lanes * static_cast<int>(sizeof(T)) >= 16)
      if (!__builtin_is_constant_evaluated()) {
        for (; n + lanes <= size; n += lanes) run_elements<Plan, First, Last, Start, math::lanes<T, lanes>>(workspace, table, n, numbers{});
        if constexpr (size % lanes == 0) return;
      }
  }
  for (; n < size; ++n) run_elements<Plan, First, Last, Start, T>(workspace, table, n, numbers{});
}
/// Steps From .. Last of those that start with First: up to the next loop, the loop, and so on.
template <class Plan, int First, int Last, int From, class T>
TYPEGRAD_INLINE constexpr void run_with_loops(T* workspace, const T* const* base) {
  constexpr int start = shared_loop<Plan, Last>::start_after(From), end = shared_loop<Plan, Last>::end_of(start);
  run_steps<Plan, First, Last, From - First, false>(workspace, workspace, base, std::make_index_sequence<static_cast<std::size_t>(start - From)>{});
  if constexpr (start < end) run_loop<Plan, First, Last, start, end>(workspace, base);
  if constexpr (end < Last) run_with_loops<Plan, First, Last, end>(workspace, base);
}

}  // namespace typegrad::detail
