// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<polynomial> {
  static constexpr auto c = tg::parameter<"c", tg::vector<17>>;
  static constexpr auto t = tg::parameter<"t">;
  static constexpr auto f = sum_of<17>([](auto i) { return tg::at<i.value>(c) * tg::pow<i.value>(t); });
  static void solve(const double* p, double* y) {
    y[0] = tg::value_and_gradient(f, tg::wrt(c, t))(c = numbers<17>(p), t = p[17], tg::into(written<18>(y + 1)));
  }
};

}  // namespace small
