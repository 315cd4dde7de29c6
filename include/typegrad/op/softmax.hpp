// SPDX-License-Identifier: BSL-1.0
// logsumexp<s>(x), softmax<s>(x), log_softmax<s>(x) along axes, logsumexp(x), softmax(x) of all elements, and minus_infinity, which masks what they are
// to leave out; prod<s>(x).
#pragma once

#include <typegrad/op/comparison.hpp>
#include <typegrad/op/exponential.hpp>
#include <typegrad/op/extremum.hpp>
#include <typegrad/op/structure.hpp>
#include <typegrad/op/window.hpp>

namespace typegrad {

namespace op {

/// x where it is finite, else 0; a shift that cancels, so its derivative is 0.
struct finite_shift : elementwise<1> {
  static constexpr char name[] = "shift";
  static constexpr char id[] = "finite_shift";
  static constexpr sign_of sign = sign_of::top;
  static constexpr growth grows = growth::none;
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr T value(T x) {
    return math::select(math::is_finite(x), x, T(0));
  }
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {}); }
};

/// x, but 1 where x is 0: what is divided by it is 0 there as well.
struct divisor : elementwise<1> {
  static constexpr char name[] = "divisor";
  static constexpr sign_of sign = sign_of::positive;
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr T value(T x) {
    return math::select(math::is_zero(x), T(1), x);
  }
  static constexpr term slope(term y, int) { return constant_term(*y.graph, {1, 1, 0}); }
};

}  // namespace op

/// Minus infinity, a constant: what it masks has no part in a softmax, a logsumexp, a max.
inline constexpr constant_type<number{-3, 0}> minus_infinity{};

namespace detail {
template <auto... Axis, class X>
constexpr auto shift_of(X x) {
  return typename composite<op::finite_shift, decltype(max<Axis...>(x))>::type{};
}
}  // namespace detail

/// log(sum<s>(exp(x))) without overflow.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto logsumexp(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis...);
  if constexpr (!detail::shape_has<typename X::shape, Axis...>::axes_of_this_size) return constant<0>;
  else {
    const auto m = detail::shift_of<Axis...>(x);
    return detail::abbreviate<detail::name_along<"logsumexp", Axis...>>(m + log(sum<Axis...>(exp(x - m))), x);
  }
}
/// exp(x) / sum<s>(exp(x)) without overflow; 0 where x is minus infinity, also where all of it is.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto softmax(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis...);
  if constexpr (!detail::shape_has<typename X::shape, Axis...>::axes_of_this_size) return constant<0>;
  else {
    const auto e = exp(x - detail::shift_of<Axis...>(x));
    const auto total = typename detail::composite<op::divisor, decltype(sum<Axis...>(e))>::type{};
    return detail::abbreviate<detail::name_along<"softmax", Axis...>>(e * (constant<1> / total), x);
  }
}
/// x - logsumexp<s>(x)
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto log_softmax(X x) {
  return detail::abbreviate<detail::name_along<"log_softmax", Axis...>>(x - logsumexp<Axis...>(x), x);
}

namespace detail {
/// All elements of X along one axis.
template <class X>
inline constexpr auto all_of = axis<"element", X::shape::value.size()>;
struct logsumexp_name {
  static constexpr fixed_string text{"logsumexp"};
};
struct softmax_name {
  static constexpr fixed_string text{"softmax"};
};
}  // namespace detail

/// log of the sum of exponentials of all elements, without overflow: m + log(sum(exp(x - m))) with m the largest. Its gradient has the same exponentials.
template <Expression X>
constexpr auto logsumexp(X x) {
  if constexpr (X::shape::value.size() == 1) return detail::abbreviate<detail::logsumexp_name>(reshape<scalar>(x), x);
  else return detail::abbreviate<detail::logsumexp_name>(logsumexp<detail::all_of<X>>(reshape<axes<detail::all_of<X>>>(x)), x);
}
/// exp(x) / sum(exp(x)) over all elements, without overflow.
template <Expression X>
constexpr auto softmax(X x) {
  constexpr auto all = detail::all_of<X>;
  return detail::abbreviate<detail::softmax_name>(reshape<typename X::shape>(softmax<all>(reshape<axes<all>>(x))), x);
}

namespace detail {
template <auto Axis, int First, int Last, class X>
constexpr auto product_of(X x) {
  if constexpr (Last - First == 1) return at<Axis, First>(x);
  else return product_of<Axis, First, (First + Last) / 2>(x) * product_of<Axis, (First + Last) / 2, Last>(x);
}
}  // namespace detail

/// The product along an axis; its derivative is right where factors are 0.
template <auto Axis, Expression X>
  requires detail::Axes<Axis>
constexpr auto prod(X x) {
  if constexpr (!detail::shape_has<typename X::shape, Axis>::axes_of_this_size) return constant<0>;
  else return detail::abbreviate<detail::name_along<"prod", Axis>>(detail::product_of<Axis, 0, Axis.size>(x), x);
}

}  // namespace typegrad
