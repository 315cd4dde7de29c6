// SPDX-License-Identifier: BSL-1.0
// The Helmholtz energy of a mixed fluid (Griewank's example for the reverse mode), eight components.
#pragma once
#include "../../problem.hpp"
#include <array>

namespace small {

struct helmholtz {
  static constexpr int n = 8, inputs = n, results = 1, order = 1;
  static constexpr std::array<double, n> b = [] {
    std::array<double, n> b{};
    for (int i = 0; i < n; ++i) b[static_cast<std::size_t>(i)] = 0.02 + 0.01 * i;
    return b;
  }();
  static constexpr std::array<double, n * n> a = [] {  // symmetric
    std::array<double, n * n> a{};
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) a[static_cast<std::size_t>(n * i + j)] = 1.0 / (1 + i + j);
    return a;
  }();
  static void point(generator& random, double* x) {
    for (int i = 0; i < n; ++i) x[i] = random(0.1, 1.5);
  }
  template <class T>
  static void evaluate(const T* x, T* y) {
    using std::log;
    T bx = T(0.0), xax = T(0.0);
    for (int i = 0; i < n; ++i) bx += b[static_cast<std::size_t>(i)] * x[i];
    for (int i = 0; i < n; ++i) {
      T row = T(0.0);
      for (int j = 0; j < n; ++j) row += a[static_cast<std::size_t>(n * i + j)] * x[j];
      xax += x[i] * row;
    }
    T sum = T(0.0);
    const T rest = 1.0 - bx;
    for (int i = 0; i < n; ++i) sum += x[i] * log(x[i] / rest);
    constexpr double root2 = 1.4142135623730951, root8 = 2.8284271247461903;
    y[0] = sum - xax / (root8 * bx) * log((1.0 + (1 + root2) * bx) / (1.0 + (1 - root2) * bx));
  }
};

}  // namespace small
