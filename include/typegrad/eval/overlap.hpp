// SPDX-License-Identifier: BSL-1.0
// A call over rows that writes where it still has to read. What a few comparisons of addresses show is a failure at run time.
#pragma once

#include <typegrad/eval/batch.hpp>
#include <typegrad/eval/target.hpp>
#include <typegrad/plan/body.hpp>

#include <boost/hana/core/is_a.hpp>
#include <boost/hana/unpack.hpp>

#include <cstdint>

namespace typegrad::detail {

/// The memory of some numbers, from the first one to behind the last.
struct stretch {
  std::uintptr_t first = 0, last = 0;

  bool overlaps(const stretch& other) const { return first < other.last && other.first < last; }
  bool operator==(const stretch&) const = default;
};
template <class T>
inline stretch stretch_of(const T* first, long long count) {
  const auto at = reinterpret_cast<std::uintptr_t>(first);
  return {at, at + static_cast<std::uintptr_t>(count) * sizeof(T)};
}
/// Of the numbers that a binding refers to; none if they are not one after the other, or of one number, which it holds itself.
template <class S, class V>
inline stretch stretch_of(const binding<S, V>& b) {
  using E = elements<std::remove_cvref_t<V>>;
  if constexpr (E::strided) {
    const auto all = E::view(b.value);
    const long long size = S::shape::value.size(), columns = all.columns < 0 ? size : all.columns;
    const bool in_order = (columns == 1 || all.column_stride == 1) && (all.rows == 1 || all.row_stride == columns);
    return in_order ? stretch_of(all.data, all.rows * columns) : stretch{};
  } else if constexpr (requires { E::total(b.value); }) {
    const long long total = E::total(b.value);
    return total > 0 ? stretch_of(E::data(b.value), total) : stretch{};
  } else {
    return {};
  }
}

/// The results of a call over rows, at `to`. InPlace: those of a row may go to where all that is read of this row stands.
template <bool InPlace, class... T>
struct places_written {
  stretch to[sizeof...(T)];

  explicit places_written(const into_rows<T>&... all) : to{stretch_of(all.data, all.size)...} {}

  void check(const stretch& read, const char* symbol, bool may_be_equal) const {
    for (const stretch& one : to)
      if (one.overlaps(read) && !(may_be_equal && one == read)) fail({failure::overlap, symbol, 0, 0});
  }
  template <class... S, class... V>
  void check(const batch_type<binding<S, V>...>& rows) const {
    (check(stretch_of(static_cast<const binding<S, V>&>(rows)), S::text.text, InPlace), ...);
  }
  template <class S, class V>
  void check(const binding<S, V>& b) const {
    check(stretch_of(b), S::text.text, false);
  }
  template <class U, class First, class... X>
  void check(const point<U, First, X...>& p) const {
    check(stretch_of(p.data(), static_cast<long long>(p.size())), First::text.text, false);
  }
  template <class Other>
  void check(const Other&) const {}
};

/// Where there are no rows nothing is looked at, as most such calls are small; nor in constant expressions, which cannot compare addresses.
template <class Recipe, bool InPlace, class Target, class... Arg>
constexpr void check_overlap([[maybe_unused]] const Target& target, [[maybe_unused]] const Arg&... arg) {
  if constexpr (plan_of<Recipe>::size.vertices != 0) {
    if (__builtin_is_constant_evaluated()) return;
    const auto check = [&]<class... T>(const into_rows<T>&... to) {
      const places_written<InPlace, T...> results(to...);
      (results.check(arg), ...);
    };
    if constexpr (boost::hana::is_a<boost::hana::tuple_tag, Target>) boost::hana::unpack(target, check);
    else check(target);
  }
}

}  // namespace typegrad::detail
