// SPDX-License-Identifier: BSL-1.0
// Runs a recurrence: the plan of one step, as often as there are steps.
#pragma once

#include <typegrad/diff/scan.hpp>
#include <typegrad/eval/execute.hpp>

namespace typegrad::detail {

/// Where a step finds the value of a symbol: among the carries, its inputs, or what steps share.
struct step_place {
  int operand = 0;
  int offset = 0;
  int part = 0;  // of the inputs
};

template <class R, class Carries, class Inputs, class Shared, class Results>
struct step_program;
template <class R, class... C, class... X, class... P, class... E>
struct step_program<R, type_list<C...>, type_list<X...>, type_list<P...>, type_list<E...>> {
  using plan = plan_of<expressions<true, E...>>;
  struct table {
    step_place at[bound(plan::size.symbols + 1)];
    int result[sizeof...(E) + 1];
  };
  static constexpr table places = [] {
    table made{};
    const std::uint64_t hashes[] = {C::hash..., X::hash..., P::hash..., 0};
    const int sizes[] = {C::shape::value.size()..., X::shape::value.size()..., P::shape::value.size()..., 0};
    for (int k = 0; k < plan::size.symbols; ++k)
      for (int s = 0, offset = 0, operand = 0; s < static_cast<int>(sizeof...(C) + sizeof...(X) + sizeof...(P)); ++s) {
        const int now = s < static_cast<int>(sizeof...(C)) ? 0 : s < static_cast<int>(sizeof...(C) + sizeof...(X)) ? 1 : 2;
        if (now != operand) operand = now, offset = 0;
        if (hashes[s] == plan::value.symbols[k]->hash) made.at[k] = {operand, offset, 0};
        offset += sizes[s];
      }
    for (int k = 0; R::is_pullback && k < plan::size.symbols; ++k) {  // inputs are carries, inputs, adjoints
      step_place& place = made.at[k];
      if (place.operand != 1) continue;
      const int own = R::info.input - 2 * R::carry;
      place.part = place.offset < R::carry ? 0 : place.offset < R::carry + own ? 1 : 2;
      place.offset -= place.part == 0 ? 0 : place.part == 1 ? R::carry : R::carry + own;
    }
    const int results[] = {E::shape::value.size()..., 0};
    for (int r = 0, offset = 0; r < static_cast<int>(sizeof...(E)); offset += results[r++]) made.result[r] = offset;
    return made;
  }();
};

/// Where the operands of a recurrence are, as its steps see them: input p of step t starts at first[p] + t * stride[p].
template <class V>
struct step_inputs {
  const V* first[3];
  int stride[3];
};
/// The inputs of a pullback: the carries before a step, its inputs, the adjoints of these carries.
template <class R, class V>
constexpr step_inputs<V> inputs_of(const V* const* operand) {
  if constexpr (!R::is_pullback) return {{operand[1], nullptr, nullptr}, {R::info.input, 0, 0}};
  else return {{operand[1] + R::carry, operand[2], operand[0] + R::carry}, {R::carry, R::info.input - 2 * R::carry, R::carry}};
}

/// V: numbers, or lanes of them.
template <class R, class V>
constexpr void run_recurrence(V* y, const V* const* operand) {
  using program = step_program<R, typename R::carries, typename R::inputs, typename R::shared, typename R::results>;
  using plan = typename program::plan;
  using T = math::scalar_of<V>;
  constexpr scan_info info = R::info;
  constexpr int width = info.carry + info.output;
  V workspace[bound(plan::value.workspace + 1)];
  V constants[bound(plan::size.constants + 1)];
  for (int i = 0; i < plan::size.constants; ++i) constants[i] = V(constants_of<plan, T>::value.at[i]);
  V carry[bound(info.carry)], made[bound(width)];
  const V* const shared = operand[R::is_pullback ? 3 : 2];
  for (int i = 0; i < info.carry; ++i) carry[i] = R::is_pullback && i >= R::carry ? V(T(0)) : operand[0][i];
  const step_inputs<V> inputs = inputs_of<R>(operand);
  V* roots[bound(plan::size.roots)] = {};
  for (int r = 0; r < plan::size.roots; ++r) roots[r] = made + program::places.result[r];
  const V* base[bound(plan::size.symbols + 2)] = {};
  base[0] = workspace, base[1] = constants;
  for (int n = 0; n < info.steps; ++n) {
    const int t = R::is_pullback ? info.steps - 1 - n : n;
    for (int k = 0; k < plan::size.symbols; ++k) {
      const step_place from = program::places.at[k];
      if (from.operand != 1) base[2 + k] = (from.operand == 0 ? carry : shared) + from.offset;
      else base[2 + k] = inputs.first[from.part] + t * inputs.stride[from.part] + from.offset;
    }
    if (info.keeps)
      for (int i = 0; i < info.carry; ++i) y[info.carry + t * info.carry + i] = carry[i];
    execute<plan>(workspace, base);
    copy_roots<plan>(roots, base);
    for (int i = 0; i < info.carry; ++i) carry[i] = made[i];
    for (int i = 0; i < info.output; ++i) y[info.carry + info.kept() + t * info.output + i] = made[info.carry + i];
  }
  for (int i = 0; i < info.carry; ++i) y[i] = carry[i];
}

}  // namespace typegrad::detail
