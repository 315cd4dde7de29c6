// SPDX-License-Identifier: BSL-1.0
// How the numbers of a contraction are computed. In each number of the result the terms are added in one fixed order, in constant
// expressions as at run time.
#pragma once

#include <typegrad/op/across.hpp>
#include <typegrad/op/constant_nest.hpp>
#include <typegrad/op/row_blocks.hpp>

#include <cstddef>

namespace typegrad::detail {

/// Loops L .. of a result each of whose numbers is made once.
template <nest N, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_direct(V* y, const A* a, const B* b) {
  if constexpr (L == N.outer) *y = one_number<N, meet_by_sum, V>(a, b);
  else
    for (int i = 0; i < N.size[L]; ++i) run_direct<N, L + 1>(y + i * N.to[L], a + i * N.a[L], b + i * N.b[L]);
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
