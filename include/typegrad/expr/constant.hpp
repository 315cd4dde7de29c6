// SPDX-License-Identifier: BSL-1.0
// Constants that live in the type: 2_c, 0.5_c, 1.5e-3_c, constant<1, 3>, constant<0.1>.
#pragma once

#include <typegrad/expr/sign.hpp>
#include <typegrad/expr/literal.hpp>

namespace typegrad {

namespace op {
struct constant {
  static constexpr char name[] = "constant";
  static constexpr notation form = notation::leaf;
};
}  // namespace op

/// A scalar constant.
template <number Value>
struct constant_type : detail::expression_members<constant_type<Value>> {
  static_assert(Value != detail::too_many_digits, "typegrad: a constant has at most 1,000 digits");
  static_assert(Value != detail::out_of_range, "typegrad: a constant is 0, or its size lies between 1e-5000 and 1e5000");
  using typegrad_expression = constant_type;
  using shape = scalar;
  static constexpr number value = Value;
  static constexpr std::uint64_t hash = detail::mix(
      detail::mix(detail::mix(detail::hash_text("constant"), static_cast<std::uint64_t>(Value.num)), static_cast<std::uint64_t>(Value.den)),
      static_cast<std::uint64_t>(Value.exponent) + (static_cast<std::uint64_t>(Value.base - 10) << 32) +
          (static_cast<std::uint64_t>(Value.rest) << 48));
  static constexpr formula node_{&describe<op::constant>, hash, {}, nullptr, 0, Value};
  static constexpr const formula& node() { return node_; }
};

namespace detail {

template <class T>
consteval number to_number(T value) {
  if constexpr (requires { value % 1; }) {
    const bool negative = value < T{};
    const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
    const number result = size >> 63 == 0 ? number{static_cast<std::int64_t>(size)} : long_number({size, 0});
    return negative ? negate(result) : result;
  } else {
    const bool finite = value <= std::numeric_limits<T>::max() && value >= std::numeric_limits<T>::lowest();
    return finite ? from_floating(value) : number{0, 0};
  }
}

/// A number of the program as a template argument: clang takes a `double` as such since version 18 only.
struct template_number {
  number value;
  template <class T>
  consteval template_number(T given) : value(to_number(given)) {}
};

template <template_number Numerator, template_number... Denominator>
consteval number to_fraction() {
  static_assert(sizeof...(Denominator) < 2, "typegrad: constant<...>: one number, or numerator and denominator");
  static_assert((!Denominator.value.is(0) && ...), "typegrad: constant<N, D>: the denominator is 0");
  if constexpr (sizeof...(Denominator) == 0) {
    constexpr bool finite = Numerator.value.den != 0;
    static_assert(finite, "typegrad: constant<x>: x is infinite or not a number");
    return Numerator.value;
  } else if constexpr (sizeof...(Denominator) == 1) {
    constexpr folded quotient = divide(Numerator.value, Denominator.value...);
    static_assert(quotient.exact || (Denominator.value.is(0) || ...), "typegrad: constant<N, D>: numerator and denominator do not fit 63 bits");
    return quotient.value;
  } else {
    return {};
  }
}

}  // namespace detail

/// `constant<3>`, `constant<1, 3>` (a third, exactly), `constant<0.1>` (the shortest decimal with this name, not its nearest double).
template <detail::template_number Numerator, detail::template_number... Denominator>
inline constexpr constant_type<detail::to_fraction<Numerator, Denominator...>()> constant{};

inline namespace literals {

/// `2_c`, `0.5_c`, `1.5e-3_c`, `0x1p-3_c`: a constant of exactly the value that C++ gives the literal.
template <char... Character>
consteval auto operator""_c() {
  constexpr char text[] = {Character..., '\0'};
  return constant_type<detail::parse(text)>{};
}

/// Pi and e, to the precision of the type that a formula is computed in: what literals of 50 digits are read as.
inline constexpr constant_type<number{3'622'009'729'038'561'421, 1, -60, 2, 3}> pi_c{};
inline constexpr constant_type<number{3'133'965'575'612'453'542, 1, -60, 2, 11}> e_c{};

}  // namespace literals

/// A constant vertex; with a shape, every element has the value.
constexpr term constant_term(arena& graph, number value, extent shape = {}) {
  return {&graph, graph.intern(describe<op::constant>, nullptr, 0, value, shape, nullptr)};
}

/// Is vertex i a constant (and equal to n)?
constexpr bool is_constant(const arena& graph, int i) { return graph.vertices()[i].op == &describe<op::constant>; }
constexpr bool is_constant(const arena& graph, int i, std::int64_t n) {
  const vertex& v = graph.vertices()[i];
  return v.op == &describe<op::constant> && v.value.num == n && v.value.den == 1 && v.value.exponent == 0;
}

}  // namespace typegrad
