// SPDX-License-Identifier: BSL-1.0
// Steps of a plan as straight-line code: which code each step runs, alone or together with those after it.
#pragma once

#include <typegrad/eval/step.hpp>

namespace typegrad::detail {

/// Steps First .. Last of a plan, objects of their own: nothing else of the plan is emitted, and g++ looks an element up by going
/// through all before it.
template <class Plan, int First, int Last>
struct steps_of {
  step at[bound(Last - First)];
  static constexpr steps_of make() {
    steps_of result{};
    for (int i = First; i < Last; ++i) result.at[i - First] = Plan::value.steps[i];
    return result;
  }
};
template <class Plan, int First, int Last>
inline constexpr steps_of<Plan, First, Last> steps_in = steps_of<Plan, First, Last>::make();

template <class Plan, int Number>
using operation_of_step = operation_class<Plan::value.operations_of[Number]->id>;

/// So many steps are done together from this one on, for numbers of which Most fit a register: 1 alone, 0 if it goes with one before it; -n if it
/// is one over n numbers that fill no register.
constexpr int steps_together(int run, int most) {
  if (run < 0) return run % most == 0 || most < 2 || (-run >= 8 && math::register_bytes > 16) ? 1 : run;
  const int before = run % most_joined, length = run / most_joined;
  if (length < 2 || most < 2) return 1;
  if (before % most != 0) return 0;
  return length - before < most ? length - before : most;
}
/// So many numbers of type T a register holds, if there are lanes of them.
template <class T>
inline constexpr int lanes_for = std::is_same_v<T, float> || std::is_same_v<T, double> ? math::native_lanes<T> : 1;

template <int Length>
struct step_of_group {
  template <class Op>
  using type = step_group<Op, Length>;
};
template <int Length>
  requires(Length < 0)
struct step_of_group<Length> {
  template <class Op>
  using type = step_of_few<Op, -Length>;
};
template <>
struct step_of_group<0> {
  template <class Op>
  using type = in_group;
};
template <>
struct step_of_group<1> {
  template <class Op>
  using type = Op;
};

template <class Plan, int Number, class T>
using step_class = typename step_of_group<steps_together(Plan::value.runs[Number], lanes_for<T>)>::template type<operation_of_step<Plan, Number>>;

/// Which operands of a step are symbols that are single numbers where others are lanes.
template <class Plan>
constexpr int scalar_operands(int number) {
  int result = 0;
  if constexpr (requires { Plan::scalar_symbols; })
    for (int k = 0; k < 2; ++k)
      if (const int base = Plan::value.steps[number].from[k].base; base >= 2 && Plan::scalar_symbols.at[base - 2]) result |= 1 << k;
  return result;
}

/// Steps First + From .. of those that start with First, one after the other.
template <class Plan, int First, int Last, int From, bool Together, class T, std::size_t... I>
TYPEGRAD_INLINE constexpr void run_steps([[maybe_unused]] T* own, [[maybe_unused]] T* workspace, [[maybe_unused]] const T* const* base,
                                         std::index_sequence<I...>) {
  (run_step<
       step_class<Plan, First + From + static_cast<int>(I), T>, Plan::value.scalar[First + From + static_cast<int>(I)], !Together,
       constants_of_step<Plan, Plan::value.loops[First + From + static_cast<int>(I)], scalar_operands<Plan>(First + From + static_cast<int>(I))>>(
       own, workspace, base, steps_in<Plan, First, Last>.at[From + static_cast<int>(I)]),
   ...);
}

}  // namespace typegrad::detail
