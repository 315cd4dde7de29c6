// SPDX-License-Identifier: BSL-1.0
// title: A length with axes of its own
// expect: the length is a single number, or one for each row
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 9>;
inline constexpr auto c = tg::axis<"c", 3>;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;

#ifdef FIXED
inline constexpr auto length = tg::variable<"length">;
#else
inline constexpr auto length = tg::variable<"length", tg::axes<c>>;
#endif
constexpr auto last = tg::scan<t>(tg::steps(length), 0_c, [](auto before, auto in) { return tanh(w * before + in); }, x);
