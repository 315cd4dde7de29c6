// SPDX-License-Identifier: BSL-1.0
// Literals and constants mean what C++ says, rounded once to every type: against the compiler, and against strtod and its kin.
#include <catch.hpp>

#include <typegrad/typegrad.hpp>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

template <class T, class E>
constexpr T value(E) {
  return E::value.template to<T>();
}

// Each literal as constant and as the compiler reads it, in all three types.
#define FLOATING(l) ((value<float>(l##_c) == l##f) && (value<double>(l##_c) == l) && (value<long double>(l##_c) == l##L))
#define INTEGER(l) \
  ((value<float>(l##_c) == static_cast<float>(l)) && (value<double>(l##_c) == static_cast<double>(l)) && value<long double>(l##_c) == l)

TEST_CASE("literals are what the compiler makes of them") {
  STATIC_REQUIRE((INTEGER(0) && INTEGER(7) && INTEGER(1'000'000) && INTEGER(9223372036854775807) && INTEGER(1234567890123456789)));
  STATIC_REQUIRE(
      (INTEGER(0x10) && INTEGER(0xfF) && INTEGER(0X1e5) && INTEGER(0xdead'beef) && INTEGER(0xffffffffffffffff) && INTEGER(0x8000000000000401)));
  STATIC_REQUIRE((INTEGER(010) && INTEGER(00) && INTEGER(0'17) && INTEGER(01777777777777777777777)));
  STATIC_REQUIRE((INTEGER(0b101) && INTEGER(0B1'0000'0001) && INTEGER(0b1111111111111111111111111111111111111111111111111111111111111111)));
  STATIC_REQUIRE((FLOATING(0x1p3) && FLOATING(0x1.8p-1) && FLOATING(0x.0001p4) && FLOATING(0X1P+1'0) && FLOATING(0x1.000001p0)));
  STATIC_REQUIRE((FLOATING(0x1.0000010000000000000000001p0) && FLOATING(0x1.000002ffffffffffffffffp0) && FLOATING(0x0.000000000000p5)));
  STATIC_REQUIRE((FLOATING(0.) && FLOATING(.5) && FLOATING(1.) && FLOATING(010.5) && FLOATING(09e1) && FLOATING(1'0.2'5e1'0) && FLOATING(1e+3)));
  STATIC_REQUIRE((FLOATING(0.1) && FLOATING(4.35e-5) && FLOATING(1e22) && FLOATING(1e23) && FLOATING(8.5e-23) && FLOATING(6.62607015e-34)));
  STATIC_REQUIRE((FLOATING(3.14159265358979323846) && FLOATING(3.141592653589793238462643383279502884197) && FLOATING(0.30000000000000004441)));
  STATIC_REQUIRE(
      (FLOATING(9007199254740993.0) && FLOATING(9007199254740993.0000000000000000000001) && FLOATING(9007199254740992.9999999999999999999)));
  STATIC_REQUIRE((FLOATING(1.00000000000000011102230246251565404236316680908203125) && FLOATING(1.000000059604644775390625)));
  STATIC_REQUIRE((FLOATING(1.00000000000000011102230246251565404236316680908203126) && FLOATING(1.0000000596046447753906250000000000000001)));
  STATIC_REQUIRE((FLOATING(1.00000000000000011102230246251565404236316680908203124) && FLOATING(1.0000000596046447753906249999999999999999)));
  STATIC_REQUIRE(
      (FLOATING(16777217.0) && FLOATING(16777217.000000000000000000000001) && FLOATING(36893488147419103233.0) && FLOATING(18446744073709551617.0)));
}

// Where float has no such numbers, double and long double.
#define WIDE(l) ((value<double>(l##_c) == l) && (value<long double>(l##_c) == l##L))
TEST_CASE("the smallest and largest literals") {
  STATIC_REQUIRE((WIDE(1.7976931348623157e308) && WIDE(1.79769313486231580793e308) && WIDE(1e300) && WIDE(1.2345678901234567e-200)));
  STATIC_REQUIRE((WIDE(5e-324) && WIDE(2.4703282292062328e-324) && WIDE(2.2250738585072014e-308) && WIDE(2.2250738585072011e-308) && WIDE(1e-320)));
  STATIC_REQUIRE((WIDE(0x1p-1074) && WIDE(0x1.8p-1074) && WIDE(0x0.8000000000000001p-1074) && WIDE(0x1.fffffffffffff7p1023)));
  STATIC_REQUIRE(value<float>(3.4028235677973365e38_c) == std::numeric_limits<float>::max());
  STATIC_REQUIRE(value<float>(3.4028235677973367e38_c) == std::numeric_limits<float>::infinity());
  STATIC_REQUIRE((value<float>(7.006492321624085e-46_c) == 0 && value<float>(7.006492321624086e-46_c) == std::numeric_limits<float>::denorm_min()));
  STATIC_REQUIRE(value<double>(1e400_c) == std::numeric_limits<double>::infinity());
  STATIC_REQUIRE((value<double>(1e-400_c) == 0 && value<long double>(1e-400_c) == 1e-400L && value<long double>(1e-4950_c) == 1e-4950L));
  STATIC_REQUIRE(value<long double>(1e4999_c) == std::numeric_limits<long double>::infinity());
  STATIC_REQUIRE((1e4999_c * 1e-4999_c == 1_c && 1e30_c * 1e-20_c == 1e10_c && 0x1p99_c / 0x1p98_c == 2_c && 1e30_c * 1e20_c == 1e50_c));
}

TEST_CASE("constants of fractions and of floating-point values") {
  STATIC_REQUIRE((value<double>(tg::constant<1, 3>) == 1 / 3.0 && value<float>(tg::constant<-2, 3>) == -2 / 3.0f && tg::constant<2, -4> == -0.5_c));
  STATIC_REQUIRE((tg::constant<0.1> == 0.1_c && tg::constant<0.1f> == 0.1_c && tg::constant<-1e-7L> == -1e-7_c &&
                  tg::constant<0x1p-30> == 9.313225746154785e-10_c));
  STATIC_REQUIRE(tg::constant<0x1p-97> == 6.310887241768095e-30_c);  // shorter than the nearest decimal of as many digits
  STATIC_REQUIRE((tg::constant<5e-324> == 5e-324_c && tg::constant<2.2250738585072014e-308> == 2.2250738585072014e-308_c));
  STATIC_REQUIRE((value<double>(tg::constant<std::numeric_limits<std::int64_t>::min()>) == -0x1p63 && tg::constant<true> == 1_c));
  STATIC_REQUIRE(value<long double>(tg::constant<~std::uint64_t{0}>) == 18446744073709551615.0L);
  STATIC_REQUIRE(
      (tg::constant<-0.0> == 0_c && value<double>(-5e-324_c) == -5e-324 && value<float>(-3.14159265358979323846_c) == -3.14159265358979323846f));
  STATIC_REQUIRE(value<double>(-3.141592653589793238462643_c) == -3.141592653589793238462643);
}

/// One decimal, written here, in all types; true if it is the C library's. Also with its sign turned.
bool same_as_library(const std::string& text) {
  const tg::number x = tg::detail::parse(text.c_str());
  const bool same = x.to<float>() == std::strtof(text.c_str(), nullptr) && x.to<double>() == std::strtod(text.c_str(), nullptr) &&
                    x.to<long double>() == std::strtold(text.c_str(), nullptr) && tg::detail::negate(x).to<double>() == -x.to<double>();
  if (!same) UNSCOPED_INFO(text);
  return same;
}

std::string print(const char* format, int digits, long double x) {
  char text[16'000];
  std::snprintf(text, sizeof text, format, digits, x);
  return text;
}

struct source {
  std::mt19937_64 bits{1};
  int below(int n) { return static_cast<int>(bits() % static_cast<std::uint64_t>(n)); }
  /// With `digits` random bits, at 2^low .. 2^high.
  long double number(int digits, int low, int high) {
    return std::ldexp(static_cast<long double>(bits() >> (64 - digits) | std::uint64_t{1} << (digits - 1)), low + below(high - low + 1) - digits);
  }
  std::string decimal(int fewest, int more, int low, int high) {
    const int digits = fewest + below(more);
    return print("%.*Le", digits, number(64, low, high));
  }
};

TEST_CASE("literals of all lengths and sizes round as the C library does") {
  source random;
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    wrong += !same_as_library(print("%.*Lg", 6, random.number(53, -3, 4)));
    wrong += !same_as_library(print("%.*Lg", 12, random.number(53, -29, 30)));
    wrong += !same_as_library(print("%.*Lf", 17, random.number(53, -10, 0)));
    wrong += !same_as_library(random.decimal(16, 6, -899, 900));
  }
  for (int i = 0; i < 50'000; ++i) wrong += !same_as_library(random.decimal(0, 40, -1100, 1030));
  for (int i = 0; i < 50'000; ++i) wrong += !same_as_library(random.decimal(0, 40, -160, 130));
  for (int i = 0; i < 2'000; ++i) wrong += !same_as_library(random.decimal(0, 40, -16'400, 16'380));
  CHECK(wrong == 0);
}

TEST_CASE("halfway cases, and their neighbours, round as the C library does") {
  source random;
  int wrong = 0;
  for (int i = 0; i < 20'000; ++i) {
    const int digits = i % 2 == 0 ? 25 : 54;  // one more than float and double have: odd ones lie halfway
    const long double x =
        std::ldexp(static_cast<long double>((random.bits() >> (64 - digits) | std::uint64_t{1} << (digits - 1)) | 1), random.below(220) - 110);
    std::string text = print("%.*Le", 120, x);
    wrong += !same_as_library(text);
    const auto at = text.find('e');
    for (const auto place : {at - 1, std::min<std::size_t>(at - 1, 25 + static_cast<std::size_t>(random.below(20)))}) {
      std::string near = text;
      near[place] = near[place] == '9' ? '8' : static_cast<char>(near[place] + 1);
      wrong += !same_as_library(near);
      near[place] = text[place] <= '1' ? '2' : static_cast<char>(text[place] - 1);
      wrong += !same_as_library(near);
    }
  }
  for (int i = 0; i < 2'000; ++i) {  // subnormal numbers and what lies between them
    wrong += !same_as_library(print("%.*Le", 780, std::ldexp(static_cast<long double>(random.bits() >> random.below(63)), -1075)));
    wrong += !same_as_library(print("%.*Le", 180, std::ldexp(static_cast<long double>(random.bits() >> (40 + random.below(23))), -150)));
  }
  CHECK(wrong == 0);
}

TEST_CASE("hexadecimal literals round as the C library does") {
  source random;
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string text = "0x";
    const int digits = 1 + random.below(30), point = random.below(digits + 1);
    for (int k = 0; k < digits; ++k) {
      if (k == point) text += '.';
      text += "0123456789abcdef80f0"[random.below(i % 2 == 0 ? 16 : 20)];
    }
    wrong += !same_as_library(text + "p" + std::to_string(i % 3 == 0 ? random.below(2300) - 1200 : random.below(60) - 30));
  }
  CHECK(wrong == 0);
}

/// Is `x` num/den (1/2 <= num/den < 1), rounded to nearest, halfway cases to even?
template <class T>
bool is_nearest(T x, std::uint64_t num, std::uint64_t den) {
  constexpr int digits = std::numeric_limits<T>::digits;
  const auto significand = static_cast<std::uint64_t>(std::ldexp(x, digits));
  const auto exact = static_cast<tg::detail::wide>(num) << digits, back = static_cast<tg::detail::wide>(significand) * den;
  const auto off = exact > back ? exact - back : back - exact;
  return 2 * off < den || (2 * off == den && significand % 2 == 0);
}

TEST_CASE("fractions are rounded once") {
  source random;
  int wrong = 0;
  for (int i = 0; i < 200'000; ++i) {
    const int digits = 2 + random.below(61);
    const std::uint64_t den = random.bits() >> (64 - digits) | std::uint64_t{1} << (digits - 1), num = den / 2 + 1 + random.bits() % (den / 2);
    if (num == den) continue;
    const tg::number x = tg::detail::fraction(static_cast<std::int64_t>(num), static_cast<std::int64_t>(den)).value;
    wrong += !is_nearest(x.to<float>(), num, den) || !is_nearest(x.to<double>(), num, den) || !is_nearest(x.to<long double>(), num, den);
  }
  CHECK(wrong == 0);
}

template <class T>
int not_given_back(source& random, int low, int high) {
  int wrong = 0;
  for (int i = 0; i < 50'000; ++i) {
    const auto x =
        static_cast<T>(random.number(i % 2 == 0 ? std::numeric_limits<T>::digits : 1 + random.below(std::numeric_limits<T>::digits), low, high));
    wrong += tg::detail::from_floating(x).template to<T>() != x || tg::detail::from_floating(-x).template to<T>() != -x;
  }
  return wrong;
}

TEST_CASE("constant<x> gives x back") {
  source random;
  CHECK(not_given_back<double>(random, -1080, 1023) == 0);
  CHECK(not_given_back<double>(random, -20, 20) == 0);
  CHECK(not_given_back<float>(random, -155, 127) == 0);
  CHECK(not_given_back<long double>(random, -100, 100) == 0);
  int longer = 0;  // than the shortest that printf finds; at odd numbers of 53 bits no two are equally near
  for (int i = 0; i < 10'000; ++i) {
    const double x = std::ldexp(static_cast<double>(random.bits() >> 11 | 1), random.below(300) - 400);
    int digits = 1;
    while (std::strtod(print("%.*Le", digits - 1, x).c_str(), nullptr) != x) ++digits;
    longer += tg::detail::from_floating(x) != tg::detail::parse(print("%.*Le", digits - 1, x).c_str());
    const long double y = random.number(64, -300, 300);
    const std::string decimal = print("%.*Le", random.below(15), y);
    longer += tg::detail::from_floating(std::strtod(decimal.c_str(), nullptr)) != tg::detail::parse(decimal.c_str());
  }
  CHECK(longer == 0);
}

TEST_CASE("a constant exponent is not rounded") {
  constexpr auto x = tg::variable<"x">;
  constexpr auto f = pow(x, 0.7_c);
  const long double tenth = 0.1L, rest = (1 - 10 * tenth) / 10;  // 1/10 in two pieces
  double worst = 0;
  for (double at = 6e19; at > 1e-300; at /= 7) {
    const long double exact = std::pow(static_cast<long double>(at), 7 * tenth) * (1 + std::log(static_cast<long double>(at)) * 7 * rest);
    const double unit = std::nextafter(static_cast<double>(exact), HUGE_VAL) - static_cast<double>(exact);
    const double batch[] = {at, at};
    for (const double got : {tg::evaluate(f, x = at), tg::evaluate(f, tg::batch(x = batch))})
      worst = std::fmax(worst, static_cast<double>(std::fabs(static_cast<long double>(got) - exact)) / unit);
  }
  CHECK(worst < 1.6);
  // derivatives whose exponents would not fit
  constexpr auto g = pow(x, -9'000'000'000'000'000'000_c / 5'000'000'000'000'000'001_c);
  CHECK(tg::evaluate(tg::derivative(g, x), x = 2.0) == Approx(-1.8 * std::pow(2, -2.8)).epsilon(1e-14));
  CHECK(tg::evaluate(tg::derivative(g, x), x = 0.0) == -HUGE_VAL);
}

TEST_CASE("numbers that no fraction holds, printed") {
  STATIC_REQUIRE((tg::to_string(1e30_c) == "1e30" && tg::to_string(-1.5e-30_c) == "-1.5e-30" && tg::to_string(5e-324_c) == "5e-324"));
  STATIC_REQUIRE((tg::to_string(0x1p100_c) == "0x1p100" && tg::to_string(-0x1.8p-1074_c) == "-0x3p-1075" && tg::to_string(0x1p-3_c) == "0.125"));
  STATIC_REQUIRE((tg::to_string(tg::simplify(1e30_c / 3_c)) == "1e30/3" && tg::to_string(tg::simplify(-1e-30_c / 7_c)) == "-1e-30/7"));
  STATIC_REQUIRE(tg::to_string(3.14159265358979323846_c) == "3.1415926535897932");
  STATIC_REQUIRE(tg::to_string(-1.00000000000000000000000001e-7_c) == "-0.0000001");
}

}  // namespace
