// SPDX-License-Identifier: BSL-1.0
// title: A batch whose rows are too long
// expect: the rows of a batch do not have the shape of their symbol
// names: "v"
#include <typegrad/typegrad.hpp>
#include <array>
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
std::vector<std::array<double, 2>> rows(8);
auto r = tg::evaluate(sum(v), tg::batch(v = rows));
#else
std::vector<std::array<double, 3>> rows(8);
auto r = tg::evaluate(sum(v), tg::batch(v = rows));
#endif
