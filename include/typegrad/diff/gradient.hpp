// SPDX-License-Identifier: BSL-1.0
// gradient(e, wrt(...)) and vjp: reverse sweeps. All results are expressions.
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
  static constexpr bool value = E::shape::value.rank == 0 && !axes_of_shape<typename E::shape>.has_rows();
};

template <class E, class... X, std::size_t... I>
constexpr auto gradient_map(type_list<X...>, std::index_sequence<I...>) {
  using recipe = reverse_recipe<E, constant_type<number{1, 1, 0}>, no_rows, typename symbol_set_of<X...>::type>;
  return boost::hana::make_map(boost::hana::make_pair(X{}, expression_of<recipe, 1 + static_cast<int>(I), typename X::shape>())...);
}

template <class E, class... X>
constexpr auto gradient_of(type_list<X...> wanted) {
  using mode = derivative_of<E>;
  static_assert(mode::reverse_is_there, TYPEGRAD_NO_SUCH_SCAN);
  static_assert(is_scalar_expression<E>::value,
                "typegrad: gradient(e): e must be a scalar; use jacobian or vjp for a vector, or sum/mean/dot to reduce it");
  if constexpr (is_scalar_expression<E>::value && mode::reverse_is_there) return gradient_map<E>(wanted, std::make_index_sequence<sizeof...(X)>{});
  else return boost::hana::make_map(boost::hana::make_pair(X{}, constant<0>)...);
}

}  // namespace detail

/// All partial derivatives of a scalar expression in one reverse sweep: a hana::map, so g[w] is the expression de/dw.
/// By default with respect to all parameters. With respect to what each row has, it has the axis of the rows: evaluate(g[x], x = xs, into(out)).
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

}  // namespace typegrad
