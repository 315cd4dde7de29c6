// SPDX-License-Identifier: BSL-1.0
// Rows of run-time data: where they are, and how a few of them come into packs, one lane per row.
#pragma once

#include <typegrad/eval/batch.hpp>
#include <typegrad/math/shuffle.hpp>

#include <cstddef>

namespace typegrad::detail {

/// Number k of row i stands at first[i * row + k * column].
template <class U>
struct row_source {
  const U* first;
  std::ptrdiff_t row;
  std::ptrdiff_t column;

  constexpr const U& operator()(long long i, int k) const { return first[i * row + k * column]; }
};

template <class S, class V>
constexpr auto source_of_rows(const binding<S, V>& b) {
  using E = elements<std::remove_cvref_t<V>>;
  if constexpr (E::strided) return row_source<typename E::type>{E::view(b.value).data, E::view(b.value).row_stride, E::view(b.value).column_stride};
  else return row_source<typename E::type>{E::row(b.value, 0, S::shape::value.size()), S::shape::value.size(), 1};
}

/// The rows from `first` on where they stand, if their numbers are of type T and contiguous; else a null pointer.
template <class T, class U>
constexpr row_source<T> rows_in_place(const row_source<U>& source, long long first) {
  if constexpr (std::is_same_v<T, U>)
    if (source.column == 1) return {&source(first, 0), source.row, 1};
  return {nullptr, 0, 0};
}

/// The same for constant evaluation, which may not walk from one inner array into the next.
template <class Binding>
struct row_reader;
template <class S, class V>
struct row_reader<binding<S, V>> {
  const binding<S, V>& rows;
  constexpr const auto& operator()(long long i, int k) const {
    if constexpr (elements<std::remove_cvref_t<V>>::strided) return source_of_rows(rows)(i, k);
    else return elements<std::remove_cvref_t<V>>::row(rows.value, i, S::shape::value.size())[k];
  }
};

template <class S, class V>
constexpr auto reader_of_rows(const binding<S, V>& b) {
  return row_reader<binding<S, V>>{b};
}

/// In the place of the value of a symbol that differs from row to row.
template <class T>
struct no_value {
  constexpr const T* data() const { return nullptr; }
};

/// The rows of symbol S, from the batch among the arguments of a call.
template <class Arg, class S>
inline constexpr bool rows_provide = false;
template <class... X, class... V, class S>
inline constexpr bool rows_provide<batch_type<binding<X, V>...>, S> = (std::is_same_v<X, S> || ...);

template <class S, class V>
constexpr const binding<S, V>& binding_of(const binding<S, V>& b) {
  return b;
}
template <class S, class First, class... Rest>
constexpr const auto& rows_of_symbol(const First& first, const Rest&... rest) {
  if constexpr (rows_provide<First, S>) return (binding_of<S>(first));
  else return rows_of_symbol<S>(rest...);
}

/// Those symbols of a list that have rows, in its order.
template <class Found, class List, class... Arg>
struct varying_symbols {
  using type = Found;
};
template <class... Found, class First, class... Rest, class... Arg>
struct varying_symbols<type_list<Found...>, type_list<First, Rest...>, Arg...>
    : varying_symbols<std::conditional_t<(rows_provide<Arg, First> || ...), type_list<Found..., First>, type_list<Found...>>, type_list<Rest...>,
                      Arg...> {};

/// The even numbers of 2 L, or the odd ones.
template <bool Odd, class V, std::size_t... I>
TYPEGRAD_INLINE inline V every_other(V a, V b, std::index_sequence<I...>) {
  return __builtin_shufflevector(a, b, (2 * static_cast<int>(I) + (Odd ? 1 : 0))...);
}

/// K registers that hold rows of K numbers one after the other become one register for each of the K columns.
template <int K, class T, int L>
TYPEGRAD_INLINE inline void split_columns(math::lanes<T, L>* x) {
  if constexpr (K > 1) {
    math::lanes<T, L> y[bound(K)];
#pragma GCC unroll 16
    for (int i = 0; i < K / 2; ++i) {
      y[i].v = every_other<false>(x[2 * i].v, x[2 * i + 1].v, up_to<L>{});
      y[K / 2 + i].v = every_other<true>(x[2 * i].v, x[2 * i + 1].v, up_to<L>{});
    }
    split_columns<K / 2>(y), split_columns<K / 2>(y + K / 2);
#pragma GCC unroll 16
    for (int i = 0; i < K / 2; ++i) x[2 * i] = y[i], x[2 * i + 1] = y[K / 2 + i];
  }
}

/// `count` columns, from a block of L columns of which the first `skip` are not wanted.
template <class T, int L>
TYPEGRAD_INLINE inline void load_block(math::lanes<T, L>* to, const T* from, std::ptrdiff_t row, int skip, int count) {
  math::lanes<T, L> block[bound(L)];
#pragma GCC unroll 32
  for (int l = 0; l < L; ++l) block[l] = math::lanes<T, L>::load(from + l * row);
  transpose(block);
#pragma GCC unroll 32
  for (int l = 0; l < L; ++l)
    if (l >= skip && l < skip + count) to[l - skip] = block[l];
}

/// Rows first .. first + L of K contiguous numbers each.
template <int K, class T, int L>
inline void load_rows(math::lanes<T, L>* to, const T* from, std::ptrdiff_t row) {
  if constexpr (K >= L) {
    for (int k = 0; k + L <= K; k += L) load_block(to + k, from + k, row, 0, L);
    if constexpr (K % L > 0) load_block(to + K - K % L, from + K - L, row, L - K % L, K % L);  // the last L columns once more
  } else {
    if constexpr ((K & (K - 1)) == 0) {
      if (row == K) {
        math::lanes<T, L> x[bound(K)];
#pragma GCC unroll 16
        for (int k = 0; k < K; ++k) x[k] = math::lanes<T, L>::load(from + k * L);
        split_columns<K>(x);
#pragma GCC unroll 16
        for (int k = 0; k < K; ++k) to[k] = x[k];
        return;
      }
    }
    for (int l = 0; l < L; ++l)
      for (int k = 0; k < K; ++k) to[k].v[l] = from[l * row + k];
  }
}

/// Rows first .. first + count of the source as K packs; lanes that are no rows repeat the last one, so that nothing is read
/// beyond it and nothing unusual is computed.
template <int K, class T, int L, class U>
inline void load_pack(math::lanes<T, L>* to, const row_source<U>& source, long long first, int count) {
  if constexpr (std::is_same_v<T, U>) {
    // Rows that follow each other closely: what is read too much of one belongs to the next.
    if constexpr (K < L && K > 2 && (K & (K - 1)) != 0)
      if (source.column == 1 && source.row == K && count >= L + (L - K + K - 1) / K) return load_block(to, &source(first, 0), source.row, 0, K);
    if (count >= L && source.column == 1) return load_rows<K>(to, &source(first, 0), source.row);
    if (count >= L && source.row == 1) {
      for (int k = 0; k < K; ++k) to[k] = math::lanes<T, L>::load(&source(first, k));
      return;
    }
  }
  T* const numbers = reinterpret_cast<T*>(to);
  for (int l = 0; l < L; ++l)
    for (int k = 0; k < K; ++k) numbers[k * L + l] = static_cast<T>(source(first + (l < count ? l : count - 1), k));
}

/// K packs as `count` rows of K contiguous numbers each.
template <int K, class T, int L>
inline void store_pack(T* to, const math::lanes<T, L>* from, int count) {
  if constexpr (K == 1) {
    if (count == L) return from[0].store(to);
  } else if constexpr (K >= L) {
    for (int k = 0; k < K; k += L) {
      const int first = k + L <= K ? k : K - L;  // the last columns once more
      math::lanes<T, L> block[bound(L)];
#pragma GCC unroll 32
      for (int i = 0; i < L; ++i) block[i] = from[first + i];
      transpose(block);
      for (int l = 0; l < count; ++l) block[l].store(to + l * K + first);
    }
    return;
  }
  for (int l = 0; l < count; ++l)
    for (int k = 0; k < K; ++k) to[l * K + k] = from[k].v[l];
}

}  // namespace typegrad::detail
