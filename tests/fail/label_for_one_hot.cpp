// SPDX-License-Identifier: BSL-1.0
// title: A class for a one-hot vector
// expect: one-hot vector
// names: "u"
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
constexpr auto loss = tg::nn::softmax_cross_entropy(W * v, u);
const double weights[3][2] = {}, point[] = {1, 2}, one_hot[] = {0, 1, 0};
auto r = tg::evaluate(loss, W = weights, v = point, u = one_hot);
#else
constexpr auto loss = tg::nn::softmax_cross_entropy(W * v, u);
const double weights[3][2] = {}, point[] = {1, 2};
auto r = tg::evaluate(loss, W = weights, v = point, u = 1);
#endif
