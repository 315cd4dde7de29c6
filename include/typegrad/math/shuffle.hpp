// SPDX-License-Identifier: BSL-1.0
// Lanes against each other: transposed blocks, sums of lanes, lanes that are kept.
#pragma once

#include <typegrad/math/lane_instructions.hpp>

#include <utility>

namespace typegrad::detail {

template <int N>
using up_to = std::make_index_sequence<static_cast<std::size_t>(N)>;

/// Lanes whose number lacks bit D from a, the others from b: of the same place (Low), or of the place D further.
template <int D, bool Low, class V, std::size_t... I>
TYPEGRAD_INLINE inline V interleave(V a, V b, std::index_sequence<I...>) {
  constexpr int n = sizeof...(I);
  if constexpr (Low) return __builtin_shufflevector(a, b, ((static_cast<int>(I) & D) == 0 ? static_cast<int>(I) : static_cast<int>(I) - D + n)...);
  else return __builtin_shufflevector(a, b, ((static_cast<int>(I) & D) == 0 ? static_cast<int>(I) + D : static_cast<int>(I) + n)...);
}

template <int D, class T, int L>
TYPEGRAD_INLINE inline void transpose_from(math::lanes<T, L> (&x)[bound(L)]) {
  if constexpr (D < L) {
#pragma GCC unroll 32
    for (int i = 0; i < L; ++i)
      if ((i & D) == 0) {
        const auto a = x[i].v, b = x[i + D].v;
        x[i].v = interleave<D, true>(a, b, up_to<L>{});
        x[i + D].v = interleave<D, false>(a, b, up_to<L>{});
      }
    transpose_from<2 * D>(x);
  }
}
/// The L by L matrix with these rows, transposed in place.
template <class T, int L>
TYPEGRAD_INLINE inline void transpose(math::lanes<T, L> (&x)[bound(L)]) {
  transpose_from<1>(x);
}

/// Lane i of x[0] becomes the sum of all lanes of x[i], added in pairs of neighbours.
template <int D = 1, class T, int L>
TYPEGRAD_INLINE inline void sum_lanes(math::lanes<T, L> (&x)[bound(L)]) {
  if constexpr (D < L) {
#pragma GCC unroll 32
    for (int i = 0; i + D < L; i += 2 * D)
      x[i].v = interleave<D, true>(x[i].v, x[i + D].v, up_to<L>{}) + interleave<D, false>(x[i].v, x[i + D].v, up_to<L>{});
    sum_lanes<2 * D>(x);
  }
}

/// The same, where the first half of the lanes meets the second half, then quarters, down to neighbours.
template <int Parts = 2, class T, int L>
TYPEGRAD_INLINE inline void fold_lanes(math::lanes<T, L> (&x)[bound(L)]) {
  constexpr int half = L / Parts;
  if constexpr (half > 0) {
#pragma GCC unroll 32
    for (int i = 0; i < half; ++i)
      x[i].v = interleave<half, true>(x[i].v, x[i + half].v, up_to<L>{}) + interleave<half, false>(x[i].v, x[i + half].v, up_to<L>{});
    fold_lanes<2 * Parts>(x);
  }
}

template <class T, int L>
TYPEGRAD_INLINE inline math::lanes<T, L> only(math::lanes<T, L> x, typename math::lanes<T, L>::mask keep) {
  return __builtin_bit_cast(typename math::lanes<T, L>::native, __builtin_bit_cast(decltype(keep.v), x.v) & keep.v);
}

}  // namespace typegrad::detail
