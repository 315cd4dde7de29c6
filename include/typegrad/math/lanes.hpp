// SPDX-License-Identifier: BSL-1.0
// lanes<T, N>: N numbers side by side in vector registers, with the operators of one number; and masks for `select`.
#pragma once

#include <typegrad/math/bits.hpp>
#include <typegrad/math/registers.hpp>

#include <cstddef>
#include <utility>

namespace typegrad::math {

/// What a comparison of lanes gives: all bits of a lane are set, or none. I is an integer as wide as the lanes.
template <class I, int N>
struct lane_mask {
  detail::vector_of<I, N> v;

  TYPEGRAD_INLINE friend lane_mask operator&(lane_mask a, lane_mask b) { return {a.v & b.v}; }
  TYPEGRAD_INLINE friend lane_mask operator|(lane_mask a, lane_mask b) { return {a.v | b.v}; }
  TYPEGRAD_INLINE friend lane_mask operator!(lane_mask a) { return {~a.v}; }
};

template <class T, int N>
struct lanes {
  using scalar = T;
  using native = detail::vector_of<T, N>;
  using integer = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  using mask = lane_mask<integer, N>;
  static constexpr int count = N;
  native v;

  lanes() = default;
  TYPEGRAD_INLINE lanes(native all) : v(all) {}
  TYPEGRAD_INLINE lanes(T one) : v(one - native{}) {}

  /// N numbers from anywhere; no alignment is asked for.
  TYPEGRAD_INLINE static lanes load(const T* from) {
    lanes x;
    __builtin_memcpy(&x.v, from, sizeof x.v);
    return x;
  }
  TYPEGRAD_INLINE void store(T* to) const { __builtin_memcpy(to, &v, sizeof v); }
  /// Numbers of a table of 16: where that fits into two registers, by one instruction.
  TYPEGRAD_INLINE static lanes of_table(const T (&table)[16], detail::vector_of<integer, N> i) {
#if defined(__AVX512F__)
    if constexpr (sizeof(native) == 64 && sizeof(T) == 8) {
      const native low = load(table).v, high = load(table + 8).v;
#if defined(__clang__)
      return __builtin_bit_cast(native, __builtin_ia32_vpermi2varpd512(low, __builtin_bit_cast(detail::vector_of<long long, N>, i), high));
#else
      return __builtin_shuffle(low, high, i);
#endif
    }
#endif
    lanes x;
    for (int k = 0; k < N; ++k) x.v[k] = table[i[k]];
    return x;
  }
  /// One half of the lanes, as numbers of type U; and the whole from both.
  template <class U, int Which>
  TYPEGRAD_INLINE lanes<U, N / 2> half() const {
    return [this]<std::size_t... I>(std::index_sequence<I...>) TYPEGRAD_INLINE {
      return __builtin_convertvector(__builtin_shufflevector(v, v, (static_cast<int>(I) + Which * N / 2)...), detail::vector_of<U, N / 2>);
    }(std::make_index_sequence<static_cast<std::size_t>(N / 2)>{});
  }
  template <class U>
  TYPEGRAD_INLINE static lanes joined(lanes<U, N / 2> low, lanes<U, N / 2> high) {
    return [low, high]<std::size_t... I>(std::index_sequence<I...>) TYPEGRAD_INLINE {
      using part = detail::vector_of<T, N / 2>;
      return __builtin_shufflevector(__builtin_convertvector(low.v, part), __builtin_convertvector(high.v, part), static_cast<int>(I)...);
    }(std::make_index_sequence<static_cast<std::size_t>(N)>{});
  }
  /// The lanes below n.
  TYPEGRAD_INLINE static mask first(long long n) {
    return []<std::size_t... I>(integer limit, std::index_sequence<I...>) TYPEGRAD_INLINE {
      const detail::vector_of<integer, N> number = {static_cast<integer>(I)...};
      return mask{number < (limit - detail::vector_of<integer, N>{})};
    }(static_cast<integer>(n < N ? n : N), std::make_index_sequence<static_cast<std::size_t>(N)>{});
  }

  TYPEGRAD_INLINE friend lanes operator+(lanes a, lanes b) { return a.v + b.v; }
  TYPEGRAD_INLINE friend lanes operator-(lanes a, lanes b) { return a.v - b.v; }
  TYPEGRAD_INLINE friend lanes operator*(lanes a, lanes b) { return a.v * b.v; }
  TYPEGRAD_INLINE friend lanes operator/(lanes a, lanes b) {
#if defined(__clang__) && __clang_major__ >= 18
#pragma clang fp reciprocal(off)  // with -ffast-math an approximation, whose error differs from processor to processor
#endif
    return a.v / b.v;
  }
  TYPEGRAD_INLINE friend lanes operator-(lanes a) { return -a.v; }
  TYPEGRAD_INLINE lanes& operator+=(lanes b) { return v = v + b.v, *this; }
  TYPEGRAD_INLINE lanes& operator-=(lanes b) { return v = v - b.v, *this; }
  TYPEGRAD_INLINE lanes& operator*=(lanes b) { return v = v * b.v, *this; }
  TYPEGRAD_INLINE lanes& operator/=(lanes b) { return *this = *this / b; }
  TYPEGRAD_INLINE friend mask operator<(lanes a, lanes b) { return {a.v < b.v}; }
  TYPEGRAD_INLINE friend mask operator<=(lanes a, lanes b) { return {a.v <= b.v}; }
  TYPEGRAD_INLINE friend mask operator>(lanes a, lanes b) { return {a.v > b.v}; }
  TYPEGRAD_INLINE friend mask operator>=(lanes a, lanes b) { return {a.v >= b.v}; }
  TYPEGRAD_INLINE friend mask operator==(lanes a, lanes b) { return {equal(a.v, b.v)}; }
  TYPEGRAD_INLINE friend mask operator!=(lanes a, lanes b) { return {differ(a.v, b.v)}; }
};

template <class T, int N>
struct scalar_type<lanes<T, N>> {
  using type = T;
};
template <class T, int N>
inline constexpr bool is_lanes<lanes<T, N>> = true;

template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> choose(typename lanes<T, N>::mask condition, lanes<T, N> a, lanes<T, N> b) {
  return condition.v ? a.v : b.v;
}

/// a b + c, as one operation where the target has it and the compiler may use it.
template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> multiply_add(lanes<T, N> a, lanes<T, N> b, lanes<T, N> c) {
  return a.v * b.v + c.v;
}

template <class T, int N>
TYPEGRAD_INLINE inline lanes<T, N> kept(lanes<T, N> a) {
  return kept(a.v);
}

/// f of every lane, one after the other: for functions whose code branches.
template <class F, class T, int N, class... More>
TYPEGRAD_INLINE inline lanes<T, N> by_lane(F f, lanes<T, N> a, More... more) {
  for (int i = 0; i < N; ++i) a.v[i] = f(a.v[i], more.v[i]...);
  return a;
}

namespace detail {

template <class T, int N>
struct bits<lanes<T, N>> : bits<T> {
  using type = vector_of<typename bits<T>::type, N>;
  using integer = vector_of<typename bits<T>::integer, N>;
};

}  // namespace detail
}  // namespace typegrad::math
