// SPDX-License-Identifier: BSL-1.0
// title: Two axes of one name
// expect: two axes of a tensor have the same name
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
constexpr int size = tg::axes<t, s>::value.size();
#else
inline constexpr auto s = tg::axis<"t", 7>;
constexpr int size = tg::axes<t, s>::value.size();
#endif
