// SPDX-License-Identifier: BSL-1.0
// A tile of rows goes through the kernels of a pass, one row in each lane.
#pragma once

#include <typegrad/eval/after_rows.hpp>
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
  } else if constexpr (MaxPacks > 1 && goes_in_pairs<Body, S>()) {  // a pack that is left over is computed twice
    for (int p = 0; p < rows.packs; p += 2) run_recurrences<Body, S, 2>(packs + p * pack, base, p + 1 < rows.packs ? pack : 0);
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

}  // namespace typegrad::detail
