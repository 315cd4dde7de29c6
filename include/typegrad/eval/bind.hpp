// SPDX-License-Identifier: BSL-1.0
// Finds the value of each symbol among the arguments of a call: bindings (w = 0.5), points, structs known to Boost.Hana.
#pragma once

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

// ---- the elements of a value: how many (-1: known at run time only), of which type, and where

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
  static constexpr T* copy(const V& v, T* to) { return *to = static_cast<T>(v), to + 1; }
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
    else if constexpr (requires { V::extent; })
      return V::extent == static_cast<std::size_t>(-1) ? -1 : static_cast<int>(V::extent);
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
                          hash_text(S::text.text) ? static_cast<int>(I) : found), ...);
        return found;
      }(std::make_index_sequence<decltype(boost::hana::length(boost::hana::accessors<Arg>()))::value>{});
    } else {
      return -1;
    }
  }();
  template <class S>
  static constexpr int provides = member<S> >= 0 ? 1 : 0;
  static constexpr bool contiguous = true;
  template <class S>
  static constexpr const auto& get(const Arg& arg) { return boost::hana::second(boost::hana::at_c<member<S>>(boost::hana::accessors<Arg>()))(arg); }
};
template <class Symbol, class V>
struct source<binding<Symbol, V>> {
  static constexpr bool known = true;
  using number_type = typename elements<std::remove_cvref_t<V>>::type;
  template <class S>
  static constexpr int provides = std::is_same_v<S, Symbol> ? 1 : 0;
  static constexpr bool contiguous = elements<std::remove_cvref_t<V>>::contiguous;
  template <class S>
  static constexpr const auto& get(const binding<Symbol, V>& b) { return b.value; }
};
template <class T, class... X>
struct source<point<T, X...>> {
  static constexpr bool known = true;
  using number_type = T;
  template <class S>
  static constexpr int provides = layout<X...>::offset(S::hash) >= 0 ? 1 : 0;
  static constexpr bool contiguous = true;
  template <class S>
  static constexpr decltype(auto) get(const point<T, X...>& p) { return p[S{}]; }
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

// ---- the checks that a user may fail: the first problem becomes one error, whose condition names the symbol

enum class problem { none, missing, twice, not_contiguous, wrong_shape };

template <class S, class... Arg>
constexpr problem problem_of() {
  constexpr int count = (0 + ... + source<Arg>::template provides<S>);
  if constexpr (count != 1) {
    return count == 0 ? problem::missing : problem::twice;
  } else if constexpr (!((source<Arg>::template provides<S> == 0 || source<Arg>::contiguous) && ...)) {
    return problem::not_contiguous;
  } else {
    constexpr int given = elements<std::remove_cvref_t<decltype(pick<S>(std::declval<const Arg&>()...))>>::count;
    constexpr bool dynamic = given < 0 && S::shape::value.rank > 0;
    return given == S::shape::value.size() || dynamic ? problem::none : problem::wrong_shape;
  }
}

template <fixed_string Symbol, class Shape, problem Problem>
struct value_of {
  static constexpr bool is_given = Problem != problem::missing;
  static constexpr bool is_given_once = Problem != problem::twice;
  static constexpr bool is_contiguous = Problem != problem::not_contiguous;
  static constexpr bool fits_shape = Problem != problem::wrong_shape;
};

/// The first problem among the symbols.
template <class List, class... Arg>
struct first_problem {
  static constexpr problem value = problem::none;
};
template <class S, class... Rest, class... Arg>
struct first_problem<type_list<S, Rest...>, Arg...> {
  static constexpr problem own = problem_of<S, Arg...>();
  using rest = first_problem<type_list<Rest...>, Arg...>;
  static constexpr problem value = own != problem::none ? own : rest::value;
  static constexpr auto pick_symbol() {
    if constexpr (own != problem::none) return std::type_identity<S>{};
    else return rest::pick_symbol();
  }
};

template <class... Arg>
struct arguments_are_known {
  static constexpr bool value = (source<Arg>::known && ...);
};

/// What a call returns after an error was reported: converts to anything, so that nothing more is reported.
struct nothing {
  template <class T>
  operator T() const;
  template <class... A>
  constexpr nothing operator()(A&&...) const { return {}; }
  template <class A>
  constexpr nothing operator[](A&&) const { return {}; }
};

}  // namespace typegrad::detail
