// SPDX-License-Identifier: BSL-1.0
// One step of a recurrence: its plan, where it finds what it reads, what it computes in.
#pragma once

#include <typegrad/diff/scan.hpp>
#include <typegrad/eval/execute.hpp>
#include <typegrad/eval/mixed_plan.hpp>

namespace typegrad::detail {

/// Where a step finds the value of a symbol: among the carries, its inputs, or what steps share.
struct step_place {
  int operand = 0;
  int offset = 0;
  int part = 0;  // of the inputs
};

/// The formulas of a step, in which the values of some formulas are given by symbols: the last ones among the inputs.
template <class R, class Kept, class... E>
struct step_recipe : expressions<true, E...> {};
template <class R, class First, class... Rest, class... E>
struct step_recipe<R, type_list<First, Rest...>, E...> : expressions<true, E...> {
  static constexpr bool build(arena& target, buffer<int>& roots) {
    arena all;
    importer import(all);
    const int results[] = {import(E::node())...};
    const int given[] = {import(First::node()), import(Rest::node())...};
    const formula* symbols[sizeof...(Rest) + 1] = {};
    last_inputs(symbols, typename R::inputs{});
    buffer<int> where(all.size(), -1), arg;  // -1: not needed, -2: needed
    for (const int r : results) where.items[r] = -2;
    const auto given_by = [&](int i) {
      for (int k = 0; k < static_cast<int>(sizeof...(Rest)) + 1; ++k)
        if (given[k] == i && !all[i].is_number()) return k;
      return -1;
    };
    for (int i = all.size() - 1; i >= 0; --i)
      if (where.items[i] == -2 && given_by(i) < 0)
        for (int k = 0; k < all[i].count; ++k) where.items[all.operand(all[i], k)] = -2;
    for (int i = 0; i < all.size(); ++i) {
      if (where.items[i] == -1) continue;
      const vertex v = all[i];
      const int k = given_by(i);
      if (k >= 0) {
        where.items[i] = target.intern(*symbols[k]->op, nullptr, 0, {}, v.shape, symbols[k]->symbol);
        continue;
      }
      if (arg.size() < v.count) arg.resize(v.count);
      for (int a = 0; a < v.count; ++a) arg.items[a] = where.items[all.operand(v, a)];
      const number value = v.op->payload == payload::contraction ? target.number_of(all.contraction_of(v)) : v.value;
      where.items[i] = target.intern(*v.op, arg.items, v.count, value, v.shape, v.symbol);
    }
    for (const int r : results) roots.push(where.items[r]);
    return true;
  }

 private:
  template <class... X>
  static constexpr void last_inputs(const formula** to, type_list<X...>) {
    const formula* const inputs[] = {&X::node()..., nullptr};
    for (std::size_t k = 0; k <= sizeof...(Rest); ++k) to[k] = inputs[sizeof...(X) - sizeof...(Rest) - 1 + k];
  }
};

/// How many inputs the steps have of which this is the pullback.
template <class R>
inline constexpr int own_inputs = R::info.input - (R::is_pullback ? (R::has_adjoints ? 2 : 1) * R::carry + R::kept_numbers : 0);

/// The recipe of a step, under a short name. In the lanes of rows it has no layouts.
template <class R, class Results>
struct recipe_of_results;
template <class R, class... E>
struct recipe_of_results<R, type_list<E...>> {
  using type = step_recipe<R, typename R::kept, E...>;
};
template <class R, bool InRows>
struct step_recipe_of : recipe_of_results<R, typename R::results>::type {
  static constexpr bool in_rows = InRows;
  /// Has a symbol the same value in all steps? What is made of such alone is computed once.
  static constexpr bool is_steady(std::uint64_t hash) {
    return
        []<class... P>(type_list<P...>, [[maybe_unused]] std::uint64_t wanted) { return (... || (P::hash == wanted)); }(typename R::shared{}, hash);
  }
};

template <class R, bool InRows>
struct step_program {
  using plan = plan_of<step_recipe_of<R, InRows>>;
  template <int Results>
  struct table {
    step_place at[bound(plan::size.symbols + 1)];
    int result[bound(Results + 1)];
  };
  static constexpr auto places = []<class... C, class... X, class... P, class... E>(type_list<C...>, type_list<X...>, type_list<P...>,
                                                                                    type_list<E...>) {
    table<static_cast<int>(sizeof...(E))> made{};
    const std::uint64_t hashes[] = {C::hash..., X::hash..., P::hash..., 0};
    const int sizes[] = {C::shape::value.size()..., X::shape::value.size()..., P::shape::value.size()..., 0};
    for (int k = 0; k < plan::size.symbols; ++k)
      for (int s = 0, offset = 0, operand = 0; s < static_cast<int>(sizeof...(C) + sizeof...(X) + sizeof...(P)); ++s) {
        const int now = s < static_cast<int>(sizeof...(C)) ? 0 : s < static_cast<int>(sizeof...(C) + sizeof...(X)) ? 1 : 2;
        if (now != operand) operand = now, offset = 0;
        if (hashes[s] == plan::value.symbols[k]->hash) made.at[k] = {operand, offset, 0};
        offset += sizes[s];
      }
    for (int k = 0; R::is_pullback && k < plan::size.symbols; ++k) {
      step_place& place = made.at[k];
      if (place.operand != 1) continue;
      const int starts[] = {0, R::carry, R::carry + own_inputs<R>, (R::has_adjoints ? 2 : 1) * R::carry + own_inputs<R>};
      while (place.part < 3 && place.offset >= starts[place.part + 1]) ++place.part;
      place.offset -= starts[place.part];
    }
    const int results[] = {E::shape::value.size()..., 0};
    for (int r = 0, offset = 0, n = 0; r < static_cast<int>(sizeof...(E)); offset += results[r++])
      made.result[r] = offset < R::info.carry ? offset : R::outputs::offsets.at[n++];
    return made;
  }(typename R::carries{}, typename R::inputs{}, typename R::shared{}, typename R::results{});
};

/// Where step t finds the value of symbol K. The inputs of a pullback are the carries before a step, its inputs, the adjoints of these carries, and
/// what it kept. `shared` are numbers of type V; or single numbers, of which `spread` has those that lanes need.
template <class R, class Program, std::size_t K, class V, class S>
TYPEGRAD_INLINE constexpr const V* step_operand(const V* carry, const V* before, const V* const* operand, const S* shared, const V* spread, int t) {
  constexpr step_place from = Program::places.at[K];
  constexpr int own = own_inputs<R>, carries = R::carry;
  if constexpr (from.operand == 0) return carry + from.offset;
  else if constexpr (from.operand == 2 && std::is_same_v<S, V>) return shared + from.offset;
  else if constexpr (from.operand == 2 && mixed_plan<Program>::scalar_symbols.at[K]) return reinterpret_cast<const V*>(shared + from.offset);
  else if constexpr (from.operand == 2) return spread + mixed_plan<Program>::spread.at[K];
  else if constexpr (!R::is_pullback) return operand[1] + t * own + from.offset;
  else if constexpr (from.part == 0) return before + from.offset;
  else if constexpr (from.part == 1) return operand[2] + t * own + from.offset;
  else if constexpr (from.part == 2) return operand[0] + carries + t * carries + from.offset;
  else return operand[1] + carries * (1 + R::goes.steps) + t * R::kept_numbers + from.offset;
}

/// One step: reads `carry`, writes the next one and the outputs. (The tables are constants, so that nothing is looked up again.)
template <class R, class Program, class V, class S, std::size_t... K, std::size_t... N>
TYPEGRAD_INLINE constexpr void run_step_of(V* workspace, const V* constants, const V* carry, const V* before, V* next, V* outputs,
                                           const V* const* operand, const S* shared, const V* spread, int t, std::index_sequence<K...>,
                                           std::index_sequence<N...>) {
  using plan = std::conditional_t<std::is_same_v<S, V>, typename Program::plan, mixed_plan<Program>>;
  V* const roots[] = {
      (Program::places.result[N] < R::info.carry ? next + Program::places.result[N] : outputs + (Program::places.result[N] - R::info.carry))...};
  const V* const base[] = {workspace, constants, step_operand<R, Program, K>(carry, before, operand, shared, spread, t)..., roots[N]...};
  execute<plan, plan::value.before[0]>(workspace, base);
  copy_roots<plan>(roots, base);
}
/// What all steps share, once before them.
template <class R, class Program, class V, class S, std::size_t... K, std::size_t... N>
TYPEGRAD_INLINE constexpr void run_steady(V* workspace, const V* constants, const V* const* operand, const S* shared, const V* spread,
                                          std::index_sequence<K...>, std::index_sequence<N...>) {
  using plan = std::conditional_t<std::is_same_v<S, V>, typename Program::plan, mixed_plan<Program>>;
  if constexpr (plan::value.before[0] > 0) {
    const auto place_of = [&](auto k) TYPEGRAD_INLINE -> const V* {
      if constexpr (Program::places.at[k].operand == 2) return step_operand<R, Program, k>(workspace, workspace, operand, shared, spread, 0);
      else return workspace;  // nobody reads it
    };
    const V* const base[] = {workspace, constants, place_of(std::integral_constant<std::size_t, K>{})..., (static_cast<void>(N), workspace)...};
    execute<plan, 0, plan::value.before[0]>(workspace, base);
  }
}

/// What a step computes in: the workspace and the constants of its plan, and carries that take turns where no carry is a result. Up to `few`
/// numbers are variables of their own, which compilers keep in registers; more stand in the workspace, behind the results.
template <class R, bool InRows>
struct step_memory {
  using plan = typename step_program<R, InRows>::plan;
  static constexpr int few = 128;
  static constexpr int workspace = plan::value.workspace, constants = plan::size.constants,
                       turns = (R::keeps && R::goes.every == 1) || R::turns_in_results ? 0 : 2 * R::info.carry;
  static constexpr int again = [] {  // carries between those that were kept, and what their steps compute in
    if constexpr (R::is_pullback && R::goes.every > 1)
      return (R::goes.every - 1) * R::carry + step_memory<typename R::forward, InRows>::workspace +
             step_memory<typename R::forward, InRows>::constants + step_memory<typename R::forward, InRows>::spread;
    else return 0;
  }();
  static constexpr int spread = InRows ? mixed_plan<step_program<R, InRows>>::spread.count : 0;
  static constexpr int numbers = workspace + constants + turns + again + spread, in_workspace = numbers > few ? numbers : 0;
};

template <class Program, class V>
constexpr void fill_constants(V* to) {
  using plan = typename Program::plan;
  for (int i = 0; i < plan::size.constants; ++i) to[i] = V(constants_of<plan, math::scalar_of<V>>::value.at[i]);
}
/// Single numbers that steps share, in lanes, where not only contractions read them.
template <class Program, class V, class S>
constexpr void spread_shared(V* to, const S* shared) {
  if constexpr (!std::is_same_v<S, V>)
    for (int k = 0; k < Program::plan::size.symbols; ++k)
      if (Program::places.at[k].operand == 2 && !mixed_plan<Program>::scalar_symbols.at[k])
        for (int i = 0; i < Program::plan::value.symbols[k]->shape.size(); ++i)
          to[mixed_plan<Program>::spread.at[k] + i] = V(shared[Program::places.at[k].offset + i]);
}
template <class Program>
using symbols_of_step = std::make_index_sequence<static_cast<std::size_t>(Program::plan::size.symbols)>;
template <class Program>
using roots_of_step = std::make_index_sequence<static_cast<std::size_t>(Program::plan::size.roots)>;

}  // namespace typegrad::detail
