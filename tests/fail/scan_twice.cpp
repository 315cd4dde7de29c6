// SPDX-License-Identifier: BSL-1.0
// title: A gradient of a gradient through a recurrence
// expect: has no gradient of a gradient
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 9>;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;
inline constexpr auto last = tg::scan<t>(0_c, [](auto before, auto in) { return tanh(w * before + in); }, x);
inline constexpr auto slope = tg::gradient(last, tg::wrt(w))[w];

#ifdef FIXED
constexpr auto twice = tg::derivative(slope, w);
#else
constexpr auto twice = tg::gradient(slope, tg::wrt(w))[w];
#endif
