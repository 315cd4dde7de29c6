// SPDX-License-Identifier: BSL-1.0
// Descent with momentum (Polyak, 1964) and Nesterov's look-ahead (1983).
#pragma once

#include <typegrad/optim/schedule.hpp>

namespace typegrad::optim {

/// v = mass * v + g; p -= learning_rate * v, or with `nesterov` p -= learning_rate * (g + mass * v).
template <class Point, class Rate = double>
struct momentum {
  Rate learning_rate{};
  double mass = 0.9;
  bool nesterov = false;
  Point velocity{};
  int step = 0;

  constexpr void operator()(Point& theta, const Point& gradient) {
    using T = typename Point::value_type;
    const T eta = static_cast<T>(detail::rate_at(learning_rate, step)), mu = static_cast<T>(mass);
    T *const p = theta.data(), *const v = velocity.data();
    const T* const g = gradient.data();
    for (decltype(theta.size()) i = 0; i < theta.size(); ++i) {
      v[i] = mu * v[i] + g[i];
      p[i] -= eta * (nesterov ? g[i] + mu * v[i] : v[i]);
    }
    ++step;
  }
};

}  // namespace typegrad::optim
