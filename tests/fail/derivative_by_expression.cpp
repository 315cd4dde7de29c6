// SPDX-License-Identifier: BSL-1.0
// title: Differentiating with respect to an expression
// expect: x must be a scalar parameter or variable
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
constexpr auto d = tg::derivative(f, w);
#else
constexpr auto d = tg::derivative(f, w* x);
#endif
