// SPDX-License-Identifier: BSL-1.0
// iterate_until<tolerance>(start, step, inputs...): a fixed point of a step, as often as it takes.
#pragma once

#include <typegrad/diff/implicit.hpp>
#include <typegrad/diff/scan.hpp>

namespace typegrad {
namespace detail {

/// For each symbol of a list one like it, of another name.
template <fixed_string Name, class List, class I>
struct symbols_named;
template <fixed_string Name, class... S, std::size_t... I>
struct symbols_named<Name, type_list<S...>, std::index_sequence<I...>> {
  static constexpr const formula* at[] = {&symbol<numbered<Name, static_cast<int>(I)>(), typename S::shape, role::variable>::node()..., nullptr};
};

/// An iteration as a type: the symbols that stand for the unknowns and for what is given, and the next unknowns.
template <number Tolerance, int Limit, class Unknowns, class Given, class Next>
struct iteration;
template <number Tolerance, int Limit, class... X, class... P, class... N>
struct iteration<Tolerance, Limit, type_list<X...>, type_list<P...>, type_list<N...>> {
  using unknowns = type_list<X...>;
  using given = type_list<P...>;
  using next = type_list<N...>;
  static constexpr int limit = Limit, size = numbers_of<X...>;
  static constexpr number tolerance = Tolerance;
  static constexpr int id = [] {
    std::uint64_t h = mix(mix(hash_text("iteration"), static_cast<std::uint64_t>(Limit)), constant_type<Tolerance>::hash);
    ((h = mix(h, X::hash)), ...);
    ((h = mix(h, P::hash)), ...);
    ((h = mix(h, N::hash)), ...);
    return static_cast<int>(h % (1u << 31));
  }();
  static_assert(sizeof(registered_recurrence<id, iteration>) > 0);
  static constexpr const formula* next_formulas[] = {&N::node()...};
  static constexpr const formula* unknown_symbols[] = {&X::node()...};
  static constexpr const formula* given_symbols[] = {&P::node()..., nullptr};
  static constexpr iteration_info info{size,
                                       static_cast<int>(sizeof...(X)),
                                       static_cast<int>(sizeof...(P)),
                                       next_formulas,
                                       unknown_symbols,
                                       given_symbols,
                                       symbols_named<"adjoint of unknown ", unknowns, std::index_sequence_for<X...>>::at,
                                       symbols_named<"tangent of input ", given, std::index_sequence_for<P...>>::at,
                                       (0 + ... + facts_of(N::node()).vertices)};
};

template <class R, class Shape>
struct iteration_loops {
  using shape = Shape;
  static constexpr contraction value = [] {
    contraction made;
    made.iteration = &R::info, made.pick = R::id, made.result = R::size;
    return made;
  }();
};

// ---- the symbols of a step. Iterations within steps are told apart by levels, which are found by trying one that nobody has.

inline constexpr int no_level = 1'000'000;

template <int Level, int K, class Shape>
using iteration_unknown = symbol<numbered<join_names<numbered<"unknown ", K>(), " of iteration ">(), Level>(), Shape, role::variable>;
template <int Level, int K, class Shape>
using iteration_input = symbol<numbered<join_names<numbered<"input ", K>(), " of iteration ">(), Level>(), Shape, role::variable>;

/// 1 and the level that the name of a symbol says, else 0.
constexpr int level_of(const char* name) {
  constexpr char before[] = " of iteration ";
  for (; *name != '\0'; ++name) {
    int same = 0;
    while (before[same] != '\0' && name[same] == before[same]) ++same;
    if (before[same] != '\0') continue;
    int level = 0;
    for (name += same; *name >= '0' && *name <= '9' && level < no_level; ++name) level = 10 * level + (*name - '0');
    return *name == '\0' && level < no_level ? level + 1 : 0;
  }
  return 0;
}
template <class... S>
constexpr int level_above(type_list<S...>) {
  int result = 0;
  ((result = level_of(S::text.text) > result ? level_of(S::text.text) : result), ...);
  return result;
}

template <int Level, class Step, class... S, class... I, std::size_t... K, std::size_t... J>
constexpr auto step_at(Step step, type_list<S...>, type_list<I...>, std::index_sequence<K...>, std::index_sequence<J...>) {
  return step(iteration_unknown<Level, static_cast<int>(K), S>{}..., iteration_input<Level, static_cast<int>(J), typename I::shape>{}...);
}

template <number Tolerance, int Limit, int Level, class S, class I, class K, class J, class Next>
struct iteration_of;
template <number Tolerance, int Limit, int Level, class... S, class... I, std::size_t... K, std::size_t... J, class... N>
struct iteration_of<Tolerance, Limit, Level, type_list<S...>, type_list<I...>, std::index_sequence<K...>, std::index_sequence<J...>,
                    type_list<N...>> {
  using unknowns = type_list<iteration_unknown<Level, static_cast<int>(K), typename rowless_shape<typename S::shape>::type>...>;
  using inputs = type_list<iteration_input<Level, static_cast<int>(J), typename I::shape>...>;
  using named = typename concatenate<parameters_of<N...>, variables_of<N...>>::type;
  using shared = typename symbols_without<named, typename concatenate<unknowns, inputs>::type>::type;

  template <class Numbers, int First, class Shape>
  static constexpr auto part(Numbers numbers) {
    return numbers_from<typename shape_with_rows<Shape, typename S::shape..., typename N::shape...>::type, First>(numbers);
  }
  template <class... E>
  static constexpr auto as_operand(E... given) {
    if constexpr (sizeof...(E) == 0) return as_numbers(constant<0>);
    else if constexpr (((E::shape::value.rank == 0) && ...)) return typename aligned<op::stack, vector<sizeof...(E)>, E...>::type{};
    else return numbers_side_by_side(given...);
  }
  /// The solution, or a hana::tuple of them.
  template <class... P>
  static constexpr auto make(type_list<P...>) {
    using next = type_list<decltype(spread_to<typename rowless_shape<typename S::shape>::type>(N{}))...>;
    using r = iteration<Tolerance, Limit, unknowns, typename concatenate<inputs, type_list<P...>>::type, next>;
    const auto given = as_operand(I{}..., P{}...);
    if constexpr (sizeof...(S) == 1 && ((S::shape::value.rank == 0) && ...)) {
      using shape = typename shape_with_rows<typename rowless_shape<typename S::shape>::type..., typename S::shape..., typename N::shape...>::type;
      return boost::hana::make_tuple(nest_expression<op::iterate, iteration_loops<r, shape>, S..., std::remove_const_t<decltype(given)>>());
    } else {
      using start = decltype(numbers_side_by_side(S{}...));
      const auto all =
          nest_expression<op::iterate, iteration_loops<r, axes<axis_type<"numbers", r::size>{}>>, start, std::remove_const_t<decltype(given)>>();
      return boost::hana::make_tuple(part<decltype(all), starts_of<S...>.at[K], typename rowless_shape<typename S::shape>::type>(all)...);
    }
  }
};

template <class T>
inline constexpr bool is_tolerance = false;
template <number Value>
inline constexpr bool is_tolerance<constant_type<Value>> = Value.num > 0;

template <class... E>
constexpr auto symbols_in(type_list<E...>) {
  return typename concatenate<parameters_of<E...>, variables_of<E...>>::type{};
}
template <class... E>
constexpr auto shapes_in(type_list<E...>) {
  return type_list<typename E::shape...>{};
}
template <class... E>
constexpr auto regions_in(type_list<E...>) {
  return std::bool_constant<(E::node().regions || ...)>{};
}

// The conditions of errors, with short names.
template <class Wanted, class Made>
struct iteration_step {
  static constexpr bool the_unknowns = false;
};
template <class... Wanted, class... Made>
  requires(sizeof...(Wanted) == sizeof...(Made))
struct iteration_step<type_list<Wanted...>, type_list<Made...>> {
  static constexpr bool the_unknowns = ((Wanted::value.size() == Made::value.size()) && ...);
};
template <bool Regions>
struct iteration_over {
  static constexpr bool has_no_sums = !Regions;
};
template <auto Tolerance>
struct iteration_has {
  static constexpr bool a_tolerance = is_tolerance<std::remove_cv_t<decltype(Tolerance)>>;
};

template <auto Tolerance, int Limit, class Step, class... S, class... I>
constexpr auto solutions_of(Step step, type_list<S...> starts, type_list<I...> inputs) {
  static_assert(iteration_has<Tolerance>::a_tolerance,
                "typegrad: iterate_until<tolerance, limit>(start, step, inputs...): the tolerance is a positive constant, 1e-12_c");
  if constexpr (!iteration_has<Tolerance>::a_tolerance) return boost::hana::make_tuple(constant<0>);
  else {
    using shapes = type_list<typename rowless_shape<typename S::shape>::type...>;
    using k = std::index_sequence_for<S...>;
    using j = std::index_sequence_for<I...>;
    using probe = typename step_results<std::remove_cvref_t<decltype(step_at<no_level>(step, shapes{}, inputs, k{}, j{}))>>::type;
    constexpr int level = level_above(symbols_in(probe{}));
    using next = typename step_results<std::remove_cvref_t<decltype(step_at<level>(step, shapes{}, inputs, k{}, j{}))>>::type;
    using step_makes = iteration_step<shapes, decltype(shapes_in(next{}))>;
    using a_step = iteration_over<decltype(regions_in(next{}))::value>;
    static_assert(
        step_makes::the_unknowns,
        "typegrad: iterate_until<tolerance>(start, step, inputs...): the step makes formulas of the shapes of the start, as many as there are");
    static_assert(a_step::has_no_sums, "typegrad: iterate_until<tolerance>(start, step, inputs...): a step may not sum over the rows of data");
    if constexpr (step_makes::the_unknowns && a_step::has_no_sums) {
      using made = iteration_of<decltype(Tolerance)::value, Limit, level, decltype(starts), decltype(inputs), k, j, next>;
      return made::make(typename made::shared{});
    } else {
      return boost::hana::make_tuple(constant<0>);
    }
  }
}

}  // namespace detail

/// A fixed point: x = start, then x = step(x, inputs...), until no number of x changes by more than the tolerance, relative to |x| where that is
/// more than 1; NaN if that is not so after `Limit` steps. The step is a function that makes a formula of the shape of start; what it names besides,
/// and the inputs, are the same in all steps. The derivative is that of the equation x = step(x), not of the steps that were taken: dx = (1 -
/// ds/dx)^-1 ds/dp dp.
template <auto Tolerance, int Limit = 100, Expression Start, class Step, Expression... Input>
constexpr auto iterate_until(Start, Step step, Input...) {
  return boost::hana::at_c<0>(detail::solutions_of<Tolerance, Limit>(step, type_list<Start>{}, type_list<Input...>{}));
}
/// Several unknowns: iterate_until<tolerance>(tuple(a, b), step, inputs...), where step(a, b, inputs...) makes a tuple of as many; a hana::tuple.
template <auto Tolerance, int Limit = 100, class... Start, class Step, Expression... Input>
constexpr auto iterate_until(tuple_type<Start...>, Step step, Input...) {
  return detail::solutions_of<Tolerance, Limit>(step, type_list<Start...>{}, type_list<Input...>{});
}

}  // namespace typegrad
