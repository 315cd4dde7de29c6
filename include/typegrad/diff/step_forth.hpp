// SPDX-License-Identifier: BSL-1.0
// The tangent of a recurrence: another one, whose carries are those of the first and their tangents.
#pragma once

#include <typegrad/diff/step_back.hpp>

namespace typegrad::detail {

/// The tangent of E along those of several symbols, by one sweep.
template <class E, class Symbols, class Tangents>
struct tangent_recipe;
template <class E, class... S, class... D>
struct tangent_recipe<E, type_list<S...>, type_list<D...>> {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 4 * formula_size<E> + 2 * static_cast<int>(sizeof...(S));
  static constexpr std::uint64_t hash = [] {
    std::uint64_t h = mix(hash_text("tangent"), E::hash);
    ((h = mix(mix(h, S::hash), D::hash)), ...);
    return h;
  }();
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target);
    target.set_tangents(scan_tangents<E>::value.at, scan_tangents<E>::count);
    const std::uint64_t symbols[] = {S::hash...};
    const int seeds[] = {import(D::node())...};
    roots.push(forward_sweep({&target, import(E::node())}, symbols, seeds, static_cast<int>(sizeof...(S))).result().index);
    return true;
  }
};

template <course Course, class... C, class... X, class... P, class... N, class... O>
struct tangent_of<recurrence<Course, type_list<C...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<O...>>> {
  static constexpr course above = Course.above();
  template <fixed_string What, int K, class S>
  using tangent =
      symbol<numbered<join_names<numbered<"tangent ", above.level>(), What>(), K>(), typename rowless_shape<typename S::shape>::type, role::variable>;
  template <fixed_string What, class... S, std::size_t... K>
  static constexpr auto tangents(std::index_sequence<K...>) {
    return type_list<tangent<What, static_cast<int>(K), S>...>{};
  }
  template <class... DC, class... DX, class... DP>
  static constexpr auto build(type_list<DC...>, type_list<DX...>, type_list<DP...>) {
    using symbols = type_list<C..., X..., P...>;
    using along = type_list<DC..., DX..., DP...>;
    using next = type_list<N..., decltype(expression_of<tangent_recipe<N, symbols, along>, 0, typename N::shape>())...>;
    return std::type_identity<recurrence<above, type_list<C..., DC...>, type_list<X..., DX...>, type_list<P..., DP...>, next,
                                         decltype(outputs<type_list<C..., DC..., X..., DX...>, symbols, along>(next{}))>>{};
  }
  /// The tangents of results; or what the pullback of this recurrence wants to know of a step.
  template <class Varying, class Symbols, class Along, class... Next>
  static constexpr auto outputs(type_list<Next...>) {
    if constexpr (Course.reversed) return type_list<decltype(expression_of<tangent_recipe<O, Symbols, Along>, 0, typename O::shape>())...>{};
    else if constexpr (Course.every == 1) return typename kept_formulas<Varying, Next...>::type{};
    else return type_list<>{};
  }
  using type = typename decltype(build(tangents<" of carry ", C...>(std::index_sequence_for<C...>{}),
                                       tangents<" of input ", X...>(std::index_sequence_for<X...>{}),
                                       tangents<" of shared ", P...>(std::index_sequence_for<P...>{})))::type;
};

/// That of a pullback, as a recurrence of its own. If only some carries were kept, there is none.
template <course Course, class... A, class... X, class... P, class... N, class... O, class... K, class Forth>
struct tangent_of<recurrence<Course, type_list<A...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<O...>, type_list<K...>, Forth>> {
  static constexpr auto find() {
    if constexpr (Course.every == 1) return tangent_of<typename decltype(pullback_of<Forth, Course.goes>::made::as_recurrence())::type>{};
    else return std::type_identity<void>{};
  }
  using type = typename decltype(find())::type;
};

}  // namespace typegrad::detail
