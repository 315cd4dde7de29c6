// SPDX-License-Identifier: BSL-1.0
// title: A checkpoint before each step that there is not
// expect: checkpoint<k>: k is at least 1
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 9>;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;
inline constexpr auto step = [](auto before, auto in) { return tanh(w * before + in); };

#ifdef FIXED
constexpr auto last = tg::scan<t>(tg::checkpoint<3>, 0_c, step, x);
#else
constexpr auto last = tg::scan<t>(tg::checkpoint<0>, 0_c, step, x);
#endif
