// SPDX-License-Identifier: BSL-1.0
// title: A value that is not contiguous
// expect: must be a number or contiguous numbers
// names: "v"
#include <typegrad/typegrad.hpp>
#include <list>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

#ifdef FIXED
double values[] = {1, 2};
auto r = tg::evaluate(dot(v, v), v = values);
#else
auto r = tg::evaluate(dot(v, v), v = std::list<double>{1, 2});
#endif
