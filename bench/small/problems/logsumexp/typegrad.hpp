// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <int N>
struct by_typegrad<logsumexp<N>> {
  static constexpr auto x = tg::parameter<"x", tg::vector<N>>;
  static constexpr auto f = tg::logsumexp(x);
  static void solve(const double* p, double* y) {
    const auto result = tg::value_and_gradient(f)(x = numbers<N>(p));
    y[0] = result.value;
    store(result.gradient[x], y + 1);
  }
};

}  // namespace small
