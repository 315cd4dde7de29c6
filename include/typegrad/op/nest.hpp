// SPDX-License-Identifier: BSL-1.0
// How the numbers of a contraction are computed: nests of loops whose lengths and steps are constants. In each number of the result the
// terms are added in one fixed order, in constant expressions as at run time.
#pragma once

#include <typegrad/expr/contraction.hpp>
#include <typegrad/math/bound.hpp>
#include <typegrad/math/lanes.hpp>

#include <cstddef>

namespace typegrad::detail {

/// A contraction as a template argument: without names, loops of the result first, loops that are one made one.
struct nest {
  static constexpr int most = contraction::most_loops;
  int count = 0;
  int outer = 0;  // so many loops step through the result; the others are summed over
  bool direct = true;
  int results = 1;
  int to0 = 0, a0 = 0, b0 = 0;
  int pick = 0;
  int operands = 1;
  int size[most] = {}, to[most] = {}, a[most] = {}, b[most] = {};

  constexpr void add(const loop& l) {
    const int k = count - 1;
    const bool same_kind = count > outer ? l.to == 0 : l.to != 0 && count == outer;
    if (count > 0 && same_kind && to[k] == l.to * l.size && a[k] == l.from[0] * l.size && b[k] == l.from[1] * l.size) {
      size[k] *= l.size, to[k] = l.to, a[k] = l.from[0], b[k] = l.from[1];
      return;
    }
    size[count] = l.size, to[count] = l.to, a[count] = l.from[0], b[count] = l.from[1];
    ++count;
  }
  constexpr long long points() const {
    long long n = 1;
    for (int l = 0; l < count; ++l) n *= size[l];
    return n;
  }
};

constexpr nest nest_of(const contraction& c) {
  nest n;
  n.direct = c.is_direct();
  n.operands = c.operands;
  n.results = c.result, n.to0 = c.to, n.a0 = c.from[0], n.b0 = c.from[1], n.pick = c.pick;
  bool taken[contraction::most_loops] = {};
  for (;;) {  // loops of the result, the longest step first
    int next = -1;
    for (int l = 0; l < c.count; ++l)
      if (!taken[l] && c.loops[l].to != 0 && c.loops[l].size > 1 && (next < 0 || c.loops[l].to > c.loops[next].to)) next = l;
    if (next < 0) break;
    taken[next] = true;
    n.add(c.loops[next]);
    n.outer = n.count;
  }
  for (int l = 0; l < c.count; ++l)
    if (!taken[l] && c.loops[l].size > 1) n.add(c.loops[l]);
  return n;
}

/// Can the last loop of the result be done many numbers at a time?
constexpr bool has_lanes(const nest& n) {
  const int l = n.outer - 1;
  return n.direct && n.outer > 0 && n.to[l] == 1 && n.a[l] <= 1 && n.b[l] <= 1 && n.a[l] >= 0 && n.b[l] >= 0;
}

/// a b, or a alone. The operands are numbers of the result's type, or single numbers where the result has one for each row of a batch.
template <nest N, class V, class A, class B>
TYPEGRAD_INLINE constexpr V term_of(const A& a, const B& b) {
  if constexpr (N.operands == 2) return V(a) * V(b);
  else return V(a);
}

/// Adds the terms of loops L .. to `sum`.
template <nest N, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void add_terms(V& sum, const A* a, const B* b) {
  if constexpr (L == N.count) sum += term_of<N, V>(*a, *b);
  else
    for (int i = 0; i < N.size[L]; ++i) add_terms<N, L + 1>(sum, a + i * N.a[L], b + i * N.b[L]);
}

/// So many terms are added side by side, where they lie next to each other.
inline constexpr int terms_together = 16;

/// One number of the result.
template <nest N, class V, class A, class B>
TYPEGRAD_INLINE constexpr V one_sum(const A* a, const B* b) {
  constexpr int last = N.count - 1;
  if constexpr (N.count == N.outer) {
    return term_of<N, V>(*a, *b);
  } else if constexpr (N.count == N.outer + 1 && N.a[last] == 1 && (N.operands == 1 || N.b[last] == 1) && N.size[last] >= 4 * terms_together) {
    V partial[terms_together];
    for (int l = 0; l < terms_together; ++l) partial[l] = term_of<N, V>(a[l], b[N.operands == 2 ? l : 0]);
    int i = terms_together;
    for (; i + terms_together <= N.size[last]; i += terms_together)
      for (int l = 0; l < terms_together; ++l) partial[l] += term_of<N, V>(a[i + l], b[N.operands == 2 ? i + l : 0]);
    for (int l = 0; l < terms_together && i < N.size[last]; ++i, ++l) partial[l] += term_of<N, V>(a[i], b[N.operands == 2 ? i : 0]);
    for (int half = terms_together / 2; half > 0; half /= 2)
      for (int l = 0; l < half; ++l) partial[l] += partial[l + half];
    return partial[0];
  } else {
    V sum = V(math::scalar_of<V>(0));
    add_terms<N, N.outer>(sum, a, b);
    return sum;
  }
}

/// Numbers `first` .. of the last loop of the result, W::count at a time, K such registers.
template <class W, int K>
struct register_block {
  W sum[bound(K)];
};
template <nest N, int K, int L, class W, class T>
TYPEGRAD_INLINE inline void add_registers(register_block<W, K>& block, const T* a, const T* b) {
  if constexpr (L == N.count) {
    constexpr int j = N.outer - 1;
#pragma GCC unroll 8
    for (int k = 0; k < K; ++k) {
      const W x = N.a[j] == 0 ? W(*a) : W::load(a + k * W::count);
      if constexpr (N.operands == 2) block.sum[k] += x * (N.b[j] == 0 ? W(*b) : W::load(b + k * W::count));
      else block.sum[k] += x;
    }
  } else {
    for (int i = 0; i < N.size[L]; ++i) add_registers<N, K, L + 1>(block, a + i * N.a[L], b + i * N.b[L]);
  }
}
template <nest N, int K, class W, class T>
TYPEGRAD_INLINE inline void run_registers(T* y, const T* a, const T* b) {
  constexpr int j = N.outer - 1;
  register_block<W, K> block;
  if constexpr (N.count == N.outer) {
    for (int k = 0; k < K; ++k) {
      block.sum[k] = N.a[j] == 0 ? W(*a) : W::load(a + k * W::count);
      if constexpr (N.operands == 2) block.sum[k] = block.sum[k] * (N.b[j] == 0 ? W(*b) : W::load(b + k * W::count));
    }
  } else {
    for (int k = 0; k < K; ++k) block.sum[k] = W(T(0));
    add_registers<N, K, N.outer>(block, a, b);
  }
  for (int k = 0; k < K; ++k) block.sum[k].store(y + k * W::count);
}

/// The last loop of the result: as one number after the other, or in registers, with the same bits.
template <nest N, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_last(V* y, const A* a, const B* b) {
  constexpr int j = N.outer - 1, n = N.size[j];
  int i = 0;
  if constexpr (std::is_same_v<V, A> && std::is_same_v<V, B> && (std::is_same_v<V, float> || std::is_same_v<V, double>)) {
    if (!__builtin_is_constant_evaluated()) {
      using W = math::lanes<V, math::native_lanes<V>>;
      constexpr int four = 4 * W::count;
      for (; i + four <= n; i += four) run_registers<N, 4, W>(y + i, a + i * N.a[j], b + i * N.b[j]);
      for (; i + W::count <= n; i += W::count) run_registers<N, 1, W>(y + i, a + i * N.a[j], b + i * N.b[j]);
    }
  }
  for (; i < n; ++i) {
    const A* const p = a + i * N.a[j];
    const B* const q = b + i * N.b[j];
    if constexpr (N.count == N.outer) {
      y[i] = term_of<N, V>(*p, *q);
    } else {
      V sum = V(math::scalar_of<V>(0));
      add_terms<N, N.outer>(sum, p, q);
      y[i] = sum;
    }
  }
}

/// Loops L .. of a result each of whose numbers is made once.
template <nest N, int L, class V, class A, class B>
TYPEGRAD_INLINE constexpr void run_direct(V* y, const A* a, const B* b) {
  if constexpr (L == N.outer) *y = one_sum<N, V>(a, b);
  else if constexpr (L == N.outer - 1 && has_lanes(N)) run_last<N>(y, a, b);
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

/// f(offset in y, in a) for all points of the loops of the result.
template <nest N, int L, class F>
TYPEGRAD_INLINE constexpr void for_each_number(F f, int y, int a) {
  if constexpr (L == N.outer) f(y, a);
  else
    for (int i = 0; i < N.size[L]; ++i) for_each_number<N, L + 1>(f, y + i * N.to[L], a + i * N.a[L]);
}

template <nest N, class V>
TYPEGRAD_INLINE constexpr void fill_zero(V* y) {
  for (int i = 0; i < N.results; ++i) y[i] = V(math::scalar_of<V>(0));
}

/// The whole contraction.
template <nest N, class V, class A, class B>
constexpr void run_nest(V* y, const A* a, const B* b) {
  if constexpr (N.direct) {
    run_direct<N, 0>(y + N.to0, a + N.a0, b + N.b0);
  } else {
    fill_zero<N>(y);
    for_each_point<N, 0>([&](int i, int j, int k) TYPEGRAD_INLINE { y[i] += term_of<N, V>(a[j], b[N.operands == 2 ? k : 0]); }, N.to0, N.a0,
                         N.operands == 2 ? N.b0 : 0);
  }
}

// ---- indices: each lane of a batch has one of its own

template <class V>
TYPEGRAD_INLINE constexpr int index_at(const V& index, [[maybe_unused]] int lane) {
  if constexpr (math::is_lanes<V>) return static_cast<int>(index.v[lane]);
  else return static_cast<int>(index);
}
/// a[step index]
template <class V, class A, class B>
TYPEGRAD_INLINE constexpr V picked(const A* a, const B& index, int step) {
  if constexpr (!math::is_lanes<V>) {
    return V(a[step * index_at(index, 0)]);
  } else {
    V result(math::scalar_of<V>(0));
    for (int l = 0; l < V::count; ++l) {
      const A& x = a[step * index_at(index, l)];
      if constexpr (math::is_lanes<A>) result.v[l] = x.v[l];
      else result.v[l] = x;
    }
    return result;
  }
}
/// y[step index] += x
template <class V, class A, class B>
TYPEGRAD_INLINE constexpr void scatter_add(V* y, const A& x, const B& index, int step) {
  if constexpr (!math::is_lanes<V>) {
    y[step * index_at(index, 0)] += V(x);
  } else {
    const V all(x);
    for (int l = 0; l < V::count; ++l) y[step * index_at(index, l)].v[l] += all.v[l];
  }
}

}  // namespace typegrad::detail
