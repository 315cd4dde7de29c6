// SPDX-License-Identifier: BSL-1.0
// title: An index into another axis
// expect: the token is an index symbol of the axis v
#include <typegrad/typegrad.hpp>
#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 5>;
inline constexpr auto c = tg::axis<"c", 16>;
inline constexpr auto h = tg::axis<"h", 4>;
inline constexpr auto n = tg::axis<"n">;
inline constexpr auto x = tg::variable<"x", tg::axes<t, c>>;
inline constexpr auto W = tg::parameter<"W", tg::axes<h, c>>;

#ifdef FIXED
inline constexpr auto token = tg::index<"token", c, tg::axes<t>>;
constexpr auto y = tg::take<c>(W, token);
#else
inline constexpr auto token = tg::index<"token", h, tg::axes<t>>;
constexpr auto y = tg::take<c>(W, token);
#endif
