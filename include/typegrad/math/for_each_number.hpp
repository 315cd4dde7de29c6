// SPDX-License-Identifier: BSL-1.0
// A function of the numbers of several arrays, as many at a time as a register holds.
#pragma once

#include <typegrad/math/lane_instructions.hpp>

namespace typegrad::math {

namespace detail {
template <class V, class T>
TYPEGRAD_INLINE inline void put(const V& x, T* to) {
  if constexpr (!std::is_const_v<T>) x.store(to);
}
template <class V, class F, class... T>
TYPEGRAD_INLINE inline void load_and_apply(F& f, T*... at) {
  [&f, at...](auto... value) TYPEGRAD_INLINE { f(value...), (put(value, at), ...); }(V::load(at)...);
}
}  // namespace detail

/// f(x, y, ...) for the numbers of several arrays, many at a time; what f changes is written back.
template <class T, class F, class... More>
TYPEGRAD_INLINE constexpr void for_each_number(int count, F f, T* first, More*... more) {
  int i = 0;
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    if (!__builtin_is_constant_evaluated()) {
      using V = lanes<T, native_lanes<T>>;
      for (; i + V::count <= count; i += V::count) detail::load_and_apply<V>(f, first + i, (more + i)...);
    }
  for (; i < count; ++i) f(first[i], more[i]...);
}

}  // namespace typegrad::math
