// SPDX-License-Identifier: BSL-1.0
// log2, log10, exp2, elementwise.
#pragma once

#include <typegrad/math/logarithm.hpp>
#include <typegrad/op/exponential.hpp>

namespace typegrad {

namespace op {

struct log2 : elementwise<1> {
  static constexpr char name[] = "log2";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  static constexpr number factor{3'326'628'274'461'080'622, 1, -61, 2, 15};  // 1 / log(2), as a literal of 45 digits is read
  template <class T>
  static constexpr T value(T x) {
    return math::log2(x);
  }
  // d log2(x) = dx / (x log(2))
  static constexpr term slope(term y, int) { return constant_term(*y.graph, factor) / y[0]; }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 1, 0); }
};

struct log10 : elementwise<1> {
  static constexpr char name[] = "log10";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  static constexpr number factor{4'005'659'580'146'785'381, 1, -63, 2, 5};  // 1 / log(10), as a literal of 45 digits is read
  template <class T>
  static constexpr T value(T x) {
    return math::log10(x);
  }
  // d log10(x) = dx / (x log(10))
  static constexpr term slope(term y, int) { return constant_term(*y.graph, factor) / y[0]; }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 1, 0); }
};

struct exp2 : elementwise<1> {
  static constexpr char name[] = "exp2";
  static constexpr bool transcendental = true;
  static constexpr growth grows = growth::singular;
  static constexpr sign_of sign = sign_of::never_negative;
  static constexpr number factor{3'196'577'161'300'663'914, 1, -62, 2, 15};  // log(2), as a literal of 45 digits is read
  template <class T>
  static constexpr T value(T x) {
    return math::exp2(x);
  }
  // d 2^x = log(2) 2^x dx
  static constexpr term slope(term y, int) { return factor * y; }
  static constexpr int rewrite(const request& r) { return detail::fold_at(r, 0, 1); }
};

}  // namespace op

/// Logarithm to the base 2, exact at powers of 2; -inf at 0, NaN below.
template <Expression X>
constexpr auto log2(X) {
  return typename detail::composite<op::log2, X>::type{};
}
/// Logarithm to the base 10; -inf at 0, NaN below.
template <Expression X>
constexpr auto log10(X) {
  return typename detail::composite<op::log10, X>::type{};
}
/// 2^x, exact at integers.
template <Expression X>
constexpr auto exp2(X) {
  return typename detail::composite<op::exp2, X>::type{};
}

}  // namespace typegrad
