// SPDX-License-Identifier: BSL-1.0
// Runs a plan: the steps one after the other as straight-line code, in functions of bounded size with short names.
#pragma once

#include <typegrad/eval/step.hpp>

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
  if constexpr (Plan::results.first[R] >= 0) copy_numbers_of<Plan, R, 0>(roots, base);
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

/// Are these steps one function, so that values stay in registers? If they are few, or if there are few values.
template <class Plan>
constexpr bool in_one_function(int steps) {
  return steps <= 128 || (steps <= 2048 && Plan::value.workspace <= 256);
}

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

/// Steps First + From .. of those that start with First, one after the other.
template <class Plan, int First, int Last, int From, bool Together, class T, std::size_t... I>
TYPEGRAD_INLINE constexpr void run_steps([[maybe_unused]] T* own, [[maybe_unused]] T* workspace, [[maybe_unused]] const T* const* base,
                                         std::index_sequence<I...>) {
  (run_step<step_class<Plan, First + From + static_cast<int>(I), T>, Plan::value.scalar[First + From + static_cast<int>(I)], !Together,
            constants_of_step<Plan, Plan::value.loops[First + From + static_cast<int>(I)]>>(
       own, workspace, base, steps_in<Plan, First, Last>.at[From + static_cast<int>(I)]),
   ...);
}

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
    if constexpr (Plan::has_layouts) {
      run_with_loops<Plan, First, Last, First>(workspace, base);
    } else if constexpr (are_numbers<Plan>(First, Last)) {
      T own[Plan::value.workspace + 1];
      run_steps<Plan, First, Last, 0, false>(own, workspace, base, indices{});
      keep_numbers<Plan, First, Last>(workspace, own, indices{});
    } else {
      run_steps<Plan, First, Last, 0, false>(workspace, workspace, base, indices{});
    }
  }
};

/// Steps First .. Last of a plan, chunk by chunk; each chunk of a long plan is a function, whose size is bounded.
template <class Plan, int First = 0, int Last = Plan::size.steps, bool Together = in_one_function<Plan>(Last - First), class T>
TYPEGRAD_INLINE constexpr void execute(T* workspace, const T* const* base) {
  constexpr int end = First + steps_in_function < Last ? First + steps_in_function : Last;
  if constexpr (Together && !Plan::has_layouts)
    run_steps<Plan, First, end, 0, true>(workspace, workspace, base, std::make_index_sequence<static_cast<std::size_t>(end - First)>{});
  else chunk<Plan, First, end, T>::run(workspace, base);
  if constexpr (end < Last) execute<Plan, end, Last, Together>(workspace, base);
}

}  // namespace typegrad::detail
