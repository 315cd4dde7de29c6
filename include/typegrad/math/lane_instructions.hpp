// SPDX-License-Identifier: BSL-1.0
// Functions of lanes that processors have an instruction for, where compilers do not find it: fused products, the lesser, roots, powers of two.
#pragma once

#include <typegrad/math/lanes.hpp>

namespace typegrad::math {

#if !defined(__clang__)
/// Bits that tell where a condition is true, as many as `all_signs` has.
template <class I, int N>
TYPEGRAD_INLINE inline int signs(lane_mask<I, N> a) {
#if defined(__SSE2__)
  if constexpr (sizeof a.v == 16) return __builtin_ia32_pmovmskb128(__builtin_bit_cast(detail::vector_of<char, 16>, a.v));
#endif
#if defined(__AVX__)
  if constexpr (sizeof a.v == 32) return __builtin_ia32_movmskps256(__builtin_bit_cast(detail::vector_of<float, 8>, a.v));
#endif
#if defined(__AVX512F__)
  using words = detail::vector_of<int, 16>;
  if constexpr (sizeof a.v == 64) return __builtin_ia32_ptestmd512(__builtin_bit_cast(words, a.v), __builtin_bit_cast(words, a.v), 0xffff);
#endif
  int result = 0;
  for (int i = 0; i < N; ++i) result |= a.v[i] != 0 ? 1 << i : 0;
  return result;
}
template <class I, int N>
inline constexpr int all_signs = [] {
  constexpr int bytes = static_cast<int>(sizeof(I)) * N;
#if defined(__SSE2__)
  if constexpr (bytes == 16) return 0xffff;
#endif
#if defined(__AVX__)
  if constexpr (bytes == 32) return 0xff;
#endif
#if defined(__AVX512F__)
  if constexpr (bytes == 64) return 0xffff;
#endif
  return (1 << N) - 1;
}();
#endif
/// Is the condition true of any lane? Are all of these true of all lanes? (g++ 12 takes a condition that is made of others apart, lane by lane.)
template <class I, int N>
TYPEGRAD_INLINE inline bool any(lane_mask<I, N> a) {
#if defined(__clang__)
  return __builtin_reduce_or(a.v) != 0;
#else
  return signs(a) != 0;
#endif
}
template <class I, int N, class... More>
TYPEGRAD_INLINE inline bool all(lane_mask<I, N> a, More... more) {
#if defined(__clang__)
  return __builtin_reduce_and((a.v & ... & more.v)) != 0;
#else
  return (signs(a) & ... & signs(more)) == all_signs<I, N>;
#endif
}

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
  if constexpr (sizeof a.v == 64 && sizeof(T) == 8) return __builtin_ia32_vfmaddpd512_mask(a.v, b.v, c.v, 0xff, current_rounding);
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
  if constexpr (sizeof a.v == 64 && sizeof(T) == 8) return __builtin_ia32_minpd512_mask(a.v, b.v, a.v, 0xff, current_rounding);
#endif
#if !defined(__clang__) && defined(__AVX__)
  if constexpr (sizeof a.v == 32 && sizeof(T) == 4) return __builtin_ia32_minps256(a.v, b.v);
  if constexpr (sizeof a.v == 32 && sizeof(T) == 8) return __builtin_ia32_minpd256(a.v, b.v);
#endif
#if !defined(__clang__) && defined(__SSE2__)
  if constexpr (sizeof a.v == 16 && sizeof(T) == 4) return __builtin_ia32_minps(a.v, b.v);
  if constexpr (sizeof a.v == 16 && sizeof(T) == 8) return __builtin_ia32_minpd(a.v, b.v);
#endif
  return a.v < b.v ? a.v : b.v;
}
template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> greater(lanes<T, N> a, lanes<T, N> b) {
#if !defined(__clang__) && defined(__AVX512F__)
  constexpr int current_rounding = 4;
  if constexpr (sizeof a.v == 64 && sizeof(T) == 4) return __builtin_ia32_maxps512_mask(a.v, b.v, a.v, -1, current_rounding);
  if constexpr (sizeof a.v == 64 && sizeof(T) == 8) return __builtin_ia32_maxpd512_mask(a.v, b.v, a.v, 0xff, current_rounding);
#endif
#if !defined(__clang__) && defined(__AVX__)
  if constexpr (sizeof a.v == 32 && sizeof(T) == 4) return __builtin_ia32_maxps256(a.v, b.v);
  if constexpr (sizeof a.v == 32 && sizeof(T) == 8) return __builtin_ia32_maxpd256(a.v, b.v);
#endif
#if !defined(__clang__) && defined(__SSE2__)
  if constexpr (sizeof a.v == 16 && sizeof(T) == 4) return __builtin_ia32_maxps(a.v, b.v);
  if constexpr (sizeof a.v == 16 && sizeof(T) == 8) return __builtin_ia32_maxpd(a.v, b.v);
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

#if defined(__AVX512F__)
/// x 2^n for the floor of n: rounded once, 0 and infinity where there is no such number.
template <class T, int N>
inline constexpr bool has_scaling<lanes<T, N>> = sizeof(T) * N == 64;
template <class T, int N>
  requires has_scaling<lanes<T, N>>
TYPEGRAD_INLINE inline lanes<T, N> scaled(lanes<T, N> x, lanes<T, N> n) {
  constexpr int current_rounding = 4;
  if constexpr (sizeof(T) == 4) return __builtin_ia32_scalefps512_mask(x.v, n.v, x.v, -1, current_rounding);
  else return __builtin_ia32_scalefpd512_mask(x.v, n.v, x.v, 0xff, current_rounding);
}
#endif

}  // namespace typegrad::math
