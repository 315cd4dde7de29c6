// SPDX-License-Identifier: BSL-1.0
// gradient(e, wrt(...)) and what is made of reverse sweeps: vjp, hvp, jacobian, hessian. All results are expressions.
#pragma once

#include <typegrad/diff/reverse.hpp>
#include <typegrad/graph/symbols.hpp>

#include <boost/hana/at_key.hpp>
#include <boost/hana/bool.hpp>
#include <boost/hana/fwd/equal.hpp>
#include <boost/hana/fwd/hash.hpp>
#include <boost/hana/map.hpp>
#include <boost/hana/pair.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/type.hpp>

// Symbols are keys of hana::map: compared and hashed by type.
template <>
struct boost::hana::equal_impl<typegrad::symbol_tag, typegrad::symbol_tag> {
  template <class A, class B>
  static constexpr auto apply(const A&, const B&) {
    return hana::bool_c < A::hash == B::hash > ;
  }
};
template <>
struct boost::hana::hash_impl<typegrad::symbol_tag> {
  template <class S>
  static constexpr auto apply(const S&) {
    return hana::type_c<S>;
  }
};

namespace typegrad {

namespace detail {
template <class... X>
struct are_symbols {
  static constexpr bool value = (is_symbol<X>::value && ...);
};
}  // namespace detail

/// The symbols with respect to which to differentiate: a hana::tuple.
template <class... X>
constexpr auto wrt(X...) {
  if constexpr (detail::are_symbols<X...>::value) {
    return boost::hana::tuple<X...>{};
  } else {
    static_assert(detail::are_symbols<X...>::value, "typegrad: wrt(...) takes symbols: parameters and variables, no other expressions");
    return boost::hana::tuple<>{};
  }
}

namespace detail {

template <class Wrt>
struct as_list;
template <class... X>
struct as_list<boost::hana::tuple<X...>> {
  using type = type_list<X...>;
};

template <class E>
struct is_scalar_expression {
  static constexpr bool value = E::shape::value.rank == 0;
};

template <class E, class... X, std::size_t... I>
constexpr auto gradient_map(type_list<X...>, std::index_sequence<I...>) {
  using recipe = reverse_recipe<E, constant_type<number{1, 1, 0}>, no_rows, typename symbol_set_of<X...>::type>;
  return boost::hana::make_map(boost::hana::make_pair(X{}, expression_of<recipe, 1 + static_cast<int>(I), typename X::shape>())...);
}

template <class E, class... X>
constexpr auto gradient_of(type_list<X...> wanted) {
  static_assert(is_scalar_expression<E>::value,
                "typegrad: gradient(e): e must be a scalar; use jacobian or vjp for a vector, or sum/mean/dot to reduce it");
  if constexpr (is_scalar_expression<E>::value) return gradient_map<E>(wanted, std::make_index_sequence<sizeof...(X)>{});
  else return boost::hana::make_map();
}

}  // namespace detail

/// All partial derivatives of a scalar expression in one reverse sweep: a hana::map, so g[w] is the expression de/dw.
/// By default with respect to all parameters.
template <Expression E>
constexpr auto gradient(E) {
  return detail::gradient_of<E>(parameters_of<E>{});
}
template <Expression E, class... X>
constexpr auto gradient(E, boost::hana::tuple<X...>) {
  return detail::gradient_of<E>(type_list<X...>{});
}

/// J' u, the pullback of the cotangent u: an expression of the shape of x.
template <Expression E, class X, Expression U>
constexpr auto vjp(E, X, U) {
  static_assert(detail::is_symbol<X>::value, "typegrad: vjp(e, x, u): x must be a parameter or variable");
  static_assert(std::is_same_v<typename E::shape, typename U::shape>, "typegrad: vjp(e, x, u): u must have the shape of e");
  return detail::expression_of<detail::reverse_recipe<E, U, detail::no_rows, typename detail::symbol_set_of<X>::type>, 1, typename X::shape>();
}

namespace detail {

/// The adjoint of the symbol in a sweep from root, or a zero of its shape.
template <class X>
constexpr term adjoint_of(term root) {
  arena& target = *root.graph;
  const std::uint64_t wanted[] = {X::hash};
  reverse_sweep sweep(target, root.index, constant_term(target, {1, 1, 0}).index, wanted, 1);
  sweep.run(1 << 30);
  const int i = symbol_table(target, sweep.size()).find(X::hash);
  return i < 0 || sweep.adjoint(i) < 0 ? constant_term(target, {}, X::shape::value) : term{&target, sweep.adjoint(i)};
}

constexpr term element(term tensor, int i) {
  if (tensor.shape().rank == 0) return tensor;
  return make<op::at>(op::stack::position(tensor.shape(), i), tensor);
}

/// Rows: the gradients of the elements of y.
template <class X>
constexpr term jacobian_of(term y) {
  arena& target = *y.graph;
  const int rows = y.shape().size(), cols = X::shape::value.size();
  buffer<int> parts;
  for (int i = 0; i < rows; ++i) {
    const term row = adjoint_of<X>(element(y, i));
    for (int j = 0; j < cols; ++j) parts.push(element(row, j).index);
  }
  return {&target, target.make(describe<op::stack>, parts.data(), parts.size(), {}, {2, rows, cols})};
}

template <class E, class X, int Order>
struct jacobian_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 4 * formula_size<E> * (Order == 2 ? X::shape::value.size() + 1 : E::shape::value.size());
  static constexpr std::uint64_t hash = mix(mix(mix(hash_text("jacobian"), E::hash), X::hash), Order);
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target);
    const term y{&target, import(E::node())};
    roots.push(jacobian_of<X>(Order == 2 ? adjoint_of<X>(y) : y).index);
    return true;
  }
};

template <class E, class X, class V>
struct hvp_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 8 * formula_size<E> + formula_size<V>;
  static constexpr std::uint64_t hash = mix(mix(mix(hash_text("hvp"), E::hash), X::hash), V::hash);
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target);
    const term seed{&target, import(V::node())};
    const term y{&target, import(E::node())};
    roots.push(forward(adjoint_of<X>(y), X::hash, seed).index);
    return true;
  }
};

template <class X>
struct is_vector_symbol {
  static constexpr bool value = false;
};
template <Symbol X>
struct is_vector_symbol<X> {
  static constexpr bool value = X::shape::value.rank <= 1;
};

template <class... X>
struct one_symbol {
  static constexpr bool is_given = sizeof...(X) == 1;
};
template <class... X>
struct one_symbol<boost::hana::tuple<X...>> {
  static constexpr bool is_given = false;
};

}  // namespace detail

/// The matrix of partial derivatives de_i/dx_j of a vector (or scalar) with respect to a vector (or scalar) symbol.
template <Expression E, class X>
constexpr auto jacobian(E, X) {
  using wanted = detail::one_symbol<X>;
  static_assert(wanted::is_given, "typegrad: jacobian(e, x) takes one symbol: write one jacobian for each, jacobian(e, x) and jacobian(e, y)");
  constexpr bool fits = detail::is_vector_symbol<X>::value && E::shape::value.rank <= 1;
  static_assert(fits || !wanted::is_given, "typegrad: jacobian(e, x): e must be a scalar or vector, x a scalar or vector symbol");
  if constexpr (fits) return detail::expression_of<detail::jacobian_recipe<E, X, 1>>();
  else return constant<0>;
}
template <Expression E, class... X>
  requires(sizeof...(X) > 1)
constexpr auto jacobian(E, X...) {
  using wanted = detail::one_symbol<X...>;
  static_assert(wanted::is_given, "typegrad: jacobian(e, x) takes one symbol: write one jacobian for each, jacobian(e, x) and jacobian(e, y)");
  return constant<0>;
}

/// The matrix of second derivatives of a scalar expression with respect to a vector (or scalar) symbol.
template <Expression E, class X>
constexpr auto hessian(E, X) {
  using wanted = detail::one_symbol<X>;
  static_assert(wanted::is_given, "typegrad: hessian(e, x) takes one symbol; for several, put them into one vector");
  constexpr bool fits = detail::is_vector_symbol<X>::value && E::shape::value.rank == 0;
  static_assert(fits || !wanted::is_given, "typegrad: hessian(e, x): e must be a scalar, x a scalar or vector symbol");
  if constexpr (fits) return detail::expression_of<detail::jacobian_recipe<E, X, 2>>();
  else return constant<0>;
}

/// Hessian times direction v (of the shape of x), by forward mode over reverse mode: about twice the cost of a gradient.
template <Expression E, class X, Expression V>
constexpr auto hvp(E, X, V) {
  static_assert(detail::is_symbol<X>::value && E::shape::value.rank == 0 && std::is_same_v<typename X::shape, typename V::shape>,
                "typegrad: hvp(e, x, v): e must be a scalar, x a symbol, v an expression of the shape of x");
  return detail::expression_of<detail::hvp_recipe<E, X, V>, 0, typename X::shape>();
}

}  // namespace typegrad
