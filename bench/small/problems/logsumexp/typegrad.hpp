// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <int N>
struct by_typegrad<logsumexp<N>> {
  static constexpr auto x = tg::parameter<"x", tg::vector<N>>;
  static constexpr auto f = tg::logsumexp(x);
  static void solve(const double* p, double* y) { y[0] = tg::value_and_gradient(f)(x = numbers<N>(p), tg::into(written<N>(y + 1))); }
};

}  // namespace small
