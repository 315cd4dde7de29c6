// SPDX-License-Identifier: BSL-1.0
// What a value is made of: how many numbers (-1: known at run time only), of which type, and where.
#pragma once

#include <typegrad/version.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace typegrad::detail {

template <class V>
struct elements;

/// Where row i of `size` numbers starts, among elements of type V, which are rows themselves or the numbers.
template <class V>
constexpr const auto* row_of(const V* first, long long i, int size) {
  if constexpr (elements<V>::count > 0)
    if (elements<V>::count == size) return elements<V>::data(first[i]);
  return elements<V>::data(*first) + i * size;
}

template <class V>
struct elements {
  static constexpr bool contiguous = false;
  static constexpr int count = 0;
  using type = double;
};
template <class V>
  requires std::is_arithmetic_v<V>
struct elements<V> {
  static constexpr bool contiguous = true;
  using type = V;
  static constexpr int count = 1;
  static constexpr bool nested = false;
  static constexpr const type* data(const V& v) { return &v; }
  template <class T>
  static constexpr T* copy(const V& v, T* to) {
    return *to = static_cast<T>(v), to + 1;
  }
};
template <class V, std::size_t N>
struct elements<V[N]> {
  static constexpr bool contiguous = elements<V>::contiguous;
  using type = typename elements<V>::type;
  static constexpr int count = elements<V>::count < 0 ? -1 : static_cast<int>(N) * elements<V>::count;
  static constexpr bool nested = !std::is_arithmetic_v<V>;
  static constexpr const type* data(const V (&v)[N]) { return elements<V>::data(v[0]); }
  static constexpr const type* row(const V (&v)[N], long long i, int size) { return row_of<V>(v, i, size); }
  template <class T>
  static constexpr T* copy(const V (&v)[N], T* to) {
    for (const V& e : v) to = elements<V>::copy(e, to);
    return to;
  }
};
template <class V>
  requires(!std::is_arithmetic_v<V>) && requires(const V& v) { v.data(), v.size(); }
struct elements<V> {
  using inner = std::remove_cvref_t<decltype(*std::declval<const V&>().data())>;
  static constexpr bool contiguous = elements<inner>::contiguous;
  using type = typename elements<inner>::type;
  static constexpr int outer = [] {
    if constexpr (requires { std::tuple_size<V>::value; }) return static_cast<int>(std::tuple_size<V>::value);
    else if constexpr (requires { typename V::shape; }) return V::shape::value.size();
    else if constexpr (requires { V::extent; }) return V::extent == static_cast<std::size_t>(-1) ? -1 : static_cast<int>(V::extent);
    else return -1;
  }();
  static constexpr int count = outer < 0 || elements<inner>::count < 0 ? -1 : outer * elements<inner>::count;
  static constexpr bool nested = !std::is_arithmetic_v<inner>;
  static constexpr const type* data(const V& v) { return elements<inner>::data(*v.data()); }
  static constexpr const type* row(const V& v, long long i, int size) { return row_of<inner>(v.data(), i, size); }
  template <class T>
  static constexpr T* copy(const V& v, T* to) {
    for (std::size_t i = 0; i < v.size(); ++i) to = elements<inner>::copy(v.data()[i], to);
    return to;
  }
  static constexpr long long run_time_count(const V& v) { return static_cast<long long>(v.size()) * elements<inner>::count; }
};

}  // namespace typegrad::detail
