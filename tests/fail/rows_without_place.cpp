// SPDX-License-Identifier: BSL-1.0
// title: A result for each row, and no place for it
// expect: a result for each row needs a place
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
inline constexpr auto r = tg::variable<"r", tg::axes<n>>;
std::vector<double> rows(9), out(9);
void run() { tg::evaluate(sin(r), r = rows, tg::into(out)); }
#else
inline constexpr auto r = tg::variable<"r", tg::axes<n>>;
std::vector<double> rows(9);
void run() { tg::evaluate(sin(r), r = rows); }
#endif
