// SPDX-License-Identifier: BSL-1.0
// An outside project that uses the installed library.
#include <typegrad/typegrad.hpp>

#include <iostream>

int main() {
  namespace tg = typegrad;
  using namespace tg::literals;
  constexpr auto w = tg::parameter<"w">;
  constexpr auto x = tg::variable<"x">;
  std::cout << tg::derivative(tanh(w * x + 1_c), w) << "\n";
}
