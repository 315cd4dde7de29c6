// SPDX-License-Identifier: BSL-1.0
// title: A value for each pair of rows
// expect: rows of two axes meet
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;

inline constexpr auto n = tg::axis<"n">;
inline constexpr auto m = tg::axis<"m">;
inline constexpr auto x = tg::variable<"x", tg::axes<n>>;
inline constexpr auto y = tg::variable<"y", tg::axes<m>>;

#ifdef FIXED
constexpr auto difference = x - tg::mean<m>(y);
#else
constexpr auto difference = x - y;
#endif
