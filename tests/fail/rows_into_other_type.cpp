// SPDX-License-Identifier: BSL-1.0
// title: A number type is asked for, and the range for all rows holds another
// expect: computes in T and writes what it computes: y must hold numbers of type T
// names: float
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto x = tg::variable<"x">;

std::vector<double> xs;
#ifdef FIXED
std::vector<double> y;
#else
std::vector<float> y;
#endif
void run() { tg::evaluate<double>(exp(x), tg::each(x = xs), tg::into(y)); }
