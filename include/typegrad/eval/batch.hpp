// SPDX-License-Identifier: BSL-1.0
// batch(x = xs, y = ys): the rows of run-time data, one sample a row; value and gradient become means over the rows.
#pragma once

#include <typegrad/eval/bind.hpp>

namespace typegrad {

/// Bindings whose values hold one row per sample, contiguous, row after row.
template <class... Binding>
struct batch_type : Binding... {};

/// Rows anywhere in memory: number k of row i stands at data[i * row_stride + k * column_stride]. A value for `batch`.
template <class T>
struct strided_rows {
  const T* data;
  long long rows;
  std::ptrdiff_t row_stride;
  std::ptrdiff_t column_stride;
};

/// Rows at distances of your own: padded rows, a few columns of a larger table.
template <class T>
constexpr strided_rows<T> strided(const T* data, long long rows, std::ptrdiff_t row_stride, std::ptrdiff_t column_stride = 1) {
  return {data, rows, row_stride, column_stride};
}

/// Column-major data (a structure of arrays): `rows` numbers of the first column, then those of the second, ...
template <class T>
constexpr strided_rows<T> columns(const T* data, long long rows) {
  return {data, rows, 1, rows};
}
template <class Range>
  requires requires(const Range& r) {
    r.data();
    r.size();
  }
constexpr auto columns(const Range& range, long long rows) {
  return columns(range.data(), rows);
}

/// The samples over which a one-sample formula is averaged. Every range must have the same number of rows, at least one.
/// The ranges are referred to, not copied.
template <class... S, class... V>
constexpr auto batch(binding<S, V>... rows) {
  return batch_type<binding<S, V>...>{rows...};
}

namespace detail {

template <class T>
inline constexpr bool is_batch = false;
template <class... B>
inline constexpr bool is_batch<batch_type<B...>> = true;

template <class T>
struct elements<strided_rows<T>> {
  static constexpr bool contiguous = true;
  static constexpr int count = -1;
  using type = T;
  static constexpr const T* row(const strided_rows<T>& v, long long i, int) { return v.data + i * v.row_stride; }
};

template <class V>
constexpr long long total_count(const V& v) {
  using E = elements<V>;
  if constexpr (E::count >= 0) return E::count;
  else return E::run_time_count(v);
}

/// How many rows a binding has for its symbol.
template <class S, class V>
constexpr long long row_count(const binding<S, V>& b) {
  constexpr int size = S::shape::value.size();
  long long rows = 0;
  if constexpr (requires { b.value.row_stride; }) {
    rows = b.value.rows;
    if (rows < 1) wrong_length(S::text.text, size, 0);
  } else {
    const long long total = total_count(b.value);
    rows = total / size;
    if (total % size != 0 || total == 0) wrong_length(S::text.text, (rows + 1) * size, total);
  }
  return rows;
}

template <class S, class V>
constexpr long long check_rows(const binding<S, V>& range, long long rows) {
  const long long given = row_count(range);
  if (given != rows) wrong_length(S::text.text, rows * S::shape::value.size(), given * S::shape::value.size());
  return rows;
}

/// The number of rows, the same for all ranges.
template <class First, class... Rest>
constexpr long long row_count(const batch_type<First, Rest...>& all) {
  const long long rows = row_count(static_cast<const First&>(all));
  (check_rows(static_cast<const Rest&>(all), rows), ...);
  return rows;
}

template <class Arg>
struct rows_of_argument {
  using type = no_rows;
};
template <class... S, class... V>
struct rows_of_argument<batch_type<binding<S, V>...>> {
  using type = row_set<S...>;
};
template <class... Rows>
struct first_rows {
  using type = no_rows;
};
template <class First, class... Rest>
struct first_rows<First, Rest...> {
  using type = First;
};
template <class... Rest>
struct first_rows<no_rows, Rest...> : first_rows<Rest...> {};
/// The symbols that a call gives a value for each row.
template <class... Arg>
using rows_of_arguments = typename first_rows<typename rows_of_argument<Arg>::type...>::type;

/// One row of a batch, as a source of values.
template <class Batch>
struct row {
  const Batch& batch;
  long long index;
};

template <class... S, class... V>
struct source<row<batch_type<binding<S, V>...>>> {
  using batch = batch_type<binding<S, V>...>;
  static constexpr bool known = true;
  using number_type = std::common_type_t<typename elements<std::remove_cvref_t<V>>::type...>;
  template <class X>
  static constexpr int provides = (0 + ... + (std::is_same_v<S, X> ? 1 : 0));
  template <class X>
  static constexpr bool provides_rows = provides<X> != 0;
  static constexpr bool contiguous = (elements<std::remove_cvref_t<V>>::contiguous && ...);
  template <class X>
  static constexpr decltype(auto) get(const row<batch>& r) {
    return pick_row<X>(r.index, r.batch);
  }

 private:
  template <class X, class W>
  static constexpr decltype(auto) pick_row(long long index, const binding<X, W>& b) {
    using E = elements<std::remove_cvref_t<W>>;
    const auto* const first = E::row(b.value, index, X::shape::value.size());
    if constexpr (X::shape::value.rank == 0) return (*first);
    else return tensor_view<const typename E::type, typename X::shape>(first);
  }
};

}  // namespace detail
}  // namespace typegrad
