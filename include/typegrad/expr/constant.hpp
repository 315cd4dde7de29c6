// SPDX-License-Identifier: BSL-1.0
// Constants that live in the type: 2_c, 0.5_c, 1.5e-3_c, constant<1, 3>, constant<0.1>.
#pragma once

#include <typegrad/expr/arena.hpp>

namespace typegrad {

namespace op {
struct constant {
  static constexpr char name[] = "constant";
  static constexpr notation form = notation::leaf;
};
}  // namespace op
template <>
struct implementation<&describe<op::constant>> {
  using type = op::constant;
};

/// A scalar constant.
template <number Value>
struct constant_type : detail::expression_members<constant_type<Value>> {
  using typegrad_expression = constant_type;
  using shape = scalar;
  static constexpr number value = Value;
  static constexpr std::uint64_t hash = detail::mix(
      detail::mix(detail::mix(detail::hash_text("constant"), static_cast<std::uint64_t>(Value.num)), static_cast<std::uint64_t>(Value.den)),
      static_cast<std::uint64_t>(Value.exponent));
  static constexpr formula node_{&describe<op::constant>, hash, {}, nullptr, 0, Value};
  static constexpr const formula& node() { return node_; }
  static constexpr bool has_regions() { return false; }
};

namespace detail {
template <auto Numerator, auto... Denominator>
consteval number to_number() {
  if constexpr (sizeof...(Denominator) == 1) return divide({Numerator, 1, 0}, {Denominator..., 1, 0}).value;
  else if constexpr (requires { Numerator % 1; }) return {Numerator, 1, 0};
  else return from_double(Numerator);
}
}  // namespace detail

/// `constant<3>`, `constant<1, 3>` (a third, exactly), `constant<0.1>` (the decimal, not its nearest double).
template <auto Numerator, auto... Denominator>
inline constexpr constant_type<detail::to_number<Numerator, Denominator...>()> constant{};

inline namespace literals {

/// `2_c`, `0.5_c`, `1.5e-3_c`: a constant of that exact decimal value.
template <char... Digit>
consteval auto operator""_c() {
  constexpr char text[] = {Digit..., '\0'};
  return constant_type<detail::parse(text)>{};
}

}  // namespace literals

/// A constant vertex; with a shape, every element has the value.
constexpr term constant_term(arena& graph, number value, extent shape = {}) {
  return {&graph, graph.intern(describe<op::constant>, nullptr, 0, value, shape, nullptr)};
}

/// Is vertex i a constant (and equal to n)?
constexpr bool is_constant(const arena& graph, int i) { return graph.vertices()[i].op == &describe<op::constant>; }
constexpr bool is_constant(const arena& graph, int i, std::int64_t n) {
  return graph.vertices()[i].op == &describe<op::constant> && graph.vertices()[i].value.is(n);
}

}  // namespace typegrad
