// SPDX-License-Identifier: BSL-1.0
// title: A call that needs much memory
// expect: this call needs more than 256 KB of stack
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

constexpr auto z = tg::variable<"z", tg::vector<300'000>>;
std::vector<float> zs(600'000);
#ifdef FIXED
auto memory = tg::storage(sum(square(z)), tg::batch(z = zs));
const auto& r = tg::evaluate(sum(square(z)), tg::batch(z = zs), tg::into(memory));
#else
auto r = tg::evaluate(sum(square(z)), tg::batch(z = zs));
#endif
