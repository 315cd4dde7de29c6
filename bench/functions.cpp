// SPDX-License-Identifier: BSL-1.0
// The elementary functions in double against the C library: one number after the other, each waiting for the last or not, and arrays in lanes
// against glibc's vector functions. Prints NAME and nanoseconds a number: ours, theirs; ours waiting, theirs; ours in lanes, theirs (0: none).
#include <typegrad/typegrad.hpp>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <vector>

namespace m = typegrad::math;
using lanes = m::lanes<double, m::native_lanes<double>>;

#if defined(__AVX512F__)
#define VECTOR(f) _ZGVeN8v_##f
#elif defined(__AVX2__)
#define VECTOR(f) _ZGVdN4v_##f
#else
#define VECTOR(f) _ZGVbN2v_##f
#endif
extern "C" {
#define DECLARE(f) lanes::native VECTOR(f)(lanes::native) noexcept;
DECLARE(exp) DECLARE(log) DECLARE(log1p) DECLARE(expm1) DECLARE(sin) DECLARE(cos) DECLARE(tanh) DECLARE(erf) DECLARE(erfc) DECLARE(atan)
}

namespace {

constexpr int count = 1024, rounds = 400;

/// The best of many rounds, in nanoseconds a number; both functions take turns.
template <class F, class G>
void race(F ours, G theirs, double& mine, double& other) {
  const auto time = [](auto f, double& best) {
    const auto start = std::chrono::steady_clock::now();
    f();
    const double took = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / count;
    best = best == 0 || took < best ? took : best;
  };
  mine = other = 0;
  for (int r = 0; r < rounds; ++r) time(ours, mine), time(theirs, other);
}

struct no_vector {};

template <class F, class G, class V>
void row(const char* name, double low, double high, F f, G g, V vector) {
  typegrad::nn::generator random(7);
  std::vector<double> x(count), y(count);
  for (double& one : x) one = low + (high - low) * random.uniform();
  double one[2], waiting[2], many[2] = {};
  const auto each = [&](auto h) {
    return [&x, h] {
      for (const double v : x) {
        const double result = h(v);
        asm volatile("" ::"x"(result));
      }
    };
  };
  const auto chain = [&](auto h) {
    return [&x, h] {
      double last = 0;
      for (const double v : x) last = h(v + last * 1e-300);
      asm volatile("" ::"x"(last));
    };
  };
  const auto all = [&](auto h) {
    return [&x, &y, h] {
      for (int i = 0; i < count; i += lanes::count) h(lanes::load(&x[static_cast<std::size_t>(i)])).store(&y[static_cast<std::size_t>(i)]);
      asm volatile("" ::"r"(y.data()) : "memory");
    };
  };
  race(each(f), each(g), one[0], one[1]);
  race(chain(f), chain(g), waiting[0], waiting[1]);
  if constexpr (std::is_same_v<V, no_vector>) race(all(f), [] {}, many[0], many[1]), many[1] = 0;
  else race(all(f), all([vector](lanes v) { return lanes(vector(v.v)); }), many[0], many[1]);
  std::printf("%s %.3f %.3f %.3f %.3f %.3f %.3f\n", name, one[0], one[1], waiting[0], waiting[1], many[0], many[1]);
}

}  // namespace

#define ROW(f, low, high, vector) row(#f, low, high, [](auto x) { return m::f(x); }, [](double x) { return std::f(x); }, vector)

int main() {
  ROW(exp, -5, 5, VECTOR(exp));
  ROW(log, 0.1, 10, VECTOR(log));
  ROW(log1p, -0.5, 3, VECTOR(log1p));
  ROW(expm1, -2, 2, VECTOR(expm1));
  ROW(sin, -3, 3, VECTOR(sin));
  ROW(cos, -3, 3, VECTOR(cos));
  row(
      "sin+cos", -3, 3, [](auto x) { return m::sin(x) + m::cos(x); }, [](double x) { return std::sin(x) + std::cos(x); },
      [](lanes::native x) { return VECTOR(sin)(x) + VECTOR(cos)(x); });
  ROW(tanh, -3, 3, VECTOR(tanh));
  ROW(erf, -3, 3, VECTOR(erf));
  ROW(erfc, -3, 3, VECTOR(erfc));
  row(
      "normal_cdf", -3, 3, [](auto x) { return m::normal_cdf(x); }, [](double x) { return 0.5 * std::erfc(x * -0.70710678118654752); },
      [](lanes::native x) { return 0.5 * VECTOR(erfc)(x * -0.70710678118654752); });
  row("pow", 0.1, 10, [](auto x) { return m::pow(x, decltype(x)(1.7)); }, [](double x) { return std::pow(x, 1.7); }, no_vector{});
  ROW(sqrt, 0.1, 10, no_vector{});
  ROW(atan, -3, 3, VECTOR(atan));
}
