// SPDX-License-Identifier: BSL-1.0
// The formula of a recurrence: start, inputs and what steps share as its operands, carries as parts of its result.
#pragma once

#include <typegrad/diff/step_back.hpp>

namespace typegrad {

template <Expression... E>
struct tuple_type;  // eval/tuple.hpp

namespace detail {

/// Its numbers as one long axis.
template <class E>
constexpr auto as_numbers(E e) {
  return reshape<axes<axis_type<"numbers", E::shape::value.size()>{}>>(e);
}
template <class First, class... Rest>
constexpr auto numbers_side_by_side(First first, Rest... rest) {
  if constexpr (sizeof...(Rest) == 0) return as_numbers(first);
  else return concat<axis_type<"numbers", 1>{}>(as_numbers(first), as_numbers(rest)...);
}
/// Its numbers for each element of an axis.
template <auto Axis, class E>
constexpr auto as_rows(E e) {
  constexpr int size = E::shape::value.size() / Axis.size;
  const auto ordered = spread_to<typename union_shape<axes<Axis>, typename E::shape>::type>(e);
  return reshape<axes<Axis, axis_type<"numbers", size>{}>>(ordered);
}
template <auto Axis, class First, class... Rest>
constexpr auto rows_side_by_side(First first, Rest... rest) {
  if constexpr (sizeof...(Rest) == 0) return as_rows<Axis>(first);
  else return concat<axis_type<"numbers", 1>{}>(as_rows<Axis>(first), as_rows<Axis>(rest)...);
}

template <class Shape, auto Axis>
using shape_of_a_step = typename dot_loops<typename rowless_shape<Shape>::type, scalar, Axis>::shape;

/// The symbol that stands for input K of a step, or for carry K.
template <auto Axis, int K, class Shape>
using step_input = symbol<numbered<join_names<join_names<"input of ", Axis.text>(), " ">(), K>(), shape_of_a_step<Shape, Axis>, role::variable>;
template <auto Axis, int K, class Shape>
using step_carry =
    symbol<numbered<join_names<join_names<"carry of ", Axis.text>(), " ">(), K>(), typename rowless_shape<Shape>::type, role::variable>;

/// Those symbols of the list that are not among the others.
template <class List, class Others, class... Kept>
struct symbols_without {
  using type = type_list<Kept...>;
};
template <class First, class... Rest, class... Other, class... Kept>
struct symbols_without<type_list<First, Rest...>, type_list<Other...>, Kept...>
    : std::conditional_t<(std::is_same_v<First, Other> || ...), symbols_without<type_list<Rest...>, type_list<Other...>, Kept...>,
                         symbols_without<type_list<Rest...>, type_list<Other...>, Kept..., First>> {};

template <class E>
struct step_results {
  using type = type_list<E>;
};
template <class... E>
struct step_results<tuple_type<E...>> {
  using type = type_list<E...>;
};

template <auto Axis>
struct scan_name {
  static constexpr loop_text text = loop_text{}.put("scan<").put(Axis.info.name).put(">");
};
template <class R, class Name>
struct scan_loops {
  struct shape {
    static constexpr extent value{1, R::info.results(), 1};
  };
  static constexpr contraction value = [] {
    contraction made;
    made.scan = &R::info, made.pick = R::id, made.result = R::info.results();
    made.name = Name::text.text;
    return made;
  }();
};
template <class R, class Name, class... Operand>
constexpr auto scan_expression(Operand...) {
  using definition = nest_formula<op::scan, scan_loops<R, Name>, Operand...>;
  static_assert(sizeof(inject<definition::node_.hash, definition>) > 0);
  return expression<op::scan, axes<axis_type<"numbers", R::info.results()>{}>, definition::node_.hash>{};
}

/// The symbol that stands for the number of steps.
template <auto Axis>
using step_limit = symbol<numbered<join_names<"steps of ", Axis.text>(), 0>(), scalar, role::variable>;

/// What a call of scan says before the start: how many steps lie between carries that are kept, and a formula of the number of steps, if there is one.
template <int Every = 1, class Length = void>
struct scan_options {};

template <auto Axis, class Options, class Carries, class Inputs, class Starts, class Next, class Given>
struct scan_of;
template <auto Axis, int Every, class Length, class... C, class... X, class... S, class... N, class... I>
struct scan_of<Axis, scan_options<Every, Length>, type_list<C...>, type_list<X...>, type_list<S...>, type_list<N...>, type_list<I...>> {
  static constexpr bool ragged = !std::is_void_v<Length>;
  static constexpr bool fits = sizeof...(N) == sizeof...(C) && [] {
    if constexpr (sizeof...(N) != sizeof...(C)) return false;
    else return ((N::shape::value.size() == C::shape::value.size()) && ...);
  }();
  using all = typename concatenate<parameters_of<N...>, variables_of<N...>>::type;
  using shared = typename symbols_without<all, type_list<C..., X...>>::type;

  /// With the rows of all that a step reads.
  template <class Shape>
  using with_rows = typename shape_with_rows<Shape, typename S::shape..., typename I::shape..., typename N::shape...,
                                             typename std::conditional_t<ragged, Length, constant_type<number{}>>::shape>::type;

  template <class... P>
  static constexpr auto make(type_list<P...>) {
    using next = type_list<decltype(spread_to<typename C::shape>(rowless(N{})))...>;
    using kept = typename std::conditional_t<Every == 1, kept_formulas<type_list<C..., X...>, N...>, std::type_identity<type_list<>>>::type;
    using limit = std::conditional_t<ragged, type_list<step_limit<Axis>>, type_list<>>;
    using r = recurrence<course{Axis.size, Every, ragged}, type_list<C...>, type_list<X...>, typename concatenate<limit, type_list<P...>>::type, next,
                         kept>;
    const auto start = numbers_side_by_side(rowless(S{})...);
    if constexpr (ragged) return scan_expression<r, scan_name<Axis>>(start, rows(), numbers_side_by_side(rowless(Length{}), rowless(P{})...));
    else if constexpr (sizeof...(P) > 0) return scan_expression<r, scan_name<Axis>>(start, rows(), numbers_side_by_side(rowless(P{})...));
    else return scan_expression<r, scan_name<Axis>>(start, rows(), constant<0>);
  }

 private:
  static constexpr auto rows() {
    if constexpr (sizeof...(X) > 0) return rows_side_by_side<Axis>(rowless(I{})...);
    else return constant<0>;
  }
};

/// Numbers First .. of a vector, as a tensor.
template <class Shape, int First, class E>
constexpr auto numbers_from(E e) {
  return reshape<Shape>(slice<axis_type<"numbers", E::shape::value.size()>{}, First, First + Shape::value.size()>(e));
}
/// Number K of the carries after each step: those before the steps from the second on, then the last.
template <auto Axis, class Shape, int First, int Width, class E>
constexpr auto all_carries(E e) {
  constexpr int size = Shape::value.size();
  using numbers = axis_type<"numbers", Width>;
  using listed = typename union_shape<axes<Axis>, Shape>::type;
  using last_shape = typename union_shape<axes<axis_type<Axis.text, 1>{}>, Shape>::type;
  const auto before = slice<numbers{}, First, First + size>(numbers_from<axes<Axis, numbers{}>, Width>(e));
  const auto last = numbers_from<last_shape, First>(e);
  if constexpr (Axis.size == 1) return reshape<listed>(last);
  else return concat<Axis>(slice<Axis, 1, Axis.size>(reshape<listed>(before)), last);
}

/// Where the numbers of each of several expressions start.
template <class... S>
inline constexpr auto starts_of = [] {
  struct {
    int at[sizeof...(S) + 1];
  } made{};
  int k = 0;
  ((made.at[k + 1] = made.at[k] + S::shape::value.size(), ++k), ...);
  return made;
}();

}  // namespace detail
}  // namespace typegrad
