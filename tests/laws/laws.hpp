// SPDX-License-Identifier: BSL-1.0
// The laws that every operation obeys, written once. A law_case is one formula of the variables in it, made plain
// functions, so that the laws themselves are ordinary code.
#pragma once

#include <typegrad/typegrad.hpp>

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

namespace laws {

namespace tg = typegrad;

struct law_case {
  std::string_view name;
  std::string_view printed;      // as expected
  double low, high;              // the domain of every input
  std::string_view printed_now;  // to_string(e)
  std::string_view simplified, simplified_twice;
  int inputs;
  int outputs;
  long double (*value)(std::span<const long double> in, std::span<const long double> weights);  // weights . e(in)
  void (*gradient)(std::span<const double> in, std::span<const double> weights, std::span<double> out);
  double (*as_written)(std::span<const double> in, std::span<const double> weights);
  double (*as_simplified)(std::span<const double> in, std::span<const double> weights);
  // <u, J v> by forward and <J' u, v> by reverse mode, over all symbols
  std::pair<double, double> (*products)(std::span<const double> in, std::span<const double> u, std::span<const double> v);
};

template <class E, class List>
struct functions;
template <class E, class... S>
struct functions<E, tg::type_list<S...>> {
  static constexpr auto u = tg::variable<"cotangent", typename E::shape>;
  template <class X>
  static constexpr auto v = tg::variable<"tangent", typename X::shape>;
  static constexpr int inputs = (0 + ... + S::shape::value.size());
  static constexpr int outputs = E::shape::value.size();

  template <class T>
  static auto point(std::span<const T> in) {
    tg::point<T, S...> p;
    std::copy(in.begin(), in.end(), p.begin());
    return p;
  }
  template <class X, class T>
  static auto part(const X&, std::span<const T> all) {
    typename tg::detail::value_type_for<T, typename X::shape>::type result{};
    std::copy_n(all.begin() + tg::detail::layout<S...>::offset(X::hash), X::shape::value.size(), tg::detail::first_of(result));
    return result;
  }
  template <class T>
  static auto cotangent(std::span<const T> w) {
    typename tg::detail::value_type_for<T, typename E::shape>::type result{};
    std::copy_n(w.begin(), outputs, tg::detail::first_of(result));
    return result;
  }
  static constexpr auto weighted = tg::sum(tg::hadamard(u, E{}));

  static long double value(std::span<const long double> in, std::span<const long double> w) {
    return tg::evaluate(weighted, point(in), u = cotangent(w));
  }
  static void gradient(std::span<const double> in, std::span<const double> w, std::span<double> out) {
    const auto r = tg::value_and_gradient(weighted, tg::wrt(S{}...))(point(in), u = cotangent(w));
    std::copy(r.gradient.begin(), r.gradient.end(), out.begin());
  }
  template <bool Simplify>
  static double weighted_by(std::span<const double> in, std::span<const double> w) {
    using value_type = typename tg::detail::value_type_for<double, typename E::shape>::type;
    auto result = tg::detail::evaluate_as<tg::detail::expressions<Simplify, E>, double, value_type>(point(in));
    double total = 0;
    for (int i = 0; i < outputs; ++i) total += w[static_cast<std::size_t>(i)] * tg::detail::first_of(result)[i];
    return total;
  }
  static std::pair<double, double> products(std::span<const double> in, std::span<const double> w, std::span<const double> t) {
    double forward = 0, reverse = 0;
    const auto add = [&]<class X>(X x) {
      constexpr auto jv = tg::sum(tg::hadamard(u, tg::jvp(E{}, X{}, v<X>)));
      constexpr auto ju = tg::sum(tg::hadamard(tg::vjp(E{}, X{}, u), v<X>));
      const auto tangent = part(x, t);
      const auto seed = cotangent(w);
      forward += tg::evaluate(jv, point(in), u = seed, v<X> = tangent);
      reverse += tg::evaluate(ju, point(in), u = seed, v<X> = tangent);
    };
    (add(S{}), ...);
    return {forward, reverse};
  }
};

template <tg::Expression E>
law_case make(E e, std::string_view name, std::string_view printed, double low, double high) {
  using f = functions<E, tg::variables_of<E>>;
  return {name,
          printed,
          low,
          high,
          tg::to_string(e),
          tg::to_string(tg::simplify(e)),
          tg::to_string(tg::simplify(tg::simplify(e))),
          f::inputs,
          f::outputs,
          &f::value,
          &f::gradient,
          &f::template weighted_by<false>,
          &f::template weighted_by<true>,
          &f::products};
}

/// The operations, in several files so that they compile side by side.
std::vector<law_case> scalar_cases();
std::vector<law_case> elementwise_cases();
std::vector<law_case> tensor_cases();
std::vector<law_case> axes_cases();

}  // namespace laws
