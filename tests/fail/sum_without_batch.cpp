// SPDX-License-Identifier: BSL-1.0
// title: A sum over rows, without rows
// expect: add batch(...) to the arguments
#include <typegrad/typegrad.hpp>
#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

constexpr auto n = tg::sum_over(tg::rows(x), w);  // w, once for each row
#ifdef FIXED
std::vector<double> xs(10);
auto r = tg::evaluate(n, w = 0.25, tg::batch(x = xs));
#else
auto r = tg::evaluate(n, w = 0.25);
#endif
