// SPDX-License-Identifier: BSL-1.0
// Contractions whose terms lie along the lanes: a matrix times a vector, where both are read in the order in which they lie; sums of rows. Sums of several
// numbers of the result are folded together, so that no matrix is turned for them.
#pragma once

#include <typegrad/expr/nest.hpp>
#include <typegrad/math/shuffle.hpp>
#include <typegrad/op/side_by_side.hpp>

namespace typegrad::detail {

/// The innermost loops of the result, from the loop that is returned on, have so many numbers or more; -1 if there are not so many.
constexpr int first_row_loop(const nest& n, int rows) {
  for (int l = n.outer - 1, numbers = 1; l >= 0; --l)
    if ((numbers *= n.size[l]) >= rows) return l;
  return -1;
}
/// Numbers of the result that are done together: as many as a register has lanes, or none.
template <class T>
constexpr int rows_across(const nest& n) {
  if constexpr (!std::is_same_v<T, float> && !std::is_same_v<T, double>) return 0;
  else return n.across && math::native_lanes<T> > 1 && first_row_loop(n, math::native_lanes<T>) >= 0 ? math::native_lanes<T> : 0;
}
/// Where row r of the loops from `first` on is, by their steps.
template <nest N, int First>
constexpr int row_place(int r, const int (&step)[nest::most]) {
  int place = 0;
  for (int l = N.outer - 1; l > First; r /= N.size[l--]) place += r % N.size[l] * step[l];
  return place + r * step[First];
}

template <nest N, int First, class T>
TYPEGRAD_INLINE inline void run_rows_across(int row, T* y, const T* a, const T* b) {
  constexpr int rows = rows_across<T>(N), terms = N.size[N.count - 1];
  math::lanes<T, rows> sum[bound(rows)];
#pragma GCC unroll 16
  for (int r = 0; r < rows; ++r) {
    const T *const x = a + row_place<N, First>(row + r, N.a), *const z = b + row_place<N, First>(row + r, N.b);
    if constexpr (N.operands == 2) sum[r] = met_in_a_register<meet_by_sum>(terms, x, z);
    else sum[r] = met_in_a_register<meet_by_sum>(terms, x);
  }
  fold_lanes(sum);
  if constexpr (First == N.outer - 1 && N.to[First] == 1) sum[0].store(y + row);
  else
    for (int r = 0; r < rows; ++r) y[row_place<N, First>(row + r, N.to)] = sum[0].v[r];
}
/// Loops L .. of the result; the last rows go over what is done already.
template <nest N, int L, class T>
TYPEGRAD_INLINE inline void run_across(T* y, const T* a, const T* b) {
  constexpr int rows = rows_across<T>(N);
  if constexpr (L == first_row_loop(N, rows)) {
    constexpr int size = [] {
      int all = 1;
      for (int l = L; l < N.outer; ++l) all *= N.size[l];
      return all;
    }();
    for (int r = 0; r + rows <= size; r += rows) run_rows_across<N, L>(r, y, a, b);
    if constexpr (size % rows != 0) run_rows_across<N, L>(size - rows, y, a, b);
  } else {
    for (int i = 0; i < N.size[L]; ++i) run_across<N, L + 1>(y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
  }
}

}  // namespace typegrad::detail
