// SPDX-License-Identifier: BSL-1.0
// The adjoint of a picked number in a program that is one function, with the registers of this machine: what is added at an index is read by the next loop.
#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto c = tg::axis<"c", 2>;
constexpr auto d = tg::axis<"d", 2>;
constexpr auto h = tg::axis<"h", 4>;
constexpr auto label = tg::index<"label", h>;
constexpr auto p = tg::parameter<"p", tg::axes<c, d>>;
constexpr auto q = tg::parameter<"q", tg::axes<d, c>>;
constexpr auto x = tg::variable<"x", tg::axes<d, h>>;
constexpr auto w = tg::prod<c>(tg::softmax<d>(tg::cumsum<d>(tg::log_softmax<c>(q > p))));
constexpr auto f = tg::take<h>(dot<d>(square(square(x)), w), label);
constexpr auto slope = tg::at<h, 3>(tg::at<d, 0>(tg::gradient(f, tg::wrt(x))[x]));  // 4 w(0) x(0, 3)^3, if the label is 3

/// The index is known to the compiler, the numbers are not.
template <class T>
bool agrees(int one) {
  std::array<T, 8> xs = {T(-0.5), T(1.1), T(-0.25), T(0.5), T(-1), T(2), T(-0.3), T(-1)};
  xs[0] *= static_cast<T>(one);
  const std::array<T, 4> ps = {T(-1.9), T(-1.75), T(1.25), T(1.2)}, qs = {T(0.7), T(1.9), T(-0.75), T(1.4)};
  const auto found = tg::value_and_gradient(slope, tg::wrt(x))(x = xs, p = ps, q = qs, label = 3);
  const T weight = tg::evaluate<T>(w, p = ps, q = qs)[0], value = 4 * weight * xs[3] * xs[3] * xs[3], second = 12 * weight * xs[3] * xs[3];
  return weight > T(0.1) && std::fabs(found.value - value) < T(1e-5) && std::fabs(found.gradient[x](0, 3) - second) < T(1e-5);
}

}  // namespace

int main(int one, char**) {
  const bool single = agrees<float>(one), twice = agrees<double>(one);
  if (!single || !twice) std::printf("wrong in %s%s\n", single ? "" : "float ", twice ? "" : "double");
  return single && twice ? 0 : 1;
}
