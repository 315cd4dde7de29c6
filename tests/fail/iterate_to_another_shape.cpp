// SPDX-License-Identifier: BSL-1.0
// title: An iteration whose step makes another shape
// expect: the step makes formulas of the shapes of the start, as many as there are
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto a = tg::parameter<"a">;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;

#ifdef FIXED
constexpr auto y = tg::iterate_until<1e-12_c>(v, [](auto x) { return tanh(x) + a * v; });
#else
constexpr auto y = tg::iterate_until<1e-12_c>(v, [](auto x) { return dot(x, v) + a; });
#endif
