// SPDX-License-Identifier: BSL-1.0
// Accuracy of the derivatives of elementary functions, against closed forms in the C library's long double. The table in
// docs/numerics.md is what `unit "[table]"` prints; the bounds stand here.
#include <catch.hpp>
#include <ulps.hpp>

#include <typegrad/typegrad.hpp>

#include <cmath>
#include <cstdio>
#include <random>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

constexpr auto x = tg::variable<"x">;

enum class spacing { even, powers };  // powers: between 2^low and 2^high

struct range {
  const char* text;
  double low, high;
  spacing kind = spacing::even;
};

template <class T, class Formula, class Exact>
[[gnu::noinline]] double worst(Formula slope, Exact exact, range r) {
  std::mt19937_64 random(13);
  std::uniform_real_distribution<double> uniform(r.low, r.high);
  double result = 0;
  for (int i = 0; i < 40'000; ++i) {
    const double u = uniform(random);
    const T at = static_cast<T>(r.kind == spacing::even ? u : std::exp2(u));
    result = std::max(result, ulps(tg::evaluate(slope, x = at), exact(static_cast<long double>(at))));
  }
  return result;
}

struct bounds {
  double single, twice;
};

bool print_table = false;

template <class Formula, class Exact>
void check(const char* name, Formula f, Exact exact, range r, bounds most) {
  constexpr auto slope = tg::derivative(f, x);
  const double single = worst<float>(slope, exact, r), twice = worst<double>(slope, exact, r);
  if (print_table) std::printf("| `%s` | %s | %.3g | %.3g |\n", name, r.text, single, twice);
  INFO(name << " on " << r.text << ": " << single << " (float), " << twice << " (double)");
  CHECK((single < most.single && twice < most.twice));
}

/// exp(-c x^2) with the square in two pieces, for c = 1 or 1/2.
long double gauss(long double v, long double c) {
  const long double square = v * v, rest = std::fma(v, v, -square);
  return std::exp(-c * square) * (1 - c * rest);
}
constexpr long double root_half = 0.707106781186547524400844362104849039L, root_two_pi = 2.506628274631000502415765284811045253L;

/// By Newton's method to erf(x / sqrt(2)) / 2 = p - 1/2, at 0.01 .. 0.99.
long double quantile(long double p) {
  long double at = (p - 0.5L) * root_two_pi;
  for (int i = 0; i < 40; ++i) {
    const long double step = (std::erf(at * root_half) / 2 - (p - 0.5L)) * root_two_pi / gauss(at, 0.5L);
    at -= step / (1 + std::fabs(step));
  }
  return at;
}
/// Their asymptotic series after 40 steps.
long double digamma(long double v) {
  constexpr long double b[] = {1.0L / 12, -1.0L / 120, 1.0L / 252, -1.0L / 240, 1.0L / 132};
  long double sum = 0, tail = 0;
  for (; v < 40; v += 1) sum -= 1 / v;
  for (int k = 4; k >= 0; --k) tail = tail / (v * v) + b[k];
  return sum + (std::log(v) - 0.5L / v - tail / (v * v));
}
long double trigamma(long double v) {
  constexpr long double b[] = {1.0L / 6, -1.0L / 30, 1.0L / 42, -1.0L / 30, 5.0L / 66};
  long double sum = 0, tail = 0;
  for (; v < 40; v += 1) sum += 1 / (v * v);
  for (int k = 4; k >= 0; --k) tail = tail / (v * v) + b[k];
  return sum + (1 + (0.5L + tail / v) / v) / v;
}

void check_all() {
#define SLOPE(f, exact, ...) check(#f, f, [](long double v) { return exact; }, __VA_ARGS__)
  SLOPE(exp(x), std::exp(v), {"-85 .. 85", -85, 85}, {1.1, 1.1});
  SLOPE(expm1(x), std::exp(v), {"-85 .. 85", -85, 85}, {1.1, 1.1});
  SLOPE(log(x), 1 / v, {"2^-100 .. 2^100", -100, 100, spacing::powers}, {0.51, 0.51});
  SLOPE(log1p(x), 1 / (1 + v), {"-0.9 .. 100", -0.9, 100}, {1.6, 1.6});
  SLOPE(sqrt(x), 0.5L / std::sqrt(v), {"2^-100 .. 2^100", -100, 100, spacing::powers}, {1.6, 1.6});
  SLOPE(1_c / x, -1 / (v * v), {"2^-50 .. 2^50", -50, 50, spacing::powers}, {1.4, 1.4});
  SLOPE(square(x), 2 * v, {"2^-100 .. 2^100", -100, 100, spacing::powers}, {0.51, 0.51});
  SLOPE(tg::pow<3>(x), 3 * v * v, {"2^-40 .. 2^40", -40, 40, spacing::powers}, {1.4, 1.4});
  SLOPE(pow(x, 2.5_c), 2.5L * v * std::sqrt(v), {"2^-60 .. 2^60", -60, 60, spacing::powers}, {2, 2});
  SLOPE(pow(x, 0.7_c), 0.7L * std::pow(v, -0.3L), {"2^-100 .. 2^100", -100, 100, spacing::powers}, {1.6, 3});
  SLOPE(pow(x, 4_c - x), std::pow(v, 4 - v) * ((4 - v) / v - std::log(v)), {"1 .. 1.5", 1, 1.5}, {5, 5});
  SLOPE(sin(x), std::cos(v), {"-1e5 .. 1e5", -1e5, 1e5}, {0.51, 2.6});
  SLOPE(cos(x), -std::sin(v), {"-1e5 .. 1e5", -1e5, 1e5}, {0.51, 2.6});
  SLOPE(tan(x), 1 / (std::cos(v) * std::cos(v)), {"-20 .. 20", -20, 20}, {2.1, 5.5});
  SLOPE(tanh(x), 1 / (std::cosh(v) * std::cosh(v)), {"-1 .. 1", -1, 1}, {7.5, 7.5});
  SLOPE(tanh(x), 1 / (std::cosh(v) * std::cosh(v)), {"-4 .. 4", -4, 4}, {2800, 2800});
  SLOPE(sigmoid(x), std::exp(-std::fabs(v)) / ((1 + std::exp(-std::fabs(v))) * (1 + std::exp(-std::fabs(v)))), {"-85 .. 1", -85, 1}, {2.8, 2.8});
  SLOPE(sigmoid(x), std::exp(-std::fabs(v)) / ((1 + std::exp(-std::fabs(v))) * (1 + std::exp(-std::fabs(v)))), {"1 .. 8", 1, 8}, {3300, 3300});
  SLOPE(softplus(x), 1 / (1 + std::exp(-v)), {"-85 .. 40", -85, 40}, {2.5, 2.5});
  SLOPE(erf(x), gauss(v, 1) * 1.128379167095512573896158903121545172L, {"-1 .. 1", -1, 1}, {2.7, 2.7});
  SLOPE(erf(x), gauss(v, 1) * 1.128379167095512573896158903121545172L, {"-9 .. 9", -9, 9}, {75, 75});
  SLOPE(normal_cdf(x), gauss(v, 0.5L) / root_two_pi, {"-1 .. 1", -1, 1}, {2.7, 2.7});
  SLOPE(normal_cdf(x), gauss(v, 0.5L) / root_two_pi, {"-12 .. 12", -12, 12}, {75, 75});
  SLOPE(gelu(x), std::erfc(-v * root_half) / 2 + v * gauss(v, 0.5L) / root_two_pi, {"-0.5 .. 5", -0.5, 5}, {4, 4});
  SLOPE(gelu(x), std::erfc(-v * root_half) / 2 + v * gauss(v, 0.5L) / root_two_pi, {"-12 .. -1", -12, -1}, {75, 75});
  SLOPE(atan(x), 1 / (1 + v * v), {"-100 .. 100", -100, 100}, {2.2, 2.2});
  SLOPE(atan2(x, 3_c), 3 / (9 + v * v), {"-100 .. 100", -100, 100}, {3.5, 3.5});
  SLOPE(atan2(3_c, x), -3 / (9 + v * v), {"-100 .. 100", -100, 100}, {3.5, 3.5});
  SLOPE(asin(x), 1 / std::sqrt((1 - v) * (1 + v)), {"-1 .. 1", -1, 1}, {2.2, 2.2});
  SLOPE(acos(x), -1 / std::sqrt((1 - v) * (1 + v)), {"-1 .. 1", -1, 1}, {2.2, 2.2});
  SLOPE(sinh(x), std::cosh(v), {"-85 .. 85", -85, 85}, {1.5, 1.5});
  SLOPE(cosh(x), std::sinh(v), {"-85 .. 85", -85, 85}, {1.8, 1.8});
  SLOPE(asinh(x), 1 / std::hypot(1.0L, v), {"2^-100 .. 2^100", -100, 100, spacing::powers}, {2.2, 2.2});
  SLOPE(acosh(x), 1 / std::sqrt((v - 1) * (v + 1)), {"1 .. 100", 1, 100}, {3.4, 3.4});
  SLOPE(atanh(x), 1 / ((1 - v) * (1 + v)), {"-1 .. 1", -1, 1}, {2.2, 2.2});
  SLOPE(hypot(x, 3_c), v / std::hypot(v, 3.0L), {"-100 .. 100", -100, 100}, {1.9, 1.9});
  SLOPE(cbrt(x), 1 / (3 * std::cbrt(v) * std::cbrt(v)), {"2^-100 .. 2^100", -100, 100, spacing::powers}, {3.9, 3.9});
  SLOPE(log2(x), 1.44269504088896340735992468100189214L / v, {"2^-100 .. 2^100", -100, 100, spacing::powers}, {1.1, 1.1});
  SLOPE(log10(x), 0.434294481903251827651128918916605082L / v, {"2^-100 .. 2^100", -100, 100, spacing::powers}, {1.1, 1.1});
  SLOPE(exp2(x), 0.693147180559945309417232121458176568L * std::exp2(v), {"-120 .. 120", -120, 120}, {2.2, 2.2});
  SLOPE(erfc(x), -gauss(v, 1) * 1.128379167095512573896158903121545172L, {"-1 .. 1", -1, 1}, {2.9, 2.9});
  SLOPE(normal_pdf(x), -v * gauss(v, 0.5L) / root_two_pi, {"-12 .. 12", -12, 12}, {4, 4});
  SLOPE(normal_quantile(x), root_two_pi / gauss(quantile(v), 0.5L), {"0.01 .. 0.99", 0.01, 0.99}, {9, 9});
  SLOPE(lgamma(x), digamma(v), {"2.5 .. 100", 2.5, 100}, {7.5, 7.5});
  SLOPE(digamma(x), trigamma(v), {"0.01 .. 100", 0.01, 100}, {1, 5});
  SLOPE(abs(x), v < 0 ? -1.0L : 1.0L, {"-100 .. 100", -100, 100}, {0.1, 0.1});
  SLOPE(relu(x), v < 0 ? 0.0L : 1.0L, {"-100 .. 100", -100, 100}, {0.1, 0.1});
#undef SLOPE
}

TEST_CASE("derivatives of elementary functions are as accurate as docs/numerics.md says") { check_all(); }
template <class T>
void check_absolute() {
  double worst = 0;
  for (int i = -4000; i <= 4000; ++i) {
    const T at = static_cast<T>(i) / 100;
    const long double v = static_cast<long double>(at), c = std::cosh(v), h = std::cosh(v / 2);
    worst = std::max(worst, std::fabs(static_cast<double>(static_cast<long double>(tg::evaluate(tg::derivative(tanh(x), x), x = at)) - 1 / (c * c))));
    worst = std::max(worst,
                     std::fabs(static_cast<double>(static_cast<long double>(tg::evaluate(tg::derivative(sigmoid(x), x), x = at)) - 0.25L / (h * h))));
  }
  const double units = worst / static_cast<double>(std::numeric_limits<T>::epsilon());
  CHECK(units < 2.8);  // 2.5 of tanh itself, and the rounding of its square
}

TEST_CASE("what the slopes of tanh and sigmoid lose is of the size of a unit of 1") {
  check_absolute<float>();
  check_absolute<double>();
}

TEST_CASE("the table of docs/numerics.md", "[.][table]") {
  print_table = true;
  check_all();
}

}  // namespace
