// SPDX-License-Identifier: BSL-1.0
// title: A system of equations whose matrix is not square
// expect: A is a square matrix, matrix<n, n>, and b a vector of as many numbers, vector<n>
// names: matrix<3, 2>
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;

inline constexpr auto A = tg::variable<"A", tg::matrix<2, 2>>;
inline constexpr auto W = tg::variable<"W", tg::matrix<3, 2>>;
inline constexpr auto b = tg::variable<"b", tg::vector<2>>;

#ifdef FIXED
constexpr auto x = solve(A, b);
#else
constexpr auto x = solve(W, b);
#endif
