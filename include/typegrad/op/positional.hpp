// SPDX-License-Identifier: BSL-1.0
// Vectors and matrices put together and taken apart: row, column, slice, concat, stack of vectors, row_sums, column_sums, broadcast.
#pragma once

#include <typegrad/op/window.hpp>

namespace typegrad {
namespace detail {

/// Rows times Columns numbers: number (i, j) of the result stands at `From` + i RowStep + j ColumnStep of the operand; where Summed, each row is
/// added up.
template <class Shape, int Operand, int From, int Rows, int RowStep, int Columns, int ColumnStep, bool Summed = false>
struct block_loops {
  using shape = Shape;
  static constexpr contraction value = [] {
    contraction made;
    made.result = Shape::value.size(), made.operand[0] = Operand, made.from[0] = From;
    made.add({Rows, Summed ? 1 : Columns, {RowStep, 0}, 0, nullptr});
    made.add({Columns, Summed ? 0 : 1, {ColumnStep, 0}, 0, nullptr});
    return made;
  }();
};
template <class Loops, fixed_string Name>
struct with_name : Loops {
  static constexpr contraction value = [] {
    contraction made = Loops::value;
    made.name = Name.text;
    return made;
  }();
};
/// A vector as part of a longer one.
template <int Size, int First, int Total>
struct place_loops {
  using shape = vector<Total>;
  static constexpr contraction value = [] {
    contraction made;
    made.result = Total, made.operand[0] = Size, made.to = First;
    made.add({Size, 1, {1, 0}, 0, nullptr});
    return made;
  }();
};

template <class X>
struct positional_shape {
  static constexpr extent value = X::shape::value;
  static constexpr bool is_vector = Positional<X> && value.rank == 1;
  static constexpr bool is_matrix = Positional<X> && value.rank == 2;
};

template <int Total, int First, class X, class... Rest>
constexpr auto joined_vectors(X x, Rest... rest) {
  constexpr int size = X::shape::value.size();
  const auto placed = [&] {
    if constexpr (X::shape::value.rank == 0) return nest_expression<op::contract, place_loops<1, First, Total>, X>();
    else return nest_expression<op::contract, place_loops<size, First, Total>, X>();
  }();
  (void)x;
  if constexpr (sizeof...(Rest) == 0) return placed;
  else return placed + joined_vectors<Total, First + size>(rest...);
}

template <class... X>
struct vectors_or_numbers {
  static constexpr bool value = ((Positional<X> && X::shape::value.rank <= 1) && ...);
};

}  // namespace detail

/// Row I of a matrix, a vector.
template <int I, Expression M>
constexpr auto row(M) {
  using given = detail::positional_shape<M>;
  constexpr bool fits = given::is_matrix && 0 <= I && I < given::value.rows;
  static_assert(fits, "typegrad: row<i>(M): M is a matrix, and i counts its rows from 0");
  constexpr int n = given::value.cols;
  if constexpr (fits)
    return detail::nest_expression<op::contract, detail::with_name<detail::block_loops<vector<n>, given::value.size(), I * n, 1, 0, n, 1>, "row">,
                                   M>();
  else return constant<0>;
}
/// Column J of a matrix, a vector.
template <int J, Expression M>
constexpr auto column(M) {
  using given = detail::positional_shape<M>;
  constexpr bool fits = given::is_matrix && 0 <= J && J < given::value.cols;
  static_assert(fits, "typegrad: column<j>(M): M is a matrix, and j counts its columns from 0");
  constexpr int n = given::value.rows;
  if constexpr (fits)
    return detail::nest_expression<
        op::contract, detail::with_name<detail::block_loops<vector<n>, given::value.size(), J, 1, 0, n, given::value.cols>, "column">, M>();
  else return constant<0>;
}
/// Elements First .. Last - 1 of a vector.
template <int First, int Last, Expression V>
  requires detail::Positional<V>
constexpr auto slice(V) {
  using given = detail::positional_shape<V>;
  constexpr bool fits = given::is_vector && 0 <= First && First < Last && Last <= given::value.rows;
  static_assert(fits, "typegrad: slice<first, last>(v): v is a vector, and 0 <= first < last <= its length");
  constexpr int n = Last - First;
  if constexpr (fits)
    return detail::nest_expression<op::contract, detail::with_name<detail::block_loops<vector<n>, given::value.rows, First, 1, 0, n, 1>, "slice">,
                                   V>();
  else return constant<0>;
}
/// Vectors (and numbers) one after the other.
template <Expression First, Expression... Rest>
  requires detail::Positional<First>
constexpr auto concat(First first, Rest... rest) {
  using given = detail::vectors_or_numbers<First, Rest...>;
  static_assert(given::value, "typegrad: concat(u, v, ...) takes vectors and numbers; tensors with named axes have concat<t>(a, b)");
  constexpr int total = (First::shape::value.size() + ... + Rest::shape::value.size());
  if constexpr (given::value) return detail::joined_vectors<total, 0>(first, rest...);
  else return constant<0>;
}
/// The sum of each row of a matrix, a vector.
template <Expression M>
constexpr auto row_sums(M) {
  using given = detail::positional_shape<M>;
  static_assert(given::is_matrix, "typegrad: row_sums(M): M is a matrix");
  constexpr extent e = given::value;
  if constexpr (given::is_matrix)
    return detail::nest_expression<
        op::contract, detail::with_name<detail::block_loops<vector<e.rows>, e.rows * e.cols, 0, e.rows, e.cols, e.cols, 1, true>, "row_sums">, M>();
  else return constant<0>;
}
/// The sum of each column of a matrix, a vector.
template <Expression M>
constexpr auto column_sums(M) {
  using given = detail::positional_shape<M>;
  static_assert(given::is_matrix, "typegrad: column_sums(M): M is a matrix");
  constexpr extent e = given::value;
  if constexpr (given::is_matrix)
    return detail::nest_expression<
        op::contract, detail::with_name<detail::block_loops<vector<e.cols>, e.rows * e.cols, 0, e.cols, 1, e.rows, e.cols, true>, "column_sums">,
        M>();
  else return constant<0>;
}
/// The matrix of Rows rows each of which is v: X + broadcast<Rows>(b) adds b to every row.
template <int Rows, Expression V>
constexpr auto broadcast(V) {
  using given = detail::positional_shape<V>;
  static_assert(given::is_vector && Rows > 0, "typegrad: broadcast<rows>(v): v is a vector");
  constexpr int n = given::value.rows;
  if constexpr (given::is_vector && Rows > 0)
    return detail::nest_expression<op::contract, detail::with_name<detail::block_loops<matrix<Rows, n>, n, 0, Rows, 0, n, 1>, "broadcast">, V>();
  else return constant<0>;
}

/// The matrix whose rows are the given vectors, all of one length.
template <class First, class... Rest>
  requires detail::AllVectors<First, Rest...>
constexpr auto stack(First first, Rest... rest) {
  constexpr bool same = ((Rest::shape::value == First::shape::value) && ... && true);
  static_assert(same, "typegrad: stack(u, v, ...) of vectors makes a matrix of rows: they have one length");
  if constexpr (same) return reshape<matrix<1 + static_cast<int>(sizeof...(Rest)), First::shape::value.rows>>(concat(first, rest...));
  else return constant<0>;
}

}  // namespace typegrad
