// SPDX-License-Identifier: BSL-1.0
// Numbers that do not stand side by side: strided rows, and how a class such as one of Eigen says where its numbers are.
#pragma once

#include <typegrad/version.hpp>

#include <cstddef>

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

}  // namespace typegrad
