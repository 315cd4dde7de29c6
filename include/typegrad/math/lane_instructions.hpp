// SPDX-License-Identifier: BSL-1.0
// Functions of lanes that processors have an instruction for, where compilers do not find it: fused products, the lesser, roots.
#pragma once

#include <typegrad/math/lanes.hpp>

namespace typegrad::math {

#if defined(__FP_FAST_FMA) || defined(__FMA__)
/// a b + c, rounded once.
template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> fused_multiply_add(lanes<T, N> a, lanes<T, N> b, lanes<T, N> c) {
#if defined(__clang__) && __has_builtin(__builtin_elementwise_fma)
  return __builtin_elementwise_fma(a.v, b.v, c.v);
#else  // Clang 16 makes vectors of the loop
#if defined(__FMA__) && !defined(__clang__)
  if constexpr (sizeof a.v == 16 && sizeof(T) == 4) return __builtin_ia32_vfmaddps(a.v, b.v, c.v);
  if constexpr (sizeof a.v == 16 && sizeof(T) == 8) return __builtin_ia32_vfmaddpd(a.v, b.v, c.v);
  if constexpr (sizeof a.v == 32 && sizeof(T) == 4) return __builtin_ia32_vfmaddps256(a.v, b.v, c.v);
  if constexpr (sizeof a.v == 32 && sizeof(T) == 8) return __builtin_ia32_vfmaddpd256(a.v, b.v, c.v);
#endif
#if defined(__AVX512F__) && !defined(__clang__)
  constexpr int current_rounding = 4;
  if constexpr (sizeof a.v == 64 && sizeof(T) == 4) return __builtin_ia32_vfmaddps512_mask(a.v, b.v, c.v, -1, current_rounding);
  if constexpr (sizeof a.v == 64 && sizeof(T) == 8) return __builtin_ia32_vfmaddpd512_mask(a.v, b.v, c.v, -1, current_rounding);
#endif
  for (int i = 0; i < N; ++i)
    c.v[i] = sizeof(T) == 4 ? static_cast<T>(__builtin_fmaf(static_cast<float>(a.v[i]), static_cast<float>(b.v[i]), static_cast<float>(c.v[i])))
                            : static_cast<T>(__builtin_fma(a.v[i], b.v[i], c.v[i]));
  return c;
#endif
}
#endif

/// a < b ? a : b; g++ 12 does not find the instruction by itself.
template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> lesser(lanes<T, N> a, lanes<T, N> b) {
#if !defined(__clang__) && defined(__AVX512F__)
  constexpr int current_rounding = 4;
  if constexpr (sizeof a.v == 64 && sizeof(T) == 4) return __builtin_ia32_minps512_mask(a.v, b.v, a.v, -1, current_rounding);
  else
#elif !defined(__clang__) && defined(__AVX__)
  if constexpr (sizeof a.v == 32 && sizeof(T) == 4) return __builtin_ia32_minps256(a.v, b.v);
  else
#elif !defined(__clang__) && defined(__SSE2__)
  if constexpr (sizeof a.v == 16 && sizeof(T) == 4) return __builtin_ia32_minps(a.v, b.v);
  else
#endif
    return a.v < b.v ? a.v : b.v;
}
template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> greater(lanes<T, N> a, lanes<T, N> b) {
#if !defined(__clang__) && defined(__AVX512F__)
  constexpr int current_rounding = 4;
  if constexpr (sizeof a.v == 64 && sizeof(T) == 4) return __builtin_ia32_maxps512_mask(a.v, b.v, a.v, -1, current_rounding);
  else
#elif !defined(__clang__) && defined(__AVX__)
  if constexpr (sizeof a.v == 32 && sizeof(T) == 4) return __builtin_ia32_maxps256(a.v, b.v);
  else
#elif !defined(__clang__) && defined(__SSE2__)
  if constexpr (sizeof a.v == 16 && sizeof(T) == 4) return __builtin_ia32_maxps(a.v, b.v);
  else
#endif
    return a.v > b.v ? a.v : b.v;
}

template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> square_root(lanes<T, N> a) {
#if defined(__clang__) && __has_builtin(__builtin_elementwise_sqrt)
  return __builtin_elementwise_sqrt(a.v);
#else
#if defined(__SSE2__)
  if constexpr (sizeof a.v == 16 && sizeof(T) == 4) return __builtin_ia32_sqrtps(a.v);
  if constexpr (sizeof a.v == 16 && sizeof(T) == 8) return __builtin_ia32_sqrtpd(a.v);
#endif
#if defined(__AVX__)
  if constexpr (sizeof a.v == 32 && sizeof(T) == 4) return __builtin_ia32_sqrtps256(a.v);
  if constexpr (sizeof a.v == 32 && sizeof(T) == 8) return __builtin_ia32_sqrtpd256(a.v);
#endif
#if defined(__AVX512F__) && defined(__clang__)
  if constexpr (sizeof a.v == 64 && sizeof(T) == 4) return __builtin_ia32_sqrtps512(a.v, 4);
  if constexpr (sizeof a.v == 64 && sizeof(T) == 8) return __builtin_ia32_sqrtpd512(a.v, 4);
#elif defined(__AVX512F__)
  constexpr int current_rounding = 4;
  if constexpr (sizeof a.v == 64 && sizeof(T) == 4) return __builtin_ia32_sqrtps512_mask(a.v, a.v, -1, current_rounding);
  if constexpr (sizeof a.v == 64 && sizeof(T) == 8) return __builtin_ia32_sqrtpd512_mask(a.v, a.v, -1, current_rounding);
#endif
  return by_lane(
      [](T one) {
        if constexpr (sizeof(T) == 4) return __builtin_sqrtf(one);
        else return __builtin_sqrt(one);
      },
      a);
#endif
}

}  // namespace typegrad::math
