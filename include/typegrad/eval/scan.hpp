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
      run_steady<forward, program>(workspace, constants, forth, shared, spread, symbols_of_step<program>{}, roots_of_step<program>{});
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

/// May packs of rows go through the steps side by side, so that none waits for its last step? Where a step computes in few numbers.
template <class R, bool InRows>
inline constexpr bool goes_side_by_side = step_memory<R, InRows>::in_workspace == 0 && R::info.carry <= 16 && !R::goes.ragged && R::goes.every == 1;

/// What a recurrence computes in besides its results. Up to `step_memory::few` numbers are variables of their own, and few carries, which
/// compilers keep in registers from step to step; else they stand behind the results.
template <class R, bool InRows>
struct recurrence_memory {
  using memory = step_memory<R, InRows>;
  static constexpr bool few = memory::in_workspace == 0, few_carries = few && R::info.carry <= 16;
  static constexpr int workspace = few ? memory::workspace + 1 : 1, constants = few ? memory::constants + 1 : 1,
                       rest = few ? memory::turns + memory::again + memory::spread + 1 : 1, carries = few_carries ? R::info.carry + 1 : 1;
};

/// V: numbers, or lanes of them; S: those that steps share may be single ones. Carries are results, or two that take turns. So many packs
/// of rows at once, whose numbers are so far apart.
template <class R, bool InRows, int Packs, class V, class S>
constexpr void run_recurrence(V* first_y, const V* const* first_operand, const S* shared, int apart) {
  using program = step_program<R, InRows>;
  using memory = step_memory<R, InRows>;
  using T = math::scalar_of<V>;
  using own = recurrence_memory<R, InRows>;
  V own_workspace[bound(Packs)][bound(own::workspace)], own_constants[bound(own::constants)], own_rest[bound(own::rest)];
  V own_carry[bound(Packs)][bound(own::carries)], own_next[bound(Packs)][bound(own::carries)];
  V* const constants = own::few ? own_constants : first_y + R::info.results() + memory::workspace;
  V* const turns = own::few ? own_rest : constants + memory::constants;
  V* const spread = turns + memory::turns + memory::again;
  const made_steps<R, V> steps(shared);
  const V* operands[bound(Packs)][most_operands];
  for (int p = 0; p < Packs; ++p)
    for (int k = 0; k < most_operands; ++k) operands[p][k] = Packs == 1 ? first_operand[k] : first_operand[k] + p * apart;
  const auto carry_of = [&](int p, int n) TYPEGRAD_INLINE {
    V* const y = first_y + p * apart;
    return n == R::info.steps                   ? y
           : R::keeps && n % R::info.every == 0 ? y + R::info.carry + n / R::info.every * R::info.carry
                                                : (R::turns_in_results ? y + R::info.carry : turns) + n % 2 * R::info.carry;
  };
  fill_constants<program>(constants), spread_shared<program>(spread, shared);
  V* carry = own::few_carries ? nullptr : carry_of(0, 0);
  for_each_index<0, Packs>([&](auto p) TYPEGRAD_INLINE {
    run_steady<R, program>(own::few ? own_workspace[p] : first_y + R::info.results(), constants, operands[p], shared, spread,
                           symbols_of_step<program>{}, roots_of_step<program>{});
    V* const start = own::few_carries ? own_carry[p] : carry;
    for (int i = 0; i < R::info.carry; ++i) start[i] = R::is_pullback && i >= R::carry ? V(T(0)) : operands[p][0][i];
    if constexpr (own::few_carries && R::goes.ragged)
      for (int i = 0; i < R::info.carry; ++i) own_next[p][i] = start[i];  // in lanes, read also where no step was made
    if constexpr (own::few_carries && R::keeps)
      for (int i = 0; i < R::info.carry; ++i) carry_of(p, 0)[i] = start[i];
  });
  for (int n = 0; n < R::info.steps; ++n) {
    const int t = R::is_pullback || R::goes.reversed ? R::info.steps - 1 - n : n;
    for_each_index<0, Packs>([&](auto p) TYPEGRAD_INLINE {
      const V* const* const operand = operands[p];
      const V* const now = own::few_carries ? own_carry[p] : carry;
      V *const next = own::few_carries ? own_next[p] : carry_of(p, n + 1), *const outputs = first_y + p * apart + R::info.carry + R::info.kept() +
                                                                                            t * R::info.output;
      if (!R::goes.ragged || t < steps.most) {
        const V* before = now;
        if constexpr (R::is_pullback) before = carry_before<R, InRows>(turns + memory::turns, operand, shared, t, steps);
        run_step_of<R, program>(own::few ? own_workspace[p] : first_y + R::info.results(), constants, now, before, next, outputs, operand, shared,
                                spread, t, symbols_of_step<program>{}, roots_of_step<program>{});
      }
      steps.settle(next, R::info.carry, t, [&](int i) TYPEGRAD_INLINE { return idle_carry<R>(now, operand, t, i); });
      if constexpr (R::is_pullback && R::goes.ragged)
        for (int r = 0; r < program::plan::size.roots; ++r) {
          const int from = program::places.result[r] - R::info.carry;
          if (from >= 0) steps.settle(outputs + from, program::plan::value.results.root_sizes[r], t, [](int) TYPEGRAD_INLINE { return V(T(0)); });
        }
      if constexpr (own::few_carries) {
        for (int i = 0; i < R::info.carry; ++i) own_carry[p][i] = own_next[p][i];
        if (n + 1 == R::info.steps || (R::keeps && (n + 1) % R::info.every == 0)) {
          V* const result = carry_of(p, n + 1);
          for (int i = 0; i < R::info.carry; ++i) result[i] = own_next[p][i];
        }
      } else {
        carry = next;
      }
    });
  }
}

}  // namespace typegrad::detail
