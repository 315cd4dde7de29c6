// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <int N, int Order>
struct by_elements<rosenbrock<N, Order>> {
  static constexpr auto x = tg::parameter<"x", tg::vector<N>>;
  template <int I>
  static constexpr auto c = tg::at<I>(x);
  static constexpr auto f = []<int... I>(std::integer_sequence<int, I...>) {
    return (... + (100_c * square(c<I + 1> - square(c<I>)) + square(1_c - c<I>)));
  }(std::make_integer_sequence<int, N - 1>{});
  static void solve(const double* p, double* y) {
    if constexpr (Order == 2) {
      tg::evaluate(tg::hessian(f, x), x = numbers<N>(p), tg::into(written<N * N>(y)));
    } else {
      y[0] = tg::value_and_gradient(f)(x = numbers<N>(p), tg::into(written<N>(y + 1)));
    }
  }
};

}  // namespace small
