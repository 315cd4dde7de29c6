// SPDX-License-Identifier: BSL-1.0
// Runs an iteration: the plan of one step, until nothing changes.
#pragma once

#include <typegrad/diff/iterate.hpp>
#include <typegrad/eval/execute.hpp>

namespace typegrad::detail {

template <class Unknowns, class Given, class Next>
struct iteration_program;
template <class... X, class... P, class... N>
struct iteration_program<type_list<X...>, type_list<P...>, type_list<N...>> {
  using plan = plan_of<expressions<true, N...>>;
  /// Where the value of a symbol is: among the unknowns, or among what is given.
  struct place {
    bool unknown = false;
    int offset = 0;
  };
  struct table {
    place at[bound(plan::size.symbols + 1)];
    int result[sizeof...(N) + 1];
  };
  static constexpr table places = [] {
    table made{};
    const std::uint64_t hashes[] = {X::hash..., P::hash...};
    const int sizes[] = {X::shape::value.size()..., P::shape::value.size()...}, unknowns = static_cast<int>(sizeof...(X));
    for (int k = 0; k < plan::size.symbols; ++k)
      for (int s = 0, offset = 0; s < unknowns + static_cast<int>(sizeof...(P)); offset += sizes[s++]) {
        if (s == unknowns) offset = 0;
        if (hashes[s] == plan::value.symbols[k]->hash) made.at[k] = {s < unknowns, offset};
      }
    for (int r = 0, offset = 0; r < unknowns; offset += sizes[r++]) made.result[r] = offset;
    return made;
  }();
};

template <class Program, class V, std::size_t... K, std::size_t... N>
TYPEGRAD_INLINE constexpr void run_iteration_step(V* workspace, const V* constants, const V* unknowns, const V* given, V* next,
                                                  std::index_sequence<K...>, std::index_sequence<N...>) {
  using plan = typename Program::plan;
  V* const roots[] = {next + Program::places.result[N]...};
  const V* const base[] = {workspace, constants, (Program::places.at[K].unknown ? unknowns : given) + Program::places.at[K].offset..., roots[N]...};
  execute<plan>(workspace, base);
  copy_roots<plan>(roots, base);
}

/// Is a condition, 0 or 1, 1 in some lane?
template <class V>
TYPEGRAD_INLINE constexpr bool in_some_lane(const V& condition) {
  if constexpr (!math::is_lanes<V>) {
    return condition > V(0);
  } else {
    return any(condition > V(math::scalar_of<V>(0)));
  }
}

/// V: numbers, or lanes of them, each of which takes as many steps as it needs and then keeps its values.
template <class R, class V>
constexpr void run_iteration(V* y, const V* start, const V* given) {
  using program = iteration_program<typename R::unknowns, typename R::given, typename R::next>;
  using plan = typename program::plan;
  using T = math::scalar_of<V>;
  constexpr T asked = R::tolerance.template to<T>(), least = 4 * math::limits<T>::epsilon();
  const V zero(T(0)), one(T(1)), tolerance(asked > least ? asked : least);
  V workspace[bound(plan::value.workspace + 1)];
  V constants[bound(plan::size.constants + 1)];
  for (int i = 0; i < plan::size.constants; ++i) constants[i] = V(constants_of<plan, T>::value.at[i]);
  V next[bound(R::size)];
  for (int i = 0; i < R::size; ++i) y[i] = start[i];
  V running = one, found = zero;
  for (int n = 0; n < R::limit && in_some_lane(running); ++n) {
    run_iteration_step<program>(workspace, constants, y, given, next, std::make_index_sequence<static_cast<std::size_t>(plan::size.symbols)>{},
                                std::make_index_sequence<static_cast<std::size_t>(plan::size.roots)>{});
    V close = running, more = running;
    for (int i = 0; i < R::size; ++i) {
      const V change = op::abs::value(next[i] - y[i]), allowed = tolerance * op::max::value(one, op::abs::value(next[i]));
      close = math::select(change <= allowed, math::select(change < V(math::infinity<T>), close, zero), zero);
      more = math::select(math::equal(next[i], next[i]), more, zero);  // NaN stays NaN
      y[i] = math::select(running > zero, next[i], y[i]);
    }
    found = op::max::value(found, close);
    running = more - more * close;
  }
  for (int i = 0; i < R::size; ++i) y[i] = math::select(found > zero, y[i], V(math::nan<T>));
}

}  // namespace typegrad::detail
