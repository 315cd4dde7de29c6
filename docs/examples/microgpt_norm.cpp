// SPDX-License-Identifier: BSL-1.0
// The norm of a small language model and its pullback, printed.
#include <typegrad/typegrad.hpp>

#include <fmt/format.h>

namespace {

namespace tg = typegrad;
using namespace tg::literals;

constexpr auto t = tg::axis<"t", 8>;
constexpr auto c = tg::axis<"c", 16>;
constexpr auto x = tg::variable<"x", tg::axes<t, c>>;
constexpr auto u = tg::variable<"u", tg::axes<t, c>>;  // the adjoint of the norm
constexpr auto norm = x / sqrt(tg::mean<c>(square(x)) + 1e-5_c);

}  // namespace

int main() { fmt::print("{}\n{}\n", tg::to_string(norm), tg::to_string(tg::vjp(norm, x, u))); }
