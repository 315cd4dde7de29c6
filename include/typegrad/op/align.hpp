// SPDX-License-Identifier: BSL-1.0
// Tensors with named axes meet by name: operands of elementwise operations are spread over the union of their axes.
#pragma once

#include <typegrad/op/contract.hpp>

namespace typegrad {
namespace detail {

/// All axes of the lists, in the order of their first appearance.
template <class... List>
constexpr axis_list union_of(const List&... list) {
  axis_list result;
  const auto add = [&](const axis_list& more) {
    for (int k = 0; k < more.count; ++k)
      if (!result.has(more.at[k].hash)) result.add(more.at[k]);
  };
  (add(list), ...);
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
  contraction c;
  c.result = result.size(), c.operand[0] = a.size(), c.operand[1] = b.size();
  const auto add = [&](const axis_info& axis, int to) {
    if (!axis.is_run_time()) c.add({axis.size, to, {a.stride(axis.hash), b.stride(axis.hash)}, axis.hash, axis.name});
  };
  for (int k = 0; k < result.count; ++k) add(result.at[k], result.stride(result.at[k].hash));
  for (int k = 0; k < summed.count; ++k) add(summed.at[k], 0);
  return c;
}

/// The formula of a nest of loops over operands: `Loops::value` is the contraction.
template <class Op, class Loops, class... Operand>
struct nest_formula {
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr contraction loops = [] {
    contraction c = Loops::value;
    c.operands = static_cast<int>(sizeof...(Operand));
    return c;
  }();
  static constexpr formula node_ = [] {
    std::uint64_t hash = mix(describe<Op>.id, loops.hash());
    if (loops.name != nullptr) hash = mix(hash, hash_text(loops.name));
    bool regions = false;
    for (const formula* f : arg) hash = mix(hash, f->hash), regions = regions || f->regions;
    return formula{&describe<Op>, hash, {Loops::shape::value.rank, loops.result, 1}, arg, static_cast<int>(sizeof...(Operand)), {}, nullptr, nullptr, regions, &loops};
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
  static constexpr formula node_{&describe<op::same_numbers>, mix(mix(describe<op::same_numbers>.id, Shape::hash), E::hash),
                                 Shape::value,  arg, 1, {}, nullptr, nullptr, E::node().regions};
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
    contraction c;
    c.name = Text::text.text;
    c.pick = static_cast<int>(hash_text(c.name) % (1u << 31));  // names tell abbreviations apart
    return c;
  }();
  static constexpr formula node_{&describe<op::abbreviation>, mix(describe<op::abbreviation>.id, Expansion::hash), Expansion::shape::value, arg,
                                 1 + static_cast<int>(sizeof...(Shown)), {}, nullptr, nullptr, Expansion::node().regions, &loops};
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
template <class A, class B>
constexpr bool check_sizes() {
  constexpr axis_list a = axes_of_shape<A>, b = axes_of_shape<B>;
  constexpr int k = axis_of_two_sizes(a, b);
  if constexpr (k >= 0) {
    using axis = typename axis_from<list_of_shape<A>, k>::type;
    using check = axis_has_one_size<axis::text, axis::size, b.at[b.find(a.at[k].hash)].size>;
    static_assert(check::value, "typegrad: an axis has one size in one operand and another in the other");
  }
  return k < 0;
}

/// Are these tensors all with named axes, or numbers?
template <class... Shape>
struct positions_and_names {
  static constexpr bool do_not_mix = ((is_named<Shape> || Shape::value.rank == 0) && ...);
};

template <class... Shape>
struct union_shape {
  static constexpr axis_list value = union_of(axes_of_shape<Shape>...);
  using type = typename shape_of_list<union_shape>::type;
};

template <class Op>
inline constexpr bool keeps_shape = requires { Op::is_elementwise; };

/// Op over operands that have all axes of the result; the shape is that of the first one with axes.
template <class Op, class Shape, class... Operand>
struct aligned {
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr formula node_ = compose(describe<Op>, {}, arg);
  static_assert(sizeof(inject<node_.hash, aligned>) > 0);
  using type = expression<Op, Shape, node_.hash>;
};

template <class Op, class... Operand>
struct elementwise_by_name {
  using mix = positions_and_names<typename Operand::shape...>;
  static_assert(mix::do_not_mix,
                "typegrad: a tensor with named axes meets a vector or matrix without names: give this names, as_axes<axes<t, c>>(X)");
  using shape = typename union_shape<typename Operand::shape...>::type;
  static constexpr bool fits = mix::do_not_mix && (check_sizes<typename Operand::shape, shape>() && ...);
  template <class... Spread>
  static constexpr auto make(Spread...) {
    return typename aligned<Op, shape, Spread...>::type{};
  }
  static constexpr auto expression_of_it() {
    if constexpr (fits) return make(spread_to<shape>(Operand{})...);
    else return constant_type<number{}>{};
  }
  using type = decltype(expression_of_it());
};

/// Does an operation without axes make sense here? One that makes a number of tensors that have the same axes.
template <class Op, class... Operand>
struct whole_tensor {
  using first = typename first_shape<Operand...>::type;
  static constexpr bool is_region = requires { Op::rows; };
  static constexpr bool value = is_region || ((std::is_same_v<typename Operand::shape, first> && ...) && [] {
    const extent shapes[] = {Operand::shape::value...};
    return describe<Op>.shape(shapes, sizeof...(Operand), {}).rank == 0;
  }());
};
template <class Op, class... Operand>
struct whole_by_name {
  using whole = whole_tensor<Op, Operand...>;
  static_assert(whole::value,
                "typegrad: this operation is for vectors and matrices; tensors with named axes have dot<c>(a, b), sum<c>(x), rename<t, s>(x), ...");
  static constexpr auto expression_of_it() {
    if constexpr (!whole::value) return constant_type<number{}>{};
    else return typename aligned<Op, std::conditional_t<whole::is_region, typename whole::first, scalar>, Operand...>::type{};
  }
  using type = decltype(expression_of_it());
};

template <class Op, class... Operand>
struct composite_of_axes<true, Op, Operand...>
    : std::conditional_t<keeps_shape<Op>, std::type_identity<elementwise_by_name<Op, Operand...>>, std::type_identity<whole_by_name<Op, Operand...>>>::type {};

}  // namespace detail
}  // namespace typegrad
