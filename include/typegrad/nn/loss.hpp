// SPDX-License-Identifier: BSL-1.0
// Losses of one sample. Over a batch, value and gradient are their means.
#pragma once

#include <typegrad/op/activation.hpp>
#include <typegrad/graph/symbols.hpp>
#include <typegrad/op/product.hpp>
#include <typegrad/op/softmax.hpp>
#include <typegrad/op/take.hpp>

namespace typegrad::nn {

/// mean((p - y)^2): regression. Prediction and target have the same shape.
template <Expression P, Expression Y>
constexpr auto mean_squared_error(P prediction, Y target) {
  return mean(square(prediction - target));
}

/// mean(max(0, 1 - y s)), the hinge: two classes y = -1 or 1, score s. (Cortes and Vapnik, 1995.)
template <Expression S, Expression Y>
constexpr auto max_margin(S score, Y target) {
  return mean(relu(constant<1> - hadamard(target, score)));
}

/// mean(log(1 + e^z) - t z): two classes t = 0 or 1, with z the logit, so that no probability is ever rounded to 0.
template <Expression Z, Expression T>
constexpr auto binary_cross_entropy(Z logit, T target) {
  return mean(softplus(logit) - hadamard(target, logit));
}

namespace detail {

template <class Logits, class Target>
struct classes {
  static constexpr bool are_one_hot = std::is_same_v<Logits, Target>;
};

template <class Strength>
struct strength_of_penalty {
  static constexpr bool is_a_formula = Expression<Strength>;
};

}  // namespace detail

namespace detail {
/// The logits with their axis: a vector gets that of the label.
template <auto Axis, class Shape, class Z>
constexpr auto with_axis(indices<Axis, Shape>, Z logits) {
  if constexpr (typegrad::detail::is_named<typename Z::shape>) return logits;
  else return reshape<axes<Axis>>(logits);
}
template <auto Axis, class Shape, class Z, class Y>
constexpr auto cross_entropy_of_label(indices<Axis, Shape>, Z logits, Y label) {
  return logsumexp<Axis>(logits) - take<Axis>(logits, label);
}
}  // namespace detail

/// log(sum(e^z)) - z[y]: the class as an integer y, `index<"label", axis<"class", 10>>`; logits with this axis, or a vector of its length. If
/// they have other axes as well, there is one loss for each of their elements.
template <Expression Z, Expression Y>
  requires(typegrad::detail::is_indices<typename Y::shape>)
constexpr auto softmax_cross_entropy(Z logits, Y label) {
  using counted = typename Y::shape;
  return detail::cross_entropy_of_label(counted{}, detail::with_axis(counted{}, logits), label);
}

/// log(sum(e^z)) - y . z: classes as one-hot vectors y (or any distribution), logits z.
template <Expression Z, Expression Y>
  requires(!typegrad::detail::is_indices<typename Y::shape>)
constexpr auto softmax_cross_entropy(Z logits, Y target) {
  using target_classes = detail::classes<typename Z::shape, typename Y::shape>;
  static_assert(target_classes::are_one_hot,
                "typegrad: softmax_cross_entropy(logits, y): y is a vector as long as the logits: 1 for the class, 0 for the others (one-hot)");
  if constexpr (target_classes::are_one_hot) return logsumexp(logits) - dot(target, logits);
  else return constant<0>;
}

namespace detail {
template <class... S>
constexpr auto sum_of_squares(type_list<S...>) {
  return (... + sum(square(S{})));
}
}  // namespace detail

/// strength * (sum of squares of all parameters of the model): the L2 penalty.
template <class Model, class Strength>
constexpr auto l2(const Model&, Strength strength) {
  using given = detail::strength_of_penalty<Strength>;
  if constexpr (given::is_a_formula) {
    return strength * detail::sum_of_squares(typename Model::parameters{});
  } else {
    static_assert(given::is_a_formula,
                  "typegrad: l2(model, strength): the strength is a formula: write 0.01_c, or make it a variable and bind its value");
    return constant<0>;
  }
}

}  // namespace typegrad::nn
