// SPDX-License-Identifier: BSL-1.0
// title: A formula of more operators than the compiler allows
// expect: than the compiler allows in one constant expression
// names: docs/compile-time.md
// g++: -fconstexpr-ops-limit=2000000 -DTYPEGRAD_SURELY_ALLOWED=1000
// clang: -fconstexpr-steps=100000
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
template <int N, class E>
constexpr auto chain(E e) {
  if constexpr (N == 0) return e;
  else return chain<N - 1>(sin(e) * cos(x + e) - tanh(e));
}

double f() {
#ifdef FIXED
  const double data[] = {1, 2};  // an operation on all elements instead of one for each; or the flag that the message names
  return tg::value_and_gradient(sum(sin(w * v)), tg::wrt(w))(w = 0.5, v = data).value;
#else
  return tg::value_and_gradient(chain<200>(w), tg::wrt(w))(w = 0.5, x = 0.1).value;  // here with limits below the compilers' own
#endif
}
