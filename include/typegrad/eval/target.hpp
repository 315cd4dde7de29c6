// SPDX-License-Identifier: BSL-1.0
// Where results go, if the caller says so: `evaluate(f, x = p, into(y))`, `value_and_gradient(f)(x = p, into(g))`; or those of rows, one after the other.
#pragma once

#include <typegrad/eval/bind.hpp>

#include <boost/hana/tuple.hpp>

namespace typegrad {

/// Where results go, one after the other.
template <class T>
struct into_rows {
  T* data;
  long long size;
};
/// Results are written to this range of numbers: as many as the result has, or for each row as many, row after row. It must not overlap what is
/// read.
template <class Range>
  requires requires(Range& r) {
    { *r.data() = 0 };
    r.size();
  }
constexpr auto into(Range& range) {
  return into_rows<std::remove_cvref_t<decltype(*range.data())>>{range.data(), static_cast<long long>(range.size())};
}
/// A view, such as a span, may be temporary.
template <class View>
  requires requires(const View& v) {
    { *v.data() = 0 };
    v.size();
  }
constexpr auto into(const View& view) {
  return into_rows<std::remove_cvref_t<decltype(*view.data())>>{view.data(), static_cast<long long>(view.size())};
}
template <class T, std::size_t N>
  requires(std::is_arithmetic_v<T> && !std::is_const_v<T>)
constexpr auto into(T (&range)[N]) {
  return into_rows<T>{range, static_cast<long long>(N)};
}
/// A single number.
template <class T>
  requires(std::is_floating_point_v<T>)
constexpr auto into(T& number) {
  return into_rows<T>{&number, 1};
}

namespace detail {

/// The number types of several ranges.
template <class T, class... More>
struct number_types {
  static constexpr bool are_one = (std::is_same_v<T, More> && ...);
};
template <class... To>
constexpr auto several(const To&... to) {
  return boost::hana::make_tuple(to...);
}
template <class T, class... More>
constexpr auto several(const into_rows<T>& first, const into_rows<More>&... more) {
  using types = number_types<T, More...>;
  static_assert(types::are_one, "typegrad: into(...): all ranges hold the same number type; a call computes in one: all double, or all float");
  if constexpr (types::are_one) return boost::hana::make_tuple(first, more...);
  else return boost::hana::make_tuple(first, into_rows<T>{nullptr, more.size}...);  // so that nothing more is reported
}

}  // namespace detail

/// For several formulas or symbols, one range each.
template <class First, class... More>
  requires(sizeof...(More) > 0)
constexpr auto into(First&& first, More&&... more) {
  return detail::several(into(static_cast<First&&>(first)), into(static_cast<More&&>(more))...);
}

namespace detail {

/// The ranges that an argument of a call names.
template <class T>
struct target_of {
  static constexpr int count = 0;
  using number_type = void;
};
template <class T>
struct target_of<into_rows<T>> {
  static constexpr int count = 1;
  using number_type = T;
};
template <class T, class... More>
struct target_of<boost::hana::tuple<into_rows<T>, More...>> {
  static constexpr int count = 1 + static_cast<int>(sizeof...(More));
  using number_type = T;
};
template <class T>
inline constexpr bool is_target = target_of<T>::count > 0;

template <class Arg>
  requires is_target<Arg>
struct source<Arg> {
  static constexpr bool known = true;
  using number_type = typename target_of<Arg>::number_type;
  template <class S>
  static constexpr int provides = 0;
  static constexpr int find(const symbol_info&) { return -1; }
  static constexpr problem problem_at(int, const symbol_info&) { return problem::none; }
  static constexpr bool has_rows(const symbol_info&) { return false; }
};

template <class First, class... Rest>
constexpr const auto& target_among(const First& first, const Rest&... rest) {
  if constexpr (is_target<First>) return first;
  else return target_among(rest...);
}
/// The number type of what results are written to.
template <class... Arg>
using target_number = typename target_of<std::remove_cvref_t<decltype(target_among(std::declval<const Arg&>()...))>>::number_type;

template <class T>
constexpr void check_target(const into_rows<T>& to, long long size) {
  if (to.size != size) fail({failure::wrong_length, "into", size, to.size});
}

template <int Targets, int Results>
struct targets {
  static constexpr bool are_given = Targets > 0;
  static constexpr bool are_as_many = Targets == Results;
};

/// Result r, of Size numbers each, goes to roots[r].
template <int... Size, class T, class Target>
constexpr void place_targets(T** roots, const Target& target) {
  if constexpr (std::is_same_v<Target, into_rows<T>>) {
    check_target(target, (0 + ... + Size));
    T* next = target.data;
    ((*roots++ = next, next += Size), ...);
  } else {
    boost::hana::unpack(target, [&](const auto&... to) {
      (check_target(to, Size), ...);
      ((*roots++ = to.data), ...);
    });
  }
}

}  // namespace detail
}  // namespace typegrad
