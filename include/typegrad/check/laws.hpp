// SPDX-License-Identifier: BSL-1.0
// check_laws<op>(low, high): the laws that every elementwise operation obeys, for one of your own.
#pragma once

#include <typegrad/eval/value_and_gradient.hpp>
#include <typegrad/nn/initialize.hpp>

#include <cmath>
#include <vector>

namespace typegrad {

/// What a check of laws found.
struct laws_report {
  bool derivative = true;  // is the limit of differences
  bool forward = true;     // mode and reverse mode agree
  bool lanes = true;       // many rows have the same bits as one
  double worst_error = 0;  // of the derivative
  double at[3] = {};       // where that is

  constexpr bool passed() const { return derivative && forward && lanes; }
  constexpr explicit operator bool() const { return passed(); }
};

namespace detail {

template <class Op, std::size_t... K>
laws_report check_laws_of(double low, double high, double tolerance, std::index_sequence<K...>) {
  constexpr auto x = boost::hana::make_tuple(variable<numbered<"x", static_cast<int>(K)>()>...);
  constexpr auto f = apply<Op>(boost::hana::at_c<K>(x)...);
  constexpr auto reverse = value_and_gradient(f, boost::hana::make_tuple(boost::hana::at_c<K>(x)...));
  constexpr int points = 64;
  nn::generator next(1);
  std::vector<double> rows[sizeof...(K)];
  for (auto& one : rows)
    for (int i = 0; i < points; ++i) one.push_back(low + (high - low) * next.uniform());
  laws_report report;
  std::vector<double> values(points);
  for (std::size_t i = 0; i < points; ++i) {
    const auto result = reverse((boost::hana::at_c<K>(x) = rows[K][i])...);
    values[i] = result.value;
    const auto one = [&]<std::size_t J>(std::integral_constant<std::size_t, J>) {
      const long double h = 0x1p-20L;
      const auto moved = [&](long double by) {
        return evaluate<long double>(f, (boost::hana::at_c<K>(x) = static_cast<long double>(rows[K][i]) + (K == J ? by : 0))...);
      };
      const double numeric = static_cast<double>((moved(h) - moved(-h)) / (2 * h));
      const double given = result.gradient[boost::hana::at_c<J>(x)];
      const double error = std::abs(given - numeric) / std::fmax(1.0, std::abs(numeric));
      if (error > report.worst_error) {
        report.worst_error = error;
        ((report.at[K] = rows[K][i]), ...);
      }
      if (!(error <= tolerance)) report.derivative = false;
      const double pushed = evaluate(derivative(f, boost::hana::at_c<J>(x)), (boost::hana::at_c<K>(x) = rows[K][i])...);
      if (!(std::abs(pushed - given) <= 1e-12 * std::fmax(1.0, std::abs(given)))) report.forward = false;
    };
    (one(std::integral_constant<std::size_t, K>{}), ...);
  }
  double mean = 0;
  for (const double v : values) mean += v / points;
  const double all = evaluate(f, batch((boost::hana::at_c<K>(x) = rows[K])...));
  if (!(std::abs(all - mean) <= 1e-13 * std::fmax(1.0, std::abs(mean)))) report.lanes = false;
  return report;
}

}  // namespace detail

/// Checks an elementwise operation at random operands between low and high: its slope against central differences in long double, forward against
/// reverse mode, rows in lanes against single rows. One line of a test: `CHECK(tg::check_laws<my::softsign>(-3, 3))`.
template <class Op>
laws_report check_laws(double low, double high, double tolerance = 1e-8) {
  return detail::check_laws_of<Op>(low, high, tolerance, std::make_index_sequence<static_cast<std::size_t>(Op::arity)>{});
}

}  // namespace typegrad
