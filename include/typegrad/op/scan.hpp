// SPDX-License-Identifier: BSL-1.0
// scan<t>(start, step, inputs...): a recurrence along an axis, c(t + 1) = step(c(t), x(t)). Its body is compiled once, however long it is.
#pragma once

#include <typegrad/op/window.hpp>

namespace typegrad {

template <class... T>
struct type_list;  // graph/symbols.hpp

/// What the calculus knows of a recurrence: sizes in numbers, and the recurrence that is its pullback.
struct scan_info {
  int steps;
  int carry;    // from step to step
  int input;    // of one step
  int shared;   // by all steps
  int output;   // of one step
  bool keeps;   // the carries before each step are results
  int every;    // or those before each so many steps
  bool ragged;  // the first number that steps share says how many of them are made
  int id;
  detail::link<const scan_info> back = nullptr;       // the pullback
  detail::link<const scan_info> back_last = nullptr;  // where only the last carry has an adjoint

  constexpr int kept() const { return keeps ? (steps + every - 1) / every * carry : 0; }
  constexpr int results() const { return carry + kept() + steps * output; }
};

namespace detail {

/// numbers first .. first + n - 1 of a vector
constexpr term part_of(term a, int first, int n) {
  contraction made;
  made.result = n, made.operand[0] = a.shape().size(), made.from[0] = first;
  made.add({n, 1, {1, 0}, 0, nullptr});
  return contract_term(made, {1, n, 1}, a);
}
/// Is a vector 0 from number n on, because it was put together so?
constexpr bool ends_before(term a, int n) {
  const vertex v = a.node();
  if (v.op != &describe<op::contract> || v.count != 1) return false;
  const contraction made = contraction_of(a);
  int last = made.to;
  for (int l = 0; l < made.count; ++l) last += (made.loops[l].size - 1) * made.loops[l].to;
  return last < n;
}
/// The first n numbers of such a vector.
constexpr term first_of(term a, int n) {
  contraction made = contraction_of(a);
  made.result = n;
  return contract_term(made, {1, n, 1}, a[0]);
}

/// A vector of one number as a scalar, if that is what stands for it.
constexpr term shaped_like(term wanted, term a) {
  if (wanted.shape() == a.shape()) return a;
  return make<op::at>(op::stack::position(a.shape(), 0), a);
}

// Called in a constant evaluation, these end it; their names are the message.
inline void second_derivatives_of_a_scan_are_not_there() {}
inline void forward_mode_of_a_scan_is_not_there() {}

}  // namespace detail

namespace op {

/// Operands: the first carry, the inputs of all steps, what steps share. Results: the last carry, the carries before each step. Of a pullback:
/// the adjoint of all results, these results, the inputs, what steps share; results: the adjoints of the first carry and of what steps share,
/// and those of the inputs.
struct scan {
  static constexpr char name[] = "scan";
  static constexpr growth grows = growth::singular;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_scan = true;
  static constexpr bool is_entangled = true;
  // adjoints go through the steps from the last to the first, by the pullback of one step
  static constexpr term pullback(term y, int k, term g) {
    const scan_info& forth = *detail::contraction_of(y).scan;
    if (forth.back_last == nullptr) detail::second_derivatives_of_a_scan_are_not_there();
    if (k == 1 && forth.input == 0) return constant_term(*y.graph, {}, y[1].shape());
    if (k == 2 && forth.shared == 0) return constant_term(*y.graph, {}, y[2].shape());
    const bool last = forth.every > 1 || detail::ends_before(g, forth.carry);
    const scan_info& back = last ? *forth.back_last : *forth.back;
    if (forth.every > 1) g = detail::part_of(g, 0, forth.carry);
    else if (last) g = detail::first_of(g, forth.carry);
    contraction made;
    made.scan = &back, made.pick = back.id, made.result = back.results(), made.operands = 4;
    const int arg[] = {g.index, y.index, y[1].index, y[2].index};
    const term all{y.graph, y.graph->make(describe<scan>, arg, 4, y.graph->number_of(made), {1, back.results(), 1})};
    if (k == 0) return detail::shaped_like(y[0], detail::part_of(all, 0, forth.carry));
    if (k == 2) return detail::shaped_like(y[2], detail::part_of(all, forth.carry, forth.shared));
    return detail::shaped_like(y[1], detail::part_of(all, back.carry, forth.steps * forth.input));
  }
  static constexpr term pushforward(term y, int, term) {
    if (y.graph != nullptr) detail::forward_mode_of_a_scan_is_not_there();
    return y;
  }
};

}  // namespace op

namespace detail {

template <class... S>
inline constexpr int numbers_of = (0 + ... + S::shape::value.size());

/// A recurrence, its pullback, and that where only the last carry has an adjoint.
enum way { forth, back_of_all, back_of_last };

/// How a recurrence goes along its axis. A ragged one makes the steps t < length, where the length is the first number that steps share.
struct course {
  int steps;
  int every = 1;  // the carry before each so many steps is kept
  bool ragged = false;
  way goes = forth;

  constexpr course going(way back) const { return {steps, every, ragged, back}; }
};

/// A recurrence as a type: the symbols that stand for carries, inputs and shared values in its formulas, the next carries, the outputs. One that is
/// a pullback goes backwards; its inputs are the carries, the inputs and the adjoints of the results of the other, and what that kept: the values
/// of the formulas Kept, which were its outputs. If only some carries were kept, it computes the others by the steps of Forth.
template <course Course, class Carries, class Inputs, class Shared, class Next, class Outputs, class Kept = type_list<>, class Forth = void>
struct recurrence;

/// The class of the recurrence with this id.
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <int Id>
struct recurrence_tag {
  friend constexpr auto recurrence_of(recurrence_tag);
};
template <int Id, class R>
struct registered_recurrence {
  friend constexpr auto recurrence_of(recurrence_tag<Id>) { return std::type_identity<R>{}; }
};
#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif
template <int Id>
using recurrence_class = typename decltype(recurrence_of(recurrence_tag<Id>{}))::type;

template <class Recurrence, way Back>
struct pullback_of;

template <course Course, class... C, class... X, class... P, class... N, class... O, class... K, class Forth>
struct recurrence<Course, type_list<C...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<O...>, type_list<K...>, Forth> {
  using forward = Forth;
  static constexpr course goes = Course;
  static constexpr bool is_pullback = Course.goes != forth, has_adjoints = Course.goes == back_of_all;
  using kept = type_list<K...>;
  static constexpr int kept_numbers = numbers_of<K...>;
  static constexpr int carry = numbers_of<C...> - (is_pullback ? numbers_of<P...> : 0);  // of the recurrence, also of one whose pullback this is
  using carries = type_list<C...>;
  using inputs = type_list<X...>;
  using shared = type_list<P...>;
  using results = type_list<N..., O...>;
  static constexpr int id = [] {
    std::uint64_t h = mix(static_cast<std::uint64_t>(Course.steps),
                          static_cast<std::uint64_t>(Course.goes + (Course.ragged ? 4 : 0)) + 8 * static_cast<std::uint64_t>(Course.every));
    ((h = mix(h, C::hash)), ...);
    ((h = mix(h, X::hash)), ...);
    ((h = mix(h, P::hash)), ...);
    ((h = mix(h, N::hash)), ...);
    ((h = mix(h, O::hash)), ...);
    return static_cast<int>(h % (1u << 31));
  }();
  static_assert(sizeof(registered_recurrence<id, recurrence>) > 0);
  template <way Pullback>
  static constexpr const scan_info* back() {
    if constexpr (!is_pullback && (Course.every == 1 || Pullback == back_of_last)) return &pullback_of<recurrence, Pullback>::type::info;
    else return nullptr;
  }
  static constexpr scan_info info{
      Course.steps, numbers_of<C...>,    numbers_of<X...>,    numbers_of<P...>, numbers_of<O...>, !is_pullback, Course.every, Course.ragged,
      id,           back<back_of_all>(), back<back_of_last>()};
};

}  // namespace detail
}  // namespace typegrad
