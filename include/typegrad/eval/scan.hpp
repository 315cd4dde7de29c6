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

/// V: numbers, or lanes of them; S: those that steps share may be single ones. Carries are results, or two that take turns.
template <class R, bool InRows, class V, class S>
constexpr void run_recurrence(V* y, const V* const* operand, const S* shared) {
  using program = step_program<R, InRows>;
  using memory = step_memory<R, InRows>;
  using T = math::scalar_of<V>;
  constexpr scan_info info = R::info;
  V own[memory::in_workspace > 0 ? 1 : memory::numbers + 1];
  V* const workspace = memory::in_workspace > 0 ? y + info.results() : own;
  V* const constants = workspace + memory::workspace;
  V* const turns = constants + memory::constants;
  V* const spread = turns + memory::turns + memory::again;
  const made_steps<R, V> steps(shared);
  const auto carry_of = [&](int n) {
    return n == info.steps ? y : info.keeps && n % info.every == 0 ? y + info.carry + n / info.every * info.carry : turns + n % 2 * info.carry;
  };
  fill_constants<program>(constants), spread_shared<program>(spread, shared);
  V* carry = carry_of(0);
  for (int i = 0; i < info.carry; ++i) carry[i] = R::is_pullback && i >= R::carry ? V(T(0)) : operand[0][i];
  for (int n = 0; n < info.steps; ++n) {
    const int t = R::is_pullback || R::goes.reversed ? info.steps - 1 - n : n;
    V *const next = carry_of(n + 1), *const outputs = y + info.carry + info.kept() + t * info.output;
    if (!R::goes.ragged || t < steps.most) {
      const V* before = carry;
      if constexpr (R::is_pullback) before = carry_before<R, InRows>(turns + memory::turns, operand, shared, t, steps);
      run_step_of<R, program>(workspace, constants, carry, before, next, outputs, operand, shared, spread, t, symbols_of_step<program>{},
                              roots_of_step<program>{});
    }
    steps.settle(next, info.carry, t, [&](int i) TYPEGRAD_INLINE { return idle_carry<R>(carry, operand, t, i); });
    if constexpr (R::is_pullback) steps.settle(outputs, info.output, t, [](int) TYPEGRAD_INLINE { return V(T(0)); });
    carry = next;
  }
}

}  // namespace typegrad::detail
