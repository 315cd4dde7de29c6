// SPDX-License-Identifier: BSL-1.0
// Tensors that are read and added to by index: each lane of a batch has one of its own.
#pragma once

#include <typegrad/math/inline.hpp>
#include <typegrad/math/real.hpp>

namespace typegrad::detail {

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

/// After stores at an index into what starts at y. g++ 12 with AVX-512 takes the zeros that were there before for what a later loop reads: it must
/// believe that anything may have been written.
template <class V>
TYPEGRAD_INLINE constexpr void written_at_an_index([[maybe_unused]] V* y) {
#if !defined(__clang__)
  if (!__builtin_is_constant_evaluated()) asm volatile("" : : "r"(y) : "memory");
#endif
}

}  // namespace typegrad::detail
