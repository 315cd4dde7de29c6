// SPDX-License-Identifier: BSL-1.0
// A point: named values of one number type in one flat, aligned block. Parameters are a point, and so is a gradient.
#pragma once

#include <typegrad/eval/tensor.hpp>
#include <typegrad/expr/symbol.hpp>
#include <typegrad/graph/symbols.hpp>
#include <typegrad/math/for_each_number.hpp>

#include <iosfwd>
#include <string_view>

namespace typegrad {

namespace detail {

/// Where the symbols of a point start, found by their hashes.
template <class... S>
struct layout {
  static constexpr int count = sizeof...(S);
  static constexpr std::uint64_t hashes[bound(count + 1)] = {S::hash..., 0};
  static constexpr int size = (0 + ... + S::shape::value.size());

  /// Where the symbol with this hash starts, or -1.
  static constexpr int offset(std::uint64_t hash) {
    if (count == 0) return -1;
    for (std::uint64_t p = hash & (slot_count - 1);; p = (p + 1) & (slot_count - 1)) {
      const slot& s = slots.at[p];
      if (s.start < 0 || s.hash == hash) return s.start;
    }
  }

 private:
  struct slot {
    std::uint64_t hash = 0;
    int start = -1;
  };
  static constexpr std::uint64_t slot_count = [] {
    std::uint64_t n = 4;
    while (n < 2 * sizeof...(S)) n *= 2;
    return n;
  }();
  struct table {
    slot at[slot_count];
  };
  static constexpr table slots = [] {
    table result{};
    const int sizes[] = {S::shape::value.size()..., 0};
    for (int i = 0, at_i = 0; i < count; at_i += sizes[i++]) {
      std::uint64_t p = hashes[i] & (slot_count - 1);
      while (result.at[p].start >= 0) p = (p + 1) & (slot_count - 1);
      result.at[p] = {hashes[i], at_i};
    }
    return result;
  }();
};

/// Have two points the same symbols?
template <class A, class B>
inline constexpr bool same_set = A::count == B::count && [] {
  for (int i = 0; i < A::count; ++i)
    if (B::offset(A::hashes[i]) < 0) return false;
  return true;
}();

template <class S, class Layout>
struct is_in_point {
  static constexpr bool value = Layout::offset(S::hash) >= 0;
};

}  // namespace detail

namespace detail {
/// Says that every number is about to be written.
struct no_values {};
}  // namespace detail

/// Values for the symbols S..., stored one after the other in this order; starts at zero.
template <class T, class... S>
class point {
 public:
  using value_type = T;
  using symbols = type_list<S...>;
  using layout = detail::layout<S...>;

  constexpr point() : values_{} {}
  constexpr explicit point(detail::no_values) {
    if (std::is_constant_evaluated())
      for (T& x : values_) x = T(0);
  }

  static constexpr std::size_t size() { return static_cast<std::size_t>(layout::size); }
  constexpr T* data() { return values_; }
  constexpr const T* data() const { return values_; }
  constexpr T* begin() { return values_; }
  constexpr T* end() { return values_ + layout::size; }
  constexpr const T* begin() const { return values_; }
  constexpr const T* end() const { return values_ + layout::size; }

  /// The value of a symbol: a reference to the number, or a view of the vector or matrix.
  template <class X>
  constexpr decltype(auto) operator[](X) {
    return at<X>(values_);
  }
  template <class X>
  constexpr decltype(auto) operator[](X) const {
    return at<X>(values_);
  }

  /// A point of the same symbols, in whatever order and number type.
  template <class U, class... X>
    requires(!std::is_same_v<point, point<U, X...>>) && detail::same_set<layout, typename point<U, X...>::layout>
  constexpr point(const point<U, X...>& other) : point(detail::no_values{}) {
    (copy<S>(other), ...);
  }

  constexpr point& operator+=(const point& other) {
    math::for_each_number(layout::size, []<class V>(V& mine, const V& theirs) TYPEGRAD_INLINE { mine += theirs; }, values_, other.values_);
    return *this;
  }
  constexpr point& operator-=(const point& other) {
    math::for_each_number(layout::size, []<class V>(V& mine, const V& theirs) TYPEGRAD_INLINE { mine -= theirs; }, values_, other.values_);
    return *this;
  }
  constexpr point& operator*=(T factor) {
    math::for_each_number(layout::size, [factor]<class V>(V& mine) TYPEGRAD_INLINE { mine *= V(factor); }, values_);
    return *this;
  }
  friend constexpr point operator+(const point& a, const point& b) { return point(a) += b; }
  friend constexpr point operator-(const point& a, const point& b) { return point(a) -= b; }
  friend constexpr point operator*(const point& a, std::type_identity_t<T> factor) { return point(a) *= factor; }
  friend constexpr point operator*(std::type_identity_t<T> factor, const point& a) { return point(a) *= factor; }

  constexpr bool operator==(const point& other) const {
    for (int i = 0; i < layout::size; ++i)
      if (math::differ(values_[i], other.values_[i])) return false;
    return true;
  }

 private:
  template <class X, class Other>
  constexpr void copy(const Other& other) {
    T* const to = values_ + layout::offset(X::hash);
    const auto* const from = other.data() + Other::layout::offset(X::hash);
    for (int i = 0; i < X::shape::value.size(); ++i) to[i] = static_cast<T>(from[i]);
  }
  template <class X, class U>
  static constexpr decltype(auto) at(U* values) {
    static_assert(detail::is_in_point<X, layout>::value, "typegrad: this symbol is not among the values (was it in wrt(...), is it in the formula?)");
    U* const first = values + layout::offset(X::hash);
    if constexpr (X::shape::value.rank == 0) return (*first);
    else return tensor_view<U, typename X::shape>(first);
  }

  // A cache line, unless the point is smaller than one.
  alignas(layout::size * sizeof(T) < 64 ? alignof(T) : 64) T values_[layout::size == 0 ? 1 : layout::size];
};

namespace detail {
template <class T, class List>
struct point_for;
template <class T, class... S>
struct point_for<T, type_list<S...>> {
  using type = point<T, S...>;
};
}  // namespace detail

/// f(name, shape, values) for each symbol of a point, in its order: name a string, shape an `extent`, values a pointer to its numbers.
template <class Point, class F>
constexpr void for_each_parameter(Point& p, F f) {
  auto* at = p.data();
  const auto one = [&]<class S>(S) {
    f(std::string_view(S::text.text), S::shape::value, at);
    at += S::shape::value.size();
  };
  [&]<class... S>(type_list<S...>) { (one(S{}), ...); }(typename Point::symbols{});
}

/// One line for each symbol: its name and its numbers.
template <class Traits, class T, class... S>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const point<T, S...>& p) {
  for_each_parameter(p, [&out, first = true](std::string_view name, extent shape, const T* values) mutable {
    out << (first ? "" : "\n") << name << " =";
    for (int i = 0; i < shape.size(); ++i) out << (i > 0 && i % shape.cols == 0 && shape.rank == 2 ? "; " : " ") << values[i];
    first = false;
  });
  return out;
}

/// The point that has a value for every parameter of the expressions.
template <class T, Expression... E>
using parameter_point = typename detail::point_for<T, parameters_of<E...>>::type;

}  // namespace typegrad
