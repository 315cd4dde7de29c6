// SPDX-License-Identifier: BSL-1.0
// title: Named axes and a matrix without names
// expect: a tensor with named axes meets a vector or matrix without names
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
inline constexpr auto A = tg::variable<"A", tg::matrix<5, 16>>;
constexpr auto y = x + tg::reshape<tg::axes<t, c>>(A);
#else
inline constexpr auto A = tg::variable<"A", tg::matrix<5, 16>>;
constexpr auto y = x + A;
#endif
