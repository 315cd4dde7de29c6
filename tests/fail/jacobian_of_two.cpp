// SPDX-License-Identifier: BSL-1.0
// title: A Jacobian with respect to two symbols
// expect: jacobian(e, x) takes one symbol
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
constexpr auto by_w = tg::jacobian(stack(w * x, w), w);
constexpr auto by_x = tg::jacobian(stack(w * x, w), x);
#else
constexpr auto j = tg::jacobian(stack(w * x, w), w, x);
#endif
