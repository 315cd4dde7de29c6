// SPDX-License-Identifier: BSL-1.0
// title: Columns of a temporary
// expect: columns(range, rows) reads the numbers where they are
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto v = tg::variable<"v", tg::vector<2>>;

double value(const std::vector<double>& numbers) {
#ifdef FIXED
  const auto& table = numbers;
  const auto rows = tg::batch(v = tg::columns(table, 3));
#else
  const auto rows = tg::batch(v = tg::columns(std::vector<double>(numbers), 3));
#endif
  return tg::evaluate(sum(v), rows);
}
