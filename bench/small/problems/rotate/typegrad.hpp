// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

namespace rotate_formula {

constexpr auto x = tg::parameter<"x", tg::vector<7>>;
constexpr auto w = tg::at<0>(x);
constexpr auto u = tg::slice<1, 4>(x);
constexpr auto v = tg::slice<4, 7>(x);
constexpr auto cross(auto a, auto b) {
  return stack(tg::at<1>(a) * tg::at<2>(b) - tg::at<2>(a) * tg::at<1>(b), tg::at<2>(a) * tg::at<0>(b) - tg::at<0>(a) * tg::at<2>(b),
               tg::at<0>(a) * tg::at<1>(b) - tg::at<1>(a) * tg::at<0>(b));
}
constexpr auto twice = 2_c * cross(u, v);
constexpr auto f = v + w * twice + cross(u, twice);

}  // namespace rotate_formula

template <>
struct by_typegrad<rotate> {
  static void solve(const double* p, double* y) {
    using namespace rotate_formula;
    tg::value_and_jacobian(f)(x = numbers<7>(p), tg::into(written<3>(y), written<21>(y + 3)));
  }
};

}  // namespace small
