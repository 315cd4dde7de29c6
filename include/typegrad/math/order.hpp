// SPDX-License-Identifier: BSL-1.0
// Where the order of operations is kept: -ffast-math and its parts may not compute across `kept(x)`.
#pragma once

#include <typegrad/math/inline.hpp>

#include <type_traits>

#if !defined(__clang__)
#ifdef __ASSOCIATIVE_MATH__
#define TYPEGRAD_BARRIER
#endif
#elif defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)
#define TYPEGRAD_FENCE
#elif defined(__FAST_MATH__)
#error "typegrad: for this target, Clang cannot keep the order of operations that elementary functions need; add -fno-associative-math"
#endif

namespace typegrad::math {

/// x, a floating-point number or vector, as it was computed: (a + b) - a is not b where a + b is kept. Elementary functions round to
/// integers, split numbers and catch rounding errors that way. No instruction is emitted; without those flags nothing happens at all.
template <class T>
TYPEGRAD_INLINE constexpr T kept(T x) {
#if defined(TYPEGRAD_FENCE)  // no macro tells of all the flags, but the fence stands only where they do
  if (!__builtin_is_constant_evaluated()) return __arithmetic_fence(x);
#elif defined(TYPEGRAD_BARRIER)
  if constexpr (!std::is_floating_point_v<T> || sizeof(T) > 8) return __builtin_assoc_barrier(x);
  if (!__builtin_is_constant_evaluated()) {  // g++ 12 loses its own barrier where it makes vectors of numbers
#if defined(__SSE2__)
    asm("" : "+x"(x));
#elif defined(__aarch64__)
    asm("" : "+w"(x));
#else
    asm("" : "+m"(x));
#endif
  }
#endif
  return x;
}

}  // namespace typegrad::math

#undef TYPEGRAD_BARRIER
#undef TYPEGRAD_FENCE
