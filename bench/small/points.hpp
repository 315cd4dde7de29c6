// SPDX-License-Identifier: BSL-1.0
// Points of a problem, results of a contender at them, and how far two results are apart.
#pragma once
#include "problem.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace small {

using solver = void (*)(const double*, double*);

/// What of a problem is not known at compile time where contenders are loaded.
struct outline {
  const char* name;
  int inputs, outputs;
  void (*point)(generator&, double*);
};
template <class Problem>
constexpr outline outline_of(const char* name) {
  return {name, Problem::inputs, outputs<Problem>, Problem::point};
}

/// 256 points, fewer if they would not stay in the first cache.
inline int count_of(const outline& problem) { return std::clamp(2048 / problem.inputs, 2, 256); }

inline std::vector<double> points_of(const outline& problem) {
  generator random{std::mt19937_64(1)};
  std::vector<double> x(static_cast<std::size_t>(count_of(problem) * problem.inputs));
  for (int i = 0; i < count_of(problem); ++i) problem.point(random, x.data() + i * problem.inputs);
  return x;
}

/// The largest difference from what is right, each against its own size and a thousandth of the largest number of the point.
inline double distance(const outline& problem, solver one, solver right) {
  const auto x = points_of(problem);
  std::vector<double> a(static_cast<std::size_t>(problem.outputs)), b(a.size());
  double worst = 0;
  for (int i = 0; i < count_of(problem); ++i) {
    std::fill(a.begin(), a.end(), NAN);
    one(x.data() + i * problem.inputs, a.data()), right(x.data() + i * problem.inputs, b.data());
    double largest = 0;
    for (double v : b) largest = std::max(largest, std::abs(v));
    for (std::size_t k = 0; k < a.size(); ++k) {
      const double d = std::abs(a[k] - b[k]) / (std::abs(b[k]) + 1e-3 * largest);
      worst = d <= worst ? worst : d;  // also where it is not a number
    }
  }
  return worst;
}

}  // namespace small
