// SPDX-License-Identifier: BSL-1.0
// How wide the vector registers are for which this translation unit is compiled, and vectors of any width.
#pragma once

#include <typegrad/version.hpp>

#include <cstddef>

namespace typegrad::math {

/// The width in bytes of the vector registers for which this translation unit is compiled.
#if defined(__AVX512F__)
inline constexpr int register_bytes = 64, register_count = 32;
#elif defined(__AVX__)
inline constexpr int register_bytes = 32, register_count = 16;
#elif defined(__aarch64__)
inline constexpr int register_bytes = 16, register_count = 32;
#else
inline constexpr int register_bytes = 16, register_count = 16;
#endif

/// How many numbers of type T one register holds.
template <class T>
inline constexpr int native_lanes = register_bytes / static_cast<int>(sizeof(T));

namespace detail {
template <class T, int N>
struct vector_type {
  typedef T type __attribute__((vector_size(sizeof(T) * static_cast<std::size_t>(N))));
};
template <class T, int N>
using vector_of = typename vector_type<T, N>::type;
}  // namespace detail

}  // namespace typegrad::math
