// SPDX-License-Identifier: BSL-1.0
// Contractions in lanes of rows: several numbers of the result at a time, because one operand serves them all.
#pragma once

#include <typegrad/op/block.hpp>
#include <typegrad/op/terms.hpp>

namespace typegrad::detail {

/// In lanes of rows: the loop of the result of which several numbers are summed at a time, because one operand serves them all; -1 if there is none.
constexpr int row_block_loop(const nest& n) {
  int best = -1;
  for (int l = 0; l < n.outer; ++l)
    if ((n.a[l] == 0 || n.b[l] == 0) && (best < 0 || n.size[l] > n.size[best])) best = l;
  return n.operands == 2 && n.count > n.outer && !meets_side_by_side<meet_by_sum>(n) ? best : -1;
}
template <nest N, int P, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void add_row_block(V (&sum)[bound(P)], const A* a, const B* b) {
  constexpr int block = row_block_loop(N);
  if constexpr (L == N.count) {
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) sum[p] += term_of<N, V>(a[p * N.a[block]], b[p * N.b[block]]);
  } else {
    for (int i = 0; i < N.size[L]; ++i) add_row_block<N, P, L + 1>(sum, a + i * N.a[L], b + i * N.b[L]);
  }
}
template <nest N, int P, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_row_block(V* y, const A* a, const B* b) {
  V sum[bound(P)];
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) sum[p] = V(math::scalar_of<V>(0));
  add_row_block<N, P, N.outer>(sum, a, b);
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) y[p * N.to[row_block_loop(N)]] = sum[p];
}
/// Loops L .. of a result in lanes of rows.
template <nest N, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_row_blocks(V* y, const A* a, const B* b) {
  constexpr int block = row_block_loop(N);
  if constexpr (L == N.outer) {
    constexpr int size = N.size[block], many = block_size(size, 8), rest = size % many;
    for (int p = 0; p + many <= size; p += many) run_row_block<N, many>(y + p * N.to[block], a + p * N.a[block], b + p * N.b[block]);
    constexpr int last = size - rest;
    if constexpr (rest > 0) run_row_block<N, rest>(y + last * N.to[block], a + last * N.a[block], b + last * N.b[block]);
  } else if constexpr (L == block) {
    run_row_blocks<N, L + 1>(y, a, b);
  } else {
    for (int i = 0; i < N.size[L]; ++i) run_row_blocks<N, L + 1>(y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
  }
}

}  // namespace typegrad::detail
