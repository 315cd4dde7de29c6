// SPDX-License-Identifier: BSL-1.0
// title: Too few activations
// expect: with(...) takes one activation for all hidden layers
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
constexpr auto m = tg::nn::mlp<2, 8, 8, 1>{}.with(tg::nn::tanh, tg::nn::relu, tg::nn::linear);
#else
constexpr auto m = tg::nn::mlp<2, 8, 8, 1>{}.with(tg::nn::tanh, tg::nn::linear);
#endif
