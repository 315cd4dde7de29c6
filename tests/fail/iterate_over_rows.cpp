// SPDX-License-Identifier: BSL-1.0
// title: A sum over rows in a step of an iteration
// expect: a step may not sum over the rows of data
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto a = tg::parameter<"a">;
inline constexpr auto n = tg::axis<"n">;
inline constexpr auto y = tg::variable<"y", tg::axes<n>>;

#ifdef FIXED
constexpr auto center = tg::iterate_until<1e-12_c>(0_c, [](auto x, auto mean) { return a * tanh(x) + mean; }, tg::mean<n>(y));
#else
constexpr auto center = tg::iterate_until<1e-12_c>(0_c, [](auto x) { return a * tanh(x) + tg::mean<n>(y); });
#endif
