// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <int N, int Order>
struct by_typegrad<rosenbrock<N, Order>> {
  static constexpr auto x = tg::parameter<"x", tg::vector<N>>;
  static constexpr auto a = tg::slice<1, N>(x) - square(tg::slice<0, N - 1>(x));
  static constexpr auto f = 100_c * dot(a, a) + sum(square(1_c - tg::slice<0, N - 1>(x)));
  static void solve(const double* p, double* y) {
    if constexpr (Order == 2) {
      tg::evaluate(tg::hessian(f, x), x = numbers<N>(p), tg::into(written<N * N>(y)));
    } else {
      y[0] = tg::value_and_gradient(f)(x = numbers<N>(p), tg::into(written<N>(y + 1)));
    }
  }
};

}  // namespace small
