// SPDX-License-Identifier: BSL-1.0
// title: Results of each row go to a vector of bool
// expect: into(y) writes to float, double or long double
// names: bool
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto x = tg::variable<"x">;

std::vector<double> xs;
#ifdef FIXED
std::vector<double> positive;
#else
std::vector<bool> positive;
#endif
void run() { tg::evaluate(x > 0_c, tg::each(x = xs), tg::into(positive)); }
