// SPDX-License-Identifier: BSL-1.0
// The parts of a body that are the same for lanes and for one row at a time: chains of elementwise operations, single
// operations, copies.
#pragma once

#include <typegrad/eval/iterate.hpp>
#include <typegrad/eval/scan.hpp>
#include <typegrad/math/lane_instructions.hpp>
#include <typegrad/plan/body.hpp>

namespace typegrad::detail {

/// An operand of a chain at element e. Packs are of type V: lanes, or a number.
template <body_operand::source From, class V, class T>
TYPEGRAD_INLINE constexpr V operand_value(const body_operand& operand, [[maybe_unused]] const V* member, [[maybe_unused]] const V* packs,
                                          [[maybe_unused]] const T* const* base, [[maybe_unused]] int e) {
  if constexpr (From == body_operand::member) return member[operand.at.offset];
  else if constexpr (From == body_operand::pack) return packs[operand.at.offset + (operand.vector ? e : 0)];
  else return V(base[operand.at.base][operand.at.offset + (operand.vector ? e : 0)]);
}

/// The exponent of a power is a constant; other members need none, and share their classes.
template <class Body, int M>
struct exponent_of_member {
  static constexpr number exponent = Body::value.line.members[M].value;
};
struct no_exponent {};

/// One member of a chain. The tables are constants, so that after inlining nothing of them is left; there are few of these
/// classes, because their names have the operation and the kinds of its operands alone.
template <class Op, class Constants, body_operand::source A, body_operand::source B, body_operand::source C, class V, class T>
struct chain_member {
  TYPEGRAD_INLINE static constexpr V value(const body_member& m, const V* member, const V* packs, const T* const* base, int e) {
    const V a = operand_value<A>(m.operand[0], member, packs, base, e);
    if constexpr (requires { Op::template power_of<Constants::exponent>(a); }) return Op::template power_of<Constants::exponent>(a);
    else if constexpr (requires { Op::value(a, number{}); }) return Op::value(a, m.value);
    else if constexpr (Op::arity == 1) return Op::value(a);
    else if constexpr (Op::arity == 2) return Op::value(a, operand_value<B>(m.operand[1], member, packs, base, e));
    else return Op::value(a, operand_value<B>(m.operand[1], member, packs, base, e), operand_value<C>(m.operand[2], member, packs, base, e));
  }
  TYPEGRAD_INLINE static constexpr void run(const body_member& m, V* member, int index, V* packs, const T* const* base, int e) {
    member[index] = value(m, member, packs, base, e);
    if (m.store >= 0) packs[m.store + e] = member[index];
  }
};

/// Member M of a body.
template <class Body, int M, class V, class T>
using chain_member_of = chain_member<
    operation_class<Body::value.operations_of[M]->id>,
    std::conditional_t<std::is_same_v<operation_class<Body::value.operations_of[M]->id>, op::power>, exponent_of_member<Body, M>, no_exponent>,
    Body::value.line.members[M].operand[0].from, Body::value.line.members[M].operand[1].from, Body::value.line.members[M].operand[2].from, V, T>;

/// All elements of a chain.
template <class Body, int S, class V, class T, int... M>
TYPEGRAD_INLINE constexpr void run_elements(V* packs, [[maybe_unused]] const T* const* base, std::integer_sequence<int, M...>) {
  constexpr body_step s = Body::value.steps[S];
  constexpr int product = s.kind == kernel::product ? 1 : 0;  // the first member of such a chain is there already
  for (int e = 0; e < s.size; ++e) {
    V member[bound(s.count)];
    if constexpr (product != 0) {
      if constexpr (s.is_short_product()) {
        const T* const row = base[s.matrix.base] + s.matrix.offset + e * s.row;
        using math::multiply_add;  // of numbers; that of lanes is found by its arguments
        V sum = V(T(0));
#pragma GCC unroll 4
        for (int k = 0; k < s.inner; ++k) sum = multiply_add(V(row[k * s.column]), packs[s.left + k], sum);
        member[0] = sum;
      } else {
        member[0] = packs[s.to + e];
      }
      if constexpr (Body::value.line.members[s.first].store >= 0) packs[Body::line.members[s.first].store + e] = member[0];
    }
    (chain_member_of<Body, s.first + product + M, V, T>::run(Body::line.members[s.first + product + M], member, product + M, packs, base, e), ...);
  }
}
template <class Body, int S, class V, class T>
TYPEGRAD_INLINE constexpr void run_elements(V* packs, const T* const* base) {
  constexpr body_step s = Body::value.steps[S];
  run_elements<Body, S>(packs, base, std::make_integer_sequence<int, s.count - (s.kind == kernel::product ? 1 : 0)>{});
}

/// Operand K of `single`: packs, or numbers that all rows share.
template <class Body, int S, int K, class V, class T>
TYPEGRAD_INLINE constexpr auto single_operand(const V* packs, const T* const* base) {
  constexpr body_step s = Body::value.steps[S];
  if constexpr (s.is_shared[K]) return base[s.shared[K].base] + s.shared[K].offset;
  else return packs + (K == 0 ? s.left : s.right);
}

/// The recurrence that a step runs.
template <class Body, int S>
struct recurrence_of_step {
  static constexpr body_step step = Body::value.steps[S];
  using type = typename Body::recurrences::template at<static_cast<int>(step.value.num)>;
  static constexpr int shared = type::is_pullback ? 3 : 2;  // the operand that all steps share
};
/// The recurrences of so many packs, whose numbers are so far apart.
template <class Body, int S, int Packs, class V, class T>
TYPEGRAD_INLINE constexpr void run_recurrences(V* packs, const T* const* base, int apart) {
  using it = recurrence_of_step<Body, S>;
  constexpr body_step s = it::step;
  const V* const operand[] = {packs + s.left, packs + s.right, packs + s.more[0], packs + s.more[1]};
  if constexpr (s.is_shared[it::shared])
    run_recurrence<typename it::type, true, Packs>(packs + s.to, operand, base[s.shared[it::shared].base] + s.shared[it::shared].offset, apart);
  else run_recurrence<typename it::type, true, 1>(packs + s.to, operand, operand[it::shared]);
}
/// Do packs go through the steps of a recurrence two at a time?
template <class Body, int S>
constexpr bool goes_in_pairs() {
  constexpr body_step s = Body::value.steps[S];
  if constexpr (s.kind == kernel::single && s.to >= 0)
    if constexpr (is_scan<operation_class<Body::value.operations_of[s.first]->id>>) {
      using it = recurrence_of_step<Body, S>;
      return s.is_shared[it::shared] && goes_side_by_side<typename it::type, true>;
    }
  return false;
}

template <class Body, int S, class V, class T>
TYPEGRAD_INLINE constexpr void run_single(V* packs, const T* const* base) {
  constexpr body_step s = Body::value.steps[S];
  using Op = operation_class<Body::value.operations_of[s.first]->id>;
  V* const y = packs + s.to;
  if constexpr (is_scan<Op>) {
    run_recurrences<Body, S, 1>(packs, base, 0);
  } else if constexpr (is_iteration<Op>) {
    run_iteration<recurrence_class<Body::contractions[s.value.num].pick>>(y, packs + s.left, packs + s.right);
  } else if constexpr (is_nest<Op>) {
    constexpr nest loops = nest_of(Body::contractions[s.value.num]);
    Op::template run<loops>(y, single_operand<Body, S, 0>(packs, base), single_operand<Body, S, loops.operands - 1>(packs, base));
    return;
  } else {
    const V *const a = packs + s.left, *const b = packs + s.right;
    if constexpr (requires { Op::compute(y, s.shape, a, s.operand[0]); }) Op::compute(y, s.shape, a, s.operand[0]);
    else if constexpr (requires { Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1], s.value); })
      Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1], s.value);
    else Op::compute(y, s.shape, a, s.operand[0], b, s.operand[1]);
  }
}

template <class Body, int S, class V, class T>
constexpr void run_gather(V* packs, const T* const* base) {
  constexpr body_step s = Body::value.steps[S];
  for (int k = 0; k < s.size; ++k) {
    const place from = Body::gathered.at[s.first + k];
    packs[s.to + k] = from.base < 0 ? packs[from.offset] : V(base[from.base][from.offset]);
  }
}

/// A step that treats each pack alone.
template <class Body, int S, class V, class T>
TYPEGRAD_INLINE constexpr void run_pack(V* packs, const T* const* base) {
  constexpr body_step s = Body::value.steps[S];
  if constexpr (s.kind == kernel::chain) run_elements<Body, S>(packs, base);
  else if constexpr (s.to < 0) return;  // nobody reads it
  else if constexpr (s.kind == kernel::single) run_single<Body, S>(packs, base);
  else if constexpr (s.kind == kernel::gather) run_gather<Body, S>(packs, base);
  else
    for (int e = 0; e < s.size; ++e) {
      if constexpr (s.left >= 0) packs[s.to + e] = packs[s.left];
      else packs[s.to + e] = V(base[s.matrix.base][s.matrix.offset + e * s.column]);
    }
}

/// Does a body have nests of loops, which go through packs one by one and gain nothing from large tiles?
template <class Body>
constexpr bool has_nests() {
  for (int m = 0; m < Body::size.members; ++m)
    if (Body::value.operations_of[m]->payload == payload::contraction) return true;
  return false;
}

/// So much of the stack a call takes at most, in bytes; sums and products in a tile take up to 48 KB more.
inline constexpr unsigned long long most_stack = 208 << 10;

/// Packs in a tile: as many as the first cache holds, at least eight if the second does; of nests, no more than the stack of a call holds. T
/// counts with its native lanes.
template <class Body, class T>
inline constexpr int tile_packs = [] {
  const long long bytes = static_cast<long long>(Body::value.workspace) * math::register_bytes + 1;
  const long long first = (32 << 10) / bytes, second = (768 << 10) / bytes;
  const long long many = first > 16 ? 16 : first, enough = second > 8 ? 8 : second < 1 ? 1 : second;
  const long long packs = many > enough ? many : enough, on_stack = static_cast<long long>(most_stack) * 3 / 4 / bytes;
  const bool pair = 2 * bytes <= static_cast<long long>(most_stack) * 13 / 16;  // recurrences go through two side by side
  if (has_nests<Body>() && packs > on_stack) return static_cast<int>(on_stack > 1 ? on_stack : pair ? 2 : 1);
  return static_cast<int>(packs);
}();

}  // namespace typegrad::detail
