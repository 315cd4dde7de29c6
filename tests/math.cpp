// SPDX-License-Identifier: BSL-1.0
// The elementary functions: accuracy against long double, the whole range, and compile time equal to run time.
#include <catch.hpp>
#include <ranges.hpp>

#include <typegrad/math/erf.hpp>
#include <typegrad/math/hyperbolic.hpp>
#include <typegrad/math/pow.hpp>
#include <typegrad/math/trigonometric.hpp>

#include <cmath>
#include <cstring>

namespace m = typegrad::math;
using namespace ranges;

namespace {

template <class T>
void check_accuracy() {
  const auto limit = [](double twice, double single) { return sizeof(T) == 8 ? twice : single; };
  const double top = sizeof(T) == 8 ? 700 : 85;
#define WORST(f, reference, low, high, s) worst<T>([](T x) { return m::f(x); }, [](long double x) { return reference; }, low, high, spacing::s)
  CHECK(WORST(exp, std::exp(x), -top, top, even) < 1.1);
  CHECK(WORST(exp, std::exp(x), -60, 6, powers) < limit(0.6, 1.1));
  CHECK(WORST(expm1, std::expm1(x), -60, 6, powers) < 2.0);
  CHECK(WORST(expm1, std::expm1(x), -2, 2, even) < 2.0);
  CHECK(WORST(log, std::log(x), 1e-3, 3, even) < limit(0.6, 1.0));
  CHECK(worst<T>([](T x) { return m::log(std::fabs(x)); }, [](long double x) { return std::log(std::fabs(x)); }, limit(-1070, -145), limit(1020, 125),
                 spacing::powers) < limit(0.6, 1.0));
  CHECK(WORST(log1p, std::log1p(x), -0.999, 3, even) < limit(0.7, 1.0));
  CHECK(WORST(log1p, (x < -1 ? NAN : std::log1p(x)), -60, 60, powers) < limit(0.7, 1.0));
  CHECK(WORST(tanh, std::tanh(x), -60, 6, powers) < 2.7);
  CHECK(WORST(sigmoid, 1 / (1 + std::exp(-x)), -40, 40, even) < 2.7);
  CHECK(WORST(softplus, std::fmax(x, 0.0L) + std::log1p(std::exp(-std::fabs(x))), -40, 40, even) < 2.0);
  CHECK(WORST(sin, std::sin(x), -30, 18, powers) < limit(1.0, 0.51));
  CHECK(WORST(sin, std::sin(x), 18, 60, powers) < limit(2.6, 0.51));
  CHECK(WORST(cos, std::cos(x), -30, 18, powers) < limit(1.0, 0.51));
  CHECK(WORST(cos, std::cos(x), 18, 60, powers) < limit(2.6, 0.51));
  CHECK(WORST(tan, std::tan(x), -20, 20, even) < limit(3.2, 0.51));
  CHECK(WORST(erf, std::erf(x), -60, 3, powers) < 2.9);
  CHECK(WORST(erfc, std::erfc(x), -4, sizeof(T) == 8 ? 26 : 9, even) < 4.5);
  CHECK(WORST(normal_cdf, 0.5L * std::erfc(-x * 0.707106781186547524400844362104849039L), sizeof(T) == 8 ? -37 : -12, 10, even) < 6.0);
  CHECK(worst<T>([](T x) { return m::pow(std::fabs(x), T(0.7L)); },
                 [](long double x) { return std::pow(std::fabs(x), static_cast<long double>(T(0.7L))); }, -100, 100, spacing::powers) < 0.7);
  CHECK(worst<T>([](T x) { return m::pow(std::fabs(x), T(-20.3L)); },
                 [](long double x) { return std::pow(std::fabs(x), static_cast<long double>(T(-20.3L))); }, -5, 5, spacing::powers) < 0.7);
#undef WORST
}

TEST_CASE("elementary functions are accurate to a few units in the last place, float") { check_accuracy<float>(); }
TEST_CASE("elementary functions are accurate to a few units in the last place, double") { check_accuracy<double>(); }

/// x^(num/den) by the C library; what the exponent loses in `long double` is put back.
long double exact_power(long double x, int num, int den) {
  const long double p = static_cast<long double>(num) / static_cast<long double>(den), rest = std::fma(-p, static_cast<long double>(den), num) / den;
  return std::pow(x, p) * (1 + std::log(std::fabs(x)) * rest);
}

/// At x > 0, and for integers x < 0, whose power |num|/den is neither too large nor too close to the smallest numbers for pairs.
template <class T>
double worst_power(int num, int den) {
  const double low = sizeof(T) == 8 ? -900 : -76, high = sizeof(T) == 8 ? 1018 : 124, size = std::fmax(1, std::fabs(static_cast<double>(num) / den));
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> uniform(0, 1);
  double result = 0;
  for (int i = 0; i < 100'000; ++i) {
    const double log2_x = i % 3 == 0 ? 2 * uniform(random) - 1 : (low + (high - low) * uniform(random)) / size;
    const T x = static_cast<T>((den == 1 && i % 2 == 0 ? -1 : 1) * std::exp2(log2_x));
    result = std::max(result, ulps(m::power(x, {num, den}), exact_power(static_cast<long double>(x), num, den)));
  }
  return result;
}

template <class T>
void check_constant_powers() {
  CHECK(worst_power<T>(3, 1) < 1.4);
  CHECK(worst_power<T>(4, 1) < 2.0);
  CHECK(worst_power<T>(8, 1) < 5.1);
  CHECK(worst_power<T>(-1, 1) < 0.51);
  CHECK(worst_power<T>(-5, 1) < 4.3);
  for (const int n : {9, 15, 33, 63, 64}) CHECK(worst_power<T>(n, 1) < 0.6);
  for (const int n : {-6, -8, -33, -64}) CHECK(worst_power<T>(n, 1) < 1.6);
  for (const int n : {3, 5, 7, 33, 63}) CHECK(worst_power<T>(n, 2) < 1.5);
  for (const int n : {-1, -3, -5, -33, -63}) CHECK(worst_power<T>(n, 2) < 2.5);
  for (const int n : {1, 3, 7, -3}) CHECK(worst_power<T>(n, 4) < 1.6);
  for (const int n : {7, -53, 3001, -203}) CHECK(worst_power<T>(n, 10) < 1.1);
  CHECK(worst_power<T>(1, 3) < 0.6);
  CHECK(worst_power<T>(67, 1) < 1.1);
}

TEST_CASE("powers with constant exponents are those of the fraction, float") { check_constant_powers<float>(); }
TEST_CASE("powers with constant exponents are those of the fraction, double") { check_constant_powers<double>(); }
TEST_CASE("powers with constant exponents are those of the fraction, long double") {
  for (const double top : {1.0, 30.0, 16000.0})
    for (int i = 0; i < 2000; ++i) {
      const long double x = std::exp2(static_cast<long double>(top) * (i - 1000) / 1000);
      for (const auto& [num, den] : {std::pair{7, 10}, {1, 3}, {-2, 7}, {5, 2}, {64, 1}, {-9, 1}}) {
        const long double exact = exact_power(x, num, den);
        if (!(exact < std::numeric_limits<long double>::max() && exact > std::numeric_limits<long double>::min())) continue;
        CHECK(std::fabs(m::power(x, {num, den}) - exact) <= 4 * std::numeric_limits<long double>::epsilon() * exact);
      }
    }
}

TEST_CASE("what is lost where constants are rounded") {
  CHECK(typegrad::detail::rounding_error({1, 2}, 0.5) == 0);
  CHECK(typegrad::detail::rounding_error({7, 10}, 0.7) == static_cast<double>((7 - 10 * static_cast<long double>(0.7)) / 10));
  CHECK(typegrad::detail::rounding_error({-7, 10}, -0.7f) == static_cast<float>(-(7 - 10 * static_cast<double>(0.7f)) / 10));
  CHECK(typegrad::detail::rounding_error({9'007'199'254'740'993, 1}, 9'007'199'254'740'992.0) == 1);
  CHECK(typegrad::detail::rounding_error({1, 9'223'372'036'854'775'807}, 0x1p-63) == 0x1p-126);
  CHECK(m::power(-1.0, {9'007'199'254'740'993, 1}) == -1);                            // odd
  CHECK(std::isnan(m::power(-1.0, {9'007'199'254'740'993, 9'007'199'254'740'992})));  // no integer, though it rounds to one
}

TEST_CASE("sin and cos of huge arguments") {
  for (const double x : {1e6, 1e10, 1e22, 1e100, 1e300, 1.7e308, -3e15, 823549.6645}) {
    CHECK(ulps(m::sin(x), std::sin(static_cast<long double>(x))) < 2.6);
    CHECK(ulps(m::cos(x), std::cos(static_cast<long double>(x))) < 2.6);
  }
  // the double nearest to a multiple of pi/2 (Muller, Elementary Functions): 6381956970095103 * 2^797
  const double hard = std::ldexp(6381956970095103.0, 797);
  CHECK(m::cos(hard) == Approx(-4.68716592425462761112e-19).epsilon(1e-14));
}

TEST_CASE("long double to a few units in the last place") {
  const auto near = [](long double a, long double b) {
    return std::fabs(a - b) <= 4 * std::numeric_limits<long double>::epsilon() * std::fmax(std::fabs(b), 1e-4L);
  };
  for (int i = 1; i < 4000; ++i) {
    const long double x = 0.005L * i;
    CHECK((near(m::exp(x), std::exp(x)) && near(m::log(x), std::log(x)) && near(m::log1p(x), std::log1p(x)) && near(m::expm1(x), std::expm1(x)) &&
           near(m::tanh(x), std::tanh(x)) && near(m::sin(x), std::sin(x)) && near(m::cos(x), std::cos(x)) && near(m::erf(x), std::erf(x)) &&
           near(m::pow(x, 2.5L), std::pow(x, 2.5L))));
  }
}

TEST_CASE("sqrt in constant expressions is the hardware's") {
  std::mt19937_64 random(2);
  for (int i = 0; i < 50'000; ++i) {
    const std::uint64_t bits = random() >> 1;
    double x;
    std::memcpy(&x, &bits, sizeof x);
    if (!(x > 0) || std::isinf(x)) continue;
    REQUIRE(m::detail::sqrt_by_digits(x) == std::sqrt(x));
    REQUIRE(m::detail::sqrt_by_digits(x * 1.1L) == std::sqrt(x * 1.1L));
    const float f = static_cast<float>(i) * 1.7e-3f + 1e-30f;
    REQUIRE(m::detail::sqrt_by_digits(f) == std::sqrt(f));
  }
}

TEST_CASE("special values") {
  constexpr double inf = m::infinity<double>, nan = m::nan<double>;
  CHECK((m::exp(-inf) == 0 && m::exp(inf) == inf && m::exp(1000.0) == inf && m::exp(-1000.0) == 0 && m::exp(0.0) == 1 && std::isnan(m::exp(nan))));
  CHECK(m::exp(-745.0) > 0);
  CHECK(m::exp(709.7) < inf);
  CHECK((m::log(0.0) == -inf && m::log(inf) == inf && m::log(1.0) == 0 && std::isnan(m::log(-1.0)) && std::isnan(m::log(nan))));
  CHECK((m::log1p(-1.0) == -inf && std::isnan(m::log1p(-2.0)) && m::log1p(inf) == inf && std::signbit(m::log1p(-0.0))));
  CHECK((m::expm1(-inf) == -1 && m::expm1(inf) == inf && std::signbit(m::expm1(-0.0)) && std::isnan(m::expm1(nan))));
  CHECK((m::tanh(inf) == 1 && m::tanh(-inf) == -1 && std::signbit(m::tanh(-0.0)) && std::isnan(m::tanh(nan))));
  CHECK((m::sigmoid(inf) == 1 && m::sigmoid(-inf) == 0 && m::sigmoid(0.0) == 0.5 && std::isnan(m::sigmoid(nan))));
  CHECK((m::softplus(-inf) == 0 && m::softplus(inf) == inf && m::softplus(1e4) == 1e4 && std::isnan(m::softplus(nan))));
  CHECK((std::isnan(m::sin(inf)) && std::isnan(m::cos(-inf)) && std::signbit(m::sin(-0.0)) && std::isnan(m::tan(nan))));
  CHECK((m::erf(inf) == 1 && m::erf(-inf) == -1 && std::isnan(m::erf(nan)) && m::erfc(30.0) == 0 && m::normal_cdf(-inf) == 0 &&
         m::normal_cdf(inf) == 1));
  CHECK((m::pow(-0.0, -1.0) == -inf && m::pow(-0.0, -3.0) == -inf && m::pow(-0.0, -2.0) == inf && 1 / m::pow(-0.0, 3.0) == -inf));
  CHECK((1 / m::pow(-0.0, 2.0) == inf && 1 / m::pow(-0.0, 0.5) == inf && m::pow(-0.0f, -1.0f) == -std::numeric_limits<float>::infinity()));
  CHECK((m::pow(0.0, 0.0) == 1 && m::pow(nan, 0.0) == 1 && m::pow(0.0, 2.5) == 0 && m::pow(0.0, -1.0) == inf && m::pow(-2.0, 3.0) == -8));
  CHECK((std::isnan(m::pow(-2.0, 0.5)) && m::pow(-2.0, -2.0) == 0.25 && m::pow(2.0, inf) == inf && m::pow(0.5, inf) == 0 &&
         m::pow(10.0, 400.0) == inf));
  for (const int n : {9, 33, 64, -9, -64}) {
    const double sign = n % 2 != 0 ? -1 : 1, at_zero = n > 0 ? 0 : inf, at_infinity = n > 0 ? inf : 0;
    CHECK((m::power(0.0, {n}) == at_zero && m::power(-0.0, {n}) == sign * at_zero && m::power(inf, {n}) == at_infinity));
    CHECK((std::signbit(m::power(-0.0, {n})) == (sign < 0) && m::power(-inf, {n}) == sign * at_infinity && std::isnan(m::power(nan, {n}))));
    CHECK((m::power(1e300, {n}) == at_infinity && m::power(1e-300, {n}) == at_zero && m::power(1.0, {n}) == 1 && m::power(-1.0, {n}) == sign));
  }
  CHECK((m::power(0.0, {7, 2}) == 0 && m::power(0.0, {-7, 2}) == inf && m::power(inf, {7, 2}) == inf && std::isnan(m::power(-1.0, {7, 2}))));
  CHECK((m::sqrt(0.0) == 0 && std::isnan(m::sqrt(-1.0)) && m::sqrt(inf) == inf));
}

// One table computed by the compiler, the same at run time: equal to the last bit unless multiplications and additions
// are contracted.
template <class T>
struct table {
  T value[20];
};
template <class T>
[[gnu::noinline]] constexpr table<T> compute(const T (&at)[2]) {
  const T x = at[0], y = at[1];
  return {{m::exp(x),
           m::expm1(x),
           m::log(y),
           m::log1p(y),
           m::tanh(x),
           m::sigmoid(x),
           m::softplus(x),
           m::sin(x),
           m::cos(x * T(1e6)),
           m::tan(x),
           m::erf(x),
           m::erfc(y),
           m::normal_cdf(x),
           m::pow(y, x),
           m::sqrt(y),
           m::power(y, {-5, 2}),
           m::power(y, {7, 10}),
           m::power(x, {33}),
           m::power(x, {-64}),
           m::power(y, {63, 2})}};
}

template <class T>
void check_same() {
  static constexpr T at[2] = {T(-0.8125), T(1.37)};
  constexpr table<T> compiler = compute<T>(at);
  volatile T first = at[0], second = at[1];
  const T run[2] = {first, second};
  const table<T> machine = compute<T>(run);
  for (int i = 0; i < 20; ++i) {
    INFO("function " << i);
    CHECK(machine.value[i] == compiler.value[i]);
  }
}

TEST_CASE("the compiler and the machine compute the same") {
  check_same<float>();
  check_same<double>();
  check_same<long double>();
}

template <class T>
void check_lanes() {
#define SAME(f) CHECK(different_lanes<T>([](auto value) { return m::f(value); }) == 0)
  SAME(exp);
  SAME(expm1);
  SAME(log);
  SAME(log1p);
  SAME(tanh);
  SAME(sigmoid);
  SAME(softplus);
  SAME(sqrt);
  SAME(erf);
  SAME(erfc);
  SAME(normal_cdf);
  SAME(sin);
  SAME(cos);
  SAME(tan);
  CHECK(different_lanes<T>([](auto value) { return m::power(value, {33}); }) == 0);
  CHECK(different_lanes<T>([](auto value) { return m::power(value, {-6}); }) == 0);
  CHECK(different_lanes<T>([](auto value) { return m::power(value, {5, 2}); }) == 0);
  CHECK(different_lanes<T>([](auto value) { return m::power(value, {7, 10}); }) == 0);
#undef SAME
}

TEST_CASE("lanes compute what single numbers do") {
  check_lanes<float>();
  check_lanes<double>();
}

}  // namespace
