// SPDX-License-Identifier: BSL-1.0
// Runs a program with regions: what all rows share once, the body tile by tile with one row in each lane, then what needs
// the sums.
#pragma once

#include <typegrad/eval/chain.hpp>
#include <typegrad/eval/rows.hpp>
#include <typegrad/eval/sums.hpp>

namespace typegrad::detail {

/// A kernel for all packs of a tile. `sums` is the workspace of what all rows share, `roots` are the results.
template <class Body, int S, int MaxPacks, class T, int L>
TYPEGRAD_INLINE inline void run_kernel(math::lanes<T, L>* packs, const T* const* base, const tile<T, L>& rows, const row_source<T>* data, T* sums,
                                       T* const* roots) {
  using V = math::lanes<T, L>;
  constexpr body_step s = Body::value.steps[S];
  constexpr int pack = Body::value.workspace;
  if constexpr (s.is_short_product()) {
    for (int p = 0; p < rows.packs; ++p) run_elements<Body, S>(packs + p * pack, base);
  } else if constexpr (s.kind == kernel::product) {
    if constexpr (s.to >= 0) {
      product<s.size, s.inner, s.row, s.column>(packs + s.to, base[s.matrix.base] + s.matrix.offset, packs + s.left, pack, rows.packs);
      if constexpr (s.count > 1 || Body::value.line.members[s.first].store != s.to)
        for (int p = 0; p < rows.packs; ++p) run_elements<Body, S>(packs + p * pack, base);
    }
  } else if constexpr (s.is_sum()) {
    T* const to = sum_place<s.root>(sums + s.to, roots);
    if constexpr (s.kind == kernel::row_max) raise_to_largest<s.size>(to, packs + s.left, pack, rows);
    else if constexpr (s.kind == kernel::row_sum) add_lane_sums<s.size, 0>(to, packs + s.left, packs, pack, rows);
    else
      for (int k = 0; k < s.times; ++k) {
        const V *const u = packs + s.left + k * s.left_step, *const v = packs + s.right + k * s.right_step;
        tile<T, L> now = rows;
        now.fresh = rows.fresh && k == 0;
        if constexpr (s.sums_lanes(L)) add_lane_sums<s.size * s.inner, s.inner, s.left_stride, s.right_stride>(to, u, v, pack, now);
        else if constexpr (s.rows_of >= 0)
          add_outer<s.size, s.inner, MaxPacks * L, s.left_stride, 1>(to, u, v, pack, data[s.rows_of].first, data[s.rows_of].row, now);
        else add_outer<s.size, s.inner, MaxPacks * L, s.left_stride, s.right_stride>(to, u, v, pack, static_cast<const T*>(nullptr), 0, now);
      }
  } else if constexpr (s.kind == kernel::store) {
    for (int p = 0; p < rows.packs; ++p)
      store_pack<s.size>(roots[s.root] + (rows.first + p * L) * s.size, packs + p * pack + s.left, rows.rows - p * L < L ? rows.rows - p * L : L);
  } else if constexpr (s.kind == kernel::row_number) {
    if constexpr (s.to >= 0)
      for (int p = 0; p < rows.packs; ++p)
        for (int l = 0; l < L; ++l) packs[p * pack + s.to].v[l] = static_cast<T>(rows.first + (p * L + l < rows.rows ? p * L + l : rows.rows - 1));
  } else {
    for (int p = 0; p < rows.packs; ++p) run_pack<Body, S>(packs + p * pack, base);
  }
}

/// One pass over the rows of a program, for numbers of type T.
template <class Recipe, class T, int Pass>
struct region_program {
  using plan = plan_of<Recipe>;
  using body = body_of<plan, planned<Recipe>, Pass>;
  using V = math::lanes<T, math::native_lanes<T>>;
  static constexpr int max_packs = tile_packs<body, T>;
  static constexpr int packs_of_tile = max_packs * body::value.workspace + 1;

  /// One tile: rows first .. first + count.
  template <class... Source>
  [[gnu::noinline]] static void run_tile(V* packs, const T* const* base, long long first, int count, bool fresh, T* sums, T* const* roots,
                                         const Source&... source) {
    asm("" : "+r"(packs));  // g++ warns of uninitialised packs where a loop over them might be empty
    const int lane_count = V::count, used = (count + lane_count - 1) / lane_count;
    const tile<T, V::count> rows{used, count, fresh, V::first(count - (used - 1) * lane_count), first};
    for (int p = 0; p < used; ++p) load(packs + p * body::value.workspace, first + p * lane_count, count - p * lane_count, source...);
    row_source<T> data[sizeof...(Source) + 1] = {};
    find_rows_in_place(data, first, source...);
    for_each_index<0, (body::size.steps + kernels_together - 1) / kernels_together>([&](auto k) TYPEGRAD_INLINE {
      constexpr int from = k * kernels_together, to = from + kernels_together < body::size.steps ? from + kernels_together : body::size.steps;
      if constexpr (body::size.steps <= kernels_together) run_kernels<from, to>(packs, base, rows, data, sums, roots);
      else run_some_kernels<from, to>(packs, base, rows, data, sums, roots);
    });
  }

 private:
  static constexpr int kernels_together = 24;  // so many steps make one function

  /// Where the rows stand that this pass reads.
  template <int K = 0>
  TYPEGRAD_INLINE static void find_rows_in_place(row_source<T>*, long long) {}
  template <int K = 0, class First, class... Rest>
  TYPEGRAD_INLINE static void find_rows_in_place(row_source<T>* to, long long first, const First& source, const Rest&... rest) {
    if constexpr (body::value.loads[K].offset >= 0) to[K] = rows_in_place<T>(source, first);
    find_rows_in_place<K + 1>(to, first, rest...);
  }

  template <int From, int To>
  TYPEGRAD_INLINE static void run_kernels(V* packs, const T* const* base, const tile<T, V::count>& rows, const row_source<T>* data, T* sums,
                                          T* const* roots) {
    const T* shared[plan::size.symbols + 3];  // a copy that no store can change, so that loops need not look again
    for_each_index<0, plan::size.symbols + 3>([&](auto i) TYPEGRAD_INLINE { shared[i] = base[i]; });
    for_each_index<From, To>([&](auto s) TYPEGRAD_INLINE { run_kernel<body, s, max_packs>(packs, shared, rows, data, sums, roots); });
  }
  template <int From, int To>
  [[gnu::noinline]] static void run_some_kernels(V* packs, const T* const* base, const tile<T, V::count>& rows, const row_source<T>* data, T* sums,
                                                 T* const* roots) {
    run_kernels<From, To>(packs, base, rows, data, sums, roots);
  }

  template <int K = 0>
  static void load(V*, long long, int) {}
  template <int K = 0, class First, class... Rest>
  TYPEGRAD_INLINE static void load(V* packs, long long first, int count, const First& source, const Rest&... rest) {
    constexpr body_load l = body::value.loads[K];
    if constexpr (l.offset >= 0) load_pack<l.size>(packs + l.offset, source, first, count);
    load<K + 1>(packs, first, count, rest...);
  }
};

/// Memory for a tile of any pass.
template <class Recipe, class T>
struct tile_memory {
  static constexpr int packs_needed = []<std::size_t... P>(std::index_sequence<P...>) {
    int most = 1;
    ((most = region_program<Recipe, T, static_cast<int>(P)>::packs_of_tile > most ? region_program<Recipe, T, static_cast<int>(P)>::packs_of_tile
                                                                                  : most),
     ...);
    return most;
  }(std::make_index_sequence<static_cast<std::size_t>(plan_of<Recipe>::value.passes)>{});
  alignas(64) math::lanes<T, math::native_lanes<T>> packs[bound(packs_needed)];
};

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
