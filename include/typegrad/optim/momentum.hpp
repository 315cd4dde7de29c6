// SPDX-License-Identifier: BSL-1.0
// Descent with momentum (Polyak, 1964) and Nesterov's look-ahead (1983).
#pragma once

#include <typegrad/optim/schedule.hpp>

namespace typegrad::optim {

/// v = mass * v + g; p -= learning_rate * v, or with `nesterov` p -= learning_rate * (g + mass * v).
/// `momentum step(theta, 0.01)`, and `momentum step(theta, {.learning_rate = 0.01, .nesterov = true})` to name what else is to differ.
/// Without a point, `momentum recipe{.learning_rate = 0.01}` is a recipe, and `auto step = recipe(theta)` is made by it.
template <class Point = detail::no_point, class Rate = double>
struct momentum {
  Rate learning_rate{};
  double mass = 0.9;
  bool nesterov = false;
  Point velocity{};
  int step = 0;

  constexpr void operator()(Point& theta, const Point& gradient)
    requires detail::PointOfValues<Point>
  {
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

  /// The rule for points like this one, at rest.
  template <detail::PointOfValues Theta>
    requires std::is_same_v<Point, detail::no_point>
  constexpr auto operator()(const Theta&) const {
    return momentum<Theta, Rate>{.learning_rate = learning_rate, .mass = mass, .nesterov = nesterov};
  }
  template <detail::PointOfValues Theta, class Gradient>
    requires std::is_same_v<Point, detail::no_point>
  constexpr void operator()(const Theta&, const Gradient&) const {
    static_assert(
        detail::recipe_for<Theta>::has_moments,
        "typegrad: momentum keeps a number for each parameter: write auto step = momentum{.learning_rate = 0.01}(theta); then step(theta, gradient)");
  }
};

template <class Point, class Rate>
struct momentum<detail::given_point<Point>, Rate> : momentum<Point, Rate> {
  constexpr momentum(const Point&, Rate rate) : momentum<Point, Rate>{.learning_rate = rate} {}
  constexpr momentum(const Point&, const momentum<Point, Rate>& options) : momentum<Point, Rate>(options) {}
};

template <detail::PointOfValues Point, class Rate>
momentum(const Point&, Rate) -> momentum<detail::given_point<Point>, Rate>;
template <detail::PointOfValues Point>
momentum(const Point&, const momentum<Point, double>&) -> momentum<detail::given_point<Point>, double>;
template <class Rate, class... Option>
momentum(Rate, Option...) -> momentum<detail::no_point, Rate>;
momentum(...) -> momentum<>;  // Clang 16 deduces nothing from named members

}  // namespace typegrad::optim
