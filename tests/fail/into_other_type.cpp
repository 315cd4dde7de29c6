// SPDX-License-Identifier: BSL-1.0
// title: A number type is asked for, and the range holds another
// expect: computes in T and writes what it computes: y must hold numbers of type T
// names: float
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto x = tg::variable<"x">;

#ifdef FIXED
double y[1];
#else
float y[1];
#endif
void run() { tg::evaluate<double>(exp(x), x = 1.0, tg::into(y)); }
