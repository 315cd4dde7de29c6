// SPDX-License-Identifier: BSL-1.0
// title: Results of each row go to ranges named by two arguments
// expect: one into(...) a call: into(y, z) takes several ranges
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto x = tg::variable<"x">;

std::vector<double> xs, squares, cubes;
#ifdef FIXED
void run() { tg::evaluate(tg::tuple(x * x, x * x * x), tg::each(x = xs), tg::into(squares, cubes)); }
#else
void run() { tg::evaluate(tg::tuple(x * x, x * x * x), tg::each(x = xs), tg::into(squares), tg::into(cubes)); }
#endif
