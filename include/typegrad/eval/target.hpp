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
namespace detail {

/// Can results be computed in the numbers of a range?
template <class T>
struct numbers {
  static constexpr bool are_floating = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, long double>;
};
template <class T>
constexpr auto target_at([[maybe_unused]] T* data, [[maybe_unused]] std::size_t size) {
  static_assert(numbers<T>::are_floating, "typegrad: into(y) writes to float, double or long double: a range of such numbers, or one");
  if constexpr (numbers<T>::are_floating) return into_rows<T>{data, static_cast<long long>(size)};
  else return into_rows<double>{nullptr, 0};  // so that nothing more is reported
}

template <class Range>
concept WritableRange = requires(Range& r) {
  { *r.data() = 0 };
  r.size();
};
template <class T>
inline constexpr bool is_one_target = WritableRange<T> || std::is_floating_point_v<T>;

}  // namespace detail

/// Results are written to this range of numbers: as many as the result has, or for each row as many, row after row. It must not overlap what is
/// read (eval/overlap.hpp).
template <class Range>
  requires detail::WritableRange<Range>
constexpr auto into(Range& range) {
  return detail::target_at(range.data(), static_cast<std::size_t>(range.size()));
}
/// A view, such as a span, may be temporary.
template <class View>
  requires detail::WritableRange<const View>
constexpr auto into(const View& view) {
  return detail::target_at(view.data(), static_cast<std::size_t>(view.size()));
}
template <class T, std::size_t N>
  requires(std::is_arithmetic_v<T> && !std::is_const_v<T>)
constexpr auto into(T (&range)[N]) {
  return detail::target_at(+range, N);
}
/// A single number.
template <class T>
  requires(std::is_floating_point_v<T>)
constexpr auto into(T& number) {
  return detail::target_at(&number, 1);
}
/// What results cannot be written to.
template <class T>
  requires(!detail::is_one_target<T>)
constexpr auto into(T&) {
  return detail::target_at(static_cast<std::remove_reference_t<T>*>(nullptr), 0);
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
inline constexpr bool is_target<into_rows<T>> = true;
template <class T, class... More>
inline constexpr bool is_target<boost::hana::tuple<into_rows<T>, More...>> = true;

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

/// A call computes in the numbers that it writes, of type Given; T is what evaluate<T> asks for, or void.
template <class T, class Given>
struct numbers_written {
  static constexpr bool are_those_asked_for = std::is_void_v<T> || std::is_same_v<T, Given>;
};
#define TYPEGRAD_OTHER_NUMBERS "typegrad: evaluate<T>(f, ..., into(y)) computes in T and writes what it computes: y must hold numbers of type T"

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
