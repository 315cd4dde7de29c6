// SPDX-License-Identifier: BSL-1.0
// Starting values: reproducible from a seed, the same on every machine, also in constant expressions.
#pragma once

#include <typegrad/eval/point.hpp>
#include <typegrad/math/exponential.hpp>
#include <typegrad/math/sqrt.hpp>
#include <typegrad/math/trigonometric.hpp>

namespace typegrad::nn {

/// SplitMix64 (Steele, Lea, Flood, 2014): a small generator for starting values.
class generator {
 public:
  constexpr explicit generator(std::uint64_t seed) : state_(seed) {}
  constexpr std::uint64_t operator()() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// Uniform in [0, 1).
  constexpr double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }
  /// Standard normal, by Box and Muller.
  constexpr double normal() {
    const double radius = math::sqrt(-2 * math::log(1 - uniform()));
    return radius * math::cos(6.283185307179586 * uniform());
  }
  /// All that it knows: generator(state) goes on from here.
  constexpr std::uint64_t state() const { return state_; }

 private:
  std::uint64_t state_;
};

/// Weights uniform in [-limit, limit).
struct uniform {
  double limit = 1;
  constexpr double operator()(generator& next, int, int) const { return limit * (2 * next.uniform() - 1); }
};
/// Glorot and Bengio, 2010: uniform with variance 2 / (fan in + fan out); for tanh and sigmoid.
struct xavier {
  constexpr double operator()(generator& next, int in, int out) const { return math::sqrt(6.0 / (in + out)) * (2 * next.uniform() - 1); }
};
/// He et al., 2015: normal with variance 2 / fan in; for relu.
struct he {
  constexpr double operator()(generator& next, int in, int) const { return math::sqrt(2.0 / in) * next.normal(); }
};

namespace detail {

template <class M>
struct parameters_of_model;
template <class M>
  requires requires { typename M::parameters; }
struct parameters_of_model<M> {
  using type = typename M::parameters;
};
template <Expression E>
struct parameters_of_model<E> {
  using type = parameters_of<E>;
};

/// Does a name end in "gain"?
constexpr bool is_gain(const char* name) {
  const std::size_t n = typegrad::detail::length(name);
  const char gain[] = "gain";
  for (std::size_t k = 0; k < 4; ++k)
    if (n < 4 || name[n - 4 + k] != gain[k]) return false;
  return true;
}

template <class T, class... S, class Scheme>
constexpr auto initialized(type_list<S...>, std::uint64_t seed, Scheme scheme) {
  point<T, S...> result;
  generator next(seed);
  T* to = result.data();
  const auto fill = [&](extent shape, const axis_list& axes, bool gain) {
    const bool plain = axes.count > 0 ? axes.count == 1 : shape.rank == 1;  // a bias or a gain
    const int out = axes.count > 1 ? axes.at[0].length() : shape.rows, in = axes.count > 1 ? shape.size() / out : shape.cols;
    for (int i = 0; i < shape.size(); ++i) *to++ = gain ? T(1) : plain ? T(0) : static_cast<T>(scheme(next, in, out));
  };
  (fill(S::shape::value, typegrad::detail::axes_of_shape<typename S::shape>, is_gain(S::text.text)), ...);
  return result;
}

}  // namespace detail

/// Starting values for all parameters of a model or expression: matrices, scalars and tensors of several axes from the scheme (the first axis
/// is the output, the others are the input); vectors and tensors of one axis (biases) zero; what is called "...gain" one.
template <class T, class Model, class Scheme = uniform>
constexpr auto initialize(const Model&, std::uint64_t seed, Scheme scheme = {}) {
  return detail::initialized<T>(typename detail::parameters_of_model<Model>::type{}, seed, scheme);
}

}  // namespace typegrad::nn
