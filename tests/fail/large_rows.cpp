// SPDX-License-Identifier: BSL-1.0
// title: Rows too large for the stack
// expect: more than 65,536 numbers
#include <typegrad/typegrad.hpp>
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
constexpr auto z = tg::variable<"z", tg::vector<300>>;
#else
constexpr auto z = tg::variable<"z", tg::vector<300'000>>;
#endif
std::vector<float> zs(600'000);
auto r = tg::evaluate(sum(square(z)), tg::batch(z = zs));
