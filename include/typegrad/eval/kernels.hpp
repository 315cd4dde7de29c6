// SPDX-License-Identifier: BSL-1.0
// The kernels of regions over packs: rows in lanes. Blocks of results stay in registers; block sizes follow the shapes and
// the number of registers.
#pragma once

#include <typegrad/math/lanes.hpp>

namespace typegrad::detail {

template <int N>
using up_to = std::make_index_sequence<static_cast<std::size_t>(N)>;

/// The size of blocks of at most `largest`: one that leaves no rest, if it is not much smaller; else few and nearly equal ones.
constexpr int block_size(int total, int largest) {
  for (int size = largest; 2 * size >= largest; --size)
    if (total % size == 0) return size;
  const int blocks = (total + largest - 1) / largest;
  return (total + blocks - 1) / blocks;
}

/// Register blocks of a matrix product: rows times packs of accumulators.
constexpr int product_rows(int rows) { return block_size(rows, math::register_count == 32 ? 12 : 6); }
constexpr int product_packs(int rows) { return rows > 5 ? 2 : math::register_count == 32 ? 4 : rows > 2 ? 2 : 4; }

/// y[j] (+)= sum of a[j, k] x[k] for J rows and P packs; `row` and `column` are the distances of a's elements. (Loops of fixed
/// length are unrolled by pragma: the sums must be registers. Folds and lambdas do the same, but cost much compile time.)
template <int J, int P, bool Add, class T, int L>
TYPEGRAD_INLINE inline void product_block(math::lanes<T, L>* y, const T* a, int row, int column, const math::lanes<T, L>* x, int pack, int inner) {
  using V = typename math::lanes<T, L>::native;
  V sum[J][P];
#pragma GCC unroll 32
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) sum[j][p] = Add ? y[p * pack + j].v : V{};
  for (int k = 0; k < inner; ++k) {
    V b[P];
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) b[p] = x[p * pack + k].v;
#pragma GCC unroll 32
    for (int j = 0; j < J; ++j) {
      const V weight = a[j * row + k * column] - V{};
#pragma GCC unroll 8
      for (int p = 0; p < P; ++p) sum[j][p] += weight * b[p];
    }
  }
#pragma GCC unroll 32
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) y[p * pack + j].v = sum[j][p];
}

/// J rows of a x for P packs, in parts of so many columns that the part of x stays in the first cache.
template <int J, int P, int Inner, int Row, int Column, class T, int L>
TYPEGRAD_INLINE inline void product_rows_block(math::lanes<T, L>* y, const T* a, const math::lanes<T, L>* x, int pack) {
  constexpr int part = 256;
  product_block<J, P, false>(y, a, Row, Column, x, pack, Inner < part ? Inner : part);
  if constexpr (Inner > part)
    for (int k = part; k < Inner; k += part)
      product_block<J, P, true>(y, a + k * Column, Row, Column, x + k, pack, Inner - k < part ? Inner - k : part);
}
template <int Rows, int P, int Inner, int Row, int Column, class T, int L>
TYPEGRAD_INLINE inline void product_of_packs(math::lanes<T, L>* y, const T* a, const math::lanes<T, L>* x, int pack) {
  constexpr int block = product_rows(Rows), rest = Rows % block;
  for (int j = 0; j + block <= Rows; j += block) product_rows_block<block, P, Inner, Row, Column>(y + j, a + j * Row, x, pack);
  if constexpr (rest > 0) product_rows_block<rest, P, Inner, Row, Column>(y + Rows - rest, a + (Rows - rest) * Row, x, pack);
}

/// y = a x in each pack: Rows by Inner, the elements of a Row and Column apart. One function for all products of these shapes.
template <int Rows, int Inner, int Row, int Column, class T, int L>
[[gnu::noinline]] void product(math::lanes<T, L>* y, const T* a, const math::lanes<T, L>* x, int pack, int packs) {
  constexpr int together = product_packs(Rows);
  int p = 0;
  for (; p + together <= packs; p += together) product_of_packs<Rows, together, Inner, Row, Column>(y + p * pack, a, x + p * pack, pack);
  for (; p < packs; ++p) product_of_packs<Rows, 1, Inner, Row, Column>(y + p * pack, a, x + p * pack, pack);
}

// ---- lanes against each other

/// Lanes whose number lacks bit D from a, the others from b: of the same place (Low), or of the place D further.
template <int D, bool Low, class V, std::size_t... I>
TYPEGRAD_INLINE inline V interleave(V a, V b, std::index_sequence<I...>) {
  constexpr int n = sizeof...(I);
  if constexpr (Low) return __builtin_shufflevector(a, b, ((static_cast<int>(I) & D) == 0 ? static_cast<int>(I) : static_cast<int>(I) - D + n)...);
  else return __builtin_shufflevector(a, b, ((static_cast<int>(I) & D) == 0 ? static_cast<int>(I) + D : static_cast<int>(I) + n)...);
}

template <int D, class T, int L>
TYPEGRAD_INLINE inline void transpose_from(math::lanes<T, L> (&x)[L]) {
  if constexpr (D < L) {
#pragma GCC unroll 32
    for (int i = 0; i < L; ++i)
      if ((i & D) == 0) {
        const auto a = x[i].v, b = x[i + D].v;
        x[i].v = interleave<D, true>(a, b, up_to<L>{});
        x[i + D].v = interleave<D, false>(a, b, up_to<L>{});
      }
    transpose_from<2 * D>(x);
  }
}
/// The L by L matrix with these rows, transposed in place.
template <class T, int L>
TYPEGRAD_INLINE inline void transpose(math::lanes<T, L> (&x)[L]) {
  transpose_from<1>(x);
}

/// Lane i of x[0] becomes the sum of all lanes of x[i], added in pairs of neighbours.
template <int D = 1, class T, int L>
TYPEGRAD_INLINE inline void sum_lanes(math::lanes<T, L> (&x)[L]) {
  if constexpr (D < L) {
#pragma GCC unroll 32
    for (int i = 0; i + D < L; i += 2 * D)
      x[i].v = interleave<D, true>(x[i].v, x[i + D].v, up_to<L>{}) + interleave<D, false>(x[i].v, x[i + D].v, up_to<L>{});
    sum_lanes<2 * D>(x);
  }
}

template <class T, int L>
TYPEGRAD_INLINE inline math::lanes<T, L> only(math::lanes<T, L> x, typename math::lanes<T, L>::mask keep) {
  return __builtin_bit_cast(typename math::lanes<T, L>::native, __builtin_bit_cast(decltype(keep.v), x.v) & keep.v);
}

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
};

/// Adds pack p to the sums of results First .. First + L - 1: u[i / K] v[i % K], with K = 0 u[i].
template <int N, int K, bool Last, class T, int L>
TYPEGRAD_INLINE inline void add_pack(math::lanes<T, L> (&sum)[L], int first, const math::lanes<T, L>* u, const math::lanes<T, L>* v,
                                     const tile<T, L>& rows) {
  constexpr int width = K == 0 ? 1 : K;
#pragma GCC unroll 32
  for (int i = 0; i < L; ++i) {
    const int at = N % L == 0 || first + i < N ? first + i : N - 1;
    const auto a = Last ? only(u[at / width], rows.last) : u[at / width];
    if constexpr (K == 0) {
      sum[i].v += a.v;
    } else {
      const auto b = Last ? only(v[at % width], rows.last) : v[at % width];
      sum[i].v += a.v * b.v;
    }
  }
}

/// L results from `first` on.
template <int N, int K, class T, int L>
TYPEGRAD_INLINE inline void add_lane_block(T* to, int first, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack,
                                           const tile<T, L>& rows) {
  math::lanes<T, L> sum[L];
#pragma GCC unroll 32
  for (int i = 0; i < L; ++i) sum[i].v = typename math::lanes<T, L>::native{};
  const int full = rows.rows % L == 0 ? rows.packs : rows.packs - 1;
  for (int p = 0; p < full; ++p) add_pack<N, K, false>(sum, first, u + p * pack, v + p * pack, rows);
  if (full < rows.packs) add_pack<N, K, true>(sum, first, u + full * pack, v + full * pack, rows);
  sum_lanes(sum);
  add_to(to + first, sum[0], N - first, rows.fresh);
}

/// to[i] += sum over rows of u[i / K] v[i % K] for i < n; with K = 0 of u[i]. Lanes are summed last.
template <int N, int K, class T, int L>
inline void add_lane_sums(T* to, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack, const tile<T, L>& rows) {
  constexpr int blocks = (N + L - 1) / L;
  if constexpr (blocks == 2) {  // which u and v they take is known then
    add_lane_block<N, K>(to, 0, u, v, pack, rows);
    add_lane_block<N, K>(to, L, u, v, pack, rows);
  } else {
    for (int b = 0; b < blocks; ++b) add_lane_block<N, K>(to, b * L, u, v, pack, rows);
  }
}

/// J rows of to += sum over rows of u[j] v', for Q registers of columns; v is given row after row, `row` apart, u in packs.
template <int J, int Q, class T, int L>
TYPEGRAD_INLINE inline void outer_block(T* to, int stride, int columns, const math::lanes<T, L>* u, int pack, const T* v, std::ptrdiff_t row,
                                        const tile<T, L>& rows) {
  using V = typename math::lanes<T, L>::native;
  V sum[J][Q];
#pragma GCC unroll 32
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 2
    for (int q = 0; q < Q; ++q) sum[j][q] = V{};
  for (int p = 0; p < rows.packs; ++p) {
    const T* const g = reinterpret_cast<const T*>(u + p * pack);
    const int count = p + 1 < rows.packs ? L : rows.rows - p * L;
    for (int l = 0; l < count; ++l) {
      V b[Q];
#pragma GCC unroll 2
      for (int q = 0; q < Q; ++q) b[q] = math::lanes<T, L>::load(v + q * L).v;
#pragma GCC unroll 32
      for (int j = 0; j < J; ++j) {
        const V a = g[j * L + l] - V{};
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
template <int J, int K, int Q, class T, int L>
TYPEGRAD_INLINE inline void outer_columns(T* to, int first, const math::lanes<T, L>* u, int pack, const T* v, std::ptrdiff_t row,
                                          const tile<T, L>& rows) {
  constexpr int block = block_size(J, (math::register_count == 32 ? 24 : 12) / Q), rest = J % block;
  for (int j = 0; j + block <= J; j += block) outer_block<block, Q, T, L>(to + j * K + first, K, K - first, u + j, pack, v, row, rows);
  if constexpr (rest > 0) outer_block<rest, Q, T, L>(to + (J - rest) * K + first, K, K - first, u + J - rest, pack, v, row, rows);
}

/// Columns first .. of packs as rows of Q registers.
template <int K, int Q, class T, int L>
TYPEGRAD_INLINE inline void turn_columns(T* to, const math::lanes<T, L>* v, int pack, int packs, int first) {
  for (int p = 0; p < packs; ++p)
    for (int q = 0; q < Q; ++q) {
      math::lanes<T, L> block[L];
      const int k = first + q * L;
#pragma GCC unroll 32
      for (int i = 0; i < L; ++i) block[i] = K % L == 0 || k + i < K ? v[p * pack + k + i] : math::lanes<T, L>(T(0));
      transpose(block);
#pragma GCC unroll 32
      for (int i = 0; i < L; ++i) block[i].store(to + (p * L + i) * Q * L + q * L);
    }
}

/// to (J by K) += sum over rows of u v', K at least one register wide: columns are lanes. v is turned for that, or taken from
/// the rows of the data as they stand in memory.
template <int J, int K, int MaxRows, class T, int L>
inline void add_outer(T* to, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack, const T* data, std::ptrdiff_t data_row,
                      const tile<T, L>& rows) {
  constexpr int registers = (K + L - 1) / L;
  const bool in_place = K % L == 0 && data != nullptr;
  alignas(64) T turned[MaxRows * 2 * L];
  for (int first = 0; first + 2 * L <= registers * L; first += 2 * L) {
    if (!in_place) turn_columns<K, 2>(turned, v, pack, rows.packs, first);
    outer_columns<J, K, 2>(to, first, u, pack, in_place ? data + first : turned, in_place ? data_row : 2 * L, rows);
  }
  if constexpr (registers % 2 != 0) {
    constexpr int first = (registers - 1) * L;
    if (!in_place) turn_columns<K, 1>(turned, v, pack, rows.packs, first);
    outer_columns<J, K, 1>(to, first, u, pack, in_place ? data + first : turned, in_place ? data_row : L, rows);
  }
}

}  // namespace typegrad::detail
