// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

namespace arm_formula {

constexpr auto x = tg::parameter<"x", tg::vector<6>>;
template <int I>
constexpr auto joint(auto px, auto py, auto pz) {  // from the frame behind joint I to the base
  constexpr auto c = cos(tg::at<I>(x));
  constexpr auto s = sin(tg::at<I>(x));
  const auto u = px + tg::constant<arm::length[I]>;
  const auto [v, w] = [=] {
    if constexpr (arm::turn[I] == 0) return std::pair(py, pz);
    else if constexpr (arm::turn[I] == 1) return std::pair(-pz, py);
    else return std::pair(pz, -py);
  }();
  const auto above = w + tg::constant<arm::offset[I]>;
  if constexpr (I == 0) return stack(c * u - s * v, s * u + c * v, above);
  else return joint<I - 1>(c * u - s * v, s * u + c * v, above);
}
constexpr auto f = joint<5>(0.05_c, 0.02_c, 0.1_c);

}  // namespace arm_formula

template <>
struct by_typegrad<arm> {
  static void solve(const double* p, double* y) {
    using namespace arm_formula;
    tg::value_and_jacobian(f)(x = numbers<6>(p), tg::into(written<3>(y), written<18>(y + 3)));
  }
};

}  // namespace small
