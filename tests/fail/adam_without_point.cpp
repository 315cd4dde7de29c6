// SPDX-License-Identifier: BSL-1.0
// title: Adam without parameters
// expect: typegrad: adam keeps two numbers for each parameter
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
auto theta = tg::nn::initialize<double>(f, 1);
tg::optim::adam descend(theta, {.learning_rate = 0.01});
#else
auto theta = tg::nn::initialize<double>(f, 1);
tg::optim::adam descend{.learning_rate = 0.01};
#endif
