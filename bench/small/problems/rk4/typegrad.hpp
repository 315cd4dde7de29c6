// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

namespace rk4_formula {

constexpr auto x = tg::parameter<"x", tg::vector<6>>;
constexpr auto state = tg::slice<0, 2>(x);
constexpr auto slope(auto at) {
  const auto u = tg::at<0>(at);
  const auto v = tg::at<1>(at);
  return stack(u * (tg::at<2>(x) - tg::at<3>(x) * v), v * (tg::at<5>(x) * u - tg::at<4>(x)));
}
constexpr auto h = tg::constant<rk4::h>;
constexpr auto k1 = slope(state);
constexpr auto k2 = slope(state + h / 2_c * k1);
constexpr auto k3 = slope(state + h / 2_c * k2);
constexpr auto k4 = slope(state + h * k3);
constexpr auto f = state + h / 6_c * (k1 + 2_c * k2 + 2_c * k3 + k4);

}  // namespace rk4_formula

template <>
struct by_typegrad<rk4> {
  static void solve(const double* p, double* y) {
    using namespace rk4_formula;
    tg::value_and_jacobian(f)(x = numbers<6>(p), tg::into(written<2>(y), written<12>(y + 2)));
  }
};

}  // namespace small
