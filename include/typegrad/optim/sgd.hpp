// SPDX-License-Identifier: BSL-1.0
// Gradient descent: p -= learning_rate * dp.
#pragma once

#include <typegrad/optim/schedule.hpp>

namespace typegrad::optim {

/// Gradient descent on a point. The learning rate is a number or a schedule.
template <class Rate = double>
struct sgd {
  Rate learning_rate{};
  int step = 0;

  /// The learning rate of the next step.
  constexpr auto rate() const { return detail::rate_at(learning_rate, step); }

  template <class Point, class Gradient>
  constexpr void operator()(Point& theta, const Gradient& gradient) {
    static_assert(
        detail::same_symbols<Point, Gradient>::value,
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
sgd(...) -> sgd<>;  // Clang 16 deduces nothing from named members

}  // namespace typegrad::optim
