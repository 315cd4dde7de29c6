// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<sabr> {
  static constexpr auto x = tg::parameter<"x", tg::vector<5>>;
  static constexpr auto forward = tg::at<0>(x);
  static constexpr auto alpha = tg::at<1>(x);
  static constexpr auto beta = tg::at<2>(x);
  static constexpr auto rho = tg::at<3>(x);
  static constexpr auto nu = tg::at<4>(x);
  static constexpr auto strike = tg::constant<sabr::strike>;
  static constexpr auto away2 = square(log(forward / strike));
  static constexpr auto b2 = square(1_c - beta);
  static constexpr auto middle = pow(forward * strike, (1_c - beta) / 2_c);
  static constexpr auto z = nu / alpha * middle * log(forward / strike);
  static constexpr auto chi = log((sqrt(1_c - 2_c * rho * z + square(z)) + z - rho) / (1_c - rho));
  static constexpr auto scale = middle * (1_c + b2 / 24_c * away2 + square(b2 * away2) / 1920_c);
  static constexpr auto drift =
      b2 / 24_c * square(alpha / middle) + rho * beta * nu * alpha / (4_c * middle) + (2_c - 3_c * square(rho)) / 24_c * square(nu);
  static constexpr auto f = alpha / scale * (z / chi) * (1_c + drift * tg::constant<sabr::time>);
  static void solve(const double* p, double* y) { y[0] = tg::value_and_gradient(f)(x = numbers<5>(p), tg::into(written<5>(y + 1))); }
};

}  // namespace small
