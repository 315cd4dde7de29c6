// SPDX-License-Identifier: BSL-1.0
// title: An L2 penalty with a double
// expect: write 0.01_c
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
constexpr auto model = tg::nn::mlp<2, 3, 1>{};
constexpr auto loss = sum(square(model(v))) + tg::nn::l2(model, 0.01_c);
#else
constexpr auto model = tg::nn::mlp<2, 3, 1>{};
constexpr auto loss = sum(square(model(v))) + tg::nn::l2(model, 0.01);
#endif
