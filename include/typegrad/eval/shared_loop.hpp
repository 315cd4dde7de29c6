// SPDX-License-Identifier: BSL-1.0
// Elementwise steps over tensors of one size that follow each other, in one loop.
#pragma once

#include <typegrad/eval/place_table.hpp>
#include <typegrad/eval/run_steps.hpp>

#include <type_traits>

namespace typegrad::detail {

/// Elementwise steps over tensors of one size that follow each other share a loop, so that what one makes is still in a register for the next.
/// Steps First .. Last, which start with number 0 here, in parts: from each of `starts` to the next, a loop or a line.
template <class Plan, int First, int Last>
struct loops_of_steps {
  static constexpr int most = 12;
  struct list {
    int count = 0;
    int starts[bound(Last - First + 1)] = {};
    bool is_loop[bound(Last - First)] = {};
    constexpr void add(int start, bool loop) {
      if (loop || count == 0 || is_loop[count - 1]) starts[count] = start, is_loop[count++] = loop;
    }
  };
  static constexpr const step& at(int i) { return steps_in<Plan, First, Last>.at[i]; }
  static constexpr bool is_elementwise(int i) {
    return !Plan::value.scalar[First + i] && Plan::value.operations_of[First + i]->elementwise &&
           (Plan::has_layouts || Plan::value.runs[First + i] >= 0);
  }
  /// Do these numbers meet, other than one by one? Operands that are single numbers are read before the loop. A result may be written over an argument.
  static constexpr bool disturb(place a, extent shape, place b, int size) {
    if (shape.rank == 0 || (a.base == b.base && a.offset == b.offset && shape.size() == size)) return false;
    if (a.base != 0 || b.base != 0) return a.base > 1 && b.base > 1 && !Plan::stands_apart;
    return a.offset < b.offset + size && b.offset < a.offset + shape.size();
  }
  /// Step i comes before step j: may each of its numbers be computed right before the one of j?
  static constexpr bool agree(int i, int j) {
    const step &a = at(i), &b = at(j);
    const int size = b.shape.size();
    bool result = a.shape.size() == size && !disturb(a.to, a.shape, b.to, size);
    for (int k = 0; k < most_operands && result; ++k)
      result = !disturb(a.from[k], a.operand[k], b.to, size) && !disturb(b.from[k], b.operand[k], a.to, size);
    return result;
  }
  static constexpr list value = [] {
    list result;
    for (int i = 0; i < Last - First;) {
      int end = i;
      for (bool goes_on = is_elementwise(i); goes_on;) {
        ++end;
        goes_on = end < Last - First && end - i < most && is_elementwise(end);
        for (int before = i; before < end && goes_on; ++before) goes_on = agree(before, end);
      }
      const bool loop = end - i > (Plan::has_layouts ? 0 : 1);
      result.add(i, loop);
      i = loop ? end : i + 1;
    }
    result.starts[result.count] = Last - First;
    return result;
  }();
  /// How many lanes fit operands that are shorter than the results.
  static constexpr int lanes_of(int first, int last, int most_lanes) {
    for (int i = first; i < last; ++i)
      for (const extent& operand : at(i).operand)
        while (operand.rank > 0 && operand.size() != at(i).shape.size() && operand.size() % most_lanes != 0) most_lanes /= 2;
    return most_lanes;
  }
};

/// Numbers Start .. End of steps First .. Last in one loop.
template <class Plan, int First, int Last, int Start, class W, class T, int... I>
TYPEGRAD_INLINE constexpr void run_elements(T* workspace, const T* const* base, const same_everywhere<T>* same, int n,
                                            std::integer_sequence<int, I...>) {
  (run_element<operation_of_step<Plan, First + Start + I>, constants_of_step<Plan, Plan::value.loops[First + Start + I]>, W>(
       workspace, base, steps_in<Plan, First, Last>.at[Start + I], same[I], n),
   ...);
}
template <class Plan, int First, int Last, int Start, class T, int... I>
TYPEGRAD_INLINE constexpr void run_loop(T* workspace, const T* const* base, std::integer_sequence<int, I...> numbers) {
  using steps = loops_of_steps<Plan, First, Last>;
  constexpr int size = steps::at(Start).shape.size(), lanes = steps::lanes_of(Start, Start + static_cast<int>(sizeof...(I)), lanes_for<T>);
  constexpr int whole = lanes == 1 || lanes * static_cast<int>(sizeof(T)) < 16 ? 0 : size / lanes * lanes;
  const same_everywhere<T> same[] = {{workspace, base, steps::at(Start + I), operation_of_step<Plan, First + Start + I>::arity}...};
  if constexpr (whole > 0)
    if (!__builtin_is_constant_evaluated())
      for (int n = 0; n < whole; n += lanes) run_elements<Plan, First, Last, Start, math::lanes<T, lanes>>(workspace, base, same, n, numbers);
  if (whole < size || __builtin_is_constant_evaluated())
    for (int n = __builtin_is_constant_evaluated() ? 0 : whole; n < size; ++n)
      run_elements<Plan, First, Last, Start, T>(workspace, base, same, n, numbers);
}

/// Part P of steps First .. Last. (A line of one step by itself: every function on the way costs compile time in each step.)
template <class Plan, int First, int Last, bool Together, int P, class T>
TYPEGRAD_INLINE constexpr void run_part(T* workspace, const T* const* base) {
  constexpr auto& parts = loops_of_steps<Plan, First, Last>::value;
  constexpr int start = parts.starts[P], end = parts.starts[P + 1];
  using numbers = std::make_integer_sequence<int, end - start>;
  if constexpr (parts.is_loop[P] && Together)
    with_places<Plan>([workspace](const T* const* table) TYPEGRAD_INLINE { run_loop<Plan, First, Last, start>(workspace, table, numbers{}); },
                      workspace, base);
  else if constexpr (parts.is_loop[P]) run_loop<Plan, First, Last, start>(workspace, base, numbers{});
  else if constexpr (end == start + 1)
    run_step<step_class<Plan, First + start, T>, Plan::value.scalar[First + start], !Together,
             constants_of_step<Plan, Plan::value.loops[First + start], scalar_operands<Plan>(First + start)>>(workspace, workspace, base,
                                                                                                              steps_in<Plan, First, Last>.at[start]);
  else run_steps<Plan, First, Last, start, Together>(workspace, workspace, base, std::make_index_sequence<static_cast<std::size_t>(end - start)>{});
}
/// Steps First .. Last. Together: the table is as the caller made it, and no copy of it.
template <class Plan, int First, int Last, bool Together, class T>
TYPEGRAD_INLINE constexpr void run_with_loops(T* workspace, const T* const* base) {
  if constexpr (First < Last)
    [&]<int... P>(std::integer_sequence<int, P...>) TYPEGRAD_INLINE {
      (run_part<Plan, First, Last, Together, P>(workspace, base), ...);
    }(std::make_integer_sequence<int, loops_of_steps<Plan, First, Last>::value.count>{});
}

}  // namespace typegrad::detail
