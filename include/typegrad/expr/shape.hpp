// SPDX-License-Identifier: BSL-1.0
// Shapes: scalar, vector<N>, matrix<R, C>, as types for signatures and as a value for constexpr code.
#pragma once

#include <typegrad/version.hpp>

namespace typegrad {

/// A shape as a value. `rank` is 0, 1 or 2; a vector is a column: rows = N, cols = 1. Rank -1 says "no such shape".
struct extent {
  int rank = 0;
  int rows = 1;
  int cols = 1;

  constexpr int size() const { return rows * cols; }
  constexpr bool operator==(const extent&) const = default;
};

inline constexpr extent no_shape{-1, 0, 0};

struct scalar {
  using positional = scalar;
  static constexpr extent value{0, 1, 1};
};

/// N numbers in a column.
template <int N>
struct vector {
  using positional = vector;
  static_assert(N > 0, "typegrad: a vector needs at least one element");
  static constexpr extent value{1, N, 1};
};

/// R rows of C numbers, stored row after row.
template <int R, int C>
struct matrix {
  using positional = matrix;
  static_assert(R > 0 && C > 0, "typegrad: a matrix needs at least one row and one column");
  static constexpr extent value{2, R, C};
};

namespace detail {

template <int Rank, int Rows, int Cols>
struct shape_from;
template <>
struct shape_from<0, 1, 1> {
  using type = scalar;
};
template <int Rows>
struct shape_from<1, Rows, 1> {
  using type = vector<Rows>;
};
template <int Rows, int Cols>
struct shape_from<2, Rows, Cols> {
  using type = matrix<Rows, Cols>;
};

}  // namespace detail

/// The shape type of `Source::shape`, a shape value. (g++ 12 crashes on an `extent` as template argument here.)
template <class Source>
using shape_type = typename detail::shape_from<Source::shape.rank, Source::shape.rows, Source::shape.cols>::type;

}  // namespace typegrad
