// SPDX-License-Identifier: BSL-1.0
// Normalisation along named axes: layer_norm, rms_norm, batch_norm. Each is a formula.
#pragma once

#include <typegrad/op/power.hpp>
#include <typegrad/op/softmax.hpp>

namespace typegrad::nn {

/// (x - mean<c>(x)) / sqrt(variance<c>(x) + 1e-5): Ba, Kiros and Hinton, 2016, arXiv:1607.06450.
template <auto... Axis, Expression X>
  requires typegrad::detail::Axes<Axis...>
constexpr auto layer_norm(X x) {
  const auto centred = x - mean<Axis...>(x);
  return centred / sqrt(mean<Axis...>(square(centred)) + constant<1, 100'000>);
}
/// The same, times a gain, plus a bias.
template <auto... Axis, Expression X, Expression Gain, Expression Bias>
  requires typegrad::detail::Axes<Axis...>
constexpr auto layer_norm(X x, Gain gain, Bias bias) {
  return layer_norm<Axis...>(x) * gain + bias;
}

/// x / sqrt(mean<c>(x^2) + 1e-5): Zhang and Sennrich, 2019, arXiv:1910.07467.
template <auto... Axis, Expression X>
  requires typegrad::detail::Axes<Axis...>
constexpr auto rms_norm(X x) {
  return x / sqrt(mean<Axis...>(square(x)) + constant<1, 100'000>);
}
template <auto... Axis, Expression X, Expression Gain>
  requires typegrad::detail::Axes<Axis...>
constexpr auto rms_norm(X x, Gain gain) {
  return rms_norm<Axis...>(x) * gain;
}

/// The variance along axes, of the rows of run-time data too: mean<n>((x - mean<n>(x))^2).
template <auto... Axis, Expression X>
  requires typegrad::detail::Axes<Axis...>
constexpr auto variance(X x) {
  return mean<Axis...>(square(x - mean<Axis...>(x)));
}

/// x by given statistics: (x - mean) / sqrt(variance + 1e-5) gain + bias. With running averages of those that training saw it is what
/// batch_norm becomes afterwards.
template <Expression X, Expression Mean, Expression Variance, Expression Gain, Expression Bias>
constexpr auto normalize(X x, Mean mean, Variance variance, Gain gain, Bias bias) {
  return (x - mean) / sqrt(variance + constant<1, 100'000>) * gain + bias;
}
/// x by its statistics over the rows n, and other axes if they are given: Ioffe and Szegedy, 2015, arXiv:1502.03167. The gradient goes through
/// the statistics. mean<n>(x) and variance<n>(x) are the formulas whose values running averages are made of.
template <auto... Axis, Expression X, Expression Gain, Expression Bias>
  requires typegrad::detail::Axes<Axis...>
constexpr auto batch_norm(X x, Gain gain, Bias bias) {
  return normalize(x, mean<Axis...>(x), variance<Axis...>(x), gain, bias);
}

}  // namespace typegrad::nn
