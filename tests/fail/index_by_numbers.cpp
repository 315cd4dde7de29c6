// SPDX-License-Identifier: BSL-1.0
// title: Numbers where integers are due
// expect: the value of an index symbol must be integers
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
inline constexpr auto token = tg::index<"token", c, tg::axes<t>>;
std::vector<int> tokens(5);
auto y = tg::evaluate(tg::take<c>(W, token), W = std::vector<double>(64), token = tokens);
#else
inline constexpr auto token = tg::index<"token", c, tg::axes<t>>;
std::vector<double> tokens(5);
auto y = tg::evaluate(tg::take<c>(W, token), W = std::vector<double>(64), token = tokens);
#endif
