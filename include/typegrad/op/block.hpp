// SPDX-License-Identifier: BSL-1.0
// Contractions of numbers in blocks of registers: one loop of the result lies along the lanes, another one is done a few numbers at a time, so
// that what is loaded serves several sums. The terms of each number are added in the order of the loops, whatever the blocks.
#pragma once

#include <typegrad/expr/nest.hpp>
#include <typegrad/math/shuffle.hpp>
#include <typegrad/op/side_by_side.hpp>

#include <type_traits>

namespace typegrad::detail {

/// The size of blocks of at most `largest`: one that leaves no rest, if it is not much smaller; else few and nearly equal ones.
constexpr int block_size(int total, int largest) {
  for (int size = largest; 2 * size >= largest; --size)
    if (total % size == 0) return size;
  const int blocks = (total + largest - 1) / largest;
  return (total + blocks - 1) / blocks;
}

/// The loop of the result along which it and the operands lie contiguous, or stand still; -1 if there is none.
constexpr int lane_loop(const nest& n) {
  int best = -1;
  for (int l = 0; l < n.outer; ++l) {
    const bool steps = n.to[l] == 1 && n.a[l] >= 0 && n.a[l] <= 1 && (n.operands == 1 || (n.b[l] >= 0 && n.b[l] <= 1));
    if (steps) best = l;
  }
  return best;
}
/// Are numbers of type T done many at a time? At run time, and if a small register is filled.
template <class T>
constexpr bool has_lanes(const nest& n) {
  if constexpr (!std::is_same_v<T, float> && !std::is_same_v<T, double>) return false;
  else return n.direct && lane_loop(n) >= 0 && n.size[lane_loop(n)] * static_cast<int>(sizeof(T)) >= 16;
}

/// The loop of which several numbers are done at a time: one that does not step through what is loaded along the lanes, if there is one.
constexpr int block_loop(const nest& n) {
  const int lanes = lane_loop(n);
  int best = -1, quality = -1;
  for (int l = 0; l < n.outer; ++l) {
    if (l == lanes || n.count == n.outer) continue;
    const bool loads_a = n.a[lanes] == 1 && n.a[l] != 0, loads_b = n.operands == 2 && n.b[lanes] == 1 && n.b[l] != 0;
    const int worth = (loads_a || loads_b ? 0 : 1024) + n.size[l];
    if (worth > quality) best = l, quality = worth;
  }
  return best;
}

/// P numbers of the block loop by Q registers along the lanes, of loops L ... (Loops of fixed length are unrolled by pragma: the sums must be
/// registers.)
template <nest N, class Meet, int P, int Q, int L, class W, class T>
TYPEGRAD_INLINE inline void add_block(W (&sum)[bound(P)][bound(Q)], const T* a, const T* b) {
  if constexpr (L == N.count) {
    constexpr int lanes = lane_loop(N), block = block_loop(N), step_a = block < 0 ? 0 : N.a[bound(block)], step_b = block < 0 ? 0 : N.b[bound(block)];
#pragma GCC unroll 32
    for (int p = 0; p < P; ++p)
#pragma GCC unroll 8
      for (int q = 0; q < Q; ++q) {
        const T *const x = a + p * step_a, *const y = b + p * step_b;
        const W u = N.a[lanes] == 0 ? W(*x) : W::load(x + q * W::count);
        if constexpr (N.operands == 2) Meet::add(sum[p][q], u, N.b[lanes] == 0 ? W(*y) : W::load(y + q * W::count));
        else Meet::add(sum[p][q], u);
      }
  } else {
    for (int i = 0; i < N.size[L]; ++i) add_block<N, Meet, P, Q, L + 1>(sum, a + i * N.a[L], b + i * N.b[L]);
  }
}
template <nest N, class Meet, int P, int Q, class W, class T>
TYPEGRAD_INLINE inline void run_block(T* y, const T* a, const T* b) {
  constexpr int block = block_loop(N), step = block < 0 ? 0 : N.to[bound(block)];
  W sum[bound(P)][bound(Q)];
#pragma GCC unroll 32
  for (int p = 0; p < P; ++p)
#pragma GCC unroll 8
    for (int q = 0; q < Q; ++q) sum[p][q] = Meet::template start<W>();
  add_block<N, Meet, P, Q, N.outer>(sum, a, b);
#pragma GCC unroll 32
  for (int p = 0; p < P; ++p)
#pragma GCC unroll 8
    for (int q = 0; q < Q; ++q) sum[p][q].store(y + p * step + q * W::count);
}

/// All of the block loop, for Q registers along the lanes.
template <nest N, class Meet, int Q, class W, class T>
TYPEGRAD_INLINE inline void run_column(T* y, const T* a, const T* b) {
  constexpr int block = block_loop(N);
  if constexpr (block < 0) {
    run_block<N, Meet, 1, Q, W>(y, a, b);
  } else {
    constexpr int size = N.size[bound(block)], many = block_size(size, (math::register_count == 32 ? 24 : 12) / Q), rest = size % many;
    constexpr int to = N.to[bound(block)], from_a = N.a[bound(block)], from_b = N.b[bound(block)];
    for (int p = 0; p + many <= size; p += many) run_block<N, Meet, many, Q, W>(y + p * to, a + p * from_a, b + p * from_b);
    constexpr int last = size - rest;
    if constexpr (rest > 0) run_block<N, Meet, rest, Q, W>(y + last * to, a + last * from_a, b + last * from_b);
  }
}
/// The lanes: registers of the target, or shorter ones where there are fewer numbers; what is left over is done one by one,
/// or of long loops with the numbers before it.
template <nest N, class Meet, class T>
TYPEGRAD_INLINE inline void run_lanes(T* y, const T* a, const T* b) {
  constexpr int lanes = lane_loop(N), n = N.size[lanes];
  constexpr int count = [] {
    int c = math::native_lanes<T>;
    while (c > n) c /= 2;
    return c;
  }();
  using W = math::lanes<T, count>;
  constexpr int registers = n / count, together = block_size(registers, 4);
  int i = 0;
  for (; i + together * count <= n; i += together * count) run_column<N, Meet, together, W>(y + i, a + N.a[lanes] * i, b + N.b[lanes] * i);
  if constexpr (registers % together != 0)
    for (; i + count <= n; i += count) run_column<N, Meet, 1, W>(y + i, a + N.a[lanes] * i, b + N.b[lanes] * i);
  if constexpr (n % count != 0 && registers > 4) {
    run_column<N, Meet, 1, W>(y + n - count, a + N.a[lanes] * (n - count), b + N.b[lanes] * (n - count));
  } else if constexpr (n % count != 0) {  // a store over half of another one keeps the next load waiting
    for (; i < n; ++i) run_column<N, Meet, 1, math::lanes<T, 1>>(y + i, a + N.a[lanes] * i, b + N.b[lanes] * i);
  }
}

/// The first loop of the result from l on that is neither of two.
constexpr int other_loop(const nest& n, int l, int one, int two) {
  while (l < n.outer && (l == one || l == two)) ++l;
  return l;
}
/// Loops L .. of a result each of whose numbers is made once, with one loop along the lanes.
template <nest N, class Meet, int L = other_loop(N, 0, lane_loop(N), block_loop(N)), class T>
TYPEGRAD_INLINE inline void run_blocks(T* y, const T* a, const T* b) {
  if constexpr (L == N.outer) run_lanes<N, Meet>(y, a, b);
  else
    for (int i = 0; i < N.size[L]; ++i)
      run_blocks<N, Meet, other_loop(N, L + 1, lane_loop(N), block_loop(N))>(y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
}

// ---- turning: what lies along one loop in the operand and along another one in the result

/// The loop along which the operand lies contiguous, of a nest that only looks at it another way; -1 if there is none.
constexpr int turned_loop(const nest& n) {
  for (int l = 0; l < n.outer; ++l)
    if (n.a[l] == 1 && n.count == n.outer && n.operands == 1) return l;
  return -1;
}
constexpr int written_loop(const nest& n) {
  for (int l = 0; l < n.outer; ++l)
    if (n.to[l] == 1) return l;
  return -1;
}
/// Lanes for blocks that are turned: as many as both loops have.
template <class T>
constexpr int turned_lanes(const nest& n) {
  if constexpr (!std::is_same_v<T, float> && !std::is_same_v<T, double>) return 0;
  const int read = turned_loop(n), write = written_loop(n);
  if (!n.direct || read < 0 || write < 0 || read == write) return 0;
  int count = math::native_lanes<T>;
  while (count > n.size[read] || count > n.size[write]) count /= 2;
  return count * static_cast<int>(sizeof(T)) >= 16 ? count : 0;
}

/// One block: rows lie along the loop that is read. Blocks at the ends go over what is done already.
template <nest N, int L, class T>
TYPEGRAD_INLINE inline void turn_block(T* y, const T* a) {
  constexpr int read = turned_loop(N), write = written_loop(N);
  math::lanes<T, L> block[bound(L)];
#pragma GCC unroll 32
  for (int i = 0; i < L; ++i) block[i] = math::lanes<T, L>::load(a + i * N.a[write]);
  transpose(block);
#pragma GCC unroll 32
  for (int i = 0; i < L; ++i) block[i].store(y + i * N.to[read]);
}
template <nest N, int L = other_loop(N, 0, turned_loop(N), written_loop(N)), class T>
TYPEGRAD_INLINE inline void run_turned(T* y, const T* a) {
  constexpr int count = turned_lanes<T>(N), read = turned_loop(N), write = written_loop(N);
  if constexpr (L == N.outer) {
    for (int i = 0; i < N.size[read]; i += count)
      for (int j = 0; j < N.size[write]; j += count) {
        const int from = i + count <= N.size[read] ? i : N.size[read] - count, to = j + count <= N.size[write] ? j : N.size[write] - count;
        turn_block<N, count>(y + from * N.to[read] + to, a + from + to * N.a[write]);
      }
  } else {
    for (int i = 0; i < N.size[L]; ++i) run_turned<N, other_loop(N, L + 1, read, write)>(y + i * N.to[L], a + i * N.a[L]);
  }
}

}  // namespace typegrad::detail
