// SPDX-License-Identifier: BSL-1.0
// The extents of values, and which of them fit the shape of a symbol.
#pragma once

#include <typegrad/expr/axis.hpp>

#include <cstdint>

namespace typegrad::detail {

/// Nested arrays may be as deep as a tensor has axes, in rows.
inline constexpr int most_extents = most_axes + 1;

/// The lengths of nested arrays, from the outside in; -1: known at run time.
struct extents {
  int rank = 0;
  int at[most_extents] = {};  // of the outermost ones, where there are more
  std::uint64_t axes = 0;     // of a tensor of ours, the hash of its axes

  constexpr extents within(int outer) const {
    extents result{rank + 1, {outer}};
    for (int k = 0; k < rank && k + 1 < most_extents; ++k) result.at[k + 1] = at[k];
    return result;
  }
  /// How many numbers; -1: known at run time, or arrays too deep for any symbol.
  constexpr int count() const {
    int n = rank > most_extents ? -1 : 1;
    for (int k = 0; k < rank && k < most_extents; ++k) n = n < 0 || at[k] < 0 ? -1 : n * at[k];
    return n;
  }
  constexpr bool is_fixed() const { return count() >= 0; }
};

constexpr bool may_be(int length, int wanted) { return length < 0 || length == wanted; }

/// Are these nested as the axes, `skip` lengths further in?
constexpr bool fits_axes(const axis_list& axes, const extents& e, int skip) {
  int known = 0;
  for (int k = 0; k < axes.count; ++k) known += axes.at[k].is_run_time() ? 0 : 1;
  if (e.rank != known + skip) return false;
  for (int k = 0, d = skip; k < axes.count; ++k)
    if (!axes.at[k].is_run_time() && !may_be(e.at[d++], axes.at[k].size)) return false;
  return true;
}
/// The extents that nested or strided data of a symbol with these axes have.
constexpr extent matrix_of(const axis_list& axes) {
  return axes.count < 2 ? extent{axes.is_tensor() ? 1 : 0, axes.size(), 1} : extent{2, axes.at[0].length(), axes.size() / axes.at[0].length()};
}

/// May these be the numbers of one value? Flat, or nested as the shape is; a scalar is one number.
constexpr bool fits_value(extent shape, const extents& e, bool strided) {
  if (shape.rank == 0) return e.count() == 1;
  if (e.rank == 1) return may_be(e.at[0], shape.size());
  if (shape.rank == 2) return e.rank == 2 && may_be(e.at[0], shape.rows) && may_be(e.at[1], shape.cols);
  return e.rank == 2 && ((may_be(e.at[0], shape.rows) && may_be(e.at[1], 1)) || (strided && may_be(e.at[0], 1) && may_be(e.at[1], shape.rows)));
}

/// May these be rows of such values? Flat, row after row; or rows of numbers; or rows of matrices.
constexpr bool fits_rows(extent shape, const extents& e) {
  if (e.rank == 1) return e.at[0] < 0 || e.at[0] % shape.size() == 0;
  if (e.rank == 2) return may_be(e.at[1], shape.size());
  return e.rank == 3 && e.at[1] == shape.rows && e.at[2] == shape.cols;
}

}  // namespace typegrad::detail
