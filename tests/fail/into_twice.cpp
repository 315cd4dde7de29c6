// SPDX-License-Identifier: BSL-1.0
// title: Results go to ranges named by two arguments
// expect: one into(...) a call: into(y, z) takes several ranges
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto x = tg::variable<"x">;

double square_there, cube_there;
#ifdef FIXED
void run() { tg::evaluate(tg::tuple(x * x, x * x * x), x = 2.0, tg::into(square_there, cube_there)); }
#else
void run() { tg::evaluate(tg::tuple(x * x, x * x * x), x = 2.0, tg::into(square_there), tg::into(cube_there)); }
#endif
