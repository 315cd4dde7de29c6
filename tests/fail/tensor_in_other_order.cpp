// SPDX-License-Identifier: BSL-1.0
// title: A tensor whose axes stand in another order
// expect: the value does not have the shape of its symbol
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
inline constexpr auto z = tg::variable<"z", tg::axes<c, t>>;
auto y = tg::evaluate(z, z = tg::evaluate(tg::order<c, t>(x), x = std::vector<double>(80)));
#else
inline constexpr auto z = tg::variable<"z", tg::axes<c, t>>;
auto y = tg::evaluate(z, z = tg::evaluate(x, x = std::vector<double>(80)));
#endif
