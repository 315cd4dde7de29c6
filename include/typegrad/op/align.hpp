// SPDX-License-Identifier: BSL-1.0
// Tensors with named axes meet by name: operands of elementwise operations are spread over the union of their axes.
#pragma once

#include <typegrad/op/contract.hpp>

namespace typegrad {
namespace detail {

/// All axes of the lists, those of run-time length first, then in the order of their first appearance.
template <class... List>
constexpr axis_list union_of(const List&... list) {
  axis_list result;
  const auto add = [&](const axis_list& more, bool run_time) {
    for (int k = 0; k < more.count; ++k)
      if (more.at[k].is_run_time() == run_time && !result.has(more.at[k].hash)) result.add(more.at[k]);
  };
  (add(list, true), ...);
  (add(list, false), ...);
  return result;
}
/// The axes of the list that are not among the others.
constexpr axis_list axes_without(const axis_list& list, const axis_list& others) {
  axis_list result;
  for (int k = 0; k < list.count; ++k)
    if (!others.has(list.at[k].hash)) result.add(list.at[k]);
  return result;
}
/// An axis of both lists that has another size in the second, or -1.
constexpr int axis_of_two_sizes(const axis_list& a, const axis_list& b) {
  for (int k = 0; k < a.count; ++k) {
    const int other = b.find(a.at[k].hash);
    if (other >= 0 && b.at[other].size != a.at[k].size) return k;
  }
  return -1;
}

/// Text of a few names and numbers: "slice<t, 3, 8>".
struct loop_text {
  char text[48] = {};
  int size = 0;
  constexpr loop_text& put(const char* more) {
    for (; *more != '\0' && size < 46; ++more) text[size++] = *more;
    return *this;
  }
  constexpr loop_text& put(int n) {
    if (n < 0) return put("-").put(-n);
    if (n > 9) put(n / 10);
    const char digit[] = {static_cast<char>('0' + n % 10), '\0'};
    return put(digit);
  }
};

/// The loops over the axes of the result, then over those summed, of operands in whose axes they step.
constexpr contraction contraction_over(const axis_list& result, const axis_list& summed, const axis_list& a, const axis_list& b) {
  contraction made;
  made.result = result.size(), made.operand[0] = a.size(), made.operand[1] = b.size();
  const auto add = [&](const axis_info& axis, int to) {
    if (!axis.is_run_time()) made.add({axis.size, to, {a.stride(axis.hash), b.stride(axis.hash)}, axis.hash, axis.name});
  };
  for (int k = 0; k < result.count; ++k) add(result.at[k], result.stride(result.at[k].hash));
  for (int k = 0; k < summed.count; ++k) add(summed.at[k], 0);
  return made;
}

/// Tells shapes apart whose numbers are as many.
template <class Shape>
inline constexpr std::uint64_t hash_of_shape = mix(static_cast<std::uint64_t>(Shape::value.rank), static_cast<std::uint64_t>(Shape::value.cols));
template <auto... Axis>
inline constexpr std::uint64_t hash_of_shape<axes<Axis...>> = axes<Axis...>::hash;

/// The formula of a nest of loops over operands: `Loops::value` is the contraction.
template <class Op, class Loops, class... Operand>
struct nest_formula {
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr contraction loops = [] {
    contraction made = Loops::value;
    made.operands = static_cast<int>(sizeof...(Operand));
    return made;
  }();
  static constexpr formula node_ = [] {
    std::uint64_t hash = mix(mix(describe<Op>.id, loops.hash()), hash_of_shape<typename Loops::shape>);
    if (loops.name != nullptr) hash = mix(hash, hash_text(loops.name));
    bool regions = false;
    for (const formula* one : arg) hash = mix(hash, one->hash), regions = regions || one->regions;
    return formula{&describe<Op>, hash, Loops::shape::value, arg, static_cast<int>(sizeof...(Operand)), {}, nullptr, nullptr, regions, &loops};
  }();
};
/// Its expression, of the shape `Loops::shape`.
template <class Op, class Loops, class... Operand>
constexpr auto nest_expression() {
  using definition = nest_formula<Op, Loops, Operand...>;
  static_assert(sizeof(inject<definition::node_.hash, definition>) > 0);
  return expression<Op, typename Loops::shape, definition::node_.hash>{};
}

/// The numbers of E, where they stand, as a tensor of another shape: a formula of its own, but no step of a computation.
template <class Shape, class E>
struct same_numbers {
  static constexpr const formula* arg[] = {&E::node()};
  static constexpr formula node_{&describe<op::same_numbers>,
                                 mix(mix(describe<op::same_numbers>.id, axes_of_shape<Shape>.hash()), E::hash),
                                 Shape::value,
                                 arg,
                                 1,
                                 {},
                                 nullptr,
                                 nullptr,
                                 E::node().regions};
};
template <class Shape, class E>
constexpr auto reshaped(E e) {
  if constexpr (std::is_same_v<Shape, typename E::shape>) return e;
  else return define<op::same_numbers, same_numbers<Shape, E>, Shape>();
}

/// What the expansion means, printed as `Text::text`(shown...).
template <class Text, class Expansion, class... Shown>
struct abbreviated_formula {
  static constexpr const formula* arg[] = {&Expansion::node(), &Shown::node()...};
  static constexpr contraction loops = [] {
    contraction made;
    made.name = Text::text.text;
    made.pick = static_cast<int>(hash_text(made.name) % (1u << 31));  // names tell abbreviations apart
    return made;
  }();
  static constexpr formula node_{&describe<op::abbreviation>,
                                 mix(mix(describe<op::abbreviation>.id, hash_text(loops.name)), Expansion::hash),
                                 Expansion::shape::value,
                                 arg,
                                 1 + static_cast<int>(sizeof...(Shown)),
                                 {},
                                 nullptr,
                                 nullptr,
                                 Expansion::node().regions,
                                 &loops};
};
template <class Text, class Expansion, class... Shown>
constexpr auto abbreviate(Expansion, Shown...) {
  return define<op::abbreviation, abbreviated_formula<Text, Expansion, Shown...>, typename Expansion::shape>();
}
/// The name of a function along axes: "softmax<s>".
template <fixed_string Name, auto... Axis>
struct name_along {
  static constexpr loop_text text = [] {
    loop_text result;
    result.put(Name.text);
    bool first = true;
    ((result.put(first ? "<" : ", ").put(Axis.info.name), first = false), ...);
    return first ? result : result.put(">");
  }();
};

/// Loops that spread the axes From over the axes Shape, or put them into another order.
template <class From, class Shape>
struct spread_loops {
  using shape = Shape;
  static constexpr contraction value = contraction_over(axes_of_shape<Shape>, no_axes, axes_of_shape<From>, no_axes);
};
template <class Shape, class E>
constexpr auto spread_to(E e) {
  if constexpr (std::is_same_v<Shape, typename E::shape> || E::shape::value.rank == 0) return e;
  else return nest_expression<op::contract, spread_loops<typename E::shape, Shape>, E>();
}

/// The condition of an error: an axis has the same size in two operands.
template <fixed_string Axis, int Size, int OtherSize>
struct axis_has_one_size {
  static constexpr bool value = Size == OtherSize;
};
template <class Shape>
struct list_of_shape {
  static constexpr axis_list value = axes_of_shape<Shape>;
};
/// The first axis that has another size in B than in A, if there is one.
template <class A, class B, int K = axis_of_two_sizes(axes_of_shape<A>, axes_of_shape<B>)>
struct find_sizes {
  static constexpr axis_list b = axes_of_shape<B>;
  using axis = typename axis_from<list_of_shape<A>, K>::type;
  using type = axis_has_one_size<axis::text, axis::size, b.at[b.find(axis::info.hash)].size>;
};
template <class A, class B>
struct find_sizes<A, B, -1> {
  using type = axis_has_one_size<"", 0, 0>;
};
template <class A, class B>
using sizes_of = typename find_sizes<A, B>::type;

template <class... Shape>
struct union_shape {
  static constexpr axis_list value = union_of(axes_of_shape<Shape>...);
  using type = typename shape_of_list<union_shape>::type;
};
/// The first of several shapes that disagrees with their union.
template <class Union, class First, class... Rest>
struct find_sizes_among
    : std::conditional_t<sizes_of<First, Union>::value && (sizeof...(Rest) > 0), find_sizes_among<Union, Rest...>, find_sizes<First, Union>> {};
template <class Union, class Last>
struct find_sizes_among<Union, Last> : find_sizes<Last, Union> {};

/// Op over operands that have all axes of the result, whose shape is given.
template <class Op, class Shape, class... Operand>
struct aligned {
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr formula node_ = compose(describe<Op>, {}, arg);
  static_assert(sizeof(inject<node_.hash, aligned>) > 0);
  using type = expression<Op, Shape, node_.hash>;
};

/// What an elementwise operation makes of operands with named axes.
template <bool Elementwise, class Op, class... Operand>
struct meeting {
  static constexpr bool names_stay_apart_from_positions = ((is_named<typename Operand::shape> || Operand::shape::value.rank == 0) && ...);
  static constexpr bool is_for_tensors = true;
  using shape = typename union_shape<typename Operand::shape...>::type;
  using sizes = typename find_sizes_among<shape, typename Operand::shape...>::type;
  template <class... Spread>
  static constexpr auto make(Spread...) {
    return typename aligned<Op, shape, Spread...>::type{};
  }
  static constexpr auto expression_of_it() {
    if constexpr (names_stay_apart_from_positions && sizes::value) return make(spread_to<shape>(Operand{})...);
    else return constant_type<number{}>{};
  }
};
/// What is left of a shape when all axes of known length are gone: a number, or one for each row.
template <class Shape>
struct rows_of_shape {
  static constexpr axis_list value = [] {
    axis_list rows;
    for (int k = 0; k < axes_of_shape<Shape>.count; ++k)
      if (axes_of_shape<Shape>.at[k].is_run_time()) rows.add(axes_of_shape<Shape>.at[k]);
    return rows;
  }();
  using type = typename shape_of_list<rows_of_shape>::type;
};
/// Other operations make sense without axes if they make a number of tensors that have the same axes.
template <class Op, class... Operand>
struct meeting<false, Op, Operand...> {
  using first = typename first_shape<Operand...>::type;
  using sizes = axis_has_one_size<"", 0, 0>;
  static constexpr bool names_stay_apart_from_positions = true;
  static constexpr bool is_region = requires { Op::rows; };
  static constexpr bool is_for_tensors = is_region || ((std::is_same_v<typename Operand::shape, first> && ...) && [] {
                                           const extent shapes[] = {Operand::shape::value...};
                                           return describe<Op>.shape(shapes, sizeof...(Operand), {}).rank == 0;
                                         }());
  static constexpr auto expression_of_it() {
    if constexpr (!is_for_tensors) return constant_type<number{}>{};
    else return typename aligned<Op, std::conditional_t<is_region, first, typename rows_of_shape<first>::type>, Operand...>::type{};
  }
};

template <class Op, class... Operand>
  requires MeetByName<Operand...>
struct composite<Op, Operand...> {
  using operands = meeting<requires { Op::is_elementwise; }, Op, Operand...>;
  static_assert(operands::names_stay_apart_from_positions,
                "typegrad: a tensor with named axes meets a vector or matrix without names: give this names, reshape<axes<t, c>>(X)");
  static_assert(operands::sizes::value, "typegrad: an axis has one size in one operand and another in the other");
  static_assert(operands::is_for_tensors,
                "typegrad: this operation is for vectors and matrices; tensors with named axes have dot<c>(a, b), sum<c>(x), rename<t, s>(x), ...");
  using type = decltype(operands::expression_of_it());
};

}  // namespace detail
}  // namespace typegrad
