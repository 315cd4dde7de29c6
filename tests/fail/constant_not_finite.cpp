// SPDX-License-Identifier: BSL-1.0
// title: A constant that is infinite
// expect: x is infinite or not a number
#include <typegrad/typegrad.hpp>

#include <limits>

namespace tg = typegrad;

#ifdef FIXED
constexpr auto large = tg::constant<std::numeric_limits<double>::max()>;
#else
constexpr auto large = tg::constant<std::numeric_limits<double>::infinity()>;
#endif
