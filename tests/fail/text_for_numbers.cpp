// SPDX-License-Identifier: BSL-1.0
// title: Text for numbers
// expect: must be a number or contiguous numbers
// names: "x"
#include <typegrad/typegrad.hpp>
#include <string>
#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

#ifdef FIXED
std::vector<unsigned char> bytes(10);
auto r = tg::evaluate(square(x), tg::batch(x = bytes));
#else
std::string bytes = "text";
auto r = tg::evaluate(square(x), tg::batch(x = bytes));
#endif
