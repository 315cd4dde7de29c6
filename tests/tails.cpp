// SPDX-License-Identifier: BSL-1.0
// Every tail, for the sanitizers: data on the heap that end where the last row ends. No library but malloc, so that the
// memory sanitizer sees all that is written.
#include <typegrad/typegrad.hpp>

#include <cstdlib>

namespace tg = typegrad;

namespace {

inline constexpr auto x = tg::variable<"x", tg::vector<19>>;
inline constexpr auto y = tg::variable<"y", tg::vector<2>>;
inline constexpr auto s = tg::variable<"s">;
inline constexpr tg::nn::mlp<19, 17, 2> model{};
inline constexpr auto loss = tg::nn::softmax_cross_entropy(model(x), y) * s;

template <class T>
T* numbers(int n, double scale) {
  T* const result = static_cast<T*>(std::malloc(sizeof(T) * static_cast<std::size_t>(n)));
  for (int i = 0; i < n; ++i) result[i] = static_cast<T>(scale * (i % 7));
  return result;
}

template <class T>
bool run(int rows) {
  const auto theta = tg::nn::initialize<T>(model, 1);
  T *const xs = numbers<T>(19 * rows, 0.1), *const ys = numbers<T>(2 * rows, 0.2), *const ss = numbers<T>(rows, 1);
  float* const fs = numbers<float>(rows, 1);
  bool finite = true;
  const auto check = [&](const auto& result) {
    for (const T g : result.gradient) finite = finite && g - g == 0;
    if (!(result.value - result.value == 0)) finite = false;
  };
  constexpr auto program = tg::value_and_gradient(loss);
  check(program(theta, tg::batch(x = tg::strided(xs, rows, 19), y = tg::columns(ys, rows), s = tg::columns(ss, rows))));
  check(program(theta, tg::batch(x = tg::columns(xs, rows), y = tg::strided(ys, rows, 2), s = tg::columns(fs, rows))));
  std::free(xs), std::free(ys), std::free(ss), std::free(fs);
  return finite;
}

}  // namespace

int main() {
  for (int rows = 1; rows <= 70; ++rows)
    if (!run<float>(rows) || !run<double>(rows)) return 1;
  return 0;
}
