// SPDX-License-Identifier: BSL-1.0
// What all problems and contenders share. A problem is a class with
//   inputs, results, order (which derivatives: 1 the value and all first ones, 2 all second ones and nothing else),
//   point(random, x): writes a point of its domain, and
//   evaluate(const T* x, T* y): the formula as one writes it for numbers of any type.
// A contender is a class template over problems with solve(const double* x, double* y): values, then derivatives, row after row.
#pragma once

#include <cmath>
#include <cstddef>
#include <random>

namespace small {

struct generator {
  std::mt19937_64 engine;
  double operator()(double low, double high) { return std::uniform_real_distribution<double>(low, high)(engine); }
};

template <class Problem>
constexpr int outputs = Problem::order == 2 ? Problem::inputs * Problem::inputs : Problem::results * (1 + Problem::inputs);

/// Code by hand and code with the library: specialised for each problem.
template <class Problem>
struct hand;
template <class Problem>
struct by_typegrad;
/// The same with every number of a vector written out, where that is how some would write it.
template <class Problem>
struct by_elements;

// What not every tool has under this name; its header says more where needed.
template <class T>
T cumulative_normal(const T& x) {
  using std::erfc;
  return 0.5 * erfc(-0.70710678118654752 * x);
}
template <class T>
T larger(const T& a, const T& b) {
  return a > b ? a : b;
}

}  // namespace small

/// The one function of a shared object: a contender at one problem.
#define SMALL_CONTENDER(...) \
  extern "C" [[gnu::visibility("default")]] void solve(const double* x, double* y) { __VA_ARGS__::solve(x, y); }
