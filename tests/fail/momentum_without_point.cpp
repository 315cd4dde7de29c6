// SPDX-License-Identifier: BSL-1.0
// title: A step of Momentum without parameters
// expect: typegrad: momentum keeps a number for each parameter: write auto step = momentum{.learning_rate = 0.01}(theta); then step(theta, gradient)
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
void train(tg::parameter_point<double, std::remove_const_t<decltype(f)>>& theta) {
  tg::optim::momentum recipe{.learning_rate = 0.01};
  auto step = recipe(theta);
  step(theta, tg::value_and_gradient(f)(theta, x = 2.0).gradient);
}
#else
void train(tg::parameter_point<double, std::remove_const_t<decltype(f)>>& theta) {
  tg::optim::momentum recipe{.learning_rate = 0.01};
  recipe(theta, tg::value_and_gradient(f)(theta, x = 2.0).gradient);
}
#endif
