// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<three_body> {
  static constexpr auto x = tg::parameter<"x", tg::matrix<3, 3>>;
  template <int I, int J>
  static constexpr auto d = tg::row<I>(x) - tg::row<J>(x);
  template <int I, int J>
  static constexpr auto pair = tg::constant<three_body::mass[I] * three_body::mass[J]> / sqrt(dot(d<I, J>, d<I, J>));
  static constexpr auto f = -pair<1, 0> - pair<2, 0> - pair<2, 1>;
  static void solve(const double* p, double* y) { y[0] = tg::value_and_gradient(f)(x = numbers<9>(p), tg::into(written<9>(y + 1))); }
};

}  // namespace small
