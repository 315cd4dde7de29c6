// SPDX-License-Identifier: BSL-1.0
// lgamma and its derivatives digamma, trigamma, polygamma<n>, elementwise.
#pragma once

#include <typegrad/math/polygamma.hpp>
#include <typegrad/op/arithmetic.hpp>

namespace typegrad {

namespace op {

/// log |gamma(x)|
struct lgamma : elementwise<1> {
  static constexpr char name[] = "lgamma";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::lgamma(x);
  }
  // d lgamma(x) = digamma(x) dx
  static constexpr term slope(term y, int);
  static constexpr int rewrite(const request& r) { return is_constant(*r.graph, r.arg[0], 1) ? detail::fold_at(r, 1, 0) : detail::fold_at(r, 2, 0); }
};

struct digamma : elementwise<1> {
  static constexpr char name[] = "digamma";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::digamma(x);
  }
  // d digamma(x) = polygamma<1>(x) dx
  static constexpr term slope(term y, int);
};

/// The derivative of digamma whose order is the payload.
struct polygamma : elementwise<1> {
  static constexpr char name[] = "polygamma";
  static constexpr notation form = notation::ordered;
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x, number order) {
    return math::polygamma(x, static_cast<int>(order.num));
  }
  static constexpr term slope(term y, int);  // d polygamma<n>(x) = polygamma<n + 1>(x) dx
};

}  // namespace op

namespace detail {
inline void polygamma_ends_at_order_16() {}  // no constant expression: a derivative beyond it stops here
}  // namespace detail

constexpr term op::lgamma::slope(term y, int) { return make<op::digamma>({}, y[0]); }
constexpr term op::digamma::slope(term y, int) { return make<op::polygamma>({1, 1, 0}, y[0]); }
constexpr term op::polygamma::slope(term y, int) {
  const std::int64_t order = y.node().value.num;
  if (order >= math::detail::most_polygamma) detail::polygamma_ends_at_order_16();
  return make<op::polygamma>({order + 1, 1, 0}, y[0]);
}

/// log |gamma(x)|; infinite at 0, -1, -2, ...
template <Expression X>
constexpr auto lgamma(X) {
  return typename detail::composite<op::lgamma, X>::type{};
}
/// The derivative of lgamma.
template <Expression X>
constexpr auto digamma(X) {
  return typename detail::composite<op::digamma, X>::type{};
}
/// The derivative of digamma of order N, 1 .. 16.
template <int N, Expression X>
constexpr auto polygamma(X x) {
  static_assert(N >= 1 && N <= math::detail::most_polygamma, "typegrad: polygamma<N>(x): N is the order of the derivative of digamma, 1 to 16");
  return apply<op::polygamma, number{N, 1, 0}>(x);
}
/// The derivative of digamma.
template <Expression X>
constexpr auto trigamma(X x) {
  return polygamma<1>(x);
}

}  // namespace typegrad
