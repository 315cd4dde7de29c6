// SPDX-License-Identifier: BSL-1.0
// title: Forward mode through a recurrence
// expect: has no forward mode and no second derivatives yet
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 9>;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;
inline constexpr auto last = tg::scan<t>(0_c, [](auto before, auto in) { return tanh(w * before + in); }, x);

#ifdef FIXED
constexpr auto d = tg::gradient(last, tg::wrt(w))[w];
#else
constexpr auto d = tg::derivative(last, w);
#endif
