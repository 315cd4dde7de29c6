// SPDX-License-Identifier: BSL-1.0
// A multilayer perceptron: layers one after the other, hidden ones tanh unless told otherwise, the last linear.
#pragma once

#include <typegrad/nn/layer.hpp>

#include <typegrad/graph/writer.hpp>

#include <iosfwd>
#include <string_view>

namespace typegrad::nn {

namespace detail {
template <class First, class... Rest>
struct first_layer : First {};

template <class... Layer>
struct names_of {
  using all = typename typegrad::detail::concatenate<typename Layer::parameters...>::type;
  using sorted = typename typegrad::detail::sorted_symbols<all>::type;
  static constexpr bool are_unique = all::size == sorted::size;
};
}  // namespace detail

/// Layers one after the other: a network. `network(x)` is the tensor view, `network.scalar_view(x)` the unrolled one.
template <class... Layer>
struct sequential {
  static constexpr int layer_count = sizeof...(Layer);
  static constexpr int inputs = detail::first_layer<Layer...>::inputs;
  static constexpr int parameter_count = (0 + ... + Layer::parameter_count);
  using names = detail::names_of<Layer...>;
  static_assert(names::are_unique,
                "typegrad: layers of a network share their parameters: give each names of its own, layer<8, 2, tanh, \"W2\", \"b2\">");
  using parameters = typename names::sorted;

  constexpr sequential() = default;
  constexpr explicit sequential(Layer...)
    requires(layer_count > 0)
  {}

  template <Expression X>
  constexpr auto operator()(X x) const {
    using input = detail::input_fits<inputs, typename X::shape>;
    static_assert(input::value, "typegrad: the input of a layer must be a vector<In>");
    if constexpr (input::value) return through(x, Layer{}...);
    else return constant<0>;
  }
  template <Expression X>
  constexpr auto scalar_view(X) const {
    using input = detail::input_fits<inputs, typename X::shape>;
    static_assert(input::value, "typegrad: the input of a layer must be a vector<In>");
    if constexpr (input::value) return typegrad::detail::expression_of<detail::unrolled_recipe<X, Layer...>>();
    else return constant<0>;
  }

 private:
  template <class X>
  static constexpr auto through(X x) {
    return x;
  }
  template <class X, class First, class... Rest>
  static constexpr auto through(X x, First first, Rest... rest) {
    return through(first(x), rest...);
  }
};

namespace detail {

template <fixed_string Prefix, int K, int In, int Out, class A>
using numbered_layer =
    layer<In, Out, A{}, join_names<Prefix, numbered<"W", K>()>(), join_names<Prefix, numbered<"b", K>()>(), join_names<Prefix, numbered<"h", K>()>()>;

template <fixed_string Prefix, class Activations, class Sizes, class I>
struct mlp_layers;
template <fixed_string Prefix, class... A, int... Size, std::size_t... I>
struct mlp_layers<Prefix, type_list<A...>, std::integer_sequence<int, Size...>, std::index_sequence<I...>> {
  static constexpr int sizes[sizeof...(Size)] = {Size...};
  using type = sequential<numbered_layer<Prefix, static_cast<int>(I) + 1, sizes[I], sizes[I + 1], A>...>;
};

template <std::size_t Given, std::size_t Layers>
struct activations_given {
  static constexpr bool one_for_each_layer = Given == Layers;
};

template <class Hidden, class Last, class I>
struct hidden_and_last;
template <class Hidden, class Last, std::size_t... I>
struct hidden_and_last<Hidden, Last, std::index_sequence<I...>> {
  using type = type_list<std::conditional_t<I + 1 == sizeof...(I), Last, Hidden>...>;
};

}  // namespace detail

/// A perceptron with the given activation per layer and a prefix for the names of its parameters.
template <fixed_string Prefix, class Activations, int... Size>
struct perceptron
    : detail::mlp_layers<Prefix, Activations, std::integer_sequence<int, Size...>, std::make_index_sequence<sizeof...(Size) - 1>>::type {
  /// The same network with another activation in the hidden layers.
  template <Activation A>
  constexpr auto with(A) const {
    using acts = typename detail::hidden_and_last<A, linear_activation, std::make_index_sequence<sizeof...(Size) - 1>>::type;
    return perceptron<Prefix, acts, Size...>{};
  }
  /// The same network with an activation for each layer.
  template <Activation A, Activation B, Activation... Rest>
  constexpr auto with(A, B, Rest...) const {
    using given = detail::activations_given<sizeof...(Rest) + 2, sizeof...(Size) - 1>;
    static_assert(given::one_for_each_layer, "typegrad: with(...) takes one activation for all hidden layers, or one for each layer");
    if constexpr (given::one_for_each_layer) return perceptron<Prefix, type_list<A, B, Rest...>, Size...>{};
    else return *this;
  }
  /// The same network with another prefix in the names of its parameters, for formulas with several networks.
  template <fixed_string Name>
  constexpr auto named() const {
    return perceptron<Name, Activations, Size...>{};
  }
};

/// A multilayer perceptron of the given widths, the first that of the input: `mlp<2, 16, 16, 1>`.
/// Parameters W1, b1, W2, b2, ...; hidden layers h1, h2, ... in listings.
template <int... Size>
struct mlp : perceptron<"", typename detail::hidden_and_last<decltype(tanh), linear_activation, std::make_index_sequence<sizeof...(Size) - 1>>::type,
                        Size...> {
  static_assert(sizeof...(Size) >= 2, "typegrad: an mlp needs the width of its input and of at least one layer");
};

namespace detail {

template <class Layer>
constexpr void print_layer(typegrad::detail::writer& out, bool first) {
  out.put(first ? "Layer of [" : ", Layer of [");
  for (int j = 0; j < Layer::outputs; ++j) {
    out.put(j > 0 ? ", " : "");
    out.put(Layer::activation::name.text), out.put("Neuron("), out.put(std::int64_t{Layer::inputs}), out.put(')');
  }
  out.put(']');
}

template <class... Layer>
constexpr void print_layers(typegrad::detail::writer& out) {
  bool first = true;
  out.put("MLP of [");
  ((print_layer<Layer>(out, first), first = false), ...);
  out.put(']');
}

}  // namespace detail

/// As micrograd prints it: MLP of [Layer of [TanhNeuron(2), ...], ...].
template <class... Layer>
constexpr std::string_view to_string(const sequential<Layer...>&) {
  return typegrad::detail::written_text<&detail::print_layers<Layer...>>::value.view();
}

template <class Traits, class... Layer>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const sequential<Layer...>& model) {
  return out << to_string(model);
}

}  // namespace typegrad::nn
