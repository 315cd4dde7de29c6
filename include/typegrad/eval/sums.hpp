// SPDX-License-Identifier: BSL-1.0
// Sums over rows (in lanes) of values and of outer products, in blocks of registers.
#pragma once

#include <typegrad/eval/product.hpp>
#include <typegrad/math/shuffle.hpp>
#include <typegrad/op/piecewise.hpp>

#include <cstddef>

namespace typegrad::detail {

/// to[0..n) += x, n <= L; if nothing is there yet, = x.
template <class T, int L>
TYPEGRAD_INLINE inline void add_to(T* to, math::lanes<T, L> x, int n, bool fresh) {
  if (n >= L) return (fresh ? x : math::lanes<T, L>::load(to) + x).store(to);
  for (int i = 0; i < n; ++i) to[i] = fresh ? x.v[i] : to[i] + x.v[i];
}

/// The rows of a tile: so many packs, and the lanes of the last that are rows.
template <class T, int L>
struct tile {
  int packs;
  int rows;
  bool fresh;  // the first one: sums start with it
  typename math::lanes<T, L>::mask last;
  long long first;  // row
};

/// to[i] = the largest of it and of all rows of u[i]. (Lanes that are no rows repeat one.)
template <int N, class T, int L>
inline void raise_to_largest(T* to, const math::lanes<T, L>* u, int pack, const tile<T, L>& rows) {
  for (int i = 0; i < N; ++i) {
    math::lanes<T, L> top = u[i];
    for (int p = 1; p < rows.packs; ++p) top = op::max::value(top, u[p * pack + i]);
    T largest = top.v[0];
    for (int l = 1; l < L; ++l) largest = op::max::value(largest, static_cast<T>(top.v[l]));
    to[i] = rows.fresh ? largest : op::max::value(to[i], largest);
  }
}

/// Adds a pack to the sums of results First .. First + L - 1: u[i / K] v[i % K], with K = 0 u[i]; numbers of u are U apart, those of v W.
template <int N, int K, bool Last, int U, int W, class T, int L>
TYPEGRAD_INLINE inline void add_pack(math::lanes<T, L> (&sum)[bound(L)], int first, const math::lanes<T, L>* u, const math::lanes<T, L>* v,
                                     const tile<T, L>& rows) {
  constexpr int width = K == 0 ? 1 : K;
#pragma GCC unroll 32
  for (int i = 0; i < L; ++i) {
    const int at = N % L == 0 || first + i < N ? first + i : N - 1;
    const auto a = Last ? only(u[at / width * U], rows.last) : u[at / width * U];
    if constexpr (K == 0) {
      sum[i].v += a.v;
    } else {
      const auto b = Last ? only(v[at % width * W], rows.last) : v[at % width * W];
      sum[i].v += a.v * b.v;
    }
  }
}

/// L results from `first` on.
template <int N, int K, int U, int W, class T, int L>
TYPEGRAD_INLINE inline void add_lane_block(T* to, int first, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack,
                                           const tile<T, L>& rows) {
  math::lanes<T, L> sum[bound(L)];
#pragma GCC unroll 32
  for (int i = 0; i < L; ++i) sum[i].v = typename math::lanes<T, L>::native{};
  const int full = rows.rows % L == 0 ? rows.packs : rows.packs - 1;
  for (int p = 0; p < full; ++p) add_pack<N, K, false, U, W>(sum, first, u + p * pack, v + p * pack, rows);
  if (full < rows.packs) add_pack<N, K, true, U, W>(sum, first, u + full * pack, v + full * pack, rows);
  sum_lanes(sum);
  add_to(to + first, sum[0], N - first, rows.fresh);
}

/// to[i] += sum over rows of u[i / K] v[i % K] for i < n; with K = 0 of u[i]. Lanes are summed last.
template <int N, int K, int U = 1, int W = 1, class T, int L>
inline void add_lane_sums(T* to, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack, const tile<T, L>& rows) {
  constexpr int blocks = (N + L - 1) / L;
  if constexpr (blocks == 2) {  // which u and v they take is known then
    add_lane_block<N, K, U, W>(to, 0, u, v, pack, rows);
    add_lane_block<N, K, U, W>(to, L, u, v, pack, rows);
  } else {
    for (int b = 0; b < blocks; ++b) add_lane_block<N, K, U, W>(to, b * L, u, v, pack, rows);
  }
}

/// J rows of to += sum over rows of u[j] v', for Q registers of columns; v is given row after row, `row` apart, u in packs.
template <int J, int Q, int U, class T, int L>
TYPEGRAD_INLINE inline void outer_block(T* to, int stride, int columns, const math::lanes<T, L>* u, int pack, const T* v, std::ptrdiff_t row,
                                        const tile<T, L>& rows) {
  using V = typename math::lanes<T, L>::native;
  V sum[bound(J)][bound(Q)];
#pragma GCC unroll 32
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 2
    for (int q = 0; q < Q; ++q) sum[j][q] = V{};
  for (int p = 0; p < rows.packs; ++p) {
    const T* const g = reinterpret_cast<const T*>(u + p * pack);
    const int count = p + 1 < rows.packs ? L : rows.rows - p * L;
    for (int l = 0; l < count; ++l) {
      V b[bound(Q)];
#pragma GCC unroll 2
      for (int q = 0; q < Q; ++q) b[q] = math::lanes<T, L>::load(v + q * L).v;
#pragma GCC unroll 32
      for (int j = 0; j < J; ++j) {
        const V a = g[j * U * L + l] - V{};
#pragma GCC unroll 2
        for (int q = 0; q < Q; ++q) sum[j][q] += a * b[q];
      }
      v += row;
    }
  }
#pragma GCC unroll 32
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 2
    for (int q = 0; q < Q; ++q) add_to<T, L>(to + j * stride + q * L, sum[j][q], columns - q * L, rows.fresh);
}

/// All blocks of Q registers of columns, from column `first` on.
template <int J, int K, int Q, int U, class T, int L>
TYPEGRAD_INLINE inline void outer_columns(T* to, int first, const math::lanes<T, L>* u, int pack, const T* v, std::ptrdiff_t row,
                                          const tile<T, L>& rows) {
  constexpr int block = block_size(J, (math::register_count == 32 ? 24 : 12) / Q), rest = J % block;
  for (int j = 0; j + block <= J; j += block) outer_block<block, Q, U, T, L>(to + j * K + first, K, K - first, u + j * U, pack, v, row, rows);
  if constexpr (rest > 0) outer_block<rest, Q, U, T, L>(to + (J - rest) * K + first, K, K - first, u + (J - rest) * U, pack, v, row, rows);
}

/// Columns first .. of packs as rows of Q registers.
template <int K, int Q, int W, class T, int L>
TYPEGRAD_INLINE inline void turn_columns(T* to, const math::lanes<T, L>* v, int pack, int packs, int first) {
  for (int p = 0; p < packs; ++p)
    for (int q = 0; q < Q; ++q) {
      math::lanes<T, L> block[bound(L)];
      const int k = first + q * L;
#pragma GCC unroll 32
      for (int i = 0; i < L; ++i) block[i] = K % L == 0 || k + i < K ? v[p * pack + (k + i) * W] : math::lanes<T, L>(T(0));
      transpose(block);
#pragma GCC unroll 32
      for (int i = 0; i < L; ++i) block[i].store(to + (p * L + i) * Q * L + q * L);
    }
}

/// to (J by K) += sum over rows of u v', K at least one register wide: columns are lanes. v is turned for that, or taken from
/// the rows of the data as they stand in memory.
template <int J, int K, int MaxRows, int U, int W, class T, int L>
inline void add_outer(T* to, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack, const T* data, std::ptrdiff_t data_row,
                      const tile<T, L>& rows) {
  constexpr int registers = (K + L - 1) / L;
  const bool in_place = K % L == 0 && data != nullptr;
  alignas(64) T turned[bound(MaxRows * 2 * L)];
  for (int first = 0; first + 2 * L <= registers * L; first += 2 * L) {
    if (!in_place) turn_columns<K, 2, W>(turned, v, pack, rows.packs, first);
    outer_columns<J, K, 2, U>(to, first, u, pack, in_place ? data + first : turned, in_place ? data_row : 2 * L, rows);
  }
  if constexpr (registers % 2 != 0) {
    constexpr int first = (registers - 1) * L;
    if (!in_place) turn_columns<K, 1, W>(turned, v, pack, rows.packs, first);
    outer_columns<J, K, 1, U>(to, first, u, pack, in_place ? data + first : turned, in_place ? data_row : L, rows);
  }
}

}  // namespace typegrad::detail
