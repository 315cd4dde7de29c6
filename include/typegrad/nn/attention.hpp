// SPDX-License-Identifier: BSL-1.0
// Attention and what transformers are made of: embedding, affine, attention, self_attention, transformer_block.
#pragma once

#include <typegrad/nn/mlp.hpp>
#include <typegrad/nn/norm.hpp>
#include <typegrad/op/take.hpp>

namespace typegrad::nn {

/// A table with a row of the axis C for each element of V; of an index of V, its row.
template <fixed_string Name, auto V, auto C>
struct embedding {
  static constexpr auto table = parameter<Name, axes<V, C>>;
  using parameters = type_list<std::remove_const_t<decltype(table)>>;

  template <Expression Index>
  constexpr auto operator()(Index index) const {
    return take<V>(table, index);
  }
};

/// dot<In>(W, x) + b, with W over Out, In and b over Out; other axes of x stay.
template <fixed_string Name, auto In, auto Out>
struct affine {
  static constexpr auto weight = parameter<join_names<Name, ".weight">(), axes<Out, In>>;
  static constexpr auto bias = parameter<join_names<Name, ".bias">(), axes<Out>>;
  using parameters = type_list<std::remove_const_t<decltype(weight)>, std::remove_const_t<decltype(bias)>>;

  template <Expression X>
  constexpr auto operator()(X x) const {
    return dot<In>(weight, x) + bias;
  }
};

/// softmax<S>(dot<D>(q, k) / sqrt(size of D)) over what is attended to, S: Vaswani et al., 2017, arXiv:1706.03762. Queries have D, keys D and S,
/// values S; other axes (heads, positions) align by name.
template <auto S, auto D, Expression Q, Expression K, Expression V>
constexpr auto attention(Q query, K key, V value) {
  return dot<S>(softmax<S>(dot<D>(query, key) / sqrt(constant<D.size>)), value);
}
/// The same, where position t sees positions s <= t only.
template <auto T, auto S, auto D, Expression Q, Expression K, Expression V>
constexpr auto causal_attention(Q query, K key, V value) {
  return dot<S>(softmax<S>(select(position<S> <= position<T>, dot<D>(query, key) / sqrt(constant<D.size>), minus_infinity)), value);
}

/// Causal self-attention along T with H heads of D channels each, back to the channels C.
template <fixed_string Name, auto T, auto C, auto H, auto D>
struct self_attention {
  static constexpr axis_type<"from", T.size> from{};
  static constexpr auto query = parameter<join_names<Name, ".query">(), axes<H, D, C>>;
  static constexpr auto key = parameter<join_names<Name, ".key">(), axes<H, D, C>>;
  static constexpr auto value = parameter<join_names<Name, ".value">(), axes<H, D, C>>;
  static constexpr auto output = parameter<join_names<Name, ".output">(), axes<C, H, D>>;
  using parameters = type_list<std::remove_const_t<decltype(query)>, std::remove_const_t<decltype(key)>, std::remove_const_t<decltype(value)>,
                               std::remove_const_t<decltype(output)>>;

  template <Expression X>
  constexpr auto operator()(X x) const {
    const auto y = rename<T, from>(x);
    return dot<H, D>(output, causal_attention<T, from, D>(dot<C>(query, x), dot<C>(key, y), dot<C>(value, y)));
  }
};

/// x + attention(norm(x)), then x + mlp(norm(x)): a block of a transformer that normalises first; RMS norm without gains, relu, and no
/// biases, F channels inside.
template <fixed_string Name, auto T, auto C, auto H, auto D, auto F>
struct transformer_block {
  using attend = self_attention<Name, T, C, H, D>;
  static constexpr auto inner = parameter<join_names<Name, ".inner">(), axes<F, C>>;
  static constexpr auto outer = parameter<join_names<Name, ".outer">(), axes<C, F>>;
  using parameters =
      typename typegrad::detail::concatenate<typename attend::parameters,
                                             type_list<std::remove_const_t<decltype(inner)>, std::remove_const_t<decltype(outer)>>>::type;

  template <Expression X>
  constexpr auto operator()(X x) const {
    const auto y = x + attend{}(rms_norm<C>(x));
    return y + dot<F>(outer, relu(dot<C>(inner, rms_norm<C>(y))));
  }
};

}  // namespace typegrad::nn
