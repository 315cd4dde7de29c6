// SPDX-License-Identifier: BSL-1.0
// Rows one after the other, each with the lanes along its own axes: for formulas of tensors, whose values of a register of rows would not fit
// the cache. The program of one row serves one sample and a batch of them.
#pragma once

#include <typegrad/eval/storage.hpp>

namespace typegrad::detail {

/// So many numbers of one row, in all lanes of a register, are more than the second cache holds.
inline constexpr int many_numbers = 8192;

/// Is a formula of one row, without rows of its own, done row after row? If products of tensors have lanes in it, and if it is large.
template <class Recipe>
constexpr bool is_large_of_tensors() {
  const graph_view& graph = graph_of<Recipe>::view;
  int numbers = 0;
  for (int i = 0; i < graph.size; ++i) numbers += graph.vertices[i].symbol == nullptr ? graph.vertices[i].shape.size() : 0;
  for (int r = 1; r < graph.root_count; ++r)  // gradients are sums over the rows, not values of each
    numbers -= graph.vertices[graph.roots[r]].symbol == nullptr ? graph.vertices[graph.roots[r]].shape.size() : 0;
  return numbers > many_numbers && has_layouts<Recipe>();
}

template <class E, class Recipe, class Rows, class T>
constexpr bool goes_one_by_one() {
  if constexpr (Rows::count == 0 || !facts<E>.products || (!std::is_same_v<T, float> && !std::is_same_v<T, double>)) return false;
  else if constexpr (!within_limits<Recipe>::value) return false;
  else return is_large_of_tensors<Recipe>();
}

/// What a batch computes in: the memory of a row, its results, and the sums of a shard.
template <class Recipe, class T, class Result>
struct row_memory {
  call_memory<Recipe, T> memory;
  Result row, sum;
  row_memory() : row(), sum() {}
};

/// Means over rows of what Program makes of one row. Results are sums of shards, added in order; how many there are follows from the work alone.
template <class Program, class Recipe>
struct rows_one_by_one {
  using T = typename Program::T;
  using result_type = typename Program::result_type;
  using memory_type = row_memory<Recipe, T, result_type>;

  template <class Policy, class... Arg>
  static constexpr decltype(auto) run(Policy& policy, const Arg&... arg) {
    if constexpr ((is_into<Arg> || ...)) {
      auto& storage = storage_among(arg...);
      mean(policy, storage.result, storage.memory, (0 + ... + rows_in(arg)), arg...);
      return std::as_const(storage.result);
    } else {
      return make(policy, arg...);
    }
  }

 private:
  /// In memory of the stack.
  struct results {
    result_type row, sum;
  };
  template <class Policy, class... Arg>
  static constexpr result_type make(Policy& policy, const Arg&... arg) {
    result_type result = Program::empty();
    results more{Program::empty(), Program::empty()};
    mean(policy, result, more, (0 + ... + rows_in(arg)), arg...);
    return result;
  }
  static constexpr void add(result_type& to, const result_type& more) { to.value += more.value, to.gradient += more.gradient; }

  /// Row i, in the memory that is there for it.
  template <class Memory, class... Arg>
  static constexpr void run_row(result_type& to, Memory& memory, long long i, const Arg&... arg) {
    one_thread policy;
    const auto given = [&]<class A>(const A& a) -> decltype(auto) {
      if constexpr (is_into<A>) return into_type<Memory>{memory};
      else return single_row(a, i);
    };
    Program::run_to(policy, to, given(arg)...);
  }
  template <class Memory, class... Arg>
  static constexpr void add_rows(result_type& to, Memory& memory, long long first, long long last, const Arg&... arg) {
    run_row(to, memory, first, arg...);
    for (long long i = first + 1; i < last; ++i) run_row(memory.row, memory, i, arg...), add(to, memory.row);
  }
  template <class Policy, class Memory, class... Arg>
  static constexpr void mean(Policy& policy, result_type& to, Memory& memory, long long rows, const Arg&... arg) {
    constexpr operation_counts all = plan_of<Recipe>::value.operations;
    const int shards = shard_count<1>(all.add + all.multiply + 8 * (all.divide + all.transcendental), rows);
    run_shards(policy, to, memory, rows, shards, arg...);
    const T share = T(1) / static_cast<T>(rows);
    to.value *= share, to.gradient *= share;
  }
  template <class Memory, class... Arg>
  static constexpr void run_shards(one_thread&, result_type& to, Memory& memory, long long rows, int shards, const Arg&... arg) {
    add_rows(to, memory, 0, rows / shards, arg...);
    for (int k = 1; k < shards; ++k) add_rows(memory.sum, memory, rows * k / shards, rows * (k + 1) / shards, arg...), add(to, memory.sum);
  }
  /// Each thread has memory of its own, each shard its sums.
  template <class Pool, class Memory, class... Arg>
  static void run_shards(Pool& pool, result_type& to, Memory&, long long rows, int shards, const Arg&... arg) {
    const auto bytes_of = [](int count, std::size_t one) { return static_cast<std::size_t>(count) * ((one + 63) / 64 * 64); };
    const std::size_t threads = bytes_of(pool.size(), sizeof(memory_type));
    std::byte* const scratch = static_cast<std::byte*>(pool.scratch(threads + bytes_of(shards, sizeof(result_type))));
    const auto memory_of = [&](int k) -> memory_type& {
      return *reinterpret_cast<memory_type*>(scratch + bytes_of(k % pool.size(), sizeof(memory_type)));
    };
    const auto sum_of = [&](int k) -> result_type& { return *reinterpret_cast<result_type*>(scratch + threads + bytes_of(k, sizeof(result_type))); };
    pool.run(shards, [&](int k) { add_rows(k == 0 ? to : sum_of(k), memory_of(k), rows * k / shards, rows * (k + 1) / shards, arg...); });
    for (int k = 1; k < shards; ++k) add(to, sum_of(k));
  }
};

}  // namespace typegrad::detail
