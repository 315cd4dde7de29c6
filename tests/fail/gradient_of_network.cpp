// SPDX-License-Identifier: BSL-1.0
// title: The gradient of a network without its input
// expect: a network becomes one by its input and a loss
// names: mlp<2, 3, 1>
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
const auto theta = tg::nn::initialize<double>(model, 1);
const double point[] = {1, 2};
auto r = tg::value_and_gradient(sum(model(v)))(theta, v = point);
#else
constexpr auto model = tg::nn::mlp<2, 3, 1>{};
const auto theta = tg::nn::initialize<double>(model, 1);
const double point[] = {1, 2};
auto r = tg::value_and_gradient(model)(theta, v = point);
#endif
