// SPDX-License-Identifier: BSL-1.0
// title: A tensor full of a vector
// expect: x is a number; a tensor is repeated along axes that it lacks where it meets them
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto i = tg::axis<"i", 2>;
inline constexpr auto j = tg::axis<"j", 3>;
inline constexpr auto x = tg::variable<"x", tg::axes<j>>;

#ifdef FIXED
constexpr auto y = x * tg::ones<i>;
#else
constexpr auto y = tg::full<i>(x);
#endif
