// SPDX-License-Identifier: BSL-1.0
// title: A new name of another size
// expect: rename<t, s>(x): the axes have different sizes
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
inline constexpr auto s = tg::axis<"s", 5>;
constexpr auto y = rename<t, s>(x);
#else
inline constexpr auto s = tg::axis<"s", 6>;
constexpr auto y = rename<t, s>(x);
#endif
