// SPDX-License-Identifier: BSL-1.0
// Expressions as types. A type names its formula by a structural hash, so no type is ever longer than one line.
#pragma once

#include <typegrad/expr/operation.hpp>

#include <cstdint>
#include <type_traits>

namespace typegrad {

enum class role { parameter, variable };

/// What is known of a symbol once it is a value.
struct symbol_info {
  const char* name;
  extent shape;
  typegrad::role role;
  std::uint64_t hash;
};

struct graph_view;

/// One node of a formula, exactly as it was written; linked by pointers to constants, so a shared operand is one object.
struct formula {
  detail::operation_link op;
  std::uint64_t hash;
  extent shape;
  const formula* const* arg = nullptr;
  int count = 0;
  number value{};
  detail::link<const symbol_info> symbol{};  // of a symbol, and the name of a `let`
  detail::link<const graph_view> graph{};    // of a derived expression: its formula is root `value.num` of this graph
  bool regions = false;                      // has a region below it
};

template <class E>
concept Expression = requires { typename E::typegrad_expression; };

namespace detail {

// The definition of the expression with hash H is the return type of a friend function, declared here and defined by
// `inject`. It depends on H alone; should two formulas ever have the same hash, the second definition is an error.
template <std::uint64_t H>
struct tag {
#pragma GCC diagnostic push
#if !defined(__clang__)
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
  friend constexpr auto definition(tag<H>);
#pragma GCC diagnostic pop
};

template <std::uint64_t H, class Definition>
struct inject {
  friend constexpr auto definition(tag<H>) { return std::type_identity<Definition>{}; }
};

// Evaluation and elements are made of formulas: their headers, which come later, define these.
struct found_later {};  // the argument by which `element_later` is found
template <class E, class... Arg>
struct call_later;
struct nothing;
template <class Check>
constexpr nothing report();

// Instantiated once for all that ask formulas for their truth value: the condition and both branches of 'c ? a : b' make one error.
struct chosen {};
template <class Asked>
struct formulas {
  static constexpr bool have_truth_values = !std::is_same_v<Asked, chosen>;
};
template <class Asked>
constexpr const chosen* truth_of_formula() {
  static_assert(formulas<Asked>::have_truth_values,
                "typegrad: a formula is neither true nor false before it is evaluated: write select(c, a, b) for 'c ? a : b' or 'if'");
  return nullptr;
}

/// What all expressions have: values for their symbols, elements, and no truth value.
template <class E>
struct expression_members {
  /// f(w = 0.5, x = 2.0) is evaluate(f, w = 0.5, x = 2.0).
  template <class... Arg>
  constexpr auto operator()(const Arg&... arg) const {
    using call = call_later<E, Arg...>;
    if constexpr (call::passed) return call::value(arg...);
    else return report<call>();
  }
  /// v[0_c] is at<0>(v).
  template <class Index>
  constexpr auto operator[](Index index) const {
    return element_later(found_later{}, E{}, index);
  }
  /// Conditions become bool by this, and the branches of 'c ? a : b' one type: to be told what to write instead.
  constexpr operator const chosen*() const { return truth_of_formula<std::conditional_t<Expression<E>, chosen, E>>(); }
};

}  // namespace detail

/// An expression: its operation, its shape, and the hash of its formula. The object is empty; the formula is a constant.
template <class Op, class Shape, std::uint64_t Hash>
struct expression : detail::expression_members<expression<Op, Shape, Hash>> {
  using typegrad_expression = expression;
  using shape = Shape;
  static constexpr std::uint64_t hash = Hash;
  static constexpr const formula& node() { return decltype(definition(detail::tag<Hash>{}))::type::node; }
  static constexpr bool has_regions() { return decltype(definition(detail::tag<Hash>{}))::type::regions; }
};

namespace detail {

template <class Op, number Value, class... Operand>
struct composite {
  static constexpr std::uint64_t hash = [] {
    std::uint64_t h = mix(mix(mix(describe<Op>.id, static_cast<std::uint64_t>(Value.num)), static_cast<std::uint64_t>(Value.den)),
                          static_cast<std::uint64_t>(Value.exponent));
    ((h = mix(h, Operand::hash)), ...);
    return h;
  }();
  static constexpr extent shape = [] {
    const extent shapes[] = {Operand::shape::value...};
    return describe<Op>.shape(shapes, sizeof...(Operand), Value);
  }();
  static constexpr bool regions = describe<Op>.rows != over::nothing || (Operand::has_regions() || ...);
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr formula node{&describe<Op>, hash, shape, arg, sizeof...(Operand), Value, nullptr, nullptr, regions};
};

/// Makes the expression whose formula is `Definition::node`.
template <class Op, class Definition>
constexpr auto define() {
  static_assert(sizeof(inject<Definition::hash, Definition>) > 0);
  static_assert(Definition::node.hash ==
                Definition::hash);  // made now, while its operands are there: later it would take as many levels as the formula
  return expression<Op, shape_type<Definition>, Definition::hash>{};
}

}  // namespace detail

/// Op applied to operands that are known to fit.
template <class Op, number Value = number{}, Expression... Operand>
constexpr auto apply(Operand...) {
  return detail::define<Op, detail::composite<Op, Value, Operand...>>();
}

}  // namespace typegrad
