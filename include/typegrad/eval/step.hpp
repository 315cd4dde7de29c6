// SPDX-License-Identifier: BSL-1.0
// One step of a plan: an operation on numbers, on the elements of a tensor, a nest of loops, a recurrence.
#pragma once

#include <typegrad/eval/elementwise_step.hpp>
#include <typegrad/op/scan.hpp>

#include <bit>
#include <utility>

namespace typegrad::detail {

/// An operation that is long and comes often has a function of its own.
template <class Op, class T>
__attribute__((noinline, const)) constexpr T called(T x) noexcept {
  return Op::value(x);
}

/// What compilers must know of a step as a constant: the loops of contraction N, or the exponent of step -2 - N. Bit k of Scalars: operand k of a
/// nest in lanes is single numbers.
template <class Plan, int N, int Scalars = 0>
struct constants_of_step {
  static constexpr nest loops = nest_of(Plan::contractions[N]);
  static constexpr int scalars = Scalars;
  template <int C = N>
  using recurrence = typename Plan::recurrences::template at<C>;
};
template <class Plan, int N, int Scalars>
  requires(N < -1)
struct constants_of_step<Plan, N, Scalars> {
  static constexpr number exponent = Plan::value.steps[-2 - N].value;
};

/// Operand K of a nest; in lanes it may be single numbers, which go by the type of lanes on their way here (eval/scan_step.hpp).
template <int K, bool Scalars, class T>
TYPEGRAD_INLINE constexpr auto nest_operand(const T* workspace, const T* const* base, const step& s) {
  if constexpr (!Scalars) return operand_at<K>(workspace, base, s);
  else return reinterpret_cast<const math::scalar_of<T>*>(base[s.from[K].base]) + s.from[K].offset;
}

template <int K, class T>
TYPEGRAD_INLINE constexpr const T& number_at(const T* own, const T* workspace, const T* const* base, const step& s) {
  return (s.from[K].base != 0 ? base[s.from[K].base] : (s.crosses >> K) % 2 != 0 ? workspace : own)[s.from[K].offset];
}
/// A step from single numbers to a single number. There are many of these: what is written here is what compilers have to go through.
template <class Op, bool Called, class Constants, class T>
TYPEGRAD_INLINE constexpr void run_scalar_step(T* own, const T* workspace, const T* const* base, const step& s) {
  T& y = own[s.to.offset];
  if constexpr (std::is_same_v<Op, op::copy>) y = number_at<0>(own, workspace, base, s);
  else if constexpr (requires { Op::template power_of<Constants::exponent>(y); })
    y = Op::template power_of<Constants::exponent>(number_at<0>(own, workspace, base, s));
  else if constexpr (requires { Op::value(y, number{}); }) y = Op::value(number_at<0>(own, workspace, base, s), s.value);
  else if constexpr (Op::arity == 1 && Called && describe<Op>.transcendental) y = called<Op>(number_at<0>(own, workspace, base, s));
  else if constexpr (Op::arity == 1) y = Op::value(number_at<0>(own, workspace, base, s));
  else if constexpr (Op::arity == 2) y = Op::value(number_at<0>(own, workspace, base, s), number_at<1>(own, workspace, base, s));
  else y = Op::value(number_at<0>(own, workspace, base, s), number_at<1>(own, workspace, base, s), number_at<2>(own, workspace, base, s));
}

/// Steps of one operation on single numbers that follow each other and do not read each other: Count of them, side by side in lanes.
template <class Op, int Count>
struct step_group {};
/// A step that belongs to a group before it.
struct in_group {};
/// An elementwise step over Size numbers that fill no registers: one by one, so that they can be registers themselves.
template <class Op, int Size>
struct step_of_few {};
template <class Op>
inline constexpr bool is_of_few = false;
template <class Op, int Size>
inline constexpr bool is_of_few<step_of_few<Op, Size>> = true;
template <class Constants, class Op, int Size, class T>
TYPEGRAD_INLINE constexpr void run_few(step_of_few<Op, Size>, T* workspace, const T* const* base, const step& s) {
  const same_everywhere<T> same(workspace, base, s, Op::arity);
  [&]<int... I>(std::integer_sequence<int, I...>)
      TYPEGRAD_INLINE { (run_element<Op, Constants, T>(workspace, base, s, same, I), ...); }(std::make_integer_sequence<int, Size>{});
}
template <class Op>
inline constexpr int group_size = -1;
template <class Op, int Count>
inline constexpr int group_size<step_group<Op, Count>> = Count;
template <>
inline constexpr int group_size<in_group> = 0;

template <bool Called, class Op, int Count, class T>
TYPEGRAD_INLINE constexpr void run_group(step_group<Op, Count>, T* own, const T* workspace, const T* const* base, const step* s) {
  constexpr int least = 16 / static_cast<int>(sizeof(T)),
                lanes = Count <= least ? least : static_cast<int>(std::bit_ceil(static_cast<unsigned>(Count)));
  using W = math::lanes<T, lanes>;
  if (__builtin_is_constant_evaluated()) {
    for (int k = 0; k < Count; ++k) own[s[k].to.offset] = Op::value(number_at<0>(own, workspace, base, s[k]));
  } else {
    W x(number_at<0>(own, workspace, base, s[0]));
#pragma GCC unroll 16
    for (int k = 1; k < Count; ++k) x.v[k] = number_at<0>(own, workspace, base, s[k]);
    W y;
    if constexpr (Called) y = called<Op>(x);
    else y = Op::value(x);
#pragma GCC unroll 16
    for (int k = 0; k < Count; ++k) own[s[k].to.offset] = y.v[k];
  }
}

/// What another function reads, in the end: no store comes between the loads of a function.
template <class T>
TYPEGRAD_INLINE constexpr void keep_number(T* workspace, const T* own, const step& s) {
  if (s.crosses >= 8) workspace[s.to.offset] = own[s.to.offset];
}

/// A recurrence: eval/scan.hpp.
template <class Op>
concept is_scan = requires { Op::is_scan; };
template <class R, bool InRows, int Packs = 1, class V, class S>
constexpr void run_recurrence(V* first_y, const V* const* first_operand, const S* shared, int apart = 0);

/// An iteration: eval/iterate.hpp.
template <class Op>
concept is_iteration = requires { Op::is_iteration; };
template <class R, class V>
constexpr void run_iteration(V* y, const V* start, const V* given);

/// The same pointer: g++ warns of uninitialised numbers where a loop that is never empty writes them.
template <class T>
TYPEGRAD_INLINE constexpr T* written_there(T* to) {
#if !defined(__clang__)
  if (!__builtin_is_constant_evaluated()) asm("" : "+r"(to));
#endif
  return to;
}

/// One step. Single numbers live in `own`, and in the workspace if another function needs them. `base[0]` is the workspace, `base[1]` the constants, `base[2 + s]` the value of symbol s.
template <class Op, bool Scalar, bool Called, class Constants, class T>
TYPEGRAD_INLINE constexpr void run_step(T* own, T* workspace, const T* const* base, const step& s) {
  if constexpr (group_size<Op> >= 0) {
    if constexpr (group_size<Op> > 0) run_group<Called>(Op{}, own, workspace, base, &s);
  } else if constexpr (is_of_few<Op>) {
    run_few<Constants>(Op{}, workspace, base, s);
  } else if constexpr (is_scan<Op>) {
    const T* operand[most_operands] = {};
    for (int k = 0; k < most_operands; ++k) operand[k] = base[s.from[k].base] + s.from[k].offset;
    using recurrence = typename Constants::template recurrence<>;
    run_recurrence<recurrence, false>(written_there(workspace + s.to.offset), operand, operand[recurrence::is_pullback ? 3 : 2]);
  } else if constexpr (is_iteration<Op>) {
    run_iteration<recurrence_class<Constants::loops.pick>>(written_there(workspace + s.to.offset), operand_at<0>(workspace, base, s),
                                                           operand_at<1>(workspace, base, s));
  } else if constexpr (is_nest<Op>) {
    const auto *const a = nest_operand < 0, (Constants::scalars & 1) != 0 > (workspace, base, s);
    if constexpr (Constants::loops.operands == 2)
      Op::template run<Constants::loops>(workspace + s.to.offset, a, nest_operand < 1, (Constants::scalars & 2) != 0 > (workspace, base, s));
    else Op::template run<Constants::loops>(workspace + s.to.offset, a, a);
  } else if constexpr (Scalar && (std::is_same_v<Op, op::copy> || requires { Op::is_elementwise; })) {
    run_scalar_step<Op, Called, Constants>(own, workspace, base, s);
  } else {
    T* const y = workspace + s.to.offset;
    const T* const a = operand_at<0>(workspace, base, s);
    if constexpr (requires { Op::is_elementwise; }) {
      run_elementwise<Op, Constants>(workspace, base, s);
    } else if constexpr (requires { Op::compute(y, s.shape, a, s.operand[0]); }) {
      Op::compute(y, s.shape, a, s.operand[0]);
    } else {
      const T* const b = operand_at<1>(workspace, base, s);
      if constexpr (requires { Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1], s.value); })
        Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1], s.value);
      else Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1]);
    }
  }
}

}  // namespace typegrad::detail
