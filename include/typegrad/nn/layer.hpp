// SPDX-License-Identifier: BSL-1.0
// A layer: activation(W*x + b), as one tensor formula or with every neuron unrolled into its adds and multiplies.
#pragma once

#include <typegrad/diff/forward.hpp>
#include <typegrad/graph/symbols.hpp>
#include <typegrad/nn/activation.hpp>
#include <typegrad/op/product.hpp>

namespace typegrad::nn {

namespace detail {

/// Out neurons of In inputs each, written out: f(W[j,0]*x[0] + ... + b[j]).
template <class Layer>
constexpr int unrolled(arena& target, int x) {
  const auto symbol_of = [&target](const formula& f) { return term{&target, target.intern(*f.op, nullptr, 0, {}, f.shape, f.symbol)}; };
  const term weight = symbol_of(Layer::weight.node()), bias = symbol_of(Layer::bias.node()), input{&target, x};
  typegrad::detail::buffer<int> neurons(Layer::outputs);
  for (int j = 0; j < Layer::outputs; ++j) {
    term sum = make<op::at>({j, 1, 0}, weight) * make<op::at>({0, 1, 0}, input);
    for (int i = 1; i < Layer::inputs; ++i) sum = sum + make<op::at>({j, 1, i}, weight) * make<op::at>({i, 1, 0}, input);
    neurons[j] = typename Layer::activation{}(sum + make<op::at>({j, 1, 0}, bias)).index;
  }
  return target.make(describe<op::stack>, neurons.data(), Layer::outputs, {}, {1, Layer::outputs, 1});
}

/// The layers one after the other, unrolled.
template <class X, class... Layer>
struct unrolled_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = typegrad::detail::formula_size<X> + (0 + ... + (4 * Layer::parameter_count));
  static constexpr std::uint64_t hash = [] {
    using typegrad::detail::mix;
    std::uint64_t h = mix(typegrad::detail::hash_text("unrolled"), X::hash);
    ((h = mix(mix(mix(h, Layer::weight.hash), Layer::bias.hash), typegrad::detail::hash_text(Layer::activation::name.text))), ...);
    return h;
  }();
  static constexpr bool build(arena& target, typegrad::detail::buffer<int>& roots) {
    int x = typegrad::detail::importer(target)(X::node());
    ((x = unrolled<Layer>(target, x)), ...);
    roots.push(x);
    return true;
  }
};

template <int In, class Shape>
struct input_fits {
  static constexpr bool value = Shape::value == extent{1, In, 1};
};

}  // namespace detail

/// In inputs, Out neurons: f(W*x + b) with W: Out x In, b: Out. `layer<4, 8>`, `layer<4, 8, relu>`, `layer<8, 2, linear, "W2", "b2">`.
template <int In, int Out, Activation auto F = tanh, fixed_string Weight = "W", fixed_string Bias = "b", fixed_string Name = "h">
struct layer {
  using activation = std::remove_cv_t<decltype(F)>;
  static constexpr int inputs = In;
  static constexpr int outputs = Out;
  static constexpr auto weight = parameter<Weight, matrix<Out, In>>;
  static constexpr auto bias = parameter<Bias, vector<Out>>;
  using parameters = type_list<std::remove_cvref_t<decltype(weight)>, std::remove_cvref_t<decltype(bias)>>;
  static constexpr int parameter_count = Out * (In + 1);

  /// The tensor view: one matrix product.
  template <Expression X>
  constexpr auto operator()(X x) const {
    using input = detail::input_fits<In, typename X::shape>;
    static_assert(input::value, "typegrad: the input of a layer must be a vector<In>");
    if constexpr (input::value) return let<Name>(F(weight * x + bias));
    else return variable<"y", vector<Out>>;  // the error is reported; later layers need not complain
  }
  /// The scalar view: the same parameters, every neuron unrolled.
  template <Expression X>
  constexpr auto scalar_view(X) const {
    using input = detail::input_fits<In, typename X::shape>;
    static_assert(input::value, "typegrad: the input of a layer must be a vector<In>");
    return typegrad::detail::expression_of<detail::unrolled_recipe<X, layer>>();
  }
};

}  // namespace typegrad::nn
