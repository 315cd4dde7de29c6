// SPDX-License-Identifier: BSL-1.0
// Numbers with a shape: tensor owns them, tensor_view refers to them. Row after row, no heap.
#pragma once

#include <typegrad/expr/axis.hpp>

#include <cstddef>
#include <type_traits>

namespace typegrad {

namespace detail {

/// Element access of anything with `data()` and a shape; matrices take two indices.
template <class Derived, class T, class Shape>
struct tensor_access {
  using value_type = std::remove_const_t<T>;
  using shape = Shape;
  static constexpr int rows = Shape::value.rows;
  static constexpr int cols = Shape::value.cols;
  static constexpr std::size_t size() { return static_cast<std::size_t>(Shape::value.size()); }

  constexpr decltype(auto) operator[](std::size_t i) const { return self().data()[i]; }
  constexpr decltype(auto) operator()(int i) const { return self().data()[i]; }
  constexpr decltype(auto) operator()(int i, int j) const {
    if constexpr (detail::is_named<Shape>) return self().data()[offset({i, j})];
    else return self().data()[i * cols + j];
  }
  /// Of a tensor with named axes: one index for each of them, in their order.
  template <class... More>
    requires detail::is_named<Shape> && (std::is_convertible_v<More, int> && ...)
  constexpr decltype(auto) operator()(int i, int j, int k, More... more) const {
    return self().data()[offset({i, j, k, static_cast<int>(more)...})];
  }
  constexpr auto begin() const { return self().data(); }
  constexpr auto end() const { return self().data() + size(); }

 private:
  template <std::size_t N>
  static constexpr int offset(const int (&index)[N]) {
    constexpr axis_list list = axes_of_shape<Shape>;
    int at = 0;
    for (std::size_t k = 0; k < N; ++k) at = at * list.at[k].length() + index[k];
    return at;
  }
  constexpr const Derived& self() const { return static_cast<const Derived&>(*this); }
};

}  // namespace detail

/// A vector or matrix of numbers elsewhere.
template <class T, class Shape>
class tensor_view : public detail::tensor_access<tensor_view<T, Shape>, T, Shape> {
 public:
  constexpr explicit tensor_view(T* data) : data_(data) {}
  constexpr T* data() const { return data_; }

 private:
  T* data_;
};

/// A vector or matrix of numbers.
template <class T, class Shape>
struct tensor : detail::tensor_access<tensor<T, Shape>, const T, Shape> {
  T values[Shape::value.size()]{};
  constexpr const T* data() const { return values; }
  constexpr T* data() { return values; }
};

}  // namespace typegrad
