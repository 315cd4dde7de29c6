// SPDX-License-Identifier: BSL-1.0
// What a value is made of: numbers of which type, in which extents, and where each of them is.
#pragma once

#include <typegrad/eval/extents.hpp>
#include <typegrad/eval/strided.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace typegrad::detail {

/// What values are made of. `is_data`: numbers that can be read where they are; else the members that follow are missing.
template <class V>
struct elements {
  static constexpr bool is_data = false;
  static constexpr bool strided = false;
  static constexpr extents shape{};
  using type = double;
};

// Characters are no numbers.
template <class V>
inline constexpr bool is_number = std::is_arithmetic_v<V>;
template <>
inline constexpr bool is_number<char> = false;
template <>
inline constexpr bool is_number<wchar_t> = false;
template <>
inline constexpr bool is_number<char8_t> = false;
template <>
inline constexpr bool is_number<char16_t> = false;
template <>
inline constexpr bool is_number<char32_t> = false;

template <class V>
  requires is_number<V>
struct elements<V> {
  static constexpr bool is_data = true, strided = false, nested = false;
  static constexpr extents shape{};
  using type = V;
  static constexpr const type* data(const V& v) { return &v; }
  template <class T>
  static constexpr T* copy(const V& v, T* to) {
    return *to = static_cast<T>(v), to + 1;
  }
};

/// Is this class its numbers, row after row, and nothing else, so that an array of it is an array of numbers?
template <class V>
constexpr bool is_block() {
  if constexpr (elements<V>::strided)
    if (!elements<V>::in_order) return false;
  if constexpr (!elements<V>::is_data) return false;
  else return elements<V>::shape.is_fixed() && sizeof(V) == sizeof(typename elements<V>::type) * static_cast<std::size_t>(elements<V>::shape.count());
}

/// What arrays and ranges share: `first` leads to elements of type Inner.
template <class Inner, int Outer>
struct sequence {
  static constexpr bool is_data = is_block<Inner>(), strided = false, nested = !is_number<Inner>;
  static constexpr extents shape = elements<Inner>::shape.within(Outer);
  using type = typename elements<Inner>::type;
  static constexpr int row_size = elements<Inner>::shape.count();

  /// Row i, of `size` numbers. (A constant expression may not walk from one inner array into the next.)
  static constexpr const type* row_of(const Inner* first, long long i, int size) {
    if (row_size == size) return elements<Inner>::data(first[i]);
    return elements<Inner>::data(*first) + i * size;
  }
};

template <class V, std::size_t N>
struct elements<V[N]> : sequence<V, static_cast<int>(N)> {
  using typename sequence<V, static_cast<int>(N)>::type;
  static constexpr const type* data(const V (&v)[N]) { return elements<V>::data(v[0]); }
  static constexpr const type* row(const V (&v)[N], long long i, int size) { return elements::row_of(v, i, size); }
  static constexpr long long total(const V (&)[N]) { return static_cast<long long>(N) * elements<V>::shape.count(); }
  template <class T>
  static constexpr T* copy(const V (&v)[N], T* to) {
    for (const V& e : v) to = elements<V>::copy(e, to);
    return to;
  }
};

template <class V>
using element_of = std::remove_cvref_t<decltype(*std::declval<const V&>().data())>;

/// The length of a contiguous range, if its type knows it.
template <class V>
constexpr int length_of() {
  if constexpr (requires { std::tuple_size<V>::value; }) return static_cast<int>(std::tuple_size<V>::value);
  else if constexpr (requires { V::extent; }) return V::extent == static_cast<std::size_t>(-1) ? -1 : static_cast<int>(V::extent);
  else return -1;
}

template <class V>
  requires(!EigenData<V>) && requires(const V& v) { v.data(), v.size(); }
struct elements<V> : sequence<element_of<V>, length_of<V>()> {
  using base = sequence<element_of<V>, length_of<V>()>;
  using typename base::type;
  static constexpr extents shape = [] {  // a tensor of ours knows more
    if constexpr (requires { V::shape::value.rank; }) {
      constexpr extent s = V::shape::value;
      if constexpr (is_named<typename V::shape>) return extents{1, {s.rows}, V::shape::hash};
      return s.rank == 2 ? extents{2, {s.rows, s.cols}} : extents{1, {s.rows}};
    } else {
      return base::shape;
    }
  }();
  static constexpr const type* data(const V& v) {
    if constexpr (base::nested) return elements<element_of<V>>::data(*v.data());
    else return v.data();
  }
  static constexpr const type* row(const V& v, long long i, int size) { return base::row_of(v.data(), i, size); }
  static constexpr long long total(const V& v) { return static_cast<long long>(v.size()) * elements<element_of<V>>::shape.count(); }
  template <class T>
  static constexpr T* copy(const V& v, T* to) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(v.size()); ++i) to = elements<element_of<V>>::copy(v.data()[i], to);
    return to;
  }
};

template <class T>
struct elements<strided_rows<T>> {
  static constexpr bool is_data = true, strided = true, nested = false, in_order = false;
  static constexpr extents shape{2, {-1, -1}};
  using type = T;
  static constexpr strided_rows<T> view(const strided_rows<T>& v) { return v; }
};

template <class V>
  requires requires(const V& v) { data_traits<V>::view(v); }
struct elements<V> {
  using traits = data_traits<V>;
  using type = std::remove_cvref_t<decltype(*traits::view(std::declval<const V&>()).data)>;
  static constexpr bool is_data = is_number<type>, strided = true, nested = false;
  static constexpr bool in_order = [] {
    if constexpr (EigenData<V>) return traits::rows == 1 || traits::columns == 1 || V::IsRowMajor;
    else return false;
  }();
  static constexpr bool lies = traits::rows == 1 && traits::columns != 1;  // a row vector is taken for a column
  static constexpr extents shape{2, {lies ? traits::columns : traits::rows, lies ? 1 : traits::columns}};
  // where a matrix of fixed size is an element of a range
  static constexpr const type* data(const V& v) { return v.data(); }
  static constexpr strided_rows<type> view(const V& v) {
    const strided_rows<type> all = traits::view(v);
    return lies ? strided_rows<type>{all.data, all.columns, all.column_stride, all.row_stride, 1} : all;
  }
};

}  // namespace typegrad::detail
