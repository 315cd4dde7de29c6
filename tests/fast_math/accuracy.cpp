// SPDX-License-Identifier: BSL-1.0
// Accuracy with flags that let the compiler reorder operations: single numbers, vectors of a formula and lanes.
#include "reference.hpp"

#include <typegrad/typegrad.hpp>

#include <cstddef>
#include <cstdio>
#include <random>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr int width = 64, rounds = 400;
constexpr auto x = tg::variable<"x", tg::vector<width>>;

namespace of_formulas {
using namespace typegrad;
constexpr auto fraction(Expression auto v) { return pow(v, 0.7_c); }
constexpr auto ninth(Expression auto v) { return pow<9>(v); }
constexpr auto general(Expression auto v) { return pow(v, v); }
}  // namespace of_formulas

namespace of_numbers {
using namespace tg::math;
template <class T>
T fraction(T v) {
  return power(v, {7, 10});
}
template <class T>
T ninth(T v) {
  return power(v, {9});
}
template <class T>
T general(T v) {
  return pow(v, v);
}
}  // namespace of_numbers

int failures = 0;

template <class T>
struct worst_error {
  const char* name;
  double bound, single = 0, vector = 0, lanes = 0;
  ~worst_error() {
    const bool good = single < bound && vector < bound && lanes < bound;
    failures += good ? 0 : 1;
    std::printf("%-6s %-10s %8.2f %8.2f %8.2f %s\n", sizeof(T) == 4 ? "float" : "double", name, single, vector, lanes, good ? "" : "too much");
  }
};

void take(double& worst, double error) {
  if (error > worst) worst = error;
}

template <class T, class Formula, class Single, class Lanes>
[[gnu::noinline]] void check(reference::function f, const char* name, double low, double high, double bound, Formula formula, Single single,
                             Lanes lanes) {
  using register_of = tg::math::lanes<T, tg::math::native_lanes<T>>;
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(low, high), unit(-1, 1);
  worst_error<T> worst{name, bound};
  for (int round = 0; round < rounds; ++round) {
    T in[width], by_lanes[width];
    long double exact[width];
    for (T& v : in) v = static_cast<T>(round % 4 != 0 ? uniform(random) : low > 0 ? 1 + 0.3 * unit(random) : unit(random) / (1 + round));
    for (std::size_t i = 0; i < width; ++i) exact[i] = reference::value(f, static_cast<long double>(in[i]));
    for (std::size_t i = 0; i < width; i += register_of::count) lanes(register_of::load(in + i)).store(by_lanes + i);
    const auto vector = tg::evaluate(formula, x = in);
    for (std::size_t i = 0; i < width; ++i) {
      take(worst.single, reference::error(single(in[i]), exact[i]));
      take(worst.vector, reference::error(vector[i], exact[i]));
      take(worst.lanes, reference::error(by_lanes[i], exact[i]));
    }
  }
}

}  // namespace

int main() {
  std::printf("units in the last place:\n%-6s %-10s %8s %8s %8s\n", "", "", "single", "vector", "lanes");
#define CHECK(name, formula, low, high, twice_low, twice_high, bound, twice_bound)                                  \
  {                                                                                                                 \
    const auto of_formula = [](auto v) { return of_formulas::name(v); };                                            \
    const auto of_number = [](auto v) { return of_numbers::name(v); };                                              \
    check<float>(reference::name, #name, low, high, bound, of_formula(x), of_number, of_number);                    \
    check<double>(reference::name, #name, twice_low, twice_high, twice_bound, of_formula(x), of_number, of_number); \
  }
  FUNCTIONS(CHECK)
#undef CHECK
  return failures == 0 ? 0 : 1;
}
