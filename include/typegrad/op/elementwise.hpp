// SPDX-License-Identifier: BSL-1.0
// What all elementwise operations share: scalars broadcast, and the calculus follows from the slopes.
#pragma once

#include <typegrad/expr/constant.hpp>
#include <typegrad/expr/symbol.hpp>

namespace typegrad {

constexpr term operator*(term a, term b);

namespace detail {
constexpr term sum_term(term a);                      // op/reduce.hpp
constexpr term broadcast_term(term a, extent shape);  // op/reduce.hpp
constexpr term zero_where(term condition, term a);    // op/comparison.hpp

/// The elementwise shape rule: equal shapes, or scalars that are spread over the others.
constexpr extent broadcast_shapes(const extent* shape, int count) {
  if (count == 2 && shape[0] == shape[1]) return shape[0];
  extent result{};
  for (int k = 0; k < count; ++k) {
    if (shape[k].rank == 0) continue;
    if (result.rank != 0 && result != shape[k]) return no_shape;
    result = shape[k];
  }
  return result;
}

/// `t` in the given shape: broadcast if it is a scalar, summed if a scalar is wanted.
constexpr term fit(term t, extent shape) {
  if (t.shape() == shape) return t;
  return shape.rank == 0 ? sum_term(t) : broadcast_term(t, shape);
}

}  // namespace detail

namespace op {

/// Base of elementwise operations. The derived Op gives `value(x...)` and `slope(result, k)`, the partial derivative with
/// respect to operand k; then J_k' g = g * slope (which the sweep sums over what was broadcast) and J_k d = d * slope. Where
/// `loses(result, k)` holds, operand k does not enter the result, and its derivative is 0 whatever its slope.
template <int Arity>
struct elementwise {
  static constexpr int arity = Arity;
  static constexpr bool is_elementwise = true;

  static constexpr extent shape(const extent* arg, int count, number) { return detail::broadcast_shapes(arg, count); }
  template <class Op>
  static constexpr term pull(term result, int k, term g) {
    return g * Op::slope(result, k);
  }
  template <class Op>
  static constexpr term push(term result, int k, term d) {
    const term tangent = d * Op::slope(result, k);
    if constexpr (requires { Op::loses(result, k); })
      if (!describe<Op>.slope_vanishes || d.node().growth != growth::moderate)
        return detail::fit(detail::zero_where(Op::loses(result, k), tangent), result.shape());
    return detail::fit(tangent, result.shape());
  }
};

}  // namespace op

namespace detail {

/// f(0) = 0 and the like: a constant in, a constant out.
constexpr int fold_at(const request& r, std::int64_t at, std::int64_t value) {
  return is_constant(*r.graph, r.arg[0], at) ? constant_term(*r.graph, {value, 1, 0}, r.shape).index : -1;
}

template <class A, class B>
concept AnyExpression = Expression<A> || Expression<B>;

}  // namespace detail
}  // namespace typegrad

// Broadcasting back is a sum, and slopes are multiplied: the rules above need arithmetic.
#include <typegrad/op/arithmetic.hpp>
