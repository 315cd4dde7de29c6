// SPDX-License-Identifier: BSL-1.0
// Finds the value of each symbol among the arguments of a call: bindings (w = 0.5), points, structs known to Boost.Hana.
#pragma once

#include <typegrad/eval/elements.hpp>
#include <typegrad/eval/point.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/second.hpp>

#include <cstdio>
#include <cstdlib>

namespace typegrad::detail {

/// Ends the program with one line: a length that only run time knows is wrong.
[[noreturn]] inline void wrong_length(const char* name, long long expected, long long given) {
  std::fprintf(stderr, "typegrad: wrong number of values for '%s': expected %lld, given %lld\n", name, expected, given);
  std::abort();
}

// ---- which argument has the value of a symbol

template <class Arg>
struct source {
  static constexpr bool known = boost::hana::Struct<Arg>::value;
  template <class S>
  static constexpr int member = [] {
    if constexpr (known) {
      return []<std::size_t... I>(std::index_sequence<I...>) {
        int found = -1;
        ((found = hash_text(boost::hana::to<char const*>(boost::hana::first(boost::hana::at_c<I>(boost::hana::accessors<Arg>())))) ==
                          hash_text(S::text.text)
                      ? static_cast<int>(I)
                      : found),
         ...);
        return found;
      }(std::make_index_sequence<decltype(boost::hana::length(boost::hana::accessors<Arg>()))::value>{});
    } else {
      return -1;
    }
  }();
  template <class S>
  static constexpr int provides = member<S> >= 0 ? 1 : 0;
  template <class S>
  static constexpr bool provides_rows = false;
  static constexpr bool contiguous = true;
  template <class S>
  static constexpr const auto& get(const Arg& arg) {
    return boost::hana::second(boost::hana::at_c<member<S>>(boost::hana::accessors<Arg>()))(arg);
  }
};
template <class Symbol, class V>
struct source<binding<Symbol, V>> {
  static constexpr bool known = true;
  using number_type = typename elements<std::remove_cvref_t<V>>::type;
  template <class S>
  static constexpr int provides = std::is_same_v<S, Symbol> ? 1 : 0;
  template <class S>
  static constexpr bool provides_rows = false;
  static constexpr bool contiguous = elements<std::remove_cvref_t<V>>::contiguous;
  template <class S>
  static constexpr const auto& get(const binding<Symbol, V>& b) {
    return b.value;
  }
};
template <class T, class... X>
struct source<point<T, X...>> {
  static constexpr bool known = true;
  using number_type = T;
  template <class S>
  static constexpr int provides = layout<X...>::offset(S::hash) >= 0 ? 1 : 0;
  template <class S>
  static constexpr bool provides_rows = false;
  static constexpr bool contiguous = true;
  template <class S>
  static constexpr decltype(auto) get(const point<T, X...>& p) {
    return p[S{}];
  }
};

/// The number type of a call: that of a point if there is one, else the common type of the values, at least double.
template <class... Arg>
struct number_type_of {
  template <class A>
  static auto one() {
    if constexpr (requires { typename source<A>::number_type; }) {
      using N = typename source<A>::number_type;
      return std::conditional_t<std::is_floating_point_v<N>, N, double>{};
    } else if constexpr (boost::hana::Struct<A>::value) {
      return std::remove_cvref_t<decltype(boost::hana::second(boost::hana::at_c<0>(boost::hana::accessors<A>()))(std::declval<const A&>()))>{};
    } else {
      return double{};
    }
  }
  template <class A>
  static constexpr bool is_point = requires { typename A::layout; };
  template <class A, class... Rest>
  static auto first_point() {
    if constexpr (is_point<A>) return typename A::value_type{};
    else return first_point<Rest...>();
  }
  static auto find() {
    if constexpr (sizeof...(Arg) == 0) return double{};
    else if constexpr ((is_point<Arg> || ...)) return first_point<Arg...>();
    else return std::common_type_t<decltype(one<Arg>())...>{};
  }
  using type = decltype(find());
};

/// The value of symbol S as contiguous numbers of type T: a pointer to what is there, or a converted copy. (A constant
/// expression may not walk from one inner array into the next, so there nested arrays are copied as well.)
template <class T, class S, class V>
class bound_value {
  using E = elements<V>;
  static constexpr bool same = std::is_same_v<T, typename E::type>;
  static constexpr int size = S::shape::value.size();

 public:
  constexpr explicit bound_value(const V& given) : data_(E::data(given)) {
    if constexpr (E::count < 0)
      if (E::run_time_count(given) != size) wrong_length(S::text.text, size, E::run_time_count(given));
    if constexpr (!same || E::nested)
      if (!same || std::is_constant_evaluated()) E::copy(given, copy_);
  }
  constexpr const T* data() const {
    if constexpr (!same) return copy_;
    else if constexpr (!E::nested) return data_;
    else return std::is_constant_evaluated() ? copy_ : data_;
  }

 private:
  const typename E::type* data_;
  T copy_[same && !E::nested ? 1 : size];
};

/// The one argument that has the value of S; fails to compile, naming S, if there is none or more than one.
template <class S, class Arg, class... Rest>
constexpr decltype(auto) pick(const Arg& arg, const Rest&... rest) {
  if constexpr (source<Arg>::template provides<S> == 1) return source<Arg>::template get<S>(arg);
  else return pick<S>(rest...);
}

}  // namespace typegrad::detail
