// SPDX-License-Identifier: BSL-1.0
// logsumexp and softmax.
#pragma once

#include <typegrad/op/exponential.hpp>
#include <typegrad/op/reduce.hpp>

namespace typegrad {

namespace op {

/// log(sum(exp(x))), computed as m + log(sum(exp(x - m))) with m the largest element.
struct logsumexp : reduction {
  static constexpr char name[] = "logsumexp";
  template <class T>
  static constexpr void compute(T* y, extent, const T* a, extent shape) {
    T largest = a[0];
    for (int i = 1; i < shape.size(); ++i) largest = math::select(largest < a[i], a[i], largest);
    const T shift = math::select(math::is_finite(largest), largest, T(0));
    y[0] = shift + math::log(detail::ordered_sum<T>(shape.size(), [a, shift](int i) { return math::exp(a[i] - shift); }));
  }
  // d logsumexp(x) = softmax(x) . dx, with softmax(x) = exp(x - logsumexp(x))
  static constexpr term softmax(term y) { return typegrad::exp(y[0] - y); }
  static constexpr term pullback(term y, int, term g) { return g * softmax(y); }
  static constexpr term pushforward(term y, int, term d) { return detail::sum_term(d * softmax(y)); }
};

}  // namespace op

/// log of the sum of exponentials of all elements, without overflow.
template <Expression X>
constexpr auto logsumexp(X) {
  return typename detail::composite<op::logsumexp, X>::type{};
}
/// exp(x) / sum(exp(x)), without overflow.
template <Expression X>
constexpr auto softmax(X x) {
  return exp(x - logsumexp(x));
}

}  // namespace typegrad
