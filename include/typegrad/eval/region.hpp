// SPDX-License-Identifier: BSL-1.0
// Runs a program with regions: what all rows share once, the body tile by tile with one row in each lane, then what needs
// the sums.
#pragma once

#include <typegrad/eval/tile.hpp>

namespace typegrad::detail {

/// Runs everything on the calling thread.
struct one_thread {};

/// Rows are dealt into so many shards, whose sums are added in order: their number follows from the work alone, never from the
/// number of threads, so results do not depend on it.
template <int Together>
constexpr int shard_count(long long operations, long long rows) {
  constexpr long long worth_a_shard = 1 << 24;  // operations, about 0.1 ms
  long long shards = 1;
  while (shards < 16 && 2 * shards * worth_a_shard <= operations * rows && 2 * shards * Together <= rows) shards *= 2;
  return static_cast<int>(shards);
}

/// The sums of a shard that is not the first: the workspace, then the roots.
template <class Plan, class T>
struct shard_sums {
  static constexpr int roots_size = [] {
    int size = 0;
    for (int r = 0; r < Plan::size.roots; ++r) size += Plan::results.root_sizes[r];
    return size;
  }();
  T workspace[Plan::value.workspace + 1];
  T roots[bound(roots_size + 1)];

  void bind(T** to) {
    int at = 0;
    for (int r = 0; r < Plan::size.roots; ++r) to[r] = roots + at, at += Plan::results.root_sizes[r];
  }
};

template <class Recipe, class T, int Pass, class... Source>
struct region_run {
  using program = region_program<Recipe, T, Pass>;
  using plan = typename program::plan;
  using body = typename program::body;
  using sums = shard_sums<plan, T>;
  using tile = tile_memory<Recipe, T>;

  /// Shard k of so many.
  static void run_shard(tile& memory, int k, int shards, const T* const* base, long long rows, T* workspace, T* const* roots,
                        const Source&... source) {
    constexpr int lane_count = math::native_lanes<T>, most = program::max_packs * lane_count;
    const long long packs = (rows + lane_count - 1) / lane_count, start = packs * k / shards * lane_count;
    const long long end = packs * (k + 1) / shards * lane_count, last = end < rows ? end : rows;
    for (long long first = start; first < last; first += most)
      program::run_tile(memory.packs, base, first, static_cast<int>(last - first < most ? last - first : most), first == start, workspace, roots,
                        source...);
  }
  static void run_into(sums& mine, tile& memory, int k, int shards, const T* const* base, long long rows, T* const* results,
                       const Source&... source) {
    T* roots[plan::size.roots];
    mine.bind(roots);
    for (int r = 0; plan::value.each && r < plan::size.roots; ++r) roots[r] = results[r];  // each row goes to where it belongs
    run_shard(memory, k, shards, base, rows, mine.workspace, roots, source...);
  }
  static void add(T* workspace, T* const* roots, sums& more) {
    T* from[plan::size.roots];
    more.bind(from);
    for (int n = 0; n < body::size.sums; ++n) {
      T* const to = sum_place(body::sums.at[n], workspace, roots);
      const T* const part = sum_place(body::sums.at[n], more.workspace, from);
      for (int i = 0; i < body::sums.at[n].results; ++i) {
        if (body::sums.at[n].max) to[i] = op::max::value(to[i], part[i]);
        else to[i] += part[i];
      }
    }
  }

  /// Shards one after the other, with the memory of a call.
  template <class Memory>
  [[gnu::noinline]] static void run_shards(one_thread&, Memory& memory, int shards, const T* const* base, long long rows, T* const* roots,
                                           const Source&... source) {
    run_shard(memory.tile, 0, shards, base, rows, memory.workspace, roots, source...);
    for (int k = 1; k < shards; ++k)
      run_into(memory.sums, memory.tile, k, shards, base, rows, roots, source...), add(memory.workspace, roots, memory.sums);
  }
  /// The first thread has the memory of the call, the others have some of the pool's.
  template <class Pool, class Memory>
  static void run_shards(Pool& pool, Memory& memory, int shards, const T* const* base, long long rows, T* const* roots, const Source&... source) {
    const auto bytes_of = [](int count, std::size_t one) { return static_cast<std::size_t>(count) * ((one + 63) / 64 * 64); };
    const std::size_t tiles = bytes_of(pool.size(), sizeof(tile));
    std::byte* const scratch = static_cast<std::byte*>(pool.scratch(tiles + bytes_of(shards, sizeof(sums))));
    const auto tile_of = [&](int k) -> tile& { return *reinterpret_cast<tile*>(scratch + bytes_of(k % pool.size(), sizeof(tile))); };
    const auto sums_of = [&](int k) -> sums& { return *reinterpret_cast<sums*>(scratch + tiles + bytes_of(k, sizeof(sums))); };
    pool.run(shards, [&](int k) {
      if (k == 0) run_shard(memory.tile, 0, shards, base, rows, memory.workspace, roots, source...);
      else run_into(sums_of(k), tile_of(k), k, shards, base, rows, roots, source...);
    });
    for (int k = 1; k < shards; ++k) add(memory.workspace, roots, sums_of(k));
  }
};

template <class Recipe, class T, int Pass, class Policy, class Memory, class... Source>
inline void run_pass(Policy& policy, Memory& memory, T* workspace, T* const* roots, long long rows, const T* const* base, const Source&... source) {
  using run = region_run<Recipe, T, Pass, Source...>;
  const int shards = shard_count<math::native_lanes<T>>(run::body::value.operations, rows);
  if (shards == 1) run::run_shard(memory.tile, 0, 1, base, rows, workspace, roots, source...);
  else run::run_shards(policy, memory, shards, base, rows, roots, source...);
  finish_pass<typename run::plan, typename run::body, Pass>(workspace, base, roots, rows);
}

/// Shared values, then pass by pass the body over all rows of its axis and what needs its sums. `roots[r]` receives root r.
template <class Recipe, class T, class Policy, class Memory, class... Source>
inline void run_regions(Policy& policy, Memory& memory, T* const* roots, const long long* rows, const T* const* shared, const Source&... source) {
  using plan = plan_of<Recipe>;
  T* workspace = memory.workspace;
  asm("" : "+r"(workspace));  // sums start with the first tile, which g++ does not see
  T numbers[numbers_of_rows * plan::value.axis_count];
  put_numbers_of_rows<plan>(numbers, rows);
  const T* base[plan::size.symbols + 3] = {workspace, constants_of<plan, T>::value.at};
  for (int s = 0; s < plan::size.symbols; ++s) base[2 + s] = shared[s];
  base[rows_base(plan::size)] = numbers;
  execute<plan, 0, plan::value.before[0]>(workspace, base);
  for_each_index<0, plan::value.passes>(
      [&](auto pass) { run_pass<Recipe, T, pass>(policy, memory, workspace, roots, rows[plan::value.axis_of[pass]], base, source...); });
  finish<Recipe>(base, roots);
}

}  // namespace typegrad::detail
