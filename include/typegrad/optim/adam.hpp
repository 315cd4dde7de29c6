// SPDX-License-Identifier: BSL-1.0
// Adam (Kingma and Ba, 2015) and, with weight decay, AdamW (Loshchilov and Hutter, 2019).
#pragma once

#include <typegrad/math/for_each_number.hpp>
#include <typegrad/math/sqrt.hpp>
#include <typegrad/optim/schedule.hpp>

namespace typegrad::optim {

/// m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2, both divided by 1 - beta^k (k the number of the step);
/// p -= learning_rate * (m / (sqrt(v) + epsilon) + weight_decay * p).
/// `adam step(theta, 0.01)`, and `adam step(theta, {.learning_rate = 0.01, .beta2 = 0.99})` to name what else is to differ.
/// Without a point, `adam recipe{.learning_rate = 0.01}` is a recipe, and `auto step = recipe(theta)` is made by it.
template <class Point = detail::no_point, class Rate = double>
struct adam {
  Rate learning_rate{};
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
  Point first{};   // m
  Point second{};  // v
  int step = 0;
  double power1 = 1;  // beta1^step
  double power2 = 1;

  constexpr void operator()(Point& theta, const Point& gradient)
    requires detail::PointOfValues<Point>
  {
    using T = typename Point::value_type;
    power1 *= beta1, power2 *= beta2;
    const T eta = static_cast<T>(detail::rate_at(learning_rate, step)), decay = static_cast<T>(weight_decay), tiny = static_cast<T>(epsilon);
    const T b1 = static_cast<T>(beta1), b2 = static_cast<T>(beta2), c1 = static_cast<T>(1 / (1 - power1)), c2 = static_cast<T>(1 / (1 - power2));
    math::for_each_number(
        static_cast<int>(theta.size()),
        [=]<class V>(V& parameter, V& mean, V& square, const V& slope) TYPEGRAD_INLINE {
          mean = V(b1) * mean + V(1 - b1) * slope;
          square = V(b2) * square + V(1 - b2) * slope * slope;
          parameter -= V(eta) * (V(c1) * mean / (math::sqrt(V(c2) * square) + V(tiny)) + V(decay) * parameter);
        },
        theta.data(), first.data(), second.data(), gradient.data());
    ++step;
  }

  /// The rule for points like this one, both moments 0.
  template <detail::PointOfValues Theta>
    requires std::is_same_v<Point, detail::no_point>
  constexpr auto operator()(const Theta&) const {
    return adam<Theta, Rate>{.learning_rate = learning_rate, .beta1 = beta1, .beta2 = beta2, .epsilon = epsilon, .weight_decay = weight_decay};
  }
  template <detail::PointOfValues Theta, class Gradient>
    requires std::is_same_v<Point, detail::no_point>
  constexpr void operator()(const Theta&, const Gradient&) const {
    static_assert(
        detail::recipe_for<Theta>::has_moments,
        "typegrad: adam keeps two numbers for each parameter: write auto step = adam{.learning_rate = 0.01}(theta); then step(theta, gradient)");
  }
};

template <class Point, class Rate>
struct adam<detail::given_point<Point>, Rate> : adam<Point, Rate> {
  constexpr explicit adam(const Point&, Rate rate = Rate(0.001)) : adam<Point, Rate>{.learning_rate = rate} {}
  constexpr adam(const Point&, const adam<Point, Rate>& options) : adam<Point, Rate>(options) {}
};

template <detail::PointOfValues Point>
adam(const Point&) -> adam<detail::given_point<Point>, double>;
template <detail::PointOfValues Point, class Rate>
adam(const Point&, Rate) -> adam<detail::given_point<Point>, Rate>;
template <detail::PointOfValues Point>
adam(const Point&, const adam<Point, double>&) -> adam<detail::given_point<Point>, double>;
template <class Rate, class... Option>
adam(Rate, Option...) -> adam<detail::no_point, Rate>;
adam(...) -> adam<>;  // Clang 16 deduces nothing from named members

}  // namespace typegrad::optim
