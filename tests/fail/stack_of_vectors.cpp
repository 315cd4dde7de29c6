// SPDX-License-Identifier: BSL-1.0
// title: Vectors of different lengths as rows of a matrix
// expect: stack(u, v, ...) of vectors makes a matrix of rows: they have one length
// names: vector<2>
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto W = tg::parameter<"W", tg::matrix<3, 2>>;
inline constexpr auto v = tg::variable<"v", tg::vector<2>>;
inline constexpr auto u = tg::variable<"u", tg::vector<3>>;
inline constexpr auto f = tanh(w * x);

#ifdef FIXED
constexpr auto e = stack(v[0_c], v[1_c], u[0_c], u[1_c], u[2_c]);
#else
constexpr auto e = stack(v, u);
#endif
