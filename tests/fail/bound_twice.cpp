// SPDX-License-Identifier: BSL-1.0
// title: A symbol with two values
// expect: a symbol is given a value more than once
// names: "w"
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
double r = tg::evaluate(f, w = 0.5, x = 2.0);
#else
double r = tg::evaluate(f, w = 0.5, x = 2.0, w = 0.7);
#endif
