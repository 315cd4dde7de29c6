// SPDX-License-Identifier: BSL-1.0
// title: Two networks with parameters of the same names
// expect: two symbols of one name
// names: W2
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
constexpr auto input = tg::variable<"input", tg::vector<4>>;
constexpr auto both = sum(tg::nn::mlp<4, 8, 3>{}(input) + tg::nn::mlp<4, 6, 3>{}.named<"second">()(input));

auto r = tg::evaluate(both, tg::nn::initialize<double>(both, 1), input = std::array<double, 4>{});
#else
constexpr auto input = tg::variable<"input", tg::vector<4>>;
constexpr auto both = sum(tg::nn::mlp<4, 8, 3>{}(input) + tg::nn::mlp<4, 6, 3>{}(input));

auto r = tg::evaluate(both, tg::nn::initialize<double>(both, 1), input = std::array<double, 4>{});
#endif
