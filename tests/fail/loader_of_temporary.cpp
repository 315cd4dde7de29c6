// SPDX-License-Identifier: BSL-1.0
// title: A loader over data that end at once
// expect: a loader refers to its data
// names: vector
#include <typegrad/typegrad.hpp>
#include <typegrad/nn/loader.hpp>
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
std::vector<double> numbers();
auto xs = numbers();
tg::nn::loader rows(4, 1, x = xs);
#else
std::vector<double> numbers();
tg::nn::loader rows(4, 1, x = numbers());
#endif
