// SPDX-License-Identifier: BSL-1.0
// title: A matrix with rows and columns exchanged
// expect: the value does not have the shape of its symbol
// names: "W"
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
double values[3][2] = {};
auto r = tg::evaluate(sum(W), W = values);
#else
double values[2][3] = {};
auto r = tg::evaluate(sum(W), W = values);
#endif
