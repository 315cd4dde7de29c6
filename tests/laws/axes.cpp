// SPDX-License-Identifier: BSL-1.0
#include <laws/laws.hpp>

namespace laws {

using namespace tg::literals;

namespace {

/// The operations along axes, with all axes of size N and N + 1.
template <int N>
struct sized {
  static constexpr auto a = tg::axis<"a", N>;
  static constexpr auto b = tg::axis<"b", N + 1>;
  static constexpr auto c = tg::axis<"c", N>;
  static constexpr auto k = tg::axis<"k", 3>;
  static constexpr auto x = tg::variable<"x", tg::axes<a, b>>;
  static constexpr auto y = tg::variable<"y", tg::axes<b, c>>;
  static constexpr auto z = tg::variable<"z", tg::axes<a>>;
  static constexpr auto w = tg::variable<"w", tg::axes<b, a>>;
  static constexpr auto s = tg::variable<"s">;

  static void add(std::vector<law_case>& to) {
    const auto one = [&](auto e, std::string_view name, std::string_view printed, double low = -2, double high = 2) {
      to.push_back(make(e, name, printed, low, high));
    };
    one(x + w, "sum of the same axes in another order", "x + w");
    one(x + z, "sum with a row spread", "x + z");
    one(z * y, "product of other axes", "z*y");
    one(x / (2_c + square(z)), "quotient", "x/(2 + z^2)");
    one(select(tg::position<a> <= tg::position<b>, x, s), "triangle", "select(position<a> <= position<b>, x, s)");
    one(dot<b>(x, y), "dot over one axis", "dot<b>(x, y)");
    one(dot<b>(y, x), "dot, turned", "dot<b>(y, x)");
    one(dot<a, b>(x, w), "dot over two axes", "dot<a, b>(x, w)");
    one(dot<a>(z, z), "dot with itself", "dot<a>(z, z)");
    one(dot<a>(x, z), "dot with a vector", "dot<a>(x, z)");
    one(dot<b>(x * z, y), "dot of a product", "dot<b>(x*z, y)");
    one(tg::sum<b>(x), "sum", "sum<b>(x)");
    one(tg::sum<a, b>(x * w), "sum over all", "sum<a, b>(x*w)");
    one(tg::sum<b>((x + z) - x), "sum of what is spread", "sum<b>(x + z - x)");
    one(dot<a, b>((x + z) - x, (x + z) - x), "dot of what is spread", "dot<a, b>(x + z - x, x + z - x)");
    one(tg::mean<a>(sin(x)), "mean", "mean<a>(sin(x))");
    one(tg::norm<b>(x + 3_c), "norm", "norm<b>(x + 3)");
    one(tg::softmax<b>(x), "softmax", "softmax<b>(x)");
    one(tg::logsumexp<b>(x * s), "logsumexp", "logsumexp<b>(x*s)");
    one(tg::log_softmax<a>(x), "log_softmax", "log_softmax<a>(x)");
    one(tg::prod<b>(x), "prod", "prod<b>(x)");
    one(tg::cumsum<b>(x), "cumsum", "cumsum<b>(x)");
    one(tg::cumsum<a>(x * x), "cumsum along the outer axis", "cumsum<a>(x*x)");
    one(rename<a, c>(x) * rename<c, a>(y), "rename", "x*y");
    one(tg::order<b, a>(x) * w, "order", "x*w");
    one(tg::slice<b, 1, N + 1>(x), "slice", "slice<b, 1, 3>(x)");
    one(tg::at<a, N - 1>(x * x), "at", "at<a, 1>(x*x)");
    one(tg::shift<b, 1>(x * s), "shift", "shift<b, 1>(x*s)");
    one(tg::shift<b, -1>(sin(x)), "shift back", "shift<b, -1>(sin(x))");
    one(tg::window<b, k>(x * s), "window", "window<b, k>(x*s)");
    one(tg::window<b, k, 2, 2>(sin(x)), "window with stride and dilation", "window<b, k, 2, 2>(sin(x))");
    one(tg::concat<b>(x, sin(w)), "concat", "concat<b>(x, sin(w))");
    one(tg::merge<a, b, m>(x * x), "merge", "x*x");
    one(tg::merge<b, a, m>(x * x), "merge in the other order", "x*x");
    one(tg::sum<b>(tg::split<m, a, b>(tg::merge<a, b, m>(sin(x)))), "split", "sum<b>(sin(x))");
    one(tg::sum<b>(dot<a>(x, w * s)), "sum of a dot", "sum<b>(dot<a>(x, w*s))");
    one(tanh(dot<b>(x, tanh(dot<c>(y, rename<a, c>(z))))), "two layers", "tanh(dot<b>(x, tanh(dot<c>(y, z))))");
  }
  static constexpr auto m = tg::axis<"m", N*(N + 1)>;

  /// Those whose loops differ with the sizes: none, in registers, with a rest.
  static void add_some(std::vector<law_case>& to) {
    const auto one = [&](auto e, std::string_view name, std::string_view printed, double low = -2, double high = 2) {
      to.push_back(make(e, name, printed, low, high));
    };
    one(x + z, "sum with a row spread", "x + z");
    one(z * y, "product of other axes", "z*y");
    one(dot<b>(x, y), "dot over one axis", "dot<b>(x, y)");
    one(dot<a, b>(x, w), "dot over two axes", "dot<a, b>(x, w)");
    one(dot<a>(x, z), "dot with a vector", "dot<a>(x, z)");
    one(tg::sum<b>((x + z) - x), "sum of what is spread", "sum<b>(x + z - x)");
    one(tg::softmax<b>(x), "softmax", "softmax<b>(x)");
    if constexpr (N > 1) one(tg::cumsum<a>(x * x), "cumsum along the outer axis", "cumsum<a>(x*x)");
    one(tg::order<b, a>(x) * w, "order", "x*w");
    one(tg::concat<b>(x, sin(w)), "concat", "concat<b>(x, sin(w))");
    one(tg::merge<b, a, m>(x * x), "merge in the other order", "x*x");
  }
};

}  // namespace

std::vector<law_case> axes_cases() {
  std::vector<law_case> all;
  sized<1>::add_some(all);
  sized<2>::add(all);
  sized<7>::add_some(all);
  sized<16>::add_some(all);
  return all;
}

}  // namespace laws
