// SPDX-License-Identifier: BSL-1.0
// jacobian, hessian, hvp: matrices of derivatives, for formulas and symbols of any shape. All results are expressions.
#pragma once

#include <typegrad/diff/gradient.hpp>
#include <typegrad/op/structure.hpp>

namespace typegrad {

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

/// Columns: the tangents along the elements of X.
template <class X>
constexpr term jacobian_by_columns(term y) {
  arena& target = *y.graph;
  const int rows = y.shape().size(), cols = X::shape::value.size();
  buffer<int> parts(rows * cols), unit(cols);
  for (int j = 0; j < cols; ++j) {
    for (int k = 0; k < cols; ++k) unit[k] = constant_term(target, {k == j ? 1 : 0, 1, 0}).index;
    const term seed =
        X::shape::value.rank == 0 ? term{&target, unit[0]} : term{&target, target.make(describe<op::stack>, unit.data(), cols, {}, X::shape::value)};
    const term column = forward(y, X::hash, seed);
    for (int i = 0; i < rows; ++i) parts[i * cols + j] = element(column, i).index;
  }
  return {&target, target.make(describe<op::stack>, parts.data(), parts.size(), {}, {2, rows, cols})};
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

template <class E, class X>
struct jacobian_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 4 * formula_size<E> * E::shape::value.size();
  static constexpr std::uint64_t hash = mix(mix(hash_text("jacobian"), E::hash), X::hash);
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target);
    const term y{&target, import(E::node())};
    if constexpr (!facts<E>.last) {
      roots.push(jacobian_of<X>(y).index);
    } else {
      target.set_tangents(scan_tangents<E>::value.at, scan_tangents<E>::count);
      roots.push(jacobian_by_columns<X>(y).index);
    }
    return true;
  }
};

/// Rows: the gradients with respect to Y of the elements of that with respect to X.
template <class E, class X, class Y>
struct hessian_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 4 * formula_size<E> * (X::shape::value.size() + 1);
  static constexpr std::uint64_t hash = mix(mix(mix(hash_text("hessian"), E::hash), X::hash), Y::hash);
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target);
    const term y{&target, import(E::node())};
    if constexpr (!facts<E>.has_scans()) {
      roots.push(jacobian_of<Y>(adjoint_of<X>(y)).index);
    } else {  // the pullback of a recurrence has a tangent, but no pullback
      target.set_tangents(scan_tangents<E, true>::value.at, scan_tangents<E, true>::count);
      roots.push(jacobian_by_columns<Y>(adjoint_of<X>(y)).index);
    }
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
    target.set_tangents(scan_tangents<E, true>::value.at, scan_tangents<E, true>::count);
    const term seed{&target, import(V::node())};
    const term y{&target, import(E::node())};
    roots.push(forward(adjoint_of<X>(y), X::hash, seed).index);
    return true;
  }
};

template <class... X>
struct one_symbol {
  static constexpr bool is_given = sizeof...(X) == 1 && (is_symbol<X>::value && ...);
};

/// The axes of a, then those of b; a name that is there already gets a prime: c'.
template <class A, class B>
struct axes_of_both {
  struct primed {
    char text[64] = {};
  };
  static constexpr axis_list first = axes_of_shape<A>, second = axes_of_shape<B>;
  static constexpr auto names = [] {
    struct {
      primed at[most_axes];
    } result{};
    for (int k = 0; k < second.count; ++k) {
      int size = 0;
      for (const char* letter = second.at[k].name; *letter != '\0' && size < 60; ++letter) result.at[k].text[size++] = *letter;
      for (bool again = first.has(second.at[k].hash); again; again = first.has(hash_text(result.at[k].text))) result.at[k].text[size++] = '\'';
    }
    return result;
  }();
  static constexpr axis_list value = [] {
    axis_list all = first;
    for (int k = 0; k < second.count; ++k) all.add({names.at[k].text, second.at[k].size, hash_text(names.at[k].text)});
    return all;
  }();
};
/// The shape of derivatives of a formula of shape A with respect to a symbol of shape B: named axes if either has such.
template <class A, class B>
struct jacobian_shape {
  static constexpr bool fits = A::value.rank == 0 || B::value.rank == 0 || is_named<A> == is_named<B>;
  static constexpr auto find() {
    if constexpr (is_named<A> || is_named<B>) return typename shape_of_list<axes_of_both<A, B>>::type{};
    else return scalar{};
  }
  using type = decltype(find());
};

/// The expression of a matrix of derivatives: a matrix, or the same numbers along named axes.
template <class Recipe, class Shape>
constexpr auto jacobian_expression() {
  const auto matrix = expression_of<Recipe>();
  if constexpr (is_named<Shape>) return reshape<Shape>(matrix);
  else return matrix;
}

template <class E, class X>
constexpr auto jacobian_by() {
  using mode = derivative_of<E>;
  static_assert(mode::jacobian_is_there, TYPEGRAD_NO_SUCH_SCAN);
  if constexpr (!mode::jacobian_is_there) return constant<0>;
  else return jacobian_expression<jacobian_recipe<E, X>, typename jacobian_shape<typename E::shape, typename X::shape>::type>();
}
template <class E, class X, class Y>
constexpr auto hessian_by() {
  using mode = derivative_of<E>;
  static_assert(mode::hessian_is_there, TYPEGRAD_NO_SUCH_SCAN);
  if constexpr (!mode::hessian_is_there) return constant<0>;
  else return jacobian_expression<hessian_recipe<E, X, Y>, typename jacobian_shape<typename X::shape, typename Y::shape>::type>();
}
template <class E, class X, class... Y>
constexpr auto hessian_row() {
  return boost::hana::make_map(boost::hana::make_pair(Y{}, hessian_by<E, X, Y>())...);
}

}  // namespace detail

/// The partial derivatives de_i/dx_j of a formula with respect to a symbol: a matrix with a row for each element of e and a column for each of
/// x, row after row; with named axes a tensor with the axes of e, then those of x, which get a prime where e has an axis of that name.
template <Expression E, class... X>
constexpr auto jacobian(E, X...) {
  using wanted = detail::one_symbol<X...>;
  static_assert(wanted::is_given, "typegrad: jacobian(e, x) takes one symbol: for several, jacobian(e, wrt(x, y))");
  if constexpr (wanted::is_given) return (detail::jacobian_by<E, X>(), ...);
  else return constant<0>;
}
/// One Jacobian for each symbol: a hana::map, so j[x] is that with respect to x.
template <Expression E, class... X>
constexpr auto jacobian(E, boost::hana::tuple<X...>) {
  return boost::hana::make_map(boost::hana::make_pair(X{}, detail::jacobian_by<E, X>())...);
}

/// The matrix of second derivatives of a scalar expression with respect to a symbol.
template <Expression E, class... X>
constexpr auto hessian(E, X...) {
  using wanted = detail::one_symbol<X...>;
  static_assert(wanted::is_given, "typegrad: hessian(e, x) takes one symbol: for several, hessian(e, wrt(x, y))");
  static_assert(detail::is_scalar_expression<E>::value, "typegrad: hessian(e, x): e must be a scalar");
  if constexpr (wanted::is_given && detail::is_scalar_expression<E>::value) return (detail::hessian_by<E, X, X>(), ...);
  else return constant<0>;
}
/// The blocks of a Hessian: h[x][y] has the derivatives with respect to the elements of x (rows) and y (columns).
template <Expression E, class... X>
constexpr auto hessian(E, boost::hana::tuple<X...>) {
  static_assert(detail::is_scalar_expression<E>::value, "typegrad: hessian(e, wrt(...)): e must be a scalar");
  return boost::hana::make_map(boost::hana::make_pair(X{}, detail::hessian_row<E, X, X...>())...);
}

/// Hessian times direction v (of the shape of x), by forward mode over reverse mode: about twice the cost of a gradient.
template <Expression E, class X, Expression V>
constexpr auto hvp(E, X, V) {
  static_assert(detail::is_symbol<X>::value && E::shape::value.rank == 0 && std::is_same_v<typename X::shape, typename V::shape>,
                "typegrad: hvp(e, x, v): e must be a scalar, x a symbol, v an expression of the shape of x");
  using mode = detail::derivative_of<E>;
  static_assert(mode::hessian_is_there, TYPEGRAD_NO_SUCH_SCAN);
  if constexpr (!mode::hessian_is_there) return constant<0>;
  else return detail::expression_of<detail::hvp_recipe<E, X, V>, 0, typename X::shape>();
}

}  // namespace typegrad
