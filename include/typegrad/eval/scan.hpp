// SPDX-License-Identifier: BSL-1.0
// Runs a recurrence: the plan of one step, as often as there are steps.
#pragma once

#include <typegrad/eval/scan_step.hpp>

namespace typegrad::detail {

/// The steps of a recurrence that are made: in a ragged one those before a length, which differs from lane to lane.
template <class R, class V>
struct made_steps {
  V length;
  int most;  // in any lane

  template <class S>
  explicit constexpr made_steps(const S* shared) : length(V(math::scalar_of<V>(0))), most(R::goes.steps) {
    if constexpr (R::goes.ragged) {
      length = V(shared[0]), most = 0;
      if constexpr (math::is_lanes<V>)
        for (int l = 0; l < V::count; ++l) raise(length.v[l]);
      else raise(length);
    }
  }
  /// Where step t is not made, number i of its results is idle(i) instead.
  template <class Idle>
  TYPEGRAD_INLINE constexpr void settle(V* made, int count, int t, Idle idle) const {
    using T = math::scalar_of<V>;
    if constexpr (R::goes.ragged) {
      if constexpr (math::is_lanes<V>) {
        const auto goes_on = V(static_cast<T>(t)) < length;
        for (int i = 0; i < count; ++i) made[i] = math::select(goes_on, made[i], idle(i));
      } else if (t >= most) {
        for (int i = 0; i < count; ++i) made[i] = idle(i);
      }
    }
  }

 private:
  template <class T>
  constexpr void raise(T n) {
    while (most < R::goes.steps && static_cast<T>(most) < n) ++most;
  }
};

/// Number i of a carry after a step that is not made: what it was. Adjoints of the carry before such a step are added up.
template <class R, class V>
TYPEGRAD_INLINE constexpr V idle_carry(const V* carry, const V* const* operand, int t, int i) {
  if constexpr (R::has_adjoints)
    if (i < R::carry) return carry[i] + operand[0][R::carry + t * R::carry + i];
  return carry[i];
}

/// The carry before step t for a pullback. Where it was not kept, those since the last one that was are computed again, once for all of them.
template <class R, bool InRows, class V, class S>
TYPEGRAD_INLINE constexpr const V* carry_before(V* again, const V* const* operand, const S* shared, int t, const made_steps<R, V>& steps) {
  constexpr int every = R::goes.every;
  const V* const kept = operand[1] + R::carry + t / every * R::carry;
  if constexpr (every == 1) {
    return kept;
  } else {
    using forward = typename R::forward;
    using program = step_program<forward, InRows>;
    V* const constants = again + (every - 1) * R::carry;
    V* const spread = constants + step_memory<forward, InRows>::constants;
    V* const workspace = spread + step_memory<forward, InRows>::spread;
    const V* const forth[] = {operand[1], operand[2]};
    const int first = t / every * every;
    if (t + 1 == steps.most || t + 1 == first + every) {
      fill_constants<program>(constants), spread_shared<program>(spread, shared);
      for (int s = first; s < t; ++s) {
        V* const next = again + (s - first) * R::carry;
        const V* const now = s == first ? kept : next - R::carry;
        run_step_of<forward, program>(workspace, constants, now, now, next, next, forth, shared, spread, s, symbols_of_step<program>{},
                                      roots_of_step<program>{});
        steps.settle(next, R::carry, s, [&](int i) TYPEGRAD_INLINE { return now[i]; });
      }
    }
    return t == first ? kept : again + (t - first - 1) * R::carry;
  }
}

/// V: numbers, or lanes of them; S: those that steps share may be single ones. Carries are results, or two that take turns. Where a step computes
/// in few numbers, they are variables of their own, which compilers keep in registers from step to step; else they stand behind the results.
template <class R, bool InRows, class V, class S>
constexpr void run_recurrence(V* y, const V* const* operand, const S* shared) {
  using program = step_program<R, InRows>;
  using memory = step_memory<R, InRows>;
  using T = math::scalar_of<V>;
  constexpr scan_info info = R::info;
  constexpr bool few = memory::in_workspace == 0, few_carries = few && info.carry <= 16;
  V own_workspace[bound(few ? memory::workspace + 1 : 1)], own_constants[bound(few ? memory::constants + 1 : 1)];
  V own_rest[bound(few ? memory::turns + memory::again + memory::spread + 1 : 1)];
  V own_carry[bound(few_carries ? info.carry + 1 : 1)], own_next[bound(few_carries ? info.carry + 1 : 1)];
  V* const workspace = few ? own_workspace : y + info.results();
  V* const constants = few ? own_constants : workspace + memory::workspace;
  V* const turns = few ? own_rest : constants + memory::constants;
  V* const spread = turns + memory::turns + memory::again;
  const made_steps<R, V> steps(shared);
  const auto carry_of = [&](int n) TYPEGRAD_INLINE {
    return n == R::info.steps                   ? y
           : R::keeps && n % R::info.every == 0 ? y + R::info.carry + n / R::info.every * R::info.carry
                                                : (R::turns_in_results ? y + R::info.carry : turns) + n % 2 * R::info.carry;
  };
  fill_constants<program>(constants), spread_shared<program>(spread, shared);
  V* carry = few_carries ? own_carry : carry_of(0);
  for (int i = 0; i < info.carry; ++i) carry[i] = R::is_pullback && i >= R::carry ? V(T(0)) : operand[0][i];
  if constexpr (few_carries && R::goes.ragged)
    for (int i = 0; i < info.carry; ++i) own_next[i] = carry[i];  // in lanes, read also where no step was made
  if constexpr (few_carries && R::keeps)
    for (int i = 0; i < info.carry; ++i) carry_of(0)[i] = carry[i];
  for (int n = 0; n < info.steps; ++n) {
    const int t = R::is_pullback || R::goes.reversed ? info.steps - 1 - n : n;
    V *const next = few_carries ? own_next : carry_of(n + 1), *const outputs = y + info.carry + info.kept() + t * info.output;
    if (!R::goes.ragged || t < steps.most) {
      const V* before = carry;
      if constexpr (R::is_pullback) before = carry_before<R, InRows>(turns + memory::turns, operand, shared, t, steps);
      run_step_of<R, program>(workspace, constants, carry, before, next, outputs, operand, shared, spread, t, symbols_of_step<program>{},
                              roots_of_step<program>{});
    }
    steps.settle(next, info.carry, t, [&](int i) TYPEGRAD_INLINE { return idle_carry<R>(carry, operand, t, i); });
    if constexpr (R::is_pullback && R::goes.ragged)
      for (int r = 0; r < program::plan::size.roots; ++r) {
        const int from = program::places.result[r] - info.carry;
        if (from >= 0) steps.settle(outputs + from, program::plan::value.results.root_sizes[r], t, [](int) TYPEGRAD_INLINE { return V(T(0)); });
      }
    if constexpr (few_carries) {
      for (int i = 0; i < info.carry; ++i) own_carry[i] = own_next[i];
      if (n + 1 == info.steps || (R::keeps && (n + 1) % info.every == 0)) {
        V* const result = carry_of(n + 1);
        for (int i = 0; i < info.carry; ++i) result[i] = own_next[i];
      }
    } else {
      carry = next;
    }
  }
}

}  // namespace typegrad::detail
