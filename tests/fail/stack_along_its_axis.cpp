// SPDX-License-Identifier: BSL-1.0
// title: Tensors stacked along an axis that they have
// expect: tensors with named axes that meet by name, t not among them
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto t = tg::axis<"t", 2>;
inline constexpr auto x = tg::variable<"x", tg::axes<t>>;
inline constexpr auto y = tg::variable<"y", tg::axes<t>>;

#ifdef FIXED
constexpr auto z = concat<t>(x, y);
#else
constexpr auto z = tg::stack<t>(x, y);
#endif
