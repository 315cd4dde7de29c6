// SPDX-License-Identifier: BSL-1.0
// title: A recurrence whose step computes in much memory
// expect: this call needs more than 256 KB of stack
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 3>;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;
inline constexpr auto w = tg::parameter<"w", tg::vector<65'536>>;
inline constexpr auto last = tg::scan<t>(1_c, [](auto before, auto in) { return in * sum(square(w * before)); }, x);

std::vector<double> ws(65'536, 0.001), xs(3, 1);
#ifdef FIXED
auto memory = tg::storage(last, w = ws, x = xs);
const auto& r = tg::evaluate(last, w = ws, x = xs, tg::into(memory));
#else
auto r = tg::evaluate(last, w = ws, x = xs);
#endif
