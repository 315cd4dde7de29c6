// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

namespace lennard_jones_formula {

constexpr auto x = tg::parameter<"x", tg::matrix<8, 3>>;
constexpr auto pair(auto i, auto j) {
  constexpr auto d = tg::row<i.value>(x) - tg::row<j.value>(x);
  constexpr auto s = 1_c / dot(d, d);
  constexpr auto s3 = s * s * s;
  return 4_c * (square(s3) - s3);
}
constexpr auto f = sum_of<7>([](auto i) { return sum_of<i.value + 1>([i](auto j) { return pair(boost::hana::int_c<i.value + 1>, j); }); });

}  // namespace lennard_jones_formula

template <>
struct by_typegrad<lennard_jones> {
  static void solve(const double* p, double* y) {
    using namespace lennard_jones_formula;
    y[0] = tg::value_and_gradient(f)(x = numbers<24>(p), tg::into(written<24>(y + 1)));
  }
};

}  // namespace small
