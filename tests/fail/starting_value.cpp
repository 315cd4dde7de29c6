// SPDX-License-Identifier: BSL-1.0
// title: A starting value for something else
// expect: W is no parameter of the model
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto v = tg::parameter<"v">;
inline constexpr auto x = tg::variable<"x">;

#ifdef FIXED
inline constexpr auto theta = tg::nn::initialize<double>(w * x, 1, w = 2);
#else
inline constexpr auto theta = tg::nn::initialize<double>(w * x, 1, v = 2);
#endif
