// SPDX-License-Identifier: BSL-1.0
// The expression of micrograd's README and its three numbers, with more digits, checked by finite differences.
#include <support/options.hpp>

#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto a = tg::parameter<"a">;
inline constexpr auto b = tg::parameter<"b">;

inline constexpr auto c0 = a + b;
inline constexpr auto d0 = a * b + pow<3>(b);
inline constexpr auto c1 = c0 + (c0 + 1_c);
inline constexpr auto c2 = c1 + (1_c + c1 + -a);
inline constexpr auto d1 = d0 + (d0 * 2_c + relu(b + a));
inline constexpr auto d2 = d1 + (3_c * d1 + relu(b - a));
inline constexpr auto e = c2 - d2;
inline constexpr auto f = square(e);
inline constexpr auto g = f / 2_c + 10_c / f;

constexpr auto at = tg::value_and_gradient(g)(a = -4.0, b = 2.0);
constexpr bool rounds_to(double value, double digits) { return value - digits < 5e-5 && digits - value < 5e-5; }
static_assert(rounds_to(at.value, 24.7041) && rounds_to(at.gradient[a], 138.8338) && rounds_to(at.gradient[b], 645.5773));

int main(int argc, char** argv) {
  return support::options("The expression of micrograd's README and its three numbers.", "micrograd_readme").run(argc, argv, [] {
    fmt::print("{}\n", tg::to_listing(g));
    fmt::print("g      {:.4f}   {:.15g}\n", at.value, at.value);
    fmt::print("dg/da  {:.4f}  {:.15g}\n", at.gradient[a], at.gradient[a]);
    fmt::print("dg/db  {:.4f}  {:.15g}\n", at.gradient[b], at.gradient[b]);
    const auto report = tg::check_gradient(g, a = -4.0, b = 2.0);
    fmt::print("{}\n", tg::to_string(report));
    return report ? 0 : 1;
  });
}
