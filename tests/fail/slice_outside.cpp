// SPDX-License-Identifier: BSL-1.0
// title: A slice beyond the end
// expect: slice<t, first, last>(x): 0 <= first < last <= size of the axis
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
constexpr auto y = tg::slice<t, 2, 5>(x);
#else
constexpr auto y = tg::slice<t, 2, 6>(x);
#endif
