// SPDX-License-Identifier: BSL-1.0
// cbrt and hypot, elementwise. (sqrt: op/exponential.hpp)
#pragma once

#include <typegrad/math/root.hpp>
#include <typegrad/op/comparison.hpp>
#include <typegrad/op/power.hpp>

namespace typegrad {

namespace op {

struct cbrt : elementwise<1> {
  static constexpr char name[] = "cbrt";
  static constexpr growth grows = growth::singular;
  template <class T>
  static constexpr T value(T x) {
    return math::cbrt(x);
  }
  // d cbrt(x) = dx / (3 cbrt(x)^2); infinite at 0
  static constexpr term slope(term y, int) { return 1 / (3 * square(y)); }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 0); }
};

/// sqrt(x^2 + y^2), without overflow on the way.
struct hypot : elementwise<2> {
  static constexpr char name[] = "hypot";
  static constexpr growth grows = growth::singular;
  static constexpr sign_of sign = sign_of::never_negative;
  template <class T>
  static constexpr T value(T x, T y) {
    return math::hypot(x, y);
  }
  // d hypot(x, y) = (x dx + y dy) / hypot(x, y); 0 at the origin, one of the subgradients
  static constexpr term slope(term y, int k) { return y[k] / y; }
  static constexpr bool commutative = true;
  static constexpr term loses(term y, int) { return typegrad::equal(y, constant_term(*y.graph, {})); }
};

}  // namespace op

/// Cube root, of negative numbers too; its derivative at 0 is infinite.
template <Expression X>
constexpr auto cbrt(X) {
  return typename detail::composite<op::cbrt, X>::type{};
}
/// sqrt(x^2 + y^2), which overflows only if the result does; its derivative at the origin is 0.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto hypot(A, B) {
  return typename detail::composite<op::hypot, A, B>::type{};
}

}  // namespace typegrad
