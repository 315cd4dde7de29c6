// SPDX-License-Identifier: BSL-1.0
// title: An axis of run-time length without data
// expect: no data has an axis of run-time length that the formula goes along
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto n = tg::axis<"n">;
inline constexpr auto m = tg::axis<"m">;
inline constexpr auto x = tg::variable<"x", tg::axes<n>>;

double value(const std::vector<double>& xs) {
#ifdef FIXED
  return tg::evaluate(tg::mean<n>(x) + tg::sum<n>(tg::position<n>), x = xs);
#else
  return tg::evaluate(tg::mean<n>(x) + tg::sum<m>(tg::position<m>), x = xs);
#endif
}
