// SPDX-License-Identifier: BSL-1.0
// title: A step with the gradient of other symbols
// expect: the gradient must have the symbols of the parameters
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
void step(tg::optim::sgd<double>& descend) {
  auto theta = tg::nn::initialize<double>(f, 1);
  descend(theta, tg::value_and_gradient(f)(theta, x = 2.0).gradient);
}
#else
void step(tg::optim::sgd<double>& descend) {
  auto theta = tg::nn::initialize<double>(f, 1);
  descend(theta, tg::value_and_gradient(f, tg::wrt(x))(theta, x = 2.0).gradient);
}
#endif
