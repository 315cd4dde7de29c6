// SPDX-License-Identifier: BSL-1.0
// How the numbers of a contraction are computed. In each number of the result the terms are added in one fixed order, in constant
// expressions as at run time.
#pragma once

#include <typegrad/op/across.hpp>
#include <typegrad/op/block.hpp>

#include <cstddef>

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

/// Loops L .. of a result each of whose numbers is made once.
template <nest N, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_direct(V* y, const A* a, const B* b) {
  if constexpr (L == N.outer) *y = one_number<N, meet_by_sum, V>(a, b);
  else
    for (int i = 0; i < N.size[L]; ++i) run_direct<N, L + 1>(y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
}

/// In lanes of rows: the loop of the result of which several numbers are summed at a time, because one operand serves them all; -1 if there is none.
constexpr int row_block_loop(const nest& n) {
  int best = -1;
  for (int l = 0; l < n.outer; ++l)
    if ((n.a[l] == 0 || n.b[l] == 0) && (best < 0 || n.size[l] > n.size[best])) best = l;
  return n.operands == 2 && n.count > n.outer && !meets_side_by_side<meet_by_sum>(n) ? best : -1;
}
template <nest N, int P, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void add_row_block(V (&sum)[bound(P)], const A* a, const B* b) {
  constexpr int block = row_block_loop(N);
  if constexpr (L == N.count) {
#pragma GCC unroll 8
    for (int p = 0; p < P; ++p) sum[p] += term_of<N, V>(a[p * N.a[block]], b[p * N.b[block]]);
  } else {
    for (int i = 0; i < N.size[L]; ++i) add_row_block<N, P, L + 1>(sum, a + i * N.a[L], b + i * N.b[L]);
  }
}
template <nest N, int P, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_row_block(V* y, const A* a, const B* b) {
  V sum[bound(P)];
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) sum[p] = V(math::scalar_of<V>(0));
  add_row_block<N, P, N.outer>(sum, a, b);
#pragma GCC unroll 8
  for (int p = 0; p < P; ++p) y[p * N.to[row_block_loop(N)]] = sum[p];
}
/// Loops L .. of a result in lanes of rows.
template <nest N, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_row_blocks(V* y, const A* a, const B* b) {
  constexpr int block = row_block_loop(N);
  if constexpr (L == N.outer) {
    constexpr int size = N.size[block], many = block_size(size, 8), rest = size % many;
    for (int p = 0; p + many <= size; p += many) run_row_block<N, many>(y + p * N.to[block], a + p * N.a[block], b + p * N.b[block]);
    constexpr int last = size - rest;
    if constexpr (rest > 0) run_row_block<N, rest>(y + last * N.to[block], a + last * N.a[block], b + last * N.b[block]);
  } else if constexpr (L == block) {
    run_row_blocks<N, L + 1>(y, a, b);
  } else {
    for (int i = 0; i < N.size[L]; ++i) run_row_blocks<N, L + 1>(y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
  }
}

/// f(offset in y, in a, in b) for all points of loops L .. in their order.
template <nest N, int L, class F>
TYPEGRAD_INLINE constexpr void for_each_point(F f, int y, int a, int b) {
  if constexpr (L == N.count) f(y, a, b);
  else
    for (int i = 0; i < N.size[L]; ++i) for_each_point<N, L + 1>(f, y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
}

/// The loop along which a result and its operand lie contiguous and an index stands still, so that rows are picked; -1 if there is none.
constexpr int row_loop(const nest& n) {
  for (int l = 0; l < n.count; ++l)
    if (n.to[l] == 1 && n.a[l] == 1 && n.b[l] == 0) return l;
  return -1;
}
/// f(offset in y, in a, in b) for all points of the loops but one.
template <nest N, int Without, int L, class F>
TYPEGRAD_INLINE constexpr void for_each_row(F f, int y, int a, int b) {
  if constexpr (L == N.count) f(y, a, b);
  else if constexpr (L == Without) for_each_row<N, Without, L + 1>(f, y, a, b);
  else
    for (int i = 0; i < N.size[L]; ++i) for_each_row<N, Without, L + 1>(f, y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
}

/// f(offset in y, in a) for all points of the loops of the result.
template <nest N, int L, class F>
TYPEGRAD_INLINE constexpr void for_each_number(F f, int y, int a) {
  if constexpr (L == N.outer) f(y, a);
  else
    for (int i = 0; i < N.size[L]; ++i) for_each_number<N, L + 1>(f, y + i * N.to[L], a + i * N.a[L]);
}

template <nest N, class V>
TYPEGRAD_INLINE constexpr void fill_zero(V* y) {
  for (int i = 0; i < N.results && !N.shares; ++i) y[i] = V(math::scalar_of<V>(0));
}

/// Does a nest put numbers that lie side by side between zeros?
constexpr bool is_padding(const nest& n) { return !n.direct && n.operands == 1 && n.count == 1 && n.outer == 1 && n.to[0] == 1 && n.a[0] == 1; }
/// The numbers may be there already.
template <nest N, class V, class A>
TYPEGRAD_INLINE constexpr void pad(V* y, const A* a) {
  constexpr int first = N.to0, size = N.size[0];
  for (int i = 0; i < first && !N.shares; ++i) y[i] = V(math::scalar_of<V>(0));
  for (int i = first + size; i < N.results && !N.shares; ++i) y[i] = V(math::scalar_of<V>(0));
  if constexpr (std::is_same_v<V, A>)
    if (a + N.a0 == y + first) return;
  for (int i = 0; i < size; ++i) y[first + i] = V(a[N.a0 + i]);
}

/// So few products are written out, if they do not fill registers: what they read and write can be registers itself.
template <class T>
constexpr bool is_written_out(const nest& n) {
  constexpr int few = 16;
  if constexpr (!std::is_same_v<T, float> && !std::is_same_v<T, double>) return false;
  if (n.across || n.points() > few || n.results > few) return false;
  const int lanes = n.direct ? lane_loop(n) : -1, least = 16 / static_cast<int>(sizeof(T));
  return lanes < 0 || n.size[lanes] % least != 0;
}
/// Where the points of a nest are, in the order of its loops.
template <nest N>
struct points_of {
  struct table {
    int y[bound(N.points())], a[bound(N.points())], b[bound(N.points())];
  };
  static constexpr table at = [] {
    table made{};
    for (int p = 0; p < static_cast<int>(N.points()); ++p) {
      made.y[p] = N.to0, made.a[p] = N.a0, made.b[p] = N.b0;
      for (int l = N.count - 1, rest = p; l >= 0; rest /= N.size[l--]) {
        const int i = rest % N.size[l];
        made.y[p] += i * N.to[l], made.a[p] += i * N.a[l], made.b[p] += i * N.b[l];
      }
    }
    return made;
  }();
};
template <nest N, class T, int... R, int... P>
TYPEGRAD_INLINE inline void write_out(T* y, const T* a, const T* b, std::integer_sequence<int, R...>, std::integer_sequence<int, P...>) {
  using points = points_of<N>;
  if constexpr (N.direct && N.count == N.outer) {
    ((y[points::at.y[P]] = term_of<N, T>(a[points::at.a[P]], b[N.operands == 2 ? points::at.b[P] : 0])), ...);
  } else {
    if constexpr (!N.shares) ((y[R] = T(0)), ...);
    if constexpr (N.once) ((y[points::at.y[P]] = term_of<N, T>(a[points::at.a[P]], b[N.operands == 2 ? points::at.b[P] : 0])), ...);
    else ((y[points::at.y[P]] += term_of<N, T>(a[points::at.a[P]], b[N.operands == 2 ? points::at.b[P] : 0])), ...);
  }
}

/// A contraction in a constant expression, number by number. Its loops are values: no code is made for each of those that run time does in registers.
template <class V>
class constant_nest {
 public:
  constexpr explicit constant_nest(const nest& n) : n_(n) {}
  constexpr void run(V* y, const V* a, const V* b) const {
    if (n_.direct) return run_direct(y, a + n_.a0, b + n_.b0, 0);
    for (int i = 0; i < n_.results && !n_.shares; ++i) y[i] = 0;
    run_points(y + n_.to0, a + n_.a0, b + n_.b0, 0);
  }

 private:
  constexpr V term(const V* a, const V* b) const { return n_.operands == 2 ? *a * *b : *a; }
  constexpr void run_direct(V* y, const V* a, const V* b, int l) const {
    if (l == n_.outer) *y = number(a, b);
    else
      for (int i = 0; i < n_.size[l]; ++i) run_direct(y + i * n_.to[l], a + i * n_.a[l], b + i * n_.b[l], l + 1);
  }
  constexpr void run_points(V* y, const V* a, const V* b, int l) const {
    if (l == n_.count) *y = n_.once ? term(a, b) : *y + term(a, b);
    else
      for (int i = 0; i < n_.size[l]; ++i) run_points(y + i * n_.to[l], a + i * n_.a[l], b + i * n_.b[l], l + 1);
  }
  constexpr void add_terms(V& all, const V* a, const V* b, int l) const {
    if (l == n_.count) all += term(a, b);
    else
      for (int i = 0; i < n_.size[l]; ++i) add_terms(all, a + i * n_.a[l], b + i * n_.b[l], l + 1);
  }
  constexpr V number(const V* a, const V* b) const {
    if (n_.count == n_.outer) return term(a, b);
    if (const int terms = n_.size[n_.count - 1]; meets_side_by_side<meet_by_sum>(n_))
      return n_.operands == 2 ? meet_one_by_one<meet_by_sum, V>(terms, a, b) : meet_one_by_one<meet_by_sum, V>(terms, a);
    V all = 0;
    add_terms(all, a, b, n_.outer);
    return all;
  }

  const nest& n_;
};

/// How a contraction of plain numbers is done at run time.
enum class way_of_nest { one_by_one, written_out, across, in_blocks, turned };
template <class V, class A, class B>
constexpr way_of_nest way_at_run_time(const nest& n) {
  using enum way_of_nest;
  if (!std::is_same_v<V, A> || !std::is_same_v<V, B>) return one_by_one;
  if (is_written_out<V>(n)) return written_out;
  if (!n.direct) return one_by_one;
  if (rows_across<V>(n) > 0) return across;
  if (!n.across && has_lanes<V>(n)) return in_blocks;
  return turned_lanes<V>(n) > 0 ? turned : one_by_one;
}
/// The whole contraction. (A base of the operation itself: every function on the way to the loops costs compile time in each contraction.)
struct contraction_of_numbers {
  template <nest N, class V, class A, class B>
  static constexpr void run(V* y, const A* a, const B* b) {
    if constexpr (is_padding(N)) return pad<N>(y, a);
    constexpr way_of_nest way = way_at_run_time<V, A, B>(N);
    if constexpr (way != way_of_nest::one_by_one) {
      if (__builtin_is_constant_evaluated()) constant_nest<V>(N).run(y, a, b);
      else if constexpr (way == way_of_nest::across) run_across<N, 0>(y, a + N.a0, b + N.b0);
      else if constexpr (way == way_of_nest::in_blocks) run_blocks<N, meet_by_sum>(y, a + N.a0, b + N.b0);
      else if constexpr (way == way_of_nest::turned) run_turned<N>(y, a + N.a0);
      else write_out<N>(y, a, b, std::make_integer_sequence<int, N.results>{}, std::make_integer_sequence<int, static_cast<int>(N.points())>{});
    } else if constexpr (N.direct) {
      if constexpr (math::is_lanes<V> && row_block_loop(N) >= 0) run_row_blocks<N, 0>(y, a + N.a0, b + N.b0);
      else run_direct<N, 0>(y, a + N.a0, b + N.b0);
    } else {
      fill_zero<N>(y);
      for_each_point<N, 0>(
          [&](int i, int j, int k) TYPEGRAD_INLINE {
            if constexpr (N.once) y[i] = term_of<N, V>(a[j], b[N.operands == 2 ? k : 0]);
            else y[i] += term_of<N, V>(a[j], b[N.operands == 2 ? k : 0]);
          },
          N.to0, N.a0, N.operands == 2 ? N.b0 : 0);
    }
  }
};

}  // namespace typegrad::detail
