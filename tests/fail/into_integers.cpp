// SPDX-License-Identifier: BSL-1.0
// title: Results go to integers
// expect: into(y) writes to float, double or long double
// names: int
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto x = tg::variable<"x", tg::vector<3>>;

#ifdef FIXED
std::vector<double> y(3);
#else
std::vector<int> y(3);
#endif
void run() { tg::evaluate(square(x), x = std::vector{1.0, 2.0, 3.0}, tg::into(y)); }
