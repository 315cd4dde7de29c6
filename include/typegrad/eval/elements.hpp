// SPDX-License-Identifier: BSL-1.0
// What a value is made of: numbers of which type, in which extents, and where each of them is.
#pragma once

#include <typegrad/expr/axis.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace typegrad {

/// Numbers anywhere in memory: number k of row i stands at data[i * row_stride + k * column_stride].
template <class T>
struct strided_rows {
  const T* data;
  long long rows;
  std::ptrdiff_t row_stride;
  std::ptrdiff_t column_stride;
  long long columns = -1;    // -1: as many as are asked for
  long long available = -1;  // so many numbers may be read from `data` on; -1: not known
};

/// How a class keeps its numbers, for classes that are no contiguous ranges: specialise it with `rows` and `columns` (-1: known at run
/// time) and `view(v)`, a strided_rows with its columns. Eigen's matrices, vectors, maps and blocks are known.
template <class V>
struct data_traits;

namespace detail {

template <class V>
concept EigenData = requires(const V& v) {
  typename V::Scalar;
  V::RowsAtCompileTime, V::ColsAtCompileTime, V::IsRowMajor;
  v.data(), v.rows(), v.cols(), v.innerStride(), v.outerStride();
};

}  // namespace detail

template <detail::EigenData V>
struct data_traits<V> {
  static constexpr int rows = static_cast<int>(V::RowsAtCompileTime), columns = static_cast<int>(V::ColsAtCompileTime);
  static auto view(const V& v) {
    const std::ptrdiff_t inner = v.innerStride(), outer = v.outerStride();
    constexpr bool by_row = static_cast<bool>(V::IsRowMajor);
    return strided_rows<typename V::Scalar>{v.data(), static_cast<long long>(v.rows()), by_row ? outer : inner, by_row ? inner : outer,
                                            static_cast<long long>(v.cols())};
  }
};

namespace detail {

/// The lengths of nested arrays, from the outside in; -1: known at run time.
struct extents {
  int rank = 0;
  int at[5] = {};
  std::uint64_t axes = 0;  // of a tensor of ours, the hash of its axes

  constexpr extents within(int outer) const {
    extents result{rank + 1, {outer}};
    for (int k = 0; k < rank && k < 4; ++k) result.at[k + 1] = at[k];
    return result;
  }
  /// How many numbers; -1: known at run time.
  constexpr int count() const {
    int n = 1;
    for (int k = 0; k < rank; ++k) n = n < 0 || at[k] < 0 ? -1 : n * at[k];
    return n;
  }
  constexpr bool is_fixed() const { return count() >= 0 && rank <= 5; }
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

}  // namespace detail
}  // namespace typegrad
