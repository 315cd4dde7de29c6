// SPDX-License-Identifier: BSL-1.0
// A length that only run time knows, and that is wrong, ends the program with one line.
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto y = tg::variable<"y">;

int main(int argc, char**) {
  const std::vector<double> xs(3), ys(argc > 1 ? 3 : 2);
  return tg::value_and_gradient(square(w * x - y))(w = 1.0, tg::batch(x = xs, y = ys)).value == 0 ? 0 : 1;
}
