// SPDX-License-Identifier: BSL-1.0
// batch(x = xs, y = ys): the rows of run-time data, one sample a row; value and gradient become means over the rows.
#pragma once

#include <typegrad/eval/bind.hpp>

#include <span>
#include <type_traits>

namespace typegrad {

/// Bindings whose values hold one row per sample, contiguous, row after row.
template <class... Binding>
struct batch_type : Binding... {};

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
  auto result = columns(range.data(), rows);
  result.available = static_cast<long long>(range.size());
  return result;
}
/// Columns are read where they are: those of a temporary would be gone.
template <class Range>
  requires(!std::is_lvalue_reference_v<Range> && !std::ranges::enable_borrowed_range<std::remove_cv_t<Range>>) &&
          requires(const Range& r) { *r.data(); }
constexpr auto columns(Range&& range, long long) {
  static_assert(std::is_lvalue_reference_v<Range>,
                "typegrad: columns(range, rows) reads the numbers where they are: give the range a name, a temporary would be gone");
  return strided_rows<std::remove_cvref_t<decltype(*range.data())>>{};
}

/// The samples over which a one-sample formula is averaged. Every range must have the same number of rows, at least one.
/// Ranges that outlive the call are referred to; temporaries are moved in.
template <class... S, class... V>
constexpr auto batch(binding<S, V>... rows) {
  return batch_type<binding<S, V>...>{static_cast<binding<S, V>&&>(rows)...};
}

namespace detail {

/// Is what a binding holds only a reference or a view?
template <class V>
inline constexpr bool outlives_call = std::is_reference_v<V> || std::is_trivially_copyable_v<V>;

template <class T>
inline constexpr bool is_batch = false;
template <class... B>
inline constexpr bool is_batch<batch_type<B...>> = true;

/// How many rows a binding has for its symbol.
template <class S, class V>
constexpr long long row_count(const binding<S, V>& b) {
  using E = elements<std::remove_cvref_t<V>>;
  constexpr int size = S::shape::value.size();
  if constexpr (E::strided) {
    const auto all = E::view(b.value);
    if (all.rows < 1) fail({failure::no_rows, S::text.text, 1, all.rows});
    if (all.columns >= 0 && all.columns != size) fail({failure::wrong_columns, S::text.text, size, all.columns});
    const long long last = (all.rows - 1) * all.row_stride + (size - 1) * all.column_stride;
    if (all.available >= 0 && last >= all.available) fail({failure::too_few_numbers, S::text.text, last + 1, all.available});
    return all.rows;
  } else {
    const long long total = E::total(b.value), rows = total / size;
    if (total == 0) fail({failure::no_rows, S::text.text, 1, 0});
    if (total % size != 0) fail({failure::wrong_length, S::text.text, (rows + 1) * size, total});
    return rows;
  }
}

template <class S, class V>
constexpr long long check_rows(const binding<S, V>& range, long long rows) {
  const long long given = row_count(range);
  if (given != rows) fail({failure::wrong_length, S::text.text, rows * S::shape::value.size(), given * S::shape::value.size()});
  return rows;
}

/// Looks at the indices of all rows, before anything is computed.
template <class S, class V>
constexpr void check_indices(const binding<S, V>& b, long long rows) {
  if constexpr (is_indices<typename S::shape>) {
    using E = elements<std::remove_cvref_t<V>>;
    for (long long i = 0; i < rows; ++i)
      for (int k = 0; k < S::shape::value.size(); ++k) {
        if constexpr (E::strided) check_index<S>(E::view(b.value).data[i * E::view(b.value).row_stride + k * E::view(b.value).column_stride]);
        else check_index<S>(E::row(b.value, i, S::shape::value.size())[k]);
      }
  }
}

/// The axis of the rows of a binding.
template <class S, class V>
constexpr int axis_of_rows(const binding<S, V>&) {
  return rows_of_symbols<S>;
}
/// Rows without a name are as many as those of any axis.
template <class B>
constexpr void check_rows_along(const B& range, int axis, long long rows) {
  if (axis_of_rows(range) != axis && axis_of_rows(range) != 1) return;
  check_rows(range, rows);
  check_indices(range, rows);
}
/// The number of rows along an axis, the same for all ranges that have it; of the first range, if none has.
template <class First, class... Rest>
constexpr long long row_count(const batch_type<First, Rest...>& all, int axis) {
  long long rows = -1;
  const auto look = [&](const auto& range) {
    if (rows < 0 && axis_of_rows(range) == axis) rows = row_count(range);
  };
  (look(static_cast<const First&>(all)), ..., look(static_cast<const Rest&>(all)));
  if (rows < 0) rows = row_count(static_cast<const First&>(all));
  check_rows_along(static_cast<const First&>(all), axis, rows);
  (check_rows_along(static_cast<const Rest&>(all), axis, rows), ...);
  return rows;
}
/// The number of rows, the same for all ranges.
template <class First, class... Rest>
constexpr long long row_count(const batch_type<First, Rest...>& all) {
  const long long rows = row_count(static_cast<const First&>(all));
  (check_rows(static_cast<const Rest&>(all), rows), ...);
  check_indices(static_cast<const First&>(all), rows);
  (check_indices(static_cast<const Rest&>(all), rows), ...);
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
  static constexpr std::uint64_t hashes[sizeof...(S) + 1] = {S::hash..., 0};
  static constexpr int find(const symbol_info& s) {
    for (int k = 0; k < static_cast<int>(sizeof...(S)); ++k)
      if (hashes[k] == s.hash) return k;
    return -1;
  }
  static constexpr problem problem_at(int k, const symbol_info& s) {
    const problem all[] = {misfit<V, true>(s)..., problem::none};
    return all[k];
  }
  static constexpr bool has_rows(const symbol_info& s) { return find(s) >= 0; }
  template <class X>
  static constexpr decltype(auto) get(const row<batch>& r) {
    return pick_row<X>(r.index, r.batch);
  }

 private:
  template <class X, class W>
  static constexpr decltype(auto) pick_row(long long index, const binding<X, W>& b) {
    using E = elements<std::remove_cvref_t<W>>;
    const auto* const first = [&] {
      if constexpr (E::strided) return E::view(b.value).data + index * E::view(b.value).row_stride;
      else return E::row(b.value, index, X::shape::value.size());
    }();
    if constexpr (X::shape::value.rank == 0) return (*first);
    else return tensor_view<const typename E::type, typename X::shape>(first);
  }
};

}  // namespace detail
}  // namespace typegrad
