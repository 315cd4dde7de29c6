// SPDX-License-Identifier: BSL-1.0
// check_gradient: the generated gradient against central differences, component by component.
#pragma once

#include <typegrad/eval/value_and_gradient.hpp>

#include <iosfwd>

namespace typegrad {

/// What a gradient check found. The error of a component is |analytic - numeric| / max(1, |numeric|).
struct gradient_report {
  bool passed = true;
  int components = 0;
  double tolerance = 0;
  double worst_error = 0;
  const char* worst_symbol = "";
  int worst_index = 0;  // in the symbol's elements, row after row
  double analytic = 0;  // of the worst component
  double numeric = 0;

  constexpr explicit operator bool() const { return passed; }
};

/// One line: the verdict and the worst component. (A template, so that only callers need <string>.)
template <class Char = char>
std::basic_string<Char> to_string(const gradient_report& r) {
  char line[256];
  std::snprintf(line, sizeof line, "gradient check %s: %d components, worst error %.2e (tolerance %.0e) at %s[%d]: analytic %.10g, numeric %.10g",
                r.passed ? "passed" : "FAILED", r.components, r.worst_error, r.tolerance, r.worst_symbol, r.worst_index, r.analytic, r.numeric);
  return line;
}

template <class Char, class Traits>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& out, const gradient_report& r) {
  return out << to_string<Char>(r);
}

namespace detail {

template <class T, class S, class... Arg>
constexpr void copy_symbol(T* to, const Arg&... arg) {
  const auto& value = pick<S>(arg...);
  const bound_value<T, S, std::remove_cvref_t<decltype(value)>> bound(value);
  for (int i = 0; i < S::shape::value.size(); ++i) to[i] = bound.data()[i];
}

/// All values of a call as one point.
template <class T, class... S, class... Arg>
constexpr point<T, S...> gather(type_list<S...>, const Arg&... arg) {
  point<T, S...> result;
  (copy_symbol<T, S>(result.data() + layout<S...>::offset(S::hash), arg...), ...);
  return result;
}

template <class... A, class... B>
constexpr type_list<A..., B...> join(type_list<A...>, type_list<B...>) {
  return {};
}

template <class E, class At, class... X>
constexpr gradient_report check_at(type_list<X...>, const At& at, double tolerance) {
  gradient_report report{.tolerance = tolerance};
  const auto analytic = value_and_gradient_for<E>(type_list<X...>{})(at);
  // long double and a step of 2^-21 |x|: truncation and rounding stay near 1e-12, relative to third derivatives of order 1
  const auto one = [&]<class S>(S) {
    for (int i = 0; i < S::shape::value.size(); ++i) {
      auto low = gather<long double>(typename At::symbols{}, at), high = low;
      const int k = At::layout::offset(S::hash) + i;
      const long double size = low.data()[k] < 0 ? -low.data()[k] : low.data()[k];
      const long double h = (size > 1 ? size : 1) * 0x1p-21L;
      low.data()[k] -= h, high.data()[k] += h;
      const long double numeric = (evaluate(E{}, high) - evaluate(E{}, low)) / (high.data()[k] - low.data()[k]);
      const auto exact = static_cast<long double>(analytic.gradient.data()[decltype(analytic.gradient)::layout::offset(S::hash) + i]);
      const long double difference = exact < numeric ? numeric - exact : exact - numeric, scale = numeric < 0 ? -numeric : numeric;
      const long double error = difference / (scale > 1 ? scale : 1);
      ++report.components;
      if (!(error <= static_cast<long double>(report.worst_error)) || report.components == 1) {
        report.worst_error = static_cast<double>(error), report.worst_symbol = S::text.text, report.worst_index = i;
        report.analytic = static_cast<double>(exact), report.numeric = static_cast<double>(numeric);
      }
      if (!(error <= static_cast<long double>(tolerance))) report.passed = false;  // also for NaN
    }
  };
  (one(X{}), ...);
  return report;
}

}  // namespace detail

/// Compares the gradient of a scalar expression, with respect to its parameters (or to its variables, if it has no
/// parameters), against central differences computed in long double. Values are given as for `evaluate`.
template <Expression E, class... Arg>
constexpr gradient_report check_gradient(E, const Arg&... arg) {
  using parameters = parameters_of<E>;
  using all = decltype(detail::join(parameters{}, variables_of<E>{}));
  using wanted = std::conditional_t<parameters::size != 0, parameters, variables_of<E>>;
  using number_type = typename detail::number_type_of<Arg...>::type;
  constexpr double tolerance = std::is_same_v<number_type, float> ? 1e-4 : 1e-8;
  using check = detail::call_check<detail::expressions<true, E>, Arg...>;
  if constexpr (check::passed) return detail::check_at<E>(wanted{}, detail::gather<number_type>(all{}, arg...), tolerance);
  else return detail::report<check>();
}

}  // namespace typegrad
