// SPDX-License-Identifier: BSL-1.0
// [readme]
#include <typegrad/typegrad.hpp>

#include <iostream>

namespace tg = typegrad;
using namespace typegrad::literals;  // 1_c: constants that live in the type

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto f = tanh(w * x + 1_c);
inline constexpr auto df = tg::derivative(f, w);  // again an expression

static_assert(df == x * (1_c - square(f)));                              // the derivative, as a type
static_assert(tg::value_and_gradient(f)(w = 0.5, x = 2.0).value > 0.9);  // evaluated by the compiler

int main() {
  std::cout << "f     = " << f << "\n" << "df/dw = " << df << "\n";
  const auto r = tg::value_and_gradient(f)(w = 0.5, x = 2.0);  // one fused straight line of code
  std::cout << "f = " << r.value << ", df/dw = " << r.gradient[w] << "\n";
}
// [readme]
