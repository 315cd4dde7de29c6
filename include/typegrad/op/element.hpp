// SPDX-License-Identifier: BSL-1.0
// at<I...>(tensor) takes one element out; stack(a, b, ...) makes a vector of scalars; let<"name">(e) names a step.
#pragma once

#include <typegrad/op/reduce.hpp>
#include <typegrad/op/stack.hpp>

namespace typegrad {

namespace op {
/// A name for a step; it prints in listings and leaves values alone.
struct let {
  static constexpr char name[] = "let";
};
/// A formula that is written in short: its first operand is what it means, the others are how it prints.
struct abbreviation {
  static constexpr char name[] = "abbreviation";
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
};
/// A tensor under other axes: the same numbers in the same order.
struct same_numbers {
  static constexpr char name[] = "same_numbers";
};
}  // namespace op

namespace detail {

template <int... I>
consteval number element(extent shape) {
  constexpr int index[] = {I..., 0};
  if (sizeof...(I) != static_cast<unsigned>(shape.rank)) return {-1, 1, 0};
  return {index[0], 1, sizeof...(I) == 2 ? index[1] : 0};
}

template <class Shape, int... I>
struct element_exists {
  static constexpr extent shape = Shape::value;
  static constexpr bool value = op::at::shape(&shape, 1, element<I...>(shape)).rank == 0;
};

template <fixed_string Name, class E>
struct named {
  static constexpr auto text = Name;
  static constexpr std::uint64_t hash = mix(mix(describe<op::let>.id, hash_text(Name.text)), E::hash);
  static constexpr extent shape = E::shape::value;
  static constexpr symbol_info info{text.text, shape, role::variable, hash};
  static constexpr const formula* arg[] = {&E::node()};
  static constexpr formula node_{&describe<op::let>, hash, shape, arg, 1, {}, &info, nullptr, E::node().regions};
};

}  // namespace detail

/// Element I of a vector, element I, J of a matrix, counted from 0.
template <int... I, Expression X>
constexpr auto at(X x) {
  if constexpr (!detail::element_exists<typename X::shape, I...>::value) {
    static_assert(detail::element_exists<typename X::shape, I...>::value,
                  "typegrad: at<I...>: the tensor has no such element (a vector takes one index, a matrix two, both from 0)");
    return constant<0>;
  } else {
    return apply<op::at, detail::element<I...>(X::shape::value)>(x);
  }
}

namespace detail {

template <class Shape, class Index>
struct index_of {
  static constexpr bool is_a_constant = false;
};
template <class Shape, number Value>
struct index_of<Shape, constant_type<Value>> {
  static constexpr bool is_a_constant = Value.is_integer() && Value.exponent == 0 && Value.num >= 0 && Value.num < (1 << 30);
};

/// x[index], of which the expression knows before there are elements.
template <class X, class Index>
constexpr auto element_later(found_later, X x, Index) {
  using index = index_of<typename X::shape, Index>;
  if constexpr (index::is_a_constant) {
    return at<static_cast<int>(Index::value.num)>(x);
  } else {
    static_assert(index::is_a_constant, "typegrad: which element of a formula is known to the compiler: write v[0_c], at<0>(v), at<0, 1>(M)");
    return constant<0>;
  }
}

/// Vectors become the rows of a matrix (op/positional.hpp).
template <class... E>
concept AllVectors = ((Positional<E> && E::shape::value.rank == 1) && ...);

template <class... Shape>
struct stack_of {
  static constexpr bool scalars = ((Shape::value.rank == 0) && ...);
};

}  // namespace detail

/// The vector of the given scalars.
template <class... E>
  requires(Expression<E> || ...) && (!detail::AllVectors<E...>)
constexpr auto stack(E...) {
  if constexpr (!(Expression<E> && ...)) {
    return typename detail::composite<op::stack, E...>::type{};
  } else {
    using operands = detail::stack_of<typename E::shape...>;
    static_assert(operands::scalars,
                  "typegrad: stack(a, b, ...) makes a vector of scalars; of vectors alone, a matrix; take a vector apart by at<0>(v), at<1>(v)");
    if constexpr (operands::scalars) return typename detail::composite<op::stack, E...>::type{};
    else return constant<0>;
  }
}

/// Names an intermediate: listings show `name = ...`. The value is that of e.
template <fixed_string Name, Expression E>
constexpr auto let(E) {
  return detail::define<op::let, detail::named<Name, E>, typename E::shape>();
}

}  // namespace typegrad
