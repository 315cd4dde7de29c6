// SPDX-License-Identifier: BSL-1.0
// A matrix times packs (rows in lanes): blocks of results stay in registers; block sizes follow the shapes and the number of
// registers.
#pragma once

#include <typegrad/op/block.hpp>

namespace typegrad::detail {

/// Register blocks of a matrix product: rows times packs of accumulators.
constexpr int product_rows(int rows) { return block_size(rows, math::register_count == 32 ? 12 : 6); }
constexpr int product_packs(int rows) { return rows > 5 ? 2 : math::register_count == 32 ? 4 : rows > 2 ? 2 : 4; }

/// y[j] (+)= sum of a[j, k] x[k] for J rows and P packs; `row` and `column` are the distances of a's elements. (Loops of fixed
/// length are unrolled by pragma: the sums must be registers. Folds and lambdas do the same, but cost much compile time.)
template <int J, int P, bool Add, class T, int L>
TYPEGRAD_INLINE inline void product_block(math::lanes<T, L>* y, const T* a, int row, int column, const math::lanes<T, L>* x, int pack, int inner) {
  using V = typename math::lanes<T, L>::native;
  V sum[bound(J)][bound(P)];
#pragma GCC unroll 32
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) sum[j][p] = Add ? y[p * pack + j].v : V{};
  for (int k = 0; k < inner; ++k) {
    V b[bound(P)];
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

}  // namespace typegrad::detail
