// SPDX-License-Identifier: BSL-1.0
// The library: numbers in and out. Each problem has its formula in the library's own words.
#pragma once
#include <typegrad/typegrad.hpp>

#include "../problem.hpp"
#include <span>
#include <utility>

namespace small {

namespace tg = typegrad;
using namespace tg::literals;

/// N numbers in a row.
template <std::size_t N>
std::span<const double, N> numbers(const double* x) {
  return std::span<const double, N>(x, N);
}
/// N numbers there are written by the library itself.
template <std::size_t N>
auto written(double* y) {
  return std::span<double, N>(y, N);
}

/// f(0) + f(1) + ... + f(N - 1), of formulas.
template <int N, class F>
constexpr auto sum_of(F f) {
  return [f]<int... I>(std::integer_sequence<int, I...>) { return (... + f(boost::hana::int_c<I>)); }(std::make_integer_sequence<int, N>{});
}

}  // namespace small
