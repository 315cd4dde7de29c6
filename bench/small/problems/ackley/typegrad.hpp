// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<ackley> {
  static constexpr auto x = tg::parameter<"x", tg::vector<10>>;
  static constexpr auto f = -20_c * exp(-0.2_c * sqrt(mean(square(x)))) - exp(mean(cos(6.283185307179586_c * x))) + 22.718281828459045_c;
  static void solve(const double* p, double* y) { y[0] = tg::value_and_gradient(f)(x = numbers<10>(p), tg::into(written<10>(y + 1))); }
};

}  // namespace small
