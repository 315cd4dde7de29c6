// SPDX-License-Identifier: BSL-1.0
// title: A tolerance that is not a constant of the library
// expect: the tolerance is a positive constant, 1e-12_c
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto a = tg::parameter<"a">;

#ifdef FIXED
constexpr auto root = tg::iterate_until<1e-12_c>(1_c, [](auto x) { return (x + a / x) / 2_c; });
#else
constexpr auto root = tg::iterate_until<1e-12>(1_c, [](auto x) { return (x + a / x) / 2_c; });
#endif
