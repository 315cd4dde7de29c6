// SPDX-License-Identifier: BSL-1.0
// sum and mean of all elements, and the spreading of a scalar over a shape.
#pragma once

#include <typegrad/op/arithmetic.hpp>
#include <typegrad/op/side_by_side.hpp>

namespace typegrad {

namespace op {

/// The scalar operand in every element of the result; made by the calculus, not by users.
struct broadcast {
  static constexpr char name[] = "broadcast";
  static constexpr sign_of sign = sign_of::keeps;
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  static constexpr void compute(T* y, extent shape, const T* a, extent) {
    for (int i = 0; i < shape.size(); ++i) y[i] = a[0];
  }
  static constexpr term pullback(term, int, term g) { return detail::sum_term(g); }
  static constexpr term pushforward(term y, int, term d) { return detail::broadcast_term(d, y.shape()); }
  static constexpr int rewrite(const request& r) {
    if (r.shape.rank == 0) return r.arg[0];
    return is_constant(*r.graph, r.arg[0]) ? constant_term(*r.graph, (*r.graph)[r.arg[0]].value, r.shape).index : -1;
  }
};

/// What reductions to a scalar share.
struct reduction {
  static constexpr extent shape(const extent*, int, number) { return {}; }
};

struct sum : reduction {
  static constexpr char name[] = "sum";
  static constexpr sign_of sign = sign_of::keeps;
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  TYPEGRAD_INLINE static constexpr void compute(T* y, extent, const T* a, extent shape) {
    y[0] = detail::ordered_sum(shape.size(), a);
  }
  static constexpr term pullback(term y, int, term g) { return detail::broadcast_term(g, y[0].shape()); }
  static constexpr term pushforward(term, int, term d) { return detail::sum_term(d); }
  static constexpr int rewrite(const request& r) {
    arena& graph = *r.graph;
    const vertex v = graph[r.arg[0]];
    if (v.shape.size() == 1 && v.shape.rank == 0) return r.arg[0];
    const number n{v.shape.size(), 1, 0};
    if (v.op == &describe<op::broadcast>) return (n * term{&graph, v.arg[0]}).index;
    return v.op == &describe<op::constant> ? (n * constant_term(graph, v.value)).index : -1;
  }
};

struct mean : reduction {
  static constexpr char name[] = "mean";
  static constexpr sign_of sign = sign_of::keeps;
  static constexpr slopes slope_from = slopes::constant;
  template <class T>
  TYPEGRAD_INLINE static constexpr void compute(T* y, extent, const T* a, extent shape) {
    y[0] = detail::ordered_sum(shape.size(), a) / T(static_cast<math::scalar_of<T>>(shape.size()));
  }
  static constexpr term pullback(term y, int, term g) { return detail::broadcast_term(number{1, y[0].shape().size(), 0} * g, y[0].shape()); }
  static constexpr term pushforward(term, int, term d) { return make<op::mean>({}, d); }
  static constexpr int rewrite(const request& r) {
    const vertex v = (*r.graph)[r.arg[0]];
    if (v.shape.rank == 0) return r.arg[0];
    if (v.op == &describe<op::broadcast>) return v.arg[0];
    return v.op == &describe<op::constant> ? constant_term(*r.graph, v.value).index : -1;
  }
};

}  // namespace op

namespace detail {
constexpr term sum_term(term a) { return make<op::sum>({}, a); }
constexpr term broadcast_term(term a, extent shape) { return {a.graph, a.graph->make(describe<op::broadcast>, &a.index, 1, {}, shape)}; }
}  // namespace detail

/// The sum of all elements.
template <Expression X>
constexpr auto sum(X) {
  return typename detail::composite<op::sum, X>::type{};
}
/// The mean of all elements.
template <Expression X>
constexpr auto mean(X) {
  return typename detail::composite<op::mean, X>::type{};
}

}  // namespace typegrad

// Products of stacks take these apart.
#include <typegrad/op/stack.hpp>
