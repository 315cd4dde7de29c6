// SPDX-License-Identifier: BSL-1.0
// title: A gradient with respect to what each row has
// expect: a gradient with respect to what each row has
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto n = tg::axis<"n">;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x", tg::axes<n>>;

#ifdef FIXED
constexpr auto f = tg::value_and_gradient(tg::mean<n>(square(w * x)), tg::wrt(w));
#else
constexpr auto f = tg::value_and_gradient(tg::mean<n>(square(w * x)), tg::wrt(x));
#endif
