// SPDX-License-Identifier: BSL-1.0
// Bindings of symbols with an axis of run-time length: the rows of a batch.
#pragma once

#include <typegrad/eval/batch.hpp>

#include <boost/hana/flatten.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/unpack.hpp>

namespace typegrad::detail {

/// A binding of a symbol with an axis of run-time length.
template <class T>
inline constexpr bool is_row_binding = false;
template <class S, class V>
inline constexpr bool is_row_binding<binding<S, V>> = axes_of_shape<typename S::shape>.has_rows();
template <class... Arg>
inline constexpr bool have_row_bindings = (is_row_binding<Arg> || ...);

template <class S, class V>
constexpr auto row_reference(const binding<S, V>& b) {
  return binding<S, const std::remove_reference_t<V>&>{b.value};
}

/// The arguments of a call, sorted: `rows` is a batch of those with run-time axes, `others` are the rest, as pointers.
template <class... Arg>
constexpr auto row_arguments(const Arg&... arg) {
  const auto pick_rows = []<class A>(const A& a) {
    if constexpr (is_row_binding<A>) return boost::hana::make_tuple(row_reference(a));
    else return boost::hana::make_tuple();
  };
  return boost::hana::unpack(boost::hana::flatten(boost::hana::make_tuple(pick_rows(arg)...)), [](const auto&... row) { return batch(row...); });
}
template <class Keep, class... Arg>
constexpr auto other_arguments(Keep, const Arg&... arg) {
  const auto pick_others = []<class A>(const A& a) {
    if constexpr (Keep::template keeps<A>) return boost::hana::make_tuple(&a);
    else return boost::hana::make_tuple();
  };
  return boost::hana::flatten(boost::hana::make_tuple(pick_others(arg)...));
}
struct all_but_rows {
  template <class A>
  static constexpr bool keeps = !is_row_binding<A>;
};

/// The types of the arguments of a call, sorted like that.
template <bool Rows, class... Arg>
struct sorted_arguments {
  using type = type_list<Arg...>;
};
template <class Arg>
struct sorted_argument {
  using row = type_list<>;
  using other = type_list<Arg>;
};
template <class S, class V>
  requires(is_row_binding<binding<S, V>>)
struct sorted_argument<binding<S, V>> {
  using row = type_list<binding<S, const std::remove_reference_t<V>&>>;
  using other = type_list<>;
};
template <class List>
struct batch_of;
template <class... B>
struct batch_of<type_list<B...>> {
  using type = batch_type<B...>;
};
template <class... Arg>
struct sorted_arguments<true, Arg...> {
  using rows = typename batch_of<typename concatenate<typename sorted_argument<Arg>::row...>::type>::type;
  using type = typename concatenate<typename sorted_argument<Arg>::other..., type_list<rows>>::type;
};
/// Call<sorted arguments...>
template <template <class...> class Call, class List>
struct call_on;
template <template <class...> class Call, class... Arg>
struct call_on<Call, type_list<Arg...>> {
  using type = Call<Arg...>;
};
template <template <class...> class Call, class... Arg>
using sorted_call = typename call_on<Call, typename sorted_arguments<have_row_bindings<Arg...>, Arg...>::type>::type;

/// f(arguments that are no rows..., batch(rows...))
template <class F, class... Arg>
constexpr decltype(auto) with_rows(F f, const Arg&... arg) {
  return boost::hana::unpack(other_arguments(all_but_rows{}, arg...),
                             [&](const auto*... other) -> decltype(auto) { return f(*other..., row_arguments(arg...)); });
}

}  // namespace typegrad::detail
