// SPDX-License-Identifier: BSL-1.0
// title: A value of the wrong shape
// expect: the value does not have the shape of its symbol
// names: "W"
#include <typegrad/typegrad.hpp>
#include <array>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

#ifdef FIXED
auto r = tg::evaluate(W * v, W = std::array<double, 6>{}, v = std::array{1.0, 2.0});
#else
auto r = tg::evaluate(W * v, W = std::array<double, 5>{}, v = std::array{1.0, 2.0});
#endif
