// SPDX-License-Identifier: BSL-1.0
// title: An axis split into sizes that do not fit
// expect: the sizes of the new axes must multiply to that of the old one
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
inline constexpr auto d = tg::axis<"d", 4>;
constexpr auto y = tg::split<c, h, d>(x);
#else
inline constexpr auto d = tg::axis<"d", 3>;
constexpr auto y = tg::split<c, h, d>(x);
#endif
