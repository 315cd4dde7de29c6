// SPDX-License-Identifier: BSL-1.0
// title: A polygamma function of an order that is not there
// expect: N is the order of the derivative of digamma, 1 to 16
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
inline constexpr auto x = tg::variable<"x">;

#ifdef FIXED
constexpr auto f = tg::polygamma<16>(x);
#else
constexpr auto f = tg::polygamma<17>(x);
#endif
