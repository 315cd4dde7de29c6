// SPDX-License-Identifier: BSL-1.0
// title: A constant beyond every number type
// expect: its size lies between 1e-5000 and 1e5000
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

#ifdef FIXED
constexpr auto huge = 1e4000_c;
#else
constexpr auto huge = 1e6000_c;
#endif
