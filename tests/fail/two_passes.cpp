// SPDX-License-Identifier: BSL-1.0
// title: A row that needs the sum over all rows
// expect: needs two passes
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
const double mean = tg::evaluate(tg::mean_over(tg::rows(x), x), tg::batch(x = xs));
auto r = tg::evaluate(square(x - w), w = mean, tg::batch(x = xs));
#else
std::vector<double> xs(10);
constexpr auto m = tg::mean_over(tg::rows(x), x);
auto r = tg::evaluate(square(x - m), tg::batch(x = xs));
#endif
