// SPDX-License-Identifier: BSL-1.0
// Convolutions and pools along named axes: conv1d, conv2d, max_pool, mean_pool.
#pragma once

#include <typegrad/nn/mlp.hpp>
#include <typegrad/op/extremum.hpp>
#include <typegrad/op/window.hpp>

namespace typegrad::nn {

namespace detail {
/// y(t, k) = x(t + k - K / 2), 0 outside: windows around each element.
template <auto T, auto K, class X>
constexpr auto windows_around(X x) {
  return window<T, K, 1, 1, K.size / 2>(x);
}
}  // namespace detail

/// y(t, out) = sum over k, in of W(out, in, k) x(t + k - K/2, in) + b(out), 0 outside: as many elements as x. K is the size of the window.
template <fixed_string Name, auto T, auto In, auto Out, int K>
struct conv1d {
  static constexpr axis_type<"k", K> k{};
  static constexpr auto weight = parameter<join_names<Name, ".weight">(), axes<Out, In, k>>;
  static constexpr auto bias = parameter<join_names<Name, ".bias">(), axes<Out>>;
  using parameters = type_list<std::remove_const_t<decltype(weight)>, std::remove_const_t<decltype(bias)>>;

  template <Expression X>
  constexpr auto operator()(X x) const {
    return dot<In, k>(weight, detail::windows_around<T, k>(x)) + bias;
  }
};

/// The same over two axes, with windows of K by K.
template <fixed_string Name, auto Row, auto Column, auto In, auto Out, int K>
struct conv2d {
  static constexpr axis_type<"i", K> i{};
  static constexpr axis_type<"j", K> j{};
  static constexpr auto weight = parameter<join_names<Name, ".weight">(), axes<Out, In, i, j>>;
  static constexpr auto bias = parameter<join_names<Name, ".bias">(), axes<Out>>;
  using parameters = type_list<std::remove_const_t<decltype(weight)>, std::remove_const_t<decltype(bias)>>;

  template <Expression X>
  constexpr auto operator()(X x) const {
    return dot<In, i, j>(weight, detail::windows_around<Column, j>(detail::windows_around<Row, i>(x))) + bias;
  }
};

namespace detail {
template <auto Axis, int K>
struct pooled {
  static_assert(Axis.size % K == 0, "typegrad: a pool of K elements needs an axis whose size is a multiple of K");
  static constexpr axis_type<Axis.text, Axis.size / K> axis{};
  static constexpr axis_type<"pool", K> within{};
};
}  // namespace detail

/// The largest of each K elements of an axis, which keeps its name.
template <auto Axis, int K, Expression X>
constexpr auto max_pool(X x) {
  using pool = detail::pooled<Axis, K>;
  return max<pool::within>(split<Axis, pool::axis, pool::within>(x));
}
/// The mean of each K elements.
template <auto Axis, int K, Expression X>
constexpr auto mean_pool(X x) {
  using pool = detail::pooled<Axis, K>;
  return mean<pool::within>(split<Axis, pool::axis, pool::within>(x));
}

}  // namespace typegrad::nn
