// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<snavely> {
  static constexpr auto x = tg::parameter<"x", tg::vector<12>>;
  static constexpr auto w = tg::slice<0, 3>(x);
  template <int I>
  static constexpr auto c = tg::at<I>(x);
  static constexpr auto angle2 = dot(w, w);
  static constexpr auto angle = sqrt(angle2);
  static constexpr auto cosine = cos(angle);
  static constexpr auto s = sin(angle) / angle;
  static constexpr auto along = (1_c - cosine) / angle2 * dot(w, tg::slice<9, 12>(x));
  static constexpr auto px = c<9> * cosine + (c<1> * c<11> - c<2> * c<10>)*s + c<0> * along + c<3>;
  static constexpr auto py = c<10> * cosine + (c<2> * c<9> - c<0> * c<11>)*s + c<1> * along + c<4>;
  static constexpr auto pz = c<11> * cosine + (c<0> * c<10> - c<1> * c<9>)*s + c<2> * along + c<5>;
  static constexpr auto u = -px / pz;
  static constexpr auto v = -py / pz;
  static constexpr auto r2 = square(u) + square(v);
  static constexpr auto scale = c<6> * (1_c + r2 * (c<7> + c<8> * r2));
  static constexpr auto f = stack(scale * u - 30_c, scale* v + 20_c);
  static void solve(const double* p, double* y) { tg::value_and_jacobian(f)(x = numbers<12>(p), tg::into(written<2>(y), written<24>(y + 2))); }
};

}  // namespace small
