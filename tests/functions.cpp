// SPDX-License-Identifier: BSL-1.0
// The further elementary functions: inverse and hyperbolic ones, roots, logarithms, steps, the gamma function, normal quantiles.
#include <catch.hpp>
#include <ranges.hpp>

#include <typegrad/math/hyperbolic.hpp>
#include <typegrad/math/inverse_hyperbolic.hpp>
#include <typegrad/math/inverse_trigonometric.hpp>
#include <typegrad/math/logarithm.hpp>
#include <typegrad/math/normal.hpp>
#include <typegrad/math/polygamma.hpp>
#include <typegrad/math/root.hpp>
#include <typegrad/math/round.hpp>

#include <cstdio>

using namespace ranges;

namespace {

constexpr long double root_half = 0.707106781186547524400844362104849039L, root_two_pi = 2.506628274631000502415765284811045253L;

long double exact_pdf(long double x) {
  const long double square = x * x, rest = std::fma(x, x, -square);
  return std::exp(-square / 2) * (1 - rest / 2) / root_two_pi;
}
/// By Newton's method: from P(Z <= x) - 1/2 = erf(x / sqrt(2)) / 2 in the middle, from log erfc in the tails.
long double exact_quantile(long double p) {
  if (std::fabs(p - 0.5L) <= 0.25L) {
    long double x = (p - 0.5L) * root_two_pi;
    for (int i = 0; i < 7; ++i) x -= (std::erf(x * root_half) / 2 - (p - 0.5L)) / exact_pdf(x);
    return x;
  }
  const long double q = p > 0.5L ? 1 - p : p;
  long double t = std::sqrt(-2 * std::log(q));
  for (int i = 0; i < 60; ++i) {
    const long double tail = std::erfc(t * root_half) / 2;
    t += std::log(tail / q) * tail / exact_pdf(t);
  }
  return p > 0.5L ? t : -t;
}
/// Stirling's series after 40 steps.
long double exact_digamma(long double x) {
  constexpr long double b[] = {1.0L / 12, -1.0L / 120, 1.0L / 252, -1.0L / 240, 1.0L / 132, -691.0L / 32760, 1.0L / 12};
  long double sum = 0, tail = 0;
  for (; x < 40; x += 1) sum -= 1 / x;
  const long double w = 1 / (x * x);
  for (int k = 6; k >= 0; --k) tail = tail * w + b[k];
  return sum + (std::log(x) - 0.5L / x - w * tail);
}

bool print_table = false;

template <class T, class F, class G>
void check(const char* name, F f, G exact, double low, double high, spacing s, double most) {
  const double found = worst<T>(f, exact, low, high, s);
  if (print_table) std::printf("%-15s %9.4g .. %-9.4g %-6s %.2f\n", name, low, high, sizeof(T) == 4 ? "float" : "double", found);
  INFO(name << " on " << low << " .. " << high << ": " << found);
  CHECK(found < most);
}

template <class T>
void check_accuracy() {
  const bool twice = sizeof(T) == 8;
  const double low = twice ? -1070 : -145, high = twice ? 1020 : 125;
#define WITHIN(most, f, reference, from, to, s) \
  check<T>(#f, [](T x) { return m::f(x); }, [](long double x) -> long double { return reference; }, from, to, spacing::s, most)
#define SIZE_WITHIN(most, f, reference, from, to) \
  check<T>(                                       \
      #f, [](T x) { return m::f(std::fabs(x)); }, \
      [](long double y) -> long double {          \
        const long double x = std::fabs(y);       \
        return reference;                         \
      },                                          \
      from, to, spacing::powers, most)
  WITHIN(0.9, atan, std::atan(x), low, high, powers);
  WITHIN(0.9, atan, std::atan(x), -4, 4, even);
  WITHIN(1.3, asin, std::asin(x), -1, 1, even);
  WITHIN(1.3, asin, std::asin(x), low, -0.001, powers);
  WITHIN(1.2, acos, std::acos(x), -1, 1, even);
  WITHIN(1.2, acos, std::acos(x), 0.9, 1, even);
  WITHIN(1.8, sinh, std::sinh(x), -60, 6, powers);
  WITHIN(1.8, sinh, std::sinh(x), -3, 3, even);
  WITHIN(1.5, cosh, std::cosh(x), -60, 6, powers);
  WITHIN(1.5, cosh, std::cosh(x), -3, 3, even);
  WITHIN(1.8, asinh, std::asinh(x), low, high, powers);
  WITHIN(1.8, asinh, std::asinh(x), -5, 5, even);
  WITHIN(2.3, acosh, std::acosh(x), 1, 10, even);
  WITHIN(2.3, acosh, std::acosh(x), 1, 1.01, even);
  SIZE_WITHIN(1.7, acosh, std::acosh(x), 0.1, high);
  WITHIN(2.2, atanh, std::atanh(x), -1, 1, even);
  WITHIN(2.2, atanh, std::atanh(x), -60, -0.01, powers);
  WITHIN(1.0, log2, std::log2(x), 1e-3, 3, even);
  SIZE_WITHIN(1.0, log2, std::log2(x), low, high);
  WITHIN(1.0, log10, std::log10(x), 1e-3, 3, even);
  SIZE_WITHIN(1.0, log10, std::log10(x), low, high);
  WITHIN(1.1, exp2, std::exp2(x), -60, (twice ? 9.9 : 6.9), powers);
  WITHIN(1.1, exp2, std::exp2(x), -2, 2, even);
  WITHIN(0.51, cbrt, std::cbrt(x), low, high, powers);
  WITHIN(0.51, cbrt, std::cbrt(x), 0.5, 8, even);
  WITHIN(0.01, floor, std::floor(x), -60, 60, powers);
  WITHIN(0.01, ceil, std::ceil(x), -60, 60, powers);
  WITHIN(0.01, round, std::round(x), -60, 60, powers);
  WITHIN(2.9, normal_pdf, exact_pdf(x), (twice ? -37 : -12.5), (twice ? 37 : 12.5), even);
  WITHIN(2.1, normal_quantile, exact_quantile(x), 0.25, 0.75, even);
  WITHIN(4.5, normal_quantile, exact_quantile(x), 0.01, 0.25, even);
  WITHIN(4.5, normal_quantile, exact_quantile(x), 0.75, 0.99, even);
  SIZE_WITHIN(4.5, normal_quantile, exact_quantile(x), low, -2);
  SIZE_WITHIN(3.3, lgamma, std::lgamma(x), -60, -1);
  WITHIN(8.5, lgamma, std::lgamma(x), 0.5, 1.5, even);
  WITHIN(3, lgamma, std::lgamma(x), 1.5, 2.5, even);
  WITHIN(2.8, lgamma, std::lgamma(x), 2.5, 100, even);
  SIZE_WITHIN(2.8, lgamma, std::lgamma(x), 1.4, (twice ? 1000 : 100));
  SIZE_WITHIN(5.3, digamma, exact_digamma(x), -60, -1);
  WITHIN(4.5, digamma, exact_digamma(x), 0.5, 1, even);
  WITHIN(7.5, digamma, exact_digamma(x), 2.5, 100, even);
#undef WITHIN
#undef SIZE_WITHIN
}

TEST_CASE("further functions are accurate to a few units in the last place, float") { check_accuracy<float>(); }
TEST_CASE("further functions are accurate to a few units in the last place, double") { check_accuracy<double>(); }
TEST_CASE("the errors of further functions for docs/numerics.md", "[.][table]") {
  print_table = true;
  check_accuracy<float>();
  check_accuracy<double>();
}

template <class T>
void check_two_operands() {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> uniform(-1, 1);
  double angle = 0, length = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double reach = i % 2 == 0 ? 5 : sizeof(T) == 8 ? 1020 : 125;
    const T y = static_cast<T>((i % 3 == 0 ? -1 : 1) * std::exp2(reach * uniform(random))),
            x = static_cast<T>((i % 5 < 2 ? -1 : 1) * std::exp2(reach * uniform(random)));
    angle = std::max(angle, ulps(m::atan2(y, x), std::atan2(static_cast<long double>(y), static_cast<long double>(x))));
    length = std::max(length, ulps(m::hypot(y, x), std::hypot(static_cast<long double>(y), static_cast<long double>(x))));
  }
  INFO("atan2 " << angle << ", hypot " << length);
  CHECK((angle < 0.9 && length < 1.3));
}

TEST_CASE("atan2 and hypot over all exponents") {
  check_two_operands<float>();
  check_two_operands<double>();
  using limits = std::numeric_limits<double>;
  CHECK((m::hypot(limits::max() / 2, limits::max() / 2) == Approx(limits::max() * root_half) &&
         m::hypot(3 * limits::denorm_min(), 4 * limits::denorm_min()) == 5 * limits::denorm_min()));
  CHECK((m::atan2(limits::max(), limits::max()) == m::atan(1.0) && m::atan2(limits::denorm_min(), -limits::denorm_min()) == 3 * m::atan(1.0)));
  CHECK(m::atan2(limits::denorm_min() * 3, limits::min()) == limits::epsilon() * 3);
}

/// Absolute, in units of the precision, where relative errors have no bound: near roots, and below 0 near poles and roots.
template <class T>
void check_near_roots() {
  double gamma = 0, slope = 0, negative = 0;
  for (int i = 0; i < 100'000; ++i) {
    const T x = static_cast<T>(1 + 1.5 * (i + 0.5) / 100'000), below = static_cast<T>(-5 * (i + 0.5) / 100'000);
    const long double unit = static_cast<long double>(std::numeric_limits<T>::epsilon()), exact = std::lgamma(static_cast<long double>(below));
    gamma = std::max(gamma, static_cast<double>(std::fabs(static_cast<long double>(m::lgamma(x)) - std::lgamma(static_cast<long double>(x))) / unit));
    slope =
        std::max(slope, static_cast<double>(std::fabs(static_cast<long double>(m::digamma(x)) - exact_digamma(static_cast<long double>(x))) / unit));
    negative = std::max(negative,
                        static_cast<double>(std::fabs(static_cast<long double>(m::lgamma(below)) - exact) / unit / std::fmax(1, std::fabs(exact))));
  }
  INFO(gamma << ", " << slope << ", " << negative);
  CHECK((gamma < 1 && slope < 3.5 && negative < 10));
}

TEST_CASE("lgamma and digamma near their roots") {
  check_near_roots<float>();
  check_near_roots<double>();
  CHECK((m::lgamma(1.0) == 0 && m::lgamma(2.0) == 0));
}

TEST_CASE("digamma and polygamma have their known values") {
  const auto near = [](long double a, long double b) { return std::fabs(a - b) <= 8 * std::numeric_limits<long double>::epsilon() * std::fabs(b); };
  CHECK(near(m::digamma(1.0L), -0.577215664901532860606512090082402431L));
  CHECK(near(m::digamma(-1.3L), 2.882540548866167949353957L));
  CHECK(near(m::polygamma(1.0L, 1), 1.64493406684822643647241516664602519L));   // pi^2 / 6
  CHECK(near(m::polygamma(0.5L, 1), 4.93480220054467930941724549993807557L));   // pi^2 / 2
  CHECK(near(m::polygamma(1.0L, 2), -2.40411380631918857079947632302289998L));  // -2 zeta(3)
  CHECK(near(m::polygamma(-1.3L, 2), 68.54941347116216837016903L));
  CHECK(near(m::polygamma(-1.3L, 3), 768.7206571990431265557635L));
  for (const int n : {1, 2, 3, 8, 16}) {
    double error = 0;
    for (int i = 1; i < 2000; ++i) error = std::max(error, ulps(m::polygamma(0.0173 * i, n), m::polygamma(static_cast<long double>(0.0173 * i), n)));
    INFO(n << ": " << error);
    CHECK(error < 22);
  }
}

TEST_CASE("further functions in long double") {
  const auto near = [](long double a, long double b) { return std::fabs(a - b) <= 4 * std::numeric_limits<long double>::epsilon() * std::fabs(b); };
  for (int i = 1; i < 4000; ++i) {
    const long double x = 0.005L * static_cast<long double>(i), u = static_cast<long double>(i) / 4001;
    CHECK((near(m::atan(x), std::atan(x)) && near(m::asin(u), std::asin(u)) && near(m::acos(u), std::acos(u)) && near(m::sinh(x), std::sinh(x)) &&
           near(m::cosh(x), std::cosh(x)) && near(m::asinh(x), std::asinh(x)) && near(m::acosh(1 + x), std::acosh(1 + x)) &&
           near(m::atanh(u), std::atanh(u)) && near(m::log2(x), std::log2(x)) && near(m::log10(x), std::log10(x)) && near(m::exp2(x), std::exp2(x)) &&
           near(m::cbrt(x), std::cbrt(x)) && near(m::hypot(x, u), std::hypot(x, u)) && near(m::atan2(u, -x), std::atan2(u, -x)) &&
           near(m::lgamma(3 + x), std::lgamma(3 + x)) && near(m::normal_pdf(u), exact_pdf(u))));
    CHECK(std::fabs(m::normal_quantile(u) - exact_quantile(u)) <= 8 * std::numeric_limits<long double>::epsilon() * std::fabs(exact_quantile(u)));
  }
}

TEST_CASE("special values of further functions") {
  constexpr double inf = m::infinity<double>, nan = m::nan<double>, pi = 3.14159265358979323846;
  const auto negative_zero = [](double x) { return x == 0 && std::signbit(x); };
  const auto positive_zero = [](double x) { return x == 0 && !std::signbit(x); };
  CHECK(
      (m::atan(inf) == pi / 2 && m::atan(-inf) == -pi / 2 && negative_zero(m::atan(-0.0)) && std::isnan(m::atan(nan)) && m::atan(1e-310) == 1e-310));
  for (const double y : {0.0, -0.0, 1.0, -1.0, inf, -inf})
    for (const double x : {0.0, -0.0, 2.0, -2.0, inf, -inf}) {
      CHECK((m::atan2(y, x) == std::atan2(y, x) && std::signbit(m::atan2(y, x)) == std::signbit(std::atan2(y, x))));
      const long double angle = m::atan2(static_cast<long double>(y), static_cast<long double>(x)),
                        exact = std::atan2(static_cast<long double>(y), static_cast<long double>(x));
      CHECK((std::fabs(angle - exact) <= 1e-18L && std::signbit(angle) == std::signbit(exact)));
      CHECK(m::hypot(y, x) == std::hypot(y, x));
    }
  CHECK((std::isnan(m::atan2(nan, 1.0)) && std::isnan(m::atan2(1.0, nan)) && std::isnan(m::atan2(nan, inf)) && std::isnan(m::hypot(nan, 1.0)) &&
         std::isnan(m::hypot(inf, nan))));
  CHECK((m::asin(1.0) == pi / 2 && m::asin(-1.0) == -pi / 2 && negative_zero(m::asin(-0.0)) && std::isnan(m::asin(1.0000001)) &&
         std::isnan(m::asin(nan))));
  CHECK((positive_zero(m::acos(1.0)) && m::acos(-1.0) == pi && m::acos(0.0) == pi / 2 && std::isnan(m::acos(-2.0)) && std::isnan(m::acos(nan))));
  CHECK((m::sinh(inf) == inf && m::sinh(-inf) == -inf && negative_zero(m::sinh(-0.0)) && m::sinh(710.4) < inf && m::sinh(711.0) == inf &&
         std::isnan(m::sinh(nan))));
  CHECK((m::cosh(inf) == inf && m::cosh(-inf) == inf && m::cosh(0.0) == 1 && m::cosh(-710.4) < inf && std::isnan(m::cosh(nan))));
  CHECK((m::asinh(inf) == inf && m::asinh(-inf) == -inf && negative_zero(m::asinh(-0.0)) && m::asinh(1.7e308) < 711 && std::isnan(m::asinh(nan))));
  CHECK((m::acosh(1.0) == 0 && m::acosh(inf) == inf && std::isnan(m::acosh(0.99)) && std::isnan(m::acosh(nan)) && m::acosh(1.7e308) < 711));
  CHECK((m::atanh(1.0) == inf && m::atanh(-1.0) == -inf && negative_zero(m::atanh(-0.0)) && std::isnan(m::atanh(1.1)) && std::isnan(m::atanh(nan))));
  CHECK((m::log2(0.0) == -inf && m::log2(inf) == inf && std::isnan(m::log2(-1.0)) && std::isnan(m::log2(nan)) && m::log2(0x1p-1074) == -1074));
  CHECK((m::log10(0.0) == -inf && m::log10(inf) == inf && std::isnan(m::log10(-1.0)) && std::isnan(m::log10(nan))));
  for (int n = -300; n <= 300; ++n) CHECK((m::log2(std::ldexp(1.0, n)) == n && m::exp2(static_cast<double>(n)) == std::ldexp(1.0, n)));
  double ten = 1;
  for (int n = 0; n <= 22; ++n, ten *= 10) CHECK(m::log10(ten) == n);
  CHECK((m::exp2(inf) == inf && m::exp2(-inf) == 0 && m::exp2(1024.0) == inf && m::exp2(-1074.0) == 0x1p-1074 && m::exp2(-1080.0) == 0 &&
         std::isnan(m::exp2(nan))));
  CHECK((m::cbrt(inf) == inf && m::cbrt(-inf) == -inf && negative_zero(m::cbrt(-0.0)) && std::isnan(m::cbrt(nan)) && m::cbrt(27.0) == 3 &&
         m::cbrt(-0x1p-1074) == -0x1p-358));
  for (const double x : {0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, -0.7, 0.3, -0.0, 0.0, 1e15 + 0.5, 4503599627370495.5, -4503599627370495.5,
                         9007199254740993.0, inf, -inf}) {
    INFO(x);
    CHECK((m::floor(x) == std::floor(x) && std::signbit(m::floor(x)) == std::signbit(std::floor(x))));
    CHECK((m::ceil(x) == std::ceil(x) && std::signbit(m::ceil(x)) == std::signbit(std::ceil(x))));
    CHECK((m::round(x) == std::round(x) && std::signbit(m::round(x)) == std::signbit(std::round(x))));
  }
  CHECK((std::isnan(m::floor(nan)) && std::isnan(m::ceil(nan)) && std::isnan(m::round(nan))));
  CHECK((m::normal_pdf(inf) == 0 && m::normal_pdf(-1e300) == 0 && std::isnan(m::normal_pdf(nan))));
  CHECK((m::normal_quantile(0.0) == -inf && m::normal_quantile(1.0) == inf && m::normal_quantile(0.5) == 0 && std::isnan(m::normal_quantile(-0.1)) &&
         std::isnan(m::normal_quantile(1.1)) && std::isnan(m::normal_quantile(nan))));
  CHECK(m::normal_quantile(1e-310) == Approx(-37.66306033194952373).epsilon(1e-15));
  CHECK((m::lgamma(0.0) == inf && m::lgamma(-0.0) == inf && m::lgamma(-1.0) == inf && m::lgamma(-1e300) == inf && m::lgamma(inf) == inf &&
         m::lgamma(-inf) == inf && std::isnan(m::lgamma(nan)) && m::lgamma(2.5e305) < inf));
  CHECK((m::digamma(0.0) == -inf && std::isnan(m::digamma(-3.0)) && m::digamma(inf) == inf && std::isnan(m::digamma(-inf)) &&
         std::isnan(m::digamma(nan))));
  CHECK((m::polygamma(0.0, 1) == inf && m::polygamma(0.0, 2) == -inf && m::polygamma(-2.0, 1) == inf && std::isnan(m::polygamma(-2.0, 2)) &&
         m::polygamma(inf, 1) == 0 && std::isnan(m::polygamma(nan, 1))));
}

template <class T>
struct table {
  T value[26];
};
template <class T>
[[gnu::noinline]] constexpr table<T> compute(const T (&at)[2]) {
  const T x = at[0], y = at[1], u = y / T(4);
  return {{m::atan(x),
           m::atan2(x, y),
           m::atan2(y, x * T(1e-3)),
           m::asin(x),
           m::asin(u),
           m::acos(x),
           m::acos(u),
           m::sinh(x),
           m::sinh(y),
           m::cosh(y),
           m::asinh(x),
           m::acosh(y),
           m::atanh(x),
           m::log2(y),
           m::log10(y),
           m::exp2(x),
           m::cbrt(x),
           m::hypot(x, y),
           m::floor(x),
           m::ceil(y),
           m::round(y),
           m::normal_pdf(x),
           m::normal_quantile(u),
           m::lgamma(x),
           m::digamma(x),
           m::polygamma(x, 2)}};
}

template <class T>
void check_same() {
  static constexpr T at[2] = {T(-0.8125), T(1.37)};
  constexpr table<T> compiler = compute<T>(at);
  volatile T first = at[0], second = at[1];
  const T run[2] = {first, second};
  const table<T> machine = compute<T>(run);
  for (int i = 0; i < 26; ++i) {
    INFO("function " << i);
    CHECK(machine.value[i] == compiler.value[i]);
  }
}

TEST_CASE("the compiler and the machine compute the same further functions") {
  check_same<float>();
  check_same<double>();
  check_same<long double>();
}

template <class T>
void check_lanes() {
#define SAME(...) CHECK(different_lanes<T>([](auto x) { return m::__VA_ARGS__; }) == 0)
  SAME(atan(x));
  SAME(atan2(x, x * x - decltype(x)(T(2))));
  SAME(atan2(x * decltype(x)(T(1e-30)), -x));
  SAME(asin(x));
  SAME(acos(x));
  SAME(sinh(x));
  SAME(cosh(x));
  SAME(asinh(x));
  SAME(acosh(x));
  SAME(atanh(x));
  SAME(log2(x));
  SAME(log10(x));
  SAME(exp2(x));
  SAME(cbrt(x));
  SAME(hypot(x, x * x - decltype(x)(T(2))));
  SAME(floor(x));
  SAME(ceil(x));
  SAME(round(x));
  SAME(normal_pdf(x));
  SAME(normal_quantile(x));
  SAME(lgamma(x));
  SAME(digamma(x));
  SAME(polygamma(x, 1));
#undef SAME
}

TEST_CASE("lanes compute what single numbers do, further functions") {
  check_lanes<float>();
  check_lanes<double>();
}

}  // namespace
