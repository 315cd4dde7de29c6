// SPDX-License-Identifier: BSL-1.0
// title: Layers that share their names
// expect: layers of a network share their parameters
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
constexpr auto first = tg::nn::layer<2, 2>{};
constexpr auto second = tg::nn::layer<2, 2, tg::nn::tanh, "W2", "b2">{};
constexpr auto e = tg::nn::sequential{first, second}(v);
#else
constexpr auto first = tg::nn::layer<2, 2>{}, second = tg::nn::layer<2, 2>{};
constexpr auto e = tg::nn::sequential{first, second}(v);
#endif
