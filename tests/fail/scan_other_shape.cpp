// SPDX-License-Identifier: BSL-1.0
// title: A step that makes another shape
// expect: the step makes formulas of the shapes of the start
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 9>;
inline constexpr auto c = tg::axis<"c", 3>;
inline constexpr auto w = tg::parameter<"w", tg::axes<c>>;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;

#ifdef FIXED
constexpr auto last = tg::scan<t>(0_c * w, [](auto before, auto in) { return tanh(w * before + in); }, x);
#else
constexpr auto last = tg::scan<t>(0_c, [](auto before, auto in) { return tanh(w * before + in); }, x);
#endif
