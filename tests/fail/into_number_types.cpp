// SPDX-License-Identifier: BSL-1.0
// title: Results go to ranges of different number types
// expect: into(...): all ranges hold the same number type
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto f = tanh(w * x);

double by_w[1];
#ifdef FIXED
double by_x[1];
#else
float by_x[1];
#endif
const auto value = tg::value_and_gradient(f, tg::wrt(w, x))(w = 0.5, x = 2.0, tg::into(by_w, by_x));
