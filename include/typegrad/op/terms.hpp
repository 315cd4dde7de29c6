// SPDX-License-Identifier: BSL-1.0
// One number of a contraction: its terms, and how they meet.
#pragma once

#include <typegrad/expr/nest.hpp>
#include <typegrad/op/side_by_side.hpp>

namespace typegrad::detail {

/// a b, or a alone. The operands are numbers of the result's type, or single numbers where the result has one for each row of a batch.
template <nest N, class V, class A, class B>
TYPEGRAD_INLINE constexpr V term_of(const A& a, const B& b) {
  if constexpr (N.operands == 2) return V(a) * V(b);
  else return V(a);
}

/// The terms of loops L .. meet in `all`.
template <nest N, class Meet, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void meet_terms(V& all, const A* a, const B* b) {
  if constexpr (L == N.count) Meet::add(all, term_of<N, V>(*a, *b));
  else
    for (int i = 0; i < N.size[L]; ++i) meet_terms<N, Meet, L + 1>(all, a + i * N.a[L], b + i * N.b[L]);
}

template <class Meet>
constexpr bool meets_side_by_side(const nest& n) {
  const int last = n.count - 1;
  return n.count == n.outer + 1 && n.a[last] == 1 && (n.operands == 1 || n.b[last] == 1) && (n.across || n.size[last] >= Meet::side_by_side);
}

/// One number of the result.
template <nest N, class Meet, class V, class A, class B>
TYPEGRAD_INLINE constexpr V one_number(const A* a, const B* b) {
  if constexpr (N.count == N.outer) {
    return term_of<N, V>(*a, *b);
  } else if constexpr (meets_side_by_side<Meet>(N)) {
    constexpr int size = N.size[N.count - 1];
    if constexpr (N.operands == 2) return meet_side_by_side<Meet, V>(size, a, b);
    else return meet_side_by_side<Meet, V>(size, a);
  } else {
    V all = Meet::template start<V>();
    meet_terms<N, Meet, N.outer>(all, a, b);
    return all;
  }
}

}  // namespace typegrad::detail
