// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<black_scholes> {
  static constexpr auto s = tg::parameter<"s">;
  static constexpr auto k = tg::parameter<"k">;
  static constexpr auto r = tg::parameter<"r">;
  static constexpr auto sigma = tg::parameter<"sigma">;
  static constexpr auto t = tg::parameter<"t">;
  static constexpr auto width = sigma * sqrt(t);
  static constexpr auto d1 = (log(s / k) + (r + 0.5_c * square(sigma)) * t) / width;
  static constexpr auto price = s * normal_cdf(d1) - k * exp(-(r * t)) * normal_cdf(d1 - width);
  static void solve(const double* x, double* y) {
    y[0] =
        tg::value_and_gradient(price, tg::wrt(s, k, r, sigma, t))(s = x[0], k = x[1], r = x[2], sigma = x[3], t = x[4], tg::into(written<5>(y + 1)));
  }
};

}  // namespace small
