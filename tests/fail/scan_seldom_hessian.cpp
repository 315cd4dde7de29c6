// SPDX-License-Identifier: BSL-1.0
// title: Second derivatives of a recurrence that keeps only some carries
// expect: no second derivatives with checkpoint<k>
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 9>;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;
inline constexpr auto step = [](auto before, auto in) { return tanh(w * before + in); };

#ifdef FIXED
constexpr auto twice = tg::hvp(tg::scan<t>(0_c, step, x), w, 1_c);
#else
constexpr auto twice = tg::hvp(tg::scan<t>(tg::checkpoint<3>, 0_c, step, x), w, 1_c);
#endif
