// SPDX-License-Identifier: BSL-1.0
// title: Rows of something that is no symbol
// expect: takes the symbols that have a value for each row
#include <typegrad/typegrad.hpp>
#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

#ifdef FIXED
constexpr auto m = tg::mean_over(tg::rows(x), f);
#else
constexpr auto m = tg::mean_over(tg::rows(w * x), f);
#endif
