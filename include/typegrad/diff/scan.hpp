// SPDX-License-Identifier: BSL-1.0
// Recurrences along an axis: scan<t>(start, step, inputs...), scan_all<t>, and their pullback, again a recurrence.
#pragma once

#include <typegrad/diff/gradient.hpp>
#include <typegrad/op/scan.hpp>

namespace typegrad {

template <Expression... E>
struct tuple_type;  // eval/tuple.hpp

namespace detail {

/// What a step computes with some effort from its carries and inputs (exponentials, logarithms, ...), so that its pullback need not do it again.
class formulas_to_keep {
 public:
  static constexpr int most = 16;
  const formula* at[most] = {};
  int count = 0;

  /// Walks a formula; the symbols with these hashes differ from step to step.
  constexpr void look_at(const formula& f, const std::uint64_t* varying, int n) { (void)differs(f, varying, n); }

 private:
  constexpr bool differs(const formula& f, const std::uint64_t* varying, int n) {
    const int known = seen_.find(f.hash);
    if (known >= 0) return known == 1;
    bool result = f.graph != nullptr;
    for (int k = 0; k < n; ++k) result = result || f.hash == varying[k];
    for (int k = 0; k < f.count; ++k) result = differs(*f.arg[k], varying, n) || result;
    seen_.insert(f.hash, result ? 1 : 0);
    if (result && f.graph == nullptr && f.op->transcendental && count < most) at[count++] = &f;
    return result;
  }
  index_table seen_;
};
template <class Varying, class... N>
struct kept_formulas;
template <class... V, class... N>
struct kept_formulas<type_list<V...>, N...> {
  struct table {
    const formula* at[formulas_to_keep::most];
    int count;
  };
  static constexpr table value = [] {
    const std::uint64_t varying[] = {V::hash..., 0};
    formulas_to_keep found;
    (found.look_at(N::node(), varying, static_cast<int>(sizeof...(V))), ...);
    table made{};
    made.count = found.count;
    for (int k = 0; k < found.count; ++k) made.at[k] = found.at[k];
    return made;
  }();
  template <int K>
  struct shape_of {
    static constexpr extent shape = value.at[K]->shape;
  };
  template <std::size_t... K>
  static constexpr auto types(std::index_sequence<K...>) {
    return type_list<expression<op::derived, shape_type<shape_of<static_cast<int>(K)>>, value.at[K]->hash>...>{};
  }
  using type = decltype(types(std::make_index_sequence<static_cast<std::size_t>(value.count)>{}));
};

/// One step back: the adjoints of the carries, with sums for what steps share, from the carries and inputs of the step and the adjoints of the
/// carries that were results.
template <int Steps, int Every, class... C, class... X, class... P, class... N, class... K, way Back>
struct pullback_of<recurrence<Steps, Every, forth, type_list<C...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<K...>>, Back> {
  using forward = recurrence<Steps, Every, forth, type_list<C...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<K...>>;
  template <fixed_string Name, class... S, std::size_t... I>
  static constexpr auto symbols_like(std::index_sequence<I...>) {
    return type_list<symbol<numbered<Name, static_cast<int>(I)>(), typename S::shape, role::variable>...>{};
  }
  template <class... A, class... G, class... S, class... Kept>
  static constexpr auto build(type_list<A...>, type_list<G...>, type_list<S...>, type_list<Kept...>) {
    constexpr auto g = gradient((... + sum(hadamard(A{}, N{}))), boost::hana::tuple<C..., X..., P...>{});
    using map = std::remove_const_t<decltype(g)>;
    using sums = type_list<decltype(S{} + std::declval<map>()[P{}])...>;
    using outputs = type_list<std::remove_cvref_t<decltype(std::declval<map>()[X{}])>...>;
    if constexpr (Back == back_of_all) {
      using next = typename concatenate<type_list<decltype(G{} + std::declval<map>()[C{}])...>, sums>::type;
      using inputs = type_list<C..., X..., G..., Kept...>;
      return std::type_identity<
          recurrence<Steps, Every, Back, type_list<A..., S...>, inputs, type_list<P...>, next, outputs, type_list<K...>, forward>>{};
    } else {
      using next = typename concatenate<type_list<std::remove_cvref_t<decltype(std::declval<map>()[C{}])>...>, sums>::type;
      using inputs = type_list<C..., X..., Kept...>;
      return std::type_identity<
          recurrence<Steps, Every, Back, type_list<A..., S...>, inputs, type_list<P...>, next, outputs, type_list<K...>, forward>>{};
    }
  }
  using type = typename decltype(build(symbols_like<"adjoint of carry ", C...>(std::index_sequence_for<C...>{}),
                                       symbols_like<"adjoint of result ", C...>(std::index_sequence_for<C...>{}),
                                       symbols_like<"sum ", P...>(std::index_sequence_for<P...>{}),
                                       symbols_like<"kept ", K...>(std::index_sequence_for<K...>{})))::type;
};

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
/// A row for each element of an axis.
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
using shape_of_a_step = typename dot_loops<Shape, scalar, Axis>::shape;

/// The symbol that stands for input K of a step, or for carry K.
template <auto Axis, int K, class Shape>
using step_input = symbol<numbered<join_names<join_names<"input of ", Axis.text>(), " ">(), K>(), shape_of_a_step<Shape, Axis>, role::variable>;
template <auto Axis, int K, class Shape>
using step_carry = symbol<numbered<join_names<join_names<"carry of ", Axis.text>(), " ">(), K>(), Shape, role::variable>;

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

template <auto Axis, int Every, class Carries, class Inputs, class Starts, class Next, class Given>
struct scan_of;
template <auto Axis, int Every, class... C, class... X, class... S, class... N, class... I>
struct scan_of<Axis, Every, type_list<C...>, type_list<X...>, type_list<S...>, type_list<N...>, type_list<I...>> {
  static constexpr bool fits = sizeof...(N) == sizeof...(C) && [] {
    if constexpr (sizeof...(N) != sizeof...(C)) return false;
    else return ((N::shape::value.size() == C::shape::value.size()) && ...);
  }();
  using all = typename concatenate<parameters_of<N...>, variables_of<N...>>::type;
  using shared = typename symbols_without<all, type_list<C..., X...>>::type;

  template <class... P>
  static constexpr auto make(type_list<P...>) {
    using next = type_list<decltype(spread_to<typename C::shape>(N{}))...>;
    using kept = typename std::conditional_t<Every == 1, kept_formulas<type_list<C..., X...>, N...>, std::type_identity<type_list<>>>::type;
    using r = recurrence<Axis.size, Every, forth, type_list<C...>, type_list<X...>, type_list<P...>, next, kept>;
    const auto start = numbers_side_by_side(S{}...);
    if constexpr (sizeof...(X) > 0 && sizeof...(P) > 0)
      return scan_expression<r, scan_name<Axis>>(start, rows_side_by_side<Axis>(I{}...), numbers_side_by_side(P{}...));
    else if constexpr (sizeof...(X) > 0) return scan_expression<r, scan_name<Axis>>(start, rows_side_by_side<Axis>(I{}...), constant<0>);
    else if constexpr (sizeof...(P) > 0) return scan_expression<r, scan_name<Axis>>(start, constant<0>, numbers_side_by_side(P{}...));
    else return scan_expression<r, scan_name<Axis>>(start, constant<0>, constant<0>);
  }
};

/// Numbers First .. of a vector, as a tensor.
template <class Shape, int First, class E>
constexpr auto numbers_from(E e) {
  return reshape<Shape>(slice<axis_type<"numbers", E::shape::value.size()>{}, First, First + Shape::value.size()>(e));
}

template <auto Axis, int Every, class Step, class... S, class... I, std::size_t... K, std::size_t... J>
constexpr auto scan_type_of(Step step, type_list<S...>, type_list<I...>, std::index_sequence<K...>, std::index_sequence<J...>) {
  using carries = type_list<step_carry<Axis, static_cast<int>(K), typename S::shape>...>;
  using inputs = type_list<step_input<Axis, static_cast<int>(J), typename I::shape>...>;
  const auto next =
      step(step_carry<Axis, static_cast<int>(K), typename S::shape>{}..., step_input<Axis, static_cast<int>(J), typename I::shape>{}...);
  using results = typename step_results<std::remove_const_t<decltype(next)>>::type;
  return scan_of<Axis, Every, carries, inputs, type_list<S...>, results, type_list<I...>>{};
}

}  // namespace detail

namespace detail {
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
template <class... S>
inline constexpr auto starts_of = [] {
  struct {
    int at[sizeof...(S) + 1];
  } made{};
  int sum = 0, k = 0;
  ((made.at[k++] = sum, sum += S::shape::value.size()), ...);
  made.at[k] = sum;
  return made;
}();

template <auto Axis, int Every = 1, class... S, class Step, class... Input>
constexpr auto scan_numbers(Step step, type_list<S...>, type_list<Input...>) {
  using made = decltype(scan_type_of<Axis, Every>(step, type_list<S...>{}, type_list<Input...>{}, std::index_sequence_for<S...>{},
                                                  std::index_sequence_for<Input...>{}));
  static_assert(made::fits, "typegrad: scan<t>(start, step, inputs...): the step makes formulas of the shapes of the start, as many as there are");
  if constexpr (made::fits) return made::make(typename made::shared{});
  else return constant<0>;
}
template <class... S, class E, std::size_t... K>
constexpr auto last_carries(type_list<S...>, E e, std::index_sequence<K...>) {
  return boost::hana::make_tuple(numbers_from<typename S::shape, starts_of<S...>.at[K]>(e)...);
}
template <auto Axis, class... S, class E, std::size_t... K>
constexpr auto carries_of_all(type_list<S...>, E e, std::index_sequence<K...>) {
  return boost::hana::make_tuple(all_carries<Axis, typename S::shape, starts_of<S...>.at[K], starts_of<S...>.at[sizeof...(S)]>(e)...);
}
}  // namespace detail

/// The last carry of a recurrence along an axis: c = start, then c = step(c, x[t]...) for t = 0, 1, ... The step is a function that makes a
/// formula of the shape of start from the carry and from the elements of the inputs at t; it may name other symbols, which all steps share. Its
/// code is compiled once. The gradient keeps the carries of all steps and goes through them from the last to the first. (There is no
/// forward mode yet. Recurrences within steps run along axes of other names.)
template <auto Axis, Expression Start, class Step, Expression... Input>
  requires detail::Axes<Axis>
constexpr auto scan(Start, Step step, Input...) {
  const auto numbers = detail::scan_numbers<Axis>(step, type_list<Start>{}, type_list<Input...>{});
  if constexpr (decltype(numbers)::shape::value.rank == 0) return numbers;
  else return detail::numbers_from<typename Start::shape, 0>(numbers);
}
/// Several carries: scan<t>(tuple(a, b), step, inputs...), where step(a, b, x...) makes a tuple of as many; a hana::tuple of the last ones.
template <auto Axis, class... Start, class Step, Expression... Input>
  requires detail::Axes<Axis>
constexpr auto scan(tuple_type<Start...>, Step step, Input...) {
  return detail::last_carries(type_list<Start...>{}, detail::scan_numbers<Axis>(step, type_list<Start...>{}, type_list<Input...>{}),
                              std::index_sequence_for<Start...>{});
}
/// How many steps lie between two carries that the gradient keeps.
template <int Every>
  requires(Every > 0)
struct checkpoint_type {};
/// scan<t>(checkpoint<k>, start, step, inputs...): the gradient keeps the carry before each k-th step and computes the others again.
template <int Every>
  requires(Every > 0)
inline constexpr checkpoint_type<Every> checkpoint{};
template <auto Axis, int Every, Expression Start, class Step, Expression... Input>
  requires detail::Axes<Axis>
constexpr auto scan(checkpoint_type<Every>, Start, Step step, Input...) {
  const auto numbers = detail::scan_numbers<Axis, Every>(step, type_list<Start>{}, type_list<Input...>{});
  if constexpr (decltype(numbers)::shape::value.rank == 0) return numbers;
  else return detail::numbers_from<typename Start::shape, 0>(numbers);
}
template <auto Axis, int Every, class... Start, class Step, Expression... Input>
  requires detail::Axes<Axis>
constexpr auto scan(checkpoint_type<Every>, tuple_type<Start...>, Step step, Input...) {
  return detail::last_carries(type_list<Start...>{}, detail::scan_numbers<Axis, Every>(step, type_list<Start...>{}, type_list<Input...>{}),
                              std::index_sequence_for<Start...>{});
}
/// The carries after each step, along the axis; scalars or tensors with named axes.
template <auto Axis, Expression Start, class Step, Expression... Input>
  requires detail::Axes<Axis>
constexpr auto scan_all(Start, Step step, Input...) {
  const auto numbers = detail::scan_numbers<Axis>(step, type_list<Start>{}, type_list<Input...>{});
  if constexpr (decltype(numbers)::shape::value.rank == 0) return numbers;
  else return detail::all_carries<Axis, typename Start::shape, 0, Start::shape::value.size()>(numbers);
}
template <auto Axis, class... Start, class Step, Expression... Input>
  requires detail::Axes<Axis>
constexpr auto scan_all(tuple_type<Start...>, Step step, Input...) {
  return detail::carries_of_all<Axis>(type_list<Start...>{}, detail::scan_numbers<Axis>(step, type_list<Start...>{}, type_list<Input...>{}),
                                      std::index_sequence_for<Start...>{});
}

}  // namespace typegrad
