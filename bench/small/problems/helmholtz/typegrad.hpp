// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<helmholtz> {
  static constexpr auto x = tg::parameter<"x", tg::vector<8>>;
  static constexpr auto a = tg::variable<"a", tg::matrix<8, 8>>;
  static constexpr auto b = tg::variable<"b", tg::vector<8>>;
  static constexpr auto bx = dot(b, x);
  static constexpr auto root2 = sqrt(2_c);
  static constexpr auto f =
      dot(x, log(x / (1_c - bx))) - dot(x, a* x) / (sqrt(8_c) * bx) * log((1_c + (1_c + root2) * bx) / (1_c + (1_c - root2) * bx));
  static void solve(const double* p, double* y) {
    y[0] = tg::value_and_gradient(f)(x = numbers<8>(p), a = helmholtz::a, b = helmholtz::b, tg::into(written<8>(y + 1)));
  }
};

}  // namespace small
