// SPDX-License-Identifier: BSL-1.0
// title: Asking a gradient for another symbol
// expect: this symbol is not among the values
// names: "x"
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

#ifdef FIXED
double r = tg::value_and_gradient(f, tg::wrt(w, x))(w = 0.5, x = 2.0).gradient[x];
#else
double r = tg::value_and_gradient(f, tg::wrt(w))(w = 0.5, x = 2.0).gradient[x];
#endif
