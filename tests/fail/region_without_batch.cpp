// SPDX-License-Identifier: BSL-1.0
// title: A sum over rows without a batch
// expect: run over the rows of a batch
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

#ifdef FIXED
std::vector<double> xs(10);
auto r = tg::evaluate(tg::mean_over(tg::rows(x), f), w = 0.5, tg::batch(x = xs));
#else
std::vector<double> xs(10);
auto r = tg::evaluate(tg::mean_over(tg::rows(x), f), w = 0.5, x = 0.5);
#endif
