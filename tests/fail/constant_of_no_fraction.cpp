// SPDX-License-Identifier: BSL-1.0
// title: A fraction with the denominator 0
// expect: the denominator is 0
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;

#ifdef FIXED
constexpr auto half = tg::constant<1, 2>;
#else
constexpr auto half = tg::constant<1, 0>;
#endif
