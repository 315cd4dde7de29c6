// SPDX-License-Identifier: BSL-1.0
// Expressions as types. A type names its formula by a structural hash, so no type is ever longer than one line.
#pragma once

#include <typegrad/expr/contraction.hpp>
#include <typegrad/expr/definition.hpp>
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
  detail::link<const axis_list> axes{};    // of a tensor with named axes
  detail::link<const axis_info> values{};  // of integers: the axis whose elements they count
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
  detail::link<const contraction> loops{};   // the payload of a contraction
};

template <class E>
concept Expression = requires { typename E::typegrad_expression; };

namespace detail {

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

template <number Value>
struct constant_type;

/// An expression: its operation, its shape, and the hash of its formula. The object is empty; the formula is a constant.
template <class Op, class Shape, std::uint64_t Hash>
struct expression : detail::expression_members<expression<Op, Shape, Hash>> {
  using typegrad_expression = expression;
  using shape = Shape;
  static constexpr std::uint64_t hash = Hash;
  static constexpr const formula& node() { return *detail::tag<Hash>::find(); }
};

namespace detail {

/// Op(operands...): hash, shape and regions follow from those of the operands.
template <std::size_t N>
constexpr formula compose(const operation& op, number value, const formula* const (&arg)[N]) {
  std::uint64_t hash =
      mix(mix(mix(op.id, static_cast<std::uint64_t>(value.num)), static_cast<std::uint64_t>(value.den)), static_cast<std::uint64_t>(value.exponent));
  extent shapes[N];
  bool regions = op.rows != over::nothing;
  for (std::size_t k = 0; k < N; ++k) {
    hash = mix(hash, arg[k]->hash);
    shapes[k] = arg[k]->shape;
    regions = regions || arg[k]->regions;
  }
  return {&op, hash, op.shape(shapes, static_cast<int>(N), value), arg, static_cast<int>(N), value, nullptr, nullptr, regions};
}

// The condition of the one static_assert that a wrong shape meets: its name carries the operation and all shapes.
template <class Op, class... Shape>
struct shapes_fit {
  static constexpr bool value = [] {
    const extent shapes[] = {Shape::value...};
    return describe<Op>.shape(shapes, sizeof...(Shape), {}).rank >= 0;
  }();
};

/// The expression of a formula; of one whose operands do not fit, 0, so that the error stays alone.
template <bool Fits>
struct shaped {
  template <class Op, int Rank, int Rows, int Cols, std::uint64_t Hash>
  using type = expression<Op, typename shape_from<Rank, Rows, Cols>::type, Hash>;
};
template <>
struct shaped<false> {
  template <class, int, int, int, std::uint64_t>
  using type = constant_type<number{}>;
};

/// The definition of Op(operands...), and the expression that it defines. The formula is made at once, while the operands are
/// there: later it would take as many levels as the formula.
template <class Op, class... Operand>
struct composite {
  static_assert(
      shapes_fit<Op, typename Operand::shape...>::value,
      "typegrad: the shapes of the operands do not fit this operation (elementwise: equal shapes or a scalar; W*x: columns of W = rows of x)");
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr formula node_ = compose(describe<Op>, {}, arg);
  static_assert(sizeof(inject<node_.hash, composite>) > 0);
  using type = typename shaped<(node_.shape.rank >= 0)>::template type<Op, node_.shape.rank, node_.shape.rows, node_.shape.cols, node_.hash>;
};

/// An expression without named axes.
template <class E>
concept Positional = requires {
  typename E::typegrad_expression;
  typename E::shape::positional;
};

template <class... T>
struct all_are_expressions {
  static constexpr bool value = (Expression<T> && ...);
};
/// Expressions, some of which have named axes: op/align.hpp says what is made of them.
template <class... E>
concept MeetByName = (Expression<E> && ...) && (!(Positional<E> && ...));
template <class Op, class... Operand>
  requires MeetByName<Operand...>
struct composite<Op, Operand...>;
template <class Op, class... Operand>
  requires(!(Expression<Operand> && ...))
struct composite<Op, Operand...> {
  static_assert(all_are_expressions<Operand...>::value,
                "typegrad: a number in a formula must be a constant of the type: write 2_c, 0.5_c or tg::constant<2>, or make it a variable and "
                "bind its value");
  using type = constant_type<number{}>;
};

/// The same of an operation with a payload.
template <class Op, number Value, class... Operand>
struct composite_with {
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr formula node_ = compose(describe<Op>, Value, arg);
};

/// The shape of an extent: that of a source with named axes, or the one of so many rows and columns.
template <bool Named>
struct shape_choice {
  template <class, int Rank, int Rows, int Cols>
  using type = typename shape_from<Rank, Rows, Cols>::type;
};
template <>
struct shape_choice<true> {
  template <class Source, int, int, int>
  using type = Source;
};

/// The expression whose formula is `Definition::node_`; its axes, if it has any, are those of Source.
template <class Op, class Definition, class Source = scalar>
constexpr auto define() {
  constexpr const formula& node = Definition::node_;
  static_assert(sizeof(inject<node.hash, Definition>) > 0);
  using choice = shape_choice<(is_named<Source> && node.shape == Source::value)>;
  return expression<Op, typename choice::template type<Source, node.shape.rank, node.shape.rows, node.shape.cols>, node.hash>{};
}

template <class... Operand>
struct first_shape;
template <class First, class... Rest>
struct first_shape<First, Rest...> {
  using type = typename First::shape;
};

}  // namespace detail

/// Op applied to operands that are known to fit; Value is its payload.
template <class Op, Expression... Operand>
constexpr auto apply(Operand...) {
  return typename detail::composite<Op, Operand...>::type{};
}
template <class Op, number Value, Expression... Operand>
constexpr auto apply(Operand...) {
  return detail::define<Op, detail::composite_with<Op, Value, Operand...>, typename detail::first_shape<Operand...>::type>();
}

}  // namespace typegrad
