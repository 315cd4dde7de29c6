// SPDX-License-Identifier: BSL-1.0
// title: Sums over rows of sums over rows
// expect: more than eight passes over the data
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
constexpr auto next(auto e) { return exp(e - mean<n>(sin(e))); }
std::vector<double> rows(9);
auto y = tg::evaluate(mean<n>(next(next(r))), r = rows);
#else
inline constexpr auto r = tg::variable<"r", tg::axes<n>>;
constexpr auto next(auto e) { return exp(e - mean<n>(sin(e))); }
std::vector<double> rows(9);
auto y = tg::evaluate(mean<n>(next(next(next(next(next(next(next(next(next(r)))))))))), r = rows);
#endif
