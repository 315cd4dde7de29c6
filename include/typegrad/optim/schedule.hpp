// SPDX-License-Identifier: BSL-1.0
// Learning rates: a number, or any callable from the step number (0, 1, ...) to a number. Here are the usual ones.
#pragma once

#include <typegrad/math/trigonometric.hpp>

namespace typegrad::optim {

namespace detail {

/// The rate of a step.
template <class Rate>
constexpr auto rate_at(const Rate& rate, int step) {
  if constexpr (std::is_invocable_v<const Rate&, int>) return rate(step);
  else return rate;
}

/// Takes the place of the point where none was named: a recipe, which keeps nothing.
struct no_point {};

template <class Point>
struct recipe_for {
  static constexpr bool has_moments = std::is_void_v<Point>;
};

/// A rule that was given the point itself: made from it, not to be filled in by name.
template <class Point>
struct given_point {};

template <class P>
concept PointOfValues = requires { typename P::layout; };

template <class Point, class Gradient>
struct same_symbols {
  static constexpr bool value = std::is_same_v<Point, Gradient>;
};

}  // namespace detail

/// From `first` to `last` in `steps` equal steps, then `last`: first + (last - first) k / steps.
struct linear_schedule {
  double first = 1;
  double last = 0;
  int steps = 1;
  constexpr double operator()(int k) const { return first + (last - first) * (k < steps ? k : steps) / steps; }
};

/// first * factor^(k / every), a step down every so many steps.
struct step_schedule {
  double first = 1;
  double factor = 0.1;
  int every = 1;
  constexpr double operator()(int k) const {
    double rate = first;
    for (int n = k / every; n > 0; --n) rate *= factor;
    return rate;
  }
};

/// Half a cosine wave from `first` to `last` over `steps`, then `last` (Loshchilov and Hutter, 2017).
struct cosine_schedule {
  double first = 1;
  double last = 0;
  int steps = 1;
  constexpr double operator()(int k) const {
    return k >= steps ? last : last + (first - last) * 0.5 * (1 + math::cos(3.14159265358979324 * k / steps));
  }
};

/// Linear from 0 over the first `steps`, rate (k + 1) / steps of the schedule that it wraps.
template <class Schedule>
struct warm_up {
  Schedule schedule;
  int steps = 1;
  constexpr double operator()(int k) const {
    const double rate = detail::rate_at(schedule, k);
    return k < steps ? rate * (k + 1) / steps : rate;
  }
};
template <class Schedule>
warm_up(Schedule, int) -> warm_up<Schedule>;

}  // namespace typegrad::optim
