// SPDX-License-Identifier: BSL-1.0
// title: A vector among the numbers of a stack
// expect: stack(a, b, ...) makes a vector of scalars
// names: vector<3>
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

#ifdef FIXED
constexpr auto e = concat(w, u);
#else
constexpr auto e = stack(w, u);
#endif
