// SPDX-License-Identifier: BSL-1.0
// Runs a plan: the steps one after the other as straight-line code, in functions of bounded size with short names.
#pragma once

#include <typegrad/math/inline.hpp>
#include <typegrad/op/scan.hpp>
#include <typegrad/plan/planner.hpp>

#include <utility>

namespace typegrad::detail {

/// An operation that is long and comes often has a function of its own.
template <class Op, class T>
__attribute__((noinline, const)) constexpr T called(T x) noexcept {
  return Op::value(x);
}

template <class Op, class T>
TYPEGRAD_INLINE constexpr T elementwise_value(const step& s, const T* a, const T* b, const T* c, int i, int j, int k) {
  if constexpr (requires { Op::value(*a, number{}); }) return Op::value(a[i], s.value);
  else if constexpr (Op::arity == 1) return Op::value(a[i]);
  else if constexpr (Op::arity == 2) return Op::value(a[i], b[j]);
  else return Op::value(a[i], b[j], c[k]);
}

/// The elements of a tensor, many at a time; how many are done.
template <class Op, class T>
TYPEGRAD_INLINE inline int run_elementwise_lanes(const step& s, T* y, const T* a, const T* b, const T* c, int i, int j, int k) {
  using W = math::lanes<T, math::native_lanes<T>>;
  int n = 0;
  for (; n + W::count <= s.shape.size(); n += W::count) {
    const W x[] = {i != 0 ? W::load(a + n) : W(*a), Op::arity < 2 ? W(*a) : j != 0 ? W::load(b + n) : W(*b),
                   Op::arity < 3 ? W(*a) : k != 0 ? W::load(c + n) : W(*c)};
    elementwise_value<Op>(s, x, x + 1, x + 2, 0, 0, 0).store(y + n);
  }
  return n;
}

/// Operand K of a step whose operands are single numbers.
template <int K, class T>
TYPEGRAD_INLINE constexpr const T& number_at(const T* const* base, const step& s) {
  return base[s.from[K].base][s.from[K].offset];
}
/// A step from single numbers to a single number. There are many of these: what is written here is what compilers have to go through.
template <class Op, bool Called, class T>
TYPEGRAD_INLINE constexpr void run_scalar_step(T* workspace, const T* const* base, const step& s) {
  T& y = workspace[s.to.offset];
  if constexpr (std::is_same_v<Op, op::copy>) y = number_at<0>(base, s);
  else if constexpr (requires { Op::value(y, number{}); }) y = Op::value(number_at<0>(base, s), s.value);
  else if constexpr (Op::arity == 1 && Called && describe<Op>.transcendental) y = called<Op>(number_at<0>(base, s));
  else if constexpr (Op::arity == 1) y = Op::value(number_at<0>(base, s));
  else if constexpr (Op::arity == 2) y = Op::value(number_at<0>(base, s), number_at<1>(base, s));
  else y = Op::value(number_at<0>(base, s), number_at<1>(base, s), number_at<2>(base, s));
}

/// A recurrence: eval/scan.hpp.
template <class Op>
concept is_scan = requires { Op::is_scan; };
template <class R, class V>
constexpr void run_recurrence(V* y, const V* const* operand);

/// The loops of step after step: number N in the table of contractions.
template <class Plan, int N>
struct loops_of_step {
  static constexpr nest value = nest_of(Plan::contractions[N]);
};

/// One step. `base[0]` is the workspace, `base[1]` the constants, `base[2 + s]` the value of symbol s.
template <class Op, bool Scalar, bool Called, class Loops, class T>
TYPEGRAD_INLINE constexpr void run_step(T* workspace, const T* const* base, const step& s) {
  if constexpr (is_scan<Op>) {
    const T* operand[most_operands] = {};
    for (int k = 0; k < most_operands; ++k) operand[k] = base[s.from[k].base] + s.from[k].offset;
    run_recurrence<recurrence_class<Loops::value.pick>>(workspace + s.to.offset, operand);
  } else if constexpr (is_nest<Op>) {
    const T* const a = base[s.from[0].base] + s.from[0].offset;
    if constexpr (Loops::value.operands == 2) Op::template run<Loops::value>(workspace + s.to.offset, a, base[s.from[1].base] + s.from[1].offset);
    else Op::template run<Loops::value>(workspace + s.to.offset, a, a);
  } else if constexpr (Scalar && (std::is_same_v<Op, op::copy> || requires { Op::is_elementwise; })) {
    run_scalar_step<Op, Called>(workspace, base, s);
  } else {
    T* const y = workspace + s.to.offset;
    const T* const a = base[s.from[0].base] + s.from[0].offset;
    if constexpr (requires { Op::is_elementwise; }) {
      const T* const b = base[s.from[1].base] + s.from[1].offset;
      const T* const c = base[s.from[2].base] + s.from[2].offset;
      const int i = s.operand[0].rank > 0, j = s.operand[1].rank > 0, k = s.operand[2].rank > 0;
      int n = 0;
      if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
        if (!__builtin_is_constant_evaluated()) n = run_elementwise_lanes<Op>(s, y, a, b, c, i, j, k);
      for (; n < s.shape.size(); ++n) y[n] = elementwise_value<Op>(s, a, b, c, n * i, n * j, n * k);
    } else if constexpr (requires { Op::compute(y, s.shape, a, s.operand[0]); }) {
      Op::compute(y, s.shape, a, s.operand[0]);
    } else {
      const T* const b = base[s.from[1].base] + s.from[1].offset;
      if constexpr (requires { Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1], s.value); })
        Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1], s.value);
      else Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1]);
    }
  }
}

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
/// The results of a plan: root r goes to roots[r].
template <class Plan, int R, class T>
TYPEGRAD_INLINE constexpr void copy_root(T* const* roots, const T* const* base) {
  constexpr int size = Plan::results.root_sizes[R];
  if constexpr (size <= 32) copy_elements<Plan, R>(roots, base, std::make_integer_sequence<int, size>{});
  else  // a loop over the workspace keeps all of it in memory, but larger programs live there anyway
    for (int i = 0; i < size; ++i) roots[R][i] = base[Plan::results.roots[R].base][Plan::results.roots[R].offset + i];
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
    if (Plan::results.root_sizes[r] != 1) return false;
  return true;
}
template <class Plan, int First = 0, class T>
TYPEGRAD_INLINE constexpr void copy_roots(T* const* roots, const T* const* base) {
  constexpr int last = First + 64 < Plan::size.roots ? First + 64 : Plan::size.roots;
  if constexpr (numbers_from<Plan>(First, last)) copy_numbers<Plan, First>(roots, base, std::make_integer_sequence<int, last - First>{});
  else for_each_index<First, last>([&](auto r) TYPEGRAD_INLINE { copy_root<Plan, r>(roots, base); });
  if constexpr (last < Plan::size.roots) copy_roots<Plan, last>(roots, base);
}

/// So many steps are expanded at once, because compilers bound the length of a fold.
inline constexpr int chunk_size = 128;

/// Are these steps one function, so that values stay in registers? If they are few, or if there are few values.
template <class Plan>
constexpr bool in_one_function(int steps) {
  return steps <= chunk_size || (steps <= 4 * chunk_size && Plan::value.workspace <= 2 * chunk_size);
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

template <class Plan, int First, bool Together, class T, std::size_t... I>
TYPEGRAD_INLINE constexpr void run_steps([[maybe_unused]] T* workspace, [[maybe_unused]] const T* const* base, std::index_sequence<I...>) {
  (run_step<operation_class<Plan::value.operations_of[First + static_cast<int>(I)]->id>, Plan::value.scalar[First + static_cast<int>(I)], !Together,
            loops_of_step<Plan, Plan::value.loops[First + static_cast<int>(I)]>>(workspace, base,
                                                                                 steps_in<Plan, First, First + static_cast<int>(sizeof...(I))>.at[I]),
   ...);
}
/// The same as a function of its own.
template <class Plan, int First, class T, class I>
struct chunk;
template <class Plan, int First, class T, std::size_t... I>
struct chunk<Plan, First, T, std::index_sequence<I...>> {
  static constexpr void run(T* workspace, const T* const* base) {
    (run_step<operation_class<Plan::value.operations_of[First + static_cast<int>(I)]->id>, Plan::value.scalar[First + static_cast<int>(I)], true,
              loops_of_step<Plan, Plan::value.loops[First + static_cast<int>(I)]>>(
         workspace, base, steps_in<Plan, First, First + static_cast<int>(sizeof...(I))>.at[I]),
     ...);
  }
};

/// Steps First .. Last of a plan, chunk by chunk; each chunk of a long plan is a function, whose size is bounded.
template <class Plan, int First = 0, int Last = Plan::size.steps, bool Together = in_one_function<Plan>(Last - First), class T>
TYPEGRAD_INLINE constexpr void execute(T* workspace, const T* const* base) {
  constexpr int end = First + chunk_size < Last ? First + chunk_size : Last;
  using numbers = std::make_index_sequence<static_cast<std::size_t>(end - First)>;
  if constexpr (Together) run_steps<Plan, First, true>(workspace, base, numbers{});
  else chunk<Plan, First, T, numbers>::run(workspace, base);
  if constexpr (end < Last) execute<Plan, end, Last, Together>(workspace, base);
}

}  // namespace typegrad::detail
