// SPDX-License-Identifier: BSL-1.0
// Gradient descent: p -= learning_rate * dp. Schedules are plain callables of the step number.
#pragma once

#include <type_traits>

namespace typegrad::optim {

/// Gradient descent on anything iterable with as many values as its gradient.
/// The learning rate is a number, or a callable from the step number (0, 1, ...) to a number.
template <class Rate = double>
struct sgd {
  Rate learning_rate{};
  int step = 0;

  /// The learning rate of the next step.
  constexpr auto rate() const {
    if constexpr (std::is_invocable_v<const Rate&, int>) return learning_rate(step);
    else return learning_rate;
  }

  template <class Point, class Gradient>
  constexpr void operator()(Point& theta, const Gradient& gradient) {
    static_assert(
        std::is_same_v<Point, Gradient>,
        "typegrad: the gradient must have the symbols of the parameters, in their order (take it at this point, with respect to all of them)");
    const auto eta = static_cast<typename Point::value_type>(rate());
    auto* p = theta.data();
    const auto* g = gradient.data();
    for (decltype(theta.size()) i = 0; i < theta.size(); ++i) p[i] -= eta * g[i];
    ++step;
  }
};

template <class Rate>
sgd(Rate) -> sgd<Rate>;
template <class Rate>
sgd(Rate, int) -> sgd<Rate>;

/// From `first` down (or up) to `last` in `steps` equal steps: rate k is first + (last - first) * k / steps.
struct linear_schedule {
  double first = 1;
  double last = 0;
  int steps = 1;
  constexpr double operator()(int k) const { return first + (last - first) * (k < steps ? k : steps) / steps; }
};

}  // namespace typegrad::optim
