// SPDX-License-Identifier: BSL-1.0
// Starting values: reproducible from a seed, the same on every machine, also in constant expressions.
#pragma once

#include <typegrad/eval/point.hpp>
#include <typegrad/math/logarithm.hpp>
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

/// Normal with this standard deviation.
struct normal {
  double deviation = 1;
  constexpr double operator()(generator& next, int, int) const { return deviation * next.normal(); }
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

/// How one parameter starts: by a scheme, by the same number everywhere; or, if nothing is said of it, by the default.
template <class V>
inline constexpr bool is_scheme = requires(const V& scheme, generator& next) { static_cast<double>(scheme(next, 1, 1)); };
template <class V>
struct starts_by {
  static constexpr bool scheme_or_number = is_scheme<V> || std::is_arithmetic_v<std::remove_cvref_t<V>>;
};
template <class T>
inline constexpr bool is_binding = requires { typename T::typegrad_binding; };
/// The arguments of a call: a scheme for all, and how single parameters start.
template <class List, class... Arg>
struct starts_of_parameters;
template <class... S, class... Arg>
struct starts_of_parameters<type_list<S...>, Arg...> {
  template <class A>
  struct look {
    static constexpr bool is_known = is_scheme<A>, is_parameter = true;
  };
  template <class X, class V>
  struct look<binding<X, V>> {
    static constexpr bool is_known = starts_by<V>::scheme_or_number, is_parameter = (std::is_same_v<X, S> || ...);
  };
  static constexpr bool are_known = (look<Arg>::is_known && ...), are_of_the_model = (look<Arg>::is_parameter && ...);
  static constexpr bool name_one_scheme = (0 + ... + (is_binding<Arg> ? 0 : 1)) <= 1;
  static constexpr bool fit = are_known && are_of_the_model && name_one_scheme;
};
template <class... Rest>
constexpr auto default_scheme(const Rest&...) {
  return uniform{};
}
template <class First, class... Rest>
constexpr auto default_scheme(const First& first, const Rest&... rest) {
  if constexpr (is_binding<First>) return default_scheme(rest...);
  else return first;
}

template <class S, class Argument>
inline constexpr bool starts = false;
template <class S, class V>
inline constexpr bool starts<S, binding<S, V>> = true;

/// One parameter: so many numbers, each with so many inputs and outputs; which of the arguments says how it starts, or -1.
struct starting_parameter {
  int size, in, out, own;
  bool is_bias, is_gain;
};
template <class S, class... Own>
constexpr starting_parameter starting_parameter_of() {
  constexpr extent shape = S::shape::value;
  constexpr const axis_list& axes = typegrad::detail::axes_of_shape<typename S::shape>;
  const int out = axes.count > 1 ? axes.at[0].length() : shape.rows, in = axes.count > 1 ? shape.size() / out : shape.cols;
  int own = -1, k = 0;
  ((own = own < 0 && starts<S, Own> ? k : own, ++k), ...);
  return {shape.size(), in, out, own, axes.count > 0 ? axes.count == 1 : shape.rank == 1, is_gain(S::text.text)};
}
template <class List, class... Own>
struct starting_parameters;
template <class... S, class... Own>
struct starting_parameters<type_list<S...>, Own...> {
  static constexpr starting_parameter at[sizeof...(S) + 1] = {starting_parameter_of<S, Own...>()..., {}};
};

template <class T, class Start>
constexpr void fill(T* to, generator& next, const starting_parameter& p, const Start& start) {
  for (int i = 0; i < p.size; ++i)
    if constexpr (is_scheme<Start>) to[i] = static_cast<T>(start(next, p.in, p.out));
    else if constexpr (is_binding<Start>) return fill(to, next, p, start.value);
    else to[i] = static_cast<T>(static_cast<double>(start));
}
/// Parameter after parameter in one loop: a line for each of them would be long code for large models.
template <class T, class... S, class Scheme, class... Own>
constexpr auto initialized(type_list<S...>, std::uint64_t seed, Scheme scheme, const Own&... own) {
  point<T, S...> result;
  generator next(seed);
  T* to = result.data();
  for (std::size_t n = 0; n < sizeof...(S); to += starting_parameters<type_list<S...>, Own...>::at[n++].size) {
    const starting_parameter& p = starting_parameters<type_list<S...>, Own...>::at[n];
    int k = 0;
    if (p.own >= 0) ((k++ == p.own ? fill(to, next, p, own) : void()), ...);
    else if (p.is_gain) fill(to, next, p, 1);
    else if (p.is_bias) fill(to, next, p, 0);
    else fill(to, next, p, scheme);
  }
  return result;
}

}  // namespace detail

/// Starting values for all parameters of a model or expression: matrices, scalars and tensors of several axes from the scheme (the first axis
/// is the output, the others are the input); vectors and tensors of one axis (biases) zero; what is called "...gain" one. What is named
/// starts otherwise: `initialize<float>(model, 1, xavier{}, table = normal{0.02}, scale = 0.5)`.
template <class T, class Model, class... Arg>
constexpr auto initialize(const Model&, std::uint64_t seed, const Arg&... arg) {
  using parameters = typename detail::parameters_of_model<Model>::type;
  using given = detail::starts_of_parameters<parameters, Arg...>;
  static_assert(given::are_known,
                "typegrad: initialize<T>(model, seed, xavier{}, W = he{}, w = 2): a scheme for all, then schemes or numbers for single ones");
  static_assert(given::are_of_the_model, "typegrad: initialize<T>(model, seed, W = scheme): W is no parameter of the model");
  static_assert(given::name_one_scheme, "typegrad: initialize<T>(model, seed, scheme, ...): one scheme for all, W = scheme for single parameters");
  if constexpr (given::fit) return detail::initialized<T>(parameters{}, seed, detail::default_scheme(arg...), arg...);
  else return detail::initialized<T>(parameters{}, seed, uniform{});
}

}  // namespace typegrad::nn
