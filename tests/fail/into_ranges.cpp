// SPDX-License-Identifier: BSL-1.0
// title: Results go to more places than there are results
// expect: into(...) takes one range for the whole gradient, or one for each symbol
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

double value, slope;
#ifdef FIXED
const auto value_there = tg::value_and_gradient(f)(w = 0.5, x = 2.0, tg::into(slope));
#else
const auto value_there = tg::value_and_gradient(f)(w = 0.5, x = 2.0, tg::into(value, slope));
#endif
