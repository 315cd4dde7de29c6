// SPDX-License-Identifier: BSL-1.0
// Terms that lie next to each other meet side by side: sixteen running sums, or largest numbers, then these pairwise. The order is the same in
// constant expressions, in registers, and in lanes of rows.
#pragma once

#include <typegrad/math/bound.hpp>
#include <typegrad/math/lane_instructions.hpp>

#include <type_traits>

namespace typegrad::detail {

/// How terms meet.
struct meet_by_sum {
  static constexpr int side_by_side = 64;  // from so many terms on
  template <class V>
  TYPEGRAD_INLINE static constexpr V start() {
    return V(math::scalar_of<V>(0));
  }
  template <class V>
  TYPEGRAD_INLINE static constexpr void add(V& all, const V& x) {
    all += x;
  }
  template <class V>
  TYPEGRAD_INLINE static constexpr void add(V& all, const V& x, const V& y) {
    if constexpr (math::is_lanes<V>) all.v += x.v * y.v;  // in one expression, so that the compiler may use one instruction
    else all += x * y;
  }
};

/// So many terms meet at a time.
inline constexpr int terms_together = 16;

template <class Meet, class V, class A, class... B>
TYPEGRAD_INLINE constexpr V meet_one_by_one(int n, const A* a, const B*... b) {
  const auto term = [a, b...](int i) TYPEGRAD_INLINE { return (V(a[i]) * ... * V(b[i])); };
  V all[terms_together];
  for (int l = 0; l < terms_together; ++l) all[l] = term(l);
  int i = terms_together;
  for (; i + terms_together <= n; i += terms_together)
    for (int l = 0; l < terms_together; ++l) Meet::add(all[l], V(a[i + l]), V(b[i + l])...);
  for (int l = 0; i + l < n; ++l) Meet::add(all[l], V(a[i + l]), V(b[i + l])...);
  for (int half = terms_together / 2; half > 0; half /= 2)
    for (int l = 0; l < half; ++l) Meet::add(all[l], all[l + half]);
  return all[0];
}
/// A register of running sums, all of which together make the sum.
template <class Meet, class V, class... B>
TYPEGRAD_INLINE inline math::lanes<V, math::native_lanes<V>> met_in_a_register(int n, const V* a, const B*... b) {
  using W = math::lanes<V, math::native_lanes<V>>;
  constexpr int lanes = W::count, registers = terms_together / lanes;
  const auto add = [](W& all, int l, auto... term) TYPEGRAD_INLINE {
    V one = all.v[l];
    Meet::add(one, term...);
    all.v[l] = one;
  };
  W all[bound(registers)];
#pragma GCC unroll 16
  for (int r = 0; r < registers; ++r) all[r] = (W::load(a + r * lanes) * ... * W::load(b + r * lanes));
  int i = terms_together;
  for (; i + terms_together <= n; i += terms_together)
#pragma GCC unroll 16
    for (int r = 0; r < registers; ++r) Meet::add(all[r], W::load(a + i + r * lanes), W::load(b + i + r * lanes)...);
  const int whole = (n - i) / lanes * lanes;
#pragma GCC unroll 16
  for (int r = 0; r < registers; ++r)
    if (r * lanes < whole) Meet::add(all[r], W::load(a + i + r * lanes), W::load(b + i + r * lanes)...);
#pragma GCC unroll 16
  for (int l = 0; l < terms_together; ++l)
    if (l >= whole && l < n - i) add(all[l / lanes], l % lanes, a[i + l], b[i + l]...);
#pragma GCC unroll 4
  for (int half = registers / 2; half > 0; half /= 2)
#pragma GCC unroll 16
    for (int r = 0; r < half; ++r) Meet::add(all[r], all[r + half]);
  return all[0];
}
template <class Meet, class V, class... B>
TYPEGRAD_INLINE inline V meet_in_registers(int n, const V* a, const B*... b) {
  auto all = met_in_a_register<Meet>(n, a, b...);
#pragma GCC unroll 4
  for (int half = math::native_lanes<V> / 2; half > 0; half /= 2)
#pragma GCC unroll 16
    for (int l = 0; l < half; ++l) {
      V one = all.v[l];
      Meet::add(one, static_cast<V>(all.v[l + half]));
      all.v[l] = one;
    }
  return all.v[0];
}

/// Of at least 16 terms a[i], or a[i] b[i]. V is the type of the result: that of the numbers, or one that has a number for each row of a batch.
template <class Meet, class V, class A, class... B>
TYPEGRAD_INLINE constexpr V meet_side_by_side(int n, const A* a, const B*... b) {
  if constexpr ((std::is_same_v<V, double> || std::is_same_v<V, float>) && (std::is_same_v<V, A> && ... && std::is_same_v<V, B>))
    if (!__builtin_is_constant_evaluated()) return meet_in_registers<Meet>(n, a, b...);
  return meet_one_by_one<Meet, V>(n, a, b...);
}

/// The sum of n terms a[i], or a[i] b[i]; of few of them, one after the other.
template <class T, class... B>
TYPEGRAD_INLINE constexpr T ordered_sum(int n, const T* a, const B*... b) {
  if (n >= meet_by_sum::side_by_side) return meet_side_by_side<meet_by_sum, T>(n, a, b...);
  T total = (a[0] * ... * b[0]);
#pragma GCC unroll 8
  for (int i = 1; i < n; ++i) total += (a[i] * ... * b[i]);
  return total;
}

}  // namespace typegrad::detail
