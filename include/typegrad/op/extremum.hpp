// SPDX-License-Identifier: BSL-1.0
// The largest and the smallest along axes, and running sums: max<c>(x), min<c>(x), cumsum<t>(x).
#pragma once

#include <typegrad/op/named.hpp>
#include <typegrad/op/piecewise.hpp>

namespace typegrad {

namespace op {

/// The largest number along the loops that are summed over in a contraction; NaN if one of them is.
struct largest {
  static constexpr char name[] = "max";
  static constexpr char id[] = "largest";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_nest = true;
  /// How numbers meet.
  struct meet_by_max {
    static constexpr int side_by_side = 16;
    template <class V>
    TYPEGRAD_INLINE static constexpr V start() {
      return V(-math::infinity<math::scalar_of<V>>);
    }
    template <class V>
    TYPEGRAD_INLINE static constexpr void add(V& all, const V& x) {
      all = max::value(all, x);
    }
  };
  template <detail::nest N, class V, class A, class B>
  static constexpr void run(V* y, const A* a, const B*) {
    if constexpr (detail::has_lanes<V>(N) && std::is_same_v<V, A>)
      if (!__builtin_is_constant_evaluated()) return detail::run_blocks<N, meet_by_max>(y, a + N.a0, a);
    detail::for_each_number<N, 0>([&](int i, int j) TYPEGRAD_INLINE { y[i] = detail::one_number<N, meet_by_max, V>(a + j, a); }, N.to0, N.a0);
  }
  // d max(x) = the mean of dx over the elements that are not below the largest: all of them, if one is NaN
  static constexpr term weights(term y) {
    const contraction made = detail::contraction_of(y);
    const term top = detail::not_below(y[0], detail::contract_term(made.pulled(0), y[0].shape(), y));
    const term ties = detail::contract_term(made, y.shape(), top);
    return top * detail::contract_term(made.pulled(0), y[0].shape(), 1 / ties);
  }
  /// a weight. Weights are finite, so where nothing is asked for everything stays 0; infinity and NaN do not meet the 0 of a loser.
  static constexpr term weighted(term y, term a) {
    const term weight = weights(y), part = a * weight;
    return a.node().growth == growth::moderate ? part : detail::zero_where(typegrad::equal(weight, constant_term(*y.graph, {})), part);
  }
  static constexpr term pullback(term y, int, term g) {
    return weighted(y, detail::contract_term(detail::contraction_of(y).pulled(0), y[0].shape(), g));
  }
  static constexpr bool leaves_out(term, int) { return true; }
  static constexpr term pushforward(term y, int, term d) { return detail::contract_term(detail::contraction_of(y), y.shape(), weighted(y, d)); }
  static constexpr int rewrite(const request& r) {
    const vertex v = (*r.graph)[r.arg[0]];
    return detail::is_uniform(v) ? detail::fit(detail::uniform_value({r.graph, r.arg[0]}), r.shape).index : -1;
  }
};

/// Running sums along one loop of a contraction that sums over nothing; the payload's pick is its number and 1, negative from the end.
struct running_sum {
  static constexpr char name[] = "cumsum";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_nest = true;
  template <detail::nest N, class V, class A, class B>
  static constexpr void run(V* y, const A* a, const B*) {
    // the summed loop goes along the axis; the others name its start, in the result and in the operand alike
    constexpr int n = N.size[N.count - 1], step = N.a[N.count - 1];
    detail::for_each_number<N, 0>(
        [&](int i, int j) TYPEGRAD_INLINE {
          constexpr int first = N.pick > 0 ? 0 : (n - 1) * step, next = N.pick > 0 ? step : -step;
          V sum = V(a[j + first]);
          y[i + first] = sum;
          for (int k = 1; k < n; ++k) y[i + first + k * next] = sum += V(a[j + first + k * next]);
        },
        N.to0, N.a0);
  }
  static constexpr term run_back(term y, term g) {
    contraction made = detail::contraction_of(y);
    made.pick = -made.pick;
    return {y.graph, y.graph->make(describe<running_sum>, &g.index, 1, y.graph->number_of(made), y.shape())};
  }
  // d y_i = sum over k <= i of dx_k; the adjoint of x_k is the sum of those of y_i from k on
  static constexpr term pullback(term y, int, term g) { return run_back(y, g); }
  static constexpr term pushforward(term y, int, term d) {
    return {y.graph, y.graph->make(describe<running_sum>, &d.index, 1, y.node().value, y.shape())};
  }
  static constexpr int rewrite(const request& r) { return is_constant(*r.graph, r.arg[0], 0) ? constant_term(*r.graph, {}, r.shape).index : -1; }
};

}  // namespace op

namespace detail {
/// The axis stays; the summed loop goes along it from the start that the other loops name.
template <class Shape, auto Axis>
struct running_loops {
  using shape = Shape;
  static constexpr contraction value = [] {
    constexpr axis_list all = axes_of_shape<Shape>;
    contraction made = contraction_over(axes_without(all, list_of<Axis>()), list_of<Axis>(), all, no_axes);
    made.result = all.size(), made.pick = 1;
    for (int l = 0; l < made.count; ++l) made.loops[l].to = made.loops[l].axis == Axis.info.hash ? 0 : made.loops[l].from[0];
    return made;
  }();
};
}  // namespace detail

template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto max(X x);

namespace detail {
template <auto First, auto... Rest, class X>
constexpr auto largest_along(X x) {
  if constexpr (sizeof...(Rest) > 0 && First.info.is_run_time()) return largest_along<Rest..., First>(x);
  else if constexpr (First.info.is_run_time()) return abbreviate<name_along<"max", First>>(over_all_rows<op::max_over>(x), x);
  else return largest_along<Rest...>(max<First>(x));
}
}  // namespace detail

/// The largest number along axes; elements that are equally large share the derivative.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto max(X x) {
  using shape = typename X::shape;
  TYPEGRAD_NEEDS_AXES(shape, Axis...);
  if constexpr (!detail::shape_has<shape, Axis...>::axes_of_this_size) return constant<0>;
  else if constexpr (detail::over_rows<Axis...>) return detail::largest_along<Axis...>(x);
  else return detail::nest_expression<op::largest, detail::dot_loops<shape, scalar, Axis...>, X>();
}
/// The smallest number along axes.
template <auto... Axis, Expression X>
  requires detail::Axes<Axis...>
constexpr auto min(X x) {
  TYPEGRAD_NEEDS_AXES(typename X::shape, Axis...);
  if constexpr (!detail::shape_has<typename X::shape, Axis...>::axes_of_this_size) return constant<0>;
  else return detail::abbreviate<detail::name_along<"min", Axis...>>(-max<Axis...>(-x), x);
}
/// y(t) = x(0) + ... + x(t)
template <auto Axis, Expression X>
  requires detail::Axes<Axis>
constexpr auto cumsum(X x) {
  using shape = typename X::shape;
  TYPEGRAD_NEEDS_AXES(shape, Axis);
  if constexpr (!detail::shape_has<shape, Axis>::axes_of_this_size) return constant<0>;
  else if constexpr (Axis.size == 1) return x;
  else return detail::nest_expression<op::running_sum, detail::running_loops<shape, Axis>, X>();
}

}  // namespace typegrad
