// SPDX-License-Identifier: BSL-1.0
// Finds the value of each symbol among the arguments of a call: bindings (w = 0.5), points, structs known to Boost.Hana.
#pragma once

#include <typegrad/eval/elements.hpp>
#include <typegrad/eval/failure.hpp>
#include <typegrad/eval/point.hpp>

#include <boost/hana/accessors.hpp>
#include <boost/hana/at.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/length.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/second.hpp>

namespace typegrad::detail {

/// What can be wrong with the value of a symbol; an error names the first.
enum class problem { none, missing, twice, no_data, no_integers, wrong_shape, wrong_rows, rows_missing };
constexpr problem operator|(problem a, problem b) { return a != problem::none ? a : b; }

/// Are values of type V no data, or not of the shape of a symbol (or rows of such)?
template <class V, bool Rows>
constexpr problem misfit(const symbol_info& symbol) {
  using E = elements<std::remove_cvref_t<V>>;
  if (!E::is_data) return problem::no_data;
  if (symbol.values != nullptr && !std::is_integral_v<typename E::type>) return problem::no_integers;
  const problem wrong = Rows ? problem::wrong_rows : problem::wrong_shape;
  if (symbol.axes != nullptr) {
    const axis_list& axes = *symbol.axes;
    if (E::shape.axes != 0 && E::shape.axes != axes.hash()) return wrong;
    if (E::shape.rank > 1 && fits_axes(axes, E::shape, Rows ? 1 : 0)) return problem::none;
    if (!Rows && E::shape.rank > 1 && !E::strided) return wrong;
  }
  const extent shape = symbol.axes != nullptr && !Rows ? matrix_of(*symbol.axes) : symbol.shape;
  if constexpr (Rows) return fits_rows(shape, E::shape) && E::shape.rank > 0 ? problem::none : wrong;
  else return fits_value(shape, E::shape, E::strided) ? problem::none : wrong;
}

/// Does an argument of a call name ranges for the results (eval/target.hpp), or memory to compute in (eval/storage.hpp)?
template <class Arg>
inline constexpr bool is_target = false;
template <class Arg>
inline constexpr bool is_into = false;

// ---- which argument has the value of a symbol

/// What an argument of a call provides. `find` tells under which number it has a symbol, or -1; `problem_at`, what is wrong with it.
template <class Arg>
struct source {
  static constexpr bool known = boost::hana::Struct<Arg>::value;
  static constexpr int find(const symbol_info& s) {
    int found = -1;
    if constexpr (known) {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        const std::uint64_t name = hash_text(s.name);
        ((found = hash_text(boost::hana::to<char const*>(boost::hana::first(boost::hana::at_c<I>(boost::hana::accessors<Arg>())))) == name
                      ? static_cast<int>(I)
                      : found),
         ...);
      }(std::make_index_sequence<decltype(boost::hana::length(boost::hana::accessors<Arg>()))::value>{});
    }
    return found;
  }
  static constexpr problem problem_at(int number, const symbol_info& s) {
    problem result = problem::none;
    if constexpr (known) {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((static_cast<int>(I) == number
              ? void(result = misfit<decltype(boost::hana::second(boost::hana::at_c<I>(boost::hana::accessors<Arg>()))(std::declval<const Arg&>())),
                                     false>(s))
              : void()),
         ...);
      }(std::make_index_sequence<decltype(boost::hana::length(boost::hana::accessors<Arg>()))::value>{});
    }
    return result;
  }
  static constexpr bool has_rows(const symbol_info&) { return false; }
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
  static constexpr int find(const symbol_info& s) { return s.hash == Symbol::hash ? 0 : -1; }
  static constexpr problem problem_at(int, const symbol_info& s) { return misfit<V, false>(s); }
  static constexpr bool has_rows(const symbol_info&) { return false; }
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
  static constexpr int find(const symbol_info& s) { return layout<X...>::offset(s.hash); }
  static constexpr problem problem_at(int, const symbol_info&) { return problem::none; }
  static constexpr bool has_rows(const symbol_info&) { return false; }
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

/// Is a value of the index symbol S one of its axis?
template <class S, class N>
constexpr void check_index(N given) {
  constexpr int size = values_link<typename S::shape>->size;
  if (given < N(0) || given >= static_cast<N>(size)) fail({failure::wrong_index, S::text.text, size - 1, static_cast<long long>(given)});
}

/// The value of symbol S as contiguous numbers of type T, row after row: a pointer to what is there, or a converted copy. (A constant
/// expression may not walk from one inner array into the next, so there nested arrays are copied as well.)
template <class T, class S, class V>
class bound_value {
  using E = elements<V>;
  static constexpr bool same = std::is_same_v<T, typename E::type>;
  static constexpr extent shape = is_named<typename S::shape> ? matrix_of(axes_of_shape<typename S::shape>) : S::shape::value;
  static constexpr bool may_copy = !same || E::nested || E::strided;

 public:
  constexpr explicit bound_value(const V& given) {
    if constexpr (E::strided) {
      take(E::view(given));
    } else {
      data_ = E::data(given);
      if constexpr (E::shape.count() < 0)
        if (E::total(given) != shape.size()) fail({failure::wrong_length, S::text.text, shape.size(), E::total(given)});
      if constexpr (may_copy)
        if (!same || std::is_constant_evaluated()) E::copy(given, copy_.at), data_ = nullptr;
    }
    if constexpr (is_indices<typename S::shape>)
      for (int i = 0; i < shape.size(); ++i) check_index<S>(data()[i]);
  }
  constexpr const T* data() const {
    if constexpr (!may_copy) return data_;
    else if constexpr (!same) return copy_.at;
    else return data_ == nullptr ? copy_.at : data_;
  }

 private:
  constexpr void take(strided_rows<typename E::type> v) {
    const bool lies = shape.rank == 1 && v.rows == 1 && v.columns != 1;
    if (lies) v = {v.data, v.columns, v.column_stride, v.row_stride, 1};
    if (v.rows != shape.rows) fail({failure::wrong_rows, S::text.text, shape.rows, v.rows});
    if (v.columns >= 0 && v.columns != shape.cols) fail({failure::wrong_columns, S::text.text, shape.cols, v.columns});
    const bool in_order = (shape.cols == 1 || v.column_stride == 1) && (shape.rows == 1 || v.row_stride == shape.cols);
    data_ = same && in_order ? v.data : nullptr;
    for (int i = 0; data_ == nullptr && i < shape.rows; ++i)
      for (int k = 0; k < shape.cols; ++k) copy_.at[i * shape.cols + k] = static_cast<T>(v.data[i * v.row_stride + k * v.column_stride]);
  }

  const typename E::type* data_ = nullptr;
  struct nothing {};
  struct numbers {
    T at[bound(shape.size())];
  };
  std::conditional_t<may_copy, numbers, nothing> copy_;
};

/// The one argument that has the value of S; fails to compile, naming S, if there is none or more than one.
template <class S, class Arg, class... Rest>
constexpr decltype(auto) pick(const Arg& arg, const Rest&... rest) {
  if constexpr (source<Arg>::template provides<S> == 1) return source<Arg>::template get<S>(arg);
  else return pick<S>(rest...);
}

}  // namespace typegrad::detail
