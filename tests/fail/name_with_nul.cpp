// SPDX-License-Identifier: BSL-1.0
// title: A name with a NUL character
// expect: the name of a symbol has at least one character, and no NUL
// names: fixed_string<4>
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
constexpr auto odd = tg::variable<"a0b">;
constexpr auto e = odd + x;
#else
constexpr auto odd = tg::variable<"a\0b">;
constexpr auto e = odd + x;
#endif
