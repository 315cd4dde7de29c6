// SPDX-License-Identifier: BSL-1.0
// Forward mode: tangents flow from one symbol to the root.
#pragma once

#include <typegrad/diff/tangent.hpp>

#define TYPEGRAD_NO_SUCH_SCAN \
  "typegrad: scan<t>(...) has no gradient of a gradient, and no second derivatives with checkpoint<k>: hvp, hessian and jvp of a gradient are there"

namespace typegrad {

namespace op {
/// An expression that is defined by a graph: a derivative, a simplified form.
struct derived {
  static constexpr char name[] = "derived";
};
}  // namespace op

namespace detail {

/// Root `Index` of the graph that Recipe makes, as the definition of an expression.
template <class Recipe, int Index>
struct root_of {
  static constexpr const graph_view& view = graph_of<Recipe>::view;
  static constexpr std::uint64_t hash = mix(mix(Recipe::hash, describe<op::derived>.id), static_cast<std::uint64_t>(Index));
  static constexpr extent shape = view.vertices[view.roots[Index]].shape;
  static constexpr formula node_{&describe<op::derived>, hash, shape, nullptr, 0, {Index, 1, 0}, nullptr, &view, has_regions(view)};
};

/// It has the shape of Source, if that has named axes.
template <class Recipe, int Index = 0, class Source = scalar>
constexpr auto expression_of() {
  return define<op::derived, root_of<Recipe, Index>, Source>();
}

template <class E, class X, class Direction>
struct forward_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 4 * formula_size<E> + formula_size<Direction>;
  static constexpr std::uint64_t hash = mix(mix(mix(hash_text("forward"), E::hash), X::hash), Direction::hash);
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target);
    target.set_tangents(scan_tangents<E>::value.at, scan_tangents<E>::count);
    const int seed = import(Direction::node());
    const int root = import(E::node());
    roots.push(forward({&target, root}, X::hash, {&target, seed}).index);
    return true;
  }
};

template <class E>
struct simplify_recipe : expressions<true, E> {
  static constexpr std::uint64_t hash = mix(hash_text("simplify"), E::hash);
};

template <class T>
struct is_symbol {
  static constexpr bool value = Symbol<T>;
};
template <class T>
struct is_scalar_symbol {
  static constexpr bool value = false;
};
template <Symbol S>
struct is_scalar_symbol<S> {
  static constexpr bool value = S::shape::value.rank == 0;
};

}  // namespace detail

/// de/dx for a scalar symbol x, by symbolic forward mode; the result has the shape of e and is again an expression.
template <Expression E, class X>
constexpr auto derivative(E, X) {
  using mode = detail::derivative_of<E>;
  static_assert(mode::forward_is_there, TYPEGRAD_NO_SUCH_SCAN);
  if constexpr (!detail::is_scalar_symbol<X>::value) {
    static_assert(detail::is_scalar_symbol<X>::value,
                  "typegrad: derivative(e, x): x must be a scalar parameter or variable; use gradient for a vector or matrix");
    return constant<0>;
  } else if constexpr (!mode::forward_is_there) {
    return constant<0>;
  } else {
    return detail::expression_of<detail::forward_recipe<E, X, constant_type<number{1, 1, 0}>>, 0, typename E::shape>();
  }
}

/// The directional derivative J v of e with respect to the symbol x, for a direction v of the shape of x.
template <Expression E, class X, Expression V>
constexpr auto jvp(E, X, V) {
  static_assert(detail::is_symbol<X>::value, "typegrad: jvp(e, x, v): x must be a parameter or variable");
  static_assert(std::is_same_v<typename X::shape, typename V::shape>, "typegrad: jvp(e, x, v): v must have the shape of x");
  using mode = detail::derivative_of<E>;
  static_assert(mode::forward_is_there, TYPEGRAD_NO_SUCH_SCAN);
  if constexpr (!mode::forward_is_there) return constant<0>;
  else return detail::expression_of<detail::forward_recipe<E, X, V>, 0, typename E::shape>();
}

/// The same formula by the rules of the operations: constants folded, 0 and 1 removed, like terms collected. Idempotent.
template <Expression E>
constexpr auto simplify(E) {
  return detail::expression_of<detail::simplify_recipe<E>, 0, typename E::shape>();
}

}  // namespace typegrad
