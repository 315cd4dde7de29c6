// SPDX-License-Identifier: BSL-1.0
// Clipping of gradients.
#pragma once

#include <typegrad/math/sqrt.hpp>
#include <typegrad/op/reduce.hpp>

namespace typegrad::optim {

/// Scales the gradient down to the given Euclidean norm if it is longer; returns the norm that it had.
template <class Point>
constexpr auto clip_by_norm(Point& gradient, typename Point::value_type limit) {
  using T = typename Point::value_type;
  T* const g = gradient.data();
  const T norm = math::sqrt(typegrad::detail::ordered_sum(static_cast<int>(gradient.size()), g, g));
  if (norm > limit)
    for (decltype(gradient.size()) i = 0; i < gradient.size(); ++i) g[i] *= limit / norm;
  return norm;
}

}  // namespace typegrad::optim
