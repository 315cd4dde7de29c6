// SPDX-License-Identifier: BSL-1.0
// title: A gradient goes to ranges named by two arguments
// expect: one into(...) a call: into(y, z) takes several ranges
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto program = tg::value_and_gradient(tanh(w * x), tg::wrt(w, x));

double by_w, by_x;
#ifdef FIXED
const auto value = program(w = 0.5, x = 2.0, tg::into(by_w, by_x));
#else
const auto value = program(w = 0.5, x = 2.0, tg::into(by_w), tg::into(by_x));
#endif
