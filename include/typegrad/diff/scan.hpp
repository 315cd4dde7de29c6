// SPDX-License-Identifier: BSL-1.0
// Recurrences along an axis: scan<t>(start, step, inputs...), scan_all<t>, checkpoint<k>, steps(length).
#pragma once

#include <typegrad/diff/scan_formula.hpp>
#include <typegrad/diff/step_forth.hpp>

namespace typegrad {

/// scan<t>(checkpoint<k>, start, step, inputs...): the gradient keeps the carry before each k-th step and computes the others again.
template <int Every>
struct checkpoint_type {
  static_assert(Every >= 1, "typegrad: checkpoint<k>: k is at least 1");
};
template <int Every>
inline constexpr checkpoint_type<Every> checkpoint{};

/// scan<t>(steps(length), start, step, inputs...): only the steps t < length are made, each row as many as its own length says. What comes
/// later costs next to nothing and reaches no derivative; the carries after these steps are the last one. The length is any scalar formula.
template <Expression Length>
struct steps_type {};
template <Expression Length>
constexpr auto steps(Length) {
  static_assert(Length::shape::value.rank == 0, "typegrad: scan<t>(steps(length), ...): the length is a single number, or one for each row");
  return steps_type<Length>{};
}

namespace detail {

/// Instead of carries, where the step makes formulas of other shapes than the start, or not as many.
template <class... Start>
struct other_carries {};
template <class Carries>
struct carries_made {
  static constexpr bool fit_the_start = true;
  static constexpr Carries of(const Carries& all) { return all; }
};
template <class... Start>
struct carries_made<other_carries<Start...>> {
  static constexpr bool fit_the_start = false;
  static constexpr auto of(other_carries<Start...>) { return boost::hana::make_tuple(Start{}...); }
};
#define TYPEGRAD_OTHER_CARRIES "typegrad: scan<t>(start, step, inputs...): the step makes formulas of the shapes of the start, as many as there are"

/// A call of scan, or of scan_all. What comes before the start is gathered in the options.
template <bool All, auto Axis, class Options = scan_options<>>
struct scan_call;
template <bool All, auto Axis, int Every, class Length>
struct scan_call<All, Axis, scan_options<Every, Length>> {
  using all_carries_are_results = std::bool_constant<All>;

  template <int Asked, class... Rest>
  static constexpr auto make(checkpoint_type<Asked>, Rest... rest) {
    static_assert(!all_carries_are_results::value,
                  "typegrad: scan_all<t>(...): all carries are results, so there is nothing that checkpoint<k> could leave out");
    return scan_call < All, Axis, scan_options < All || Asked < 1 ? 1 : Asked, Length >> ::make(rest...);
  }
  template <class L, class... Rest>
  static constexpr auto make(steps_type<L>, Rest... rest) {
    return scan_call<All, Axis, scan_options<Every, L>>::make(rest...);
  }
  template <Expression Start, class Step, Expression... Input>
  static constexpr auto make(Start, Step step, Input...) {
    const auto all = carries<Start>(step, type_list<Input...>{}, index<Start>{}, std::index_sequence_for<Input...>{});
    using made = carries_made<std::remove_const_t<decltype(all)>>;
    static_assert(made::fit_the_start, TYPEGRAD_OTHER_CARRIES);
    return made::of(all)[boost::hana::size_c<0>];
  }
  template <class... Start, class Step, Expression... Input>
  static constexpr auto make(tuple_type<Start...>, Step step, Input...) {
    const auto all = carries<Start...>(step, type_list<Input...>{}, index<Start...>{}, std::index_sequence_for<Input...>{});
    using made = carries_made<std::remove_const_t<decltype(all)>>;
    static_assert(made::fit_the_start, TYPEGRAD_OTHER_CARRIES);
    return made::of(all);
  }

 private:
  template <class... S>
  using index = std::index_sequence_for<S...>;

  template <class... S, class Step, class... I, std::size_t... K, std::size_t... J>
  static constexpr auto carries(Step step, type_list<I...>, std::index_sequence<K...>, std::index_sequence<J...>) {
    using symbols = type_list<step_carry<Axis, static_cast<int>(K), typename S::shape>...>;
    using inputs = type_list<step_input<Axis, static_cast<int>(J), typename I::shape>...>;
    const auto next =
        step(step_carry<Axis, static_cast<int>(K), typename S::shape>{}..., step_input<Axis, static_cast<int>(J), typename I::shape>{}...);
    using results = typename step_results<std::remove_const_t<decltype(next)>>::type;
    using made = scan_of<Axis, scan_options<Every, Length>, symbols, inputs, type_list<S...>, results, type_list<I...>>;
    if constexpr (made::fits) {
      const auto numbers = made::make(typename made::shared{});
      return boost::hana::make_tuple(carry<made, S, starts_of<S...>.at[K], starts_of<S...>.at[sizeof...(S)]>(numbers)...);
    } else {
      return other_carries<S...>{};
    }
  }
  /// The carry that starts as S, of Width numbers in all those from First on.
  template <class Made, class S, int First, int Width, class E>
  static constexpr auto carry(E e) {
    using shape = typename rowless_shape<typename S::shape>::type;
    if constexpr (All) return with_rows<Made>(all_carries<Axis, shape, First, Width>(e));
    else return with_rows<Made>(numbers_from<shape, First>(e));
  }
  template <class Made, class E>
  static constexpr auto with_rows(E e) {
    return reshaped<typename Made::template with_rows<typename E::shape>>(e);
  }
};

}  // namespace detail

/// The last carry of a recurrence along an axis: c = start, then c = step(c, x[t]...) for t = 0, 1, ... The step is a function that makes a
/// formula of the shape of start from the carry and from the elements of the inputs at t; it may name other symbols, which all steps share. Its
/// code is compiled once. The gradient keeps the carries of all steps and goes through them from the last to the first; in forward
/// mode tangents go along with the carries. (Recurrences within steps run along axes of other names.)
///
/// Several carries: scan<t>(tuple(a, b), step, inputs...), where step(a, b, x...) makes a tuple of as many; a hana::tuple of the last ones.
/// `checkpoint<k>` and `steps(length)` may stand before the start.
template <auto Axis, class... Arg>
  requires detail::Axes<Axis>
constexpr auto scan(Arg... arg) {
  return detail::scan_call<false, Axis>::make(arg...);
}
/// The carries after each step, along the axis; scalars or tensors with named axes.
template <auto Axis, class... Arg>
  requires detail::Axes<Axis>
constexpr auto scan_all(Arg... arg) {
  return detail::scan_call<true, Axis>::make(arg...);
}

}  // namespace typegrad
