// SPDX-License-Identifier: BSL-1.0
// title: All carries, and a checkpoint
// expect: so there is nothing that checkpoint<k> could leave out
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 9>;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;

#ifdef FIXED
constexpr auto carries = tg::scan_all<t>(0_c, [](auto before, auto in) { return tanh(w * before + in); }, x);
#else
constexpr auto carries = tg::scan_all<t>(tg::checkpoint<3>, 0_c, [](auto before, auto in) { return tanh(w * before + in); }, x);
#endif
