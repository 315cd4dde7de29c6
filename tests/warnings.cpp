// SPDX-License-Identifier: BSL-1.0
// Every header under warnings that the library's own build does not ask for, but that of its users may.
#include <typegrad/typegrad.hpp>

#include <typegrad/eval/threads.hpp>
#include <typegrad/nn/loader.hpp>

#include <sstream>

namespace tg = typegrad;
using namespace tg::literals;

// Global names that the headers use for their own.
constexpr auto i = tg::axis<"i", 3>;
constexpr auto j = tg::axis<"j", 2>;
constexpr auto k = tg::axis<"k", 2>;
constexpr auto n = tg::axis<"n">;
constexpr auto a = tg::parameter<"a", tg::axes<i, j>>;
constexpr auto r = tg::variable<"r", tg::axes<n, i>>;
constexpr auto s = tg::scan<k>(tg::zeros<j>, [](auto before, auto by) { return before * by; }, tg::stack<k>(1_c, 2_c));
constexpr auto b = tg::mean<n>(sum(square(tg::stack<k>(dot<i>(a, r), s))));

namespace {

inline constexpr auto x = tg::variable<"x", tg::vector<3>>;
inline constexpr auto y = tg::variable<"y", tg::vector<2>>;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr tg::nn::mlp<3, 4, 2> model{};
inline constexpr auto loss = tg::nn::softmax_cross_entropy(model(x), y) + tg::nn::l2(model, 0.01_c);
inline constexpr auto functions = sin(w) + cos(w) + tan(w) + exp(w) + log(w) + sqrt(w) + erf(w) + sigmoid(w) + relu(w) + gelu(w) + softplus(w) +
                                  pow(w, w) + tg::constant<0.5> + normal_cdf(w) + abs(w) + sign(w) + max(w, 1_c) + min(w, 2_c) +
                                  select(equal(w, 1_c), w, 2_c) + expm1(w) + log1p(w);
inline constexpr auto more_functions = atan(w) + atan2(w, 2_c) + asin(w / 9_c) + acos(w / 9_c) + sinh(w) + cosh(w) + asinh(w) + acosh(w + 1_c) +
                                       atanh(w / 9_c) + hypot(w, 2_c) + cbrt(w) + log2(w) + log10(w) + exp2(w) + erfc(w) + normal_pdf(w) +
                                       normal_quantile(w / 9_c) + floor(w) + ceil(w) + round(w) + clamp(w, 0_c, 9_c) + lgamma(w) + digamma(w) +
                                       pi_c * e_c;

template <class T>
bool trains() {
  const T xs[] = {1, 2, 3, 4, 5, 6}, ys[] = {1, 0, 0, 1};
  auto theta = tg::nn::initialize<T>(model, 1, tg::nn::xavier{});
  tg::optim::adam adam(theta, tg::optim::cosine_schedule{0.1, 0, 20});
  tg::optim::momentum momentum(theta, 0.01);
  tg::optim::sgd sgd{.learning_rate = 0.01};
  tg::nn::loader data(1, 1, x = xs, y = ys);
  tg::thread_pool pool(2);
  for (const auto& rows : data) {
    auto result = tg::value_and_gradient(loss)(theta, rows);
    tg::optim::clip_by_norm(result.gradient, 1);
    adam(theta, result.gradient), momentum(theta, result.gradient), sgd(theta, result.gradient);
  }
  const auto all = tg::value_and_gradient(loss).on(pool)(theta, tg::batch(x = xs, y = ys));
  std::ostringstream out;
  out << loss << model << theta << all.gradient;
  const T ws[] = {1, 2, 3, 4, 5};
  const bool same = theta == theta && tg::evaluate(functions + more_functions, tg::batch(w = ws)) > 0;
  return same && all.value > 0 && !out.str().empty();
}

}  // namespace

int main() {
  const auto one = tg::value_and_gradient(functions)(w = 0.5);
  const double numbers[] = {1, 2, 3, 4, 5, 6};
  const auto over_rows = tg::value_and_gradient(b)(a = numbers, r = numbers);
  const bool right = tg::check_gradient(functions, w = 0.5).passed && tg::check_gradient(more_functions, w = 0.7).passed &&
                     tg::hessian(functions, w)(w = 0.5f)[0] > -1e6f;
  return trains<float>() && trains<double>() && right && one.value > 0 && over_rows.value > 0 ? 0 : 1;
}
