// SPDX-License-Identifier: BSL-1.0
// title: Fewer numbers than a tensor has
// expect: as many numbers as the axes have together
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto i = tg::axis<"i", 2>;
inline constexpr auto j = tg::axis<"j", 2>;

#ifdef FIXED
constexpr auto y = tg::stack<i, j>(1_c, 0_c, 0_c, 1_c);
#else
constexpr auto y = tg::stack<i, j>(1_c, 0_c, 1_c);
#endif
