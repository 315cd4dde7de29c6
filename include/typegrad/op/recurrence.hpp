// SPDX-License-Identifier: BSL-1.0
// A recurrence as a type: the formulas of one step, and what the calculus knows of it.
#pragma once

#include <typegrad/op/window.hpp>

namespace typegrad {

template <class... T>
struct type_list;  // graph/symbols.hpp

/// A part of the adjoint of what steps share, from number `to` on. It is among the sums that a pullback carries along, from number `from` on; or the
/// sum over all steps of a product, whose factors are among the outputs of a step.
struct shared_sum {
  int to = 0;
  int count = 0;
  int from = 0;
  bool is_product = false;
  bool negative = false;
  int left = 0, right = 0;
  contraction product{};
};

/// What the calculus knows of a recurrence: sizes in numbers, and the recurrences that are its pullback.
struct scan_info {
  int steps;
  int carry;      // from step to step
  int input;      // of one step
  int shared;     // by all steps
  int output;     // of one step
  bool keeps;     // the carries before each step are results
  int every;      // or those before each so many steps
  bool ragged;    // the first number that steps share says how many of them are made
  bool reversed;  // from the last element of the axis to the first
  int id;
  int sums = 0;                                    // of a pullback: numbers that are summed up step by step
  detail::link<const shared_sum> parts = nullptr;  // and how the adjoint of what is shared is put together
  int part_count = 0;
  detail::link<const scan_info> back = nullptr;       // the pullback
  detail::link<const scan_info> back_last = nullptr;  // where only the last carry has an adjoint

  constexpr int kept() const { return keeps ? (steps + every - 1) / every * carry : 0; }
  constexpr int results() const { return carry + kept() + steps * output; }
};

namespace detail {

template <class... S>
inline constexpr int numbers_of = (0 + ... + S::shape::value.size());

/// A recurrence, its pullback, and that where only the last carry has an adjoint.
enum way { forth, back_of_all, back_of_last };

/// How a recurrence goes along its axis. A ragged one makes the steps t < length, where the length is the first number that steps share.
/// A reversed one is a pullback in the words of a recurrence of its own, to be differentiated again: its outputs are results, and it keeps no
/// carries. The level tells tangents of tangents apart.
struct course {
  int steps;
  int every = 1;  // the carry before each so many steps is kept
  bool ragged = false;
  way goes = forth;
  bool reversed = false;
  int level = 0;

  constexpr course going(way back) const { return {steps, every, ragged, back, false, level}; }
  constexpr course turned() const { return {steps, 1, false, forth, true, level}; }
  constexpr course above() const { return {steps, every, ragged, goes, reversed, level + 1}; }
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
struct pullback_of;  // diff/step_back.hpp
template <class Recurrence>
struct tangent_of;  // diff/step_forth.hpp

template <course Course, class... C, class... X, class... P, class... N, class... O, class... K, class Forth>
struct recurrence<Course, type_list<C...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<O...>, type_list<K...>, Forth> {
  using forward = Forth;
  static constexpr course goes = Course;
  static constexpr bool is_pullback = Course.goes != forth, has_adjoints = Course.goes == back_of_all;
  using kept = type_list<K...>;
  static constexpr int kept_numbers = numbers_of<K...>;
  static constexpr int carry = [] {  // of the recurrence, also of one whose pullback this is
    if constexpr (is_pullback) return Forth::carry;
    else return numbers_of<C...>;
  }();
  using carries = type_list<C...>;
  using inputs = type_list<X...>;
  using shared = type_list<P...>;
  using next = type_list<N...>;
  using outputs = type_list<O...>;
  static constexpr int id = [] {
    std::uint64_t h = mix(static_cast<std::uint64_t>(Course.steps),
                          static_cast<std::uint64_t>(Course.goes + (Course.ragged ? 4 : 0) + (Course.reversed ? 8 : 0) + 16 * Course.level) +
                              256 * static_cast<std::uint64_t>(Course.every));
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
    if constexpr (!is_pullback && !Course.reversed && (Course.every == 1 || Pullback == back_of_last))
      return &pullback_of<recurrence, Pullback>::type::info;
    else return nullptr;
  }
  static constexpr const shared_sum* parts() {
    if constexpr (is_pullback) return pullback_of<Forth, Course.goes>::parts.at;
    else return nullptr;
  }
  static constexpr int part_count() {
    if constexpr (is_pullback) return pullback_of<Forth, Course.goes>::parts.count;
    else return 0;
  }
  static constexpr scan_info info{Course.steps,
                                  numbers_of<C...>,
                                  numbers_of<X...>,
                                  numbers_of<P...>,
                                  numbers_of<O...>,
                                  !is_pullback && !Course.reversed,
                                  Course.every,
                                  Course.ragged,
                                  Course.reversed,
                                  id,
                                  numbers_of<C...> - carry,
                                  parts(),
                                  part_count(),
                                  back<back_of_all>(),
                                  back<back_of_last>()};
};

}  // namespace detail
}  // namespace typegrad
