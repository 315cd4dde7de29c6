// SPDX-License-Identifier: BSL-1.0
// The pullback of a recurrence, made of the formulas of one step.
#pragma once

#include <typegrad/diff/gradient.hpp>
#include <typegrad/diff/step_products.hpp>
#include <typegrad/op/scan.hpp>

namespace typegrad::detail {

/// What a step computes with some effort from its carries and inputs (exponentials, logarithms, ...), so that its pullback need not do it again.
class formulas_to_keep {
 public:
  static constexpr int most = 16;
  const formula* at[most] = {};
  int count = 0;

  /// Walks a formula; the symbols with these hashes differ from step to step.
  constexpr void look_at(const formula& f, const std::uint64_t* varying, int n) { (void)differs(f, varying, n); }

 private:
  constexpr bool differs(const formula& f, const std::uint64_t* varying, int n) {
    const int known = seen_.find(f.hash);
    if (known >= 0) return known == 1;
    bool result = f.graph != nullptr;
    for (int k = 0; k < n; ++k) result = result || f.hash == varying[k];
    for (int k = 0; k < f.count; ++k) result = differs(*f.arg[k], varying, n) || result;
    seen_.insert(f.hash, result ? 1 : 0);
    if (result && f.graph == nullptr && f.op->transcendental && count < most) at[count++] = &f;
    return result;
  }
  index_table seen_;
};
template <class Varying, class... N>
struct kept_formulas;
template <class... V, class... N>
struct kept_formulas<type_list<V...>, N...> {
  struct table {
    const formula* at[formulas_to_keep::most];
    int count;
  };
  static constexpr table value = [] {
    const std::uint64_t varying[] = {V::hash..., 0};
    formulas_to_keep found;
    (found.look_at(N::node(), varying, static_cast<int>(sizeof...(V))), ...);
    table made{};
    made.count = found.count;
    for (int k = 0; k < found.count; ++k) made.at[k] = found.at[k];
    return made;
  }();
  template <int K>
  struct shape_of {
    static constexpr extent shape = value.at[K]->shape;
  };
  template <std::size_t... K>
  static constexpr auto types(std::index_sequence<K...>) {
    return type_list<expression<op::derived, shape_type<shape_of<static_cast<int>(K)>>, value.at[K]->hash>...>{};
  }
  using type = decltype(types(std::make_index_sequence<static_cast<std::size_t>(value.count)>{}));
};

template <class First, class... Rest>
struct first_of_list {
  using type = First;
};

/// Steps that are made as long as Time < Length, in the words of formulas: in the place of each of them idle ones, which count the time down.
template <class Length, class Time>
struct steps_in_time {
  template <class Made, class Idle>
  struct chosen;
  template <class... M, class... I>
  struct chosen<type_list<M...>, type_list<I...>> {
    using type = type_list<decltype(select(Time{} < Length{}, M{}, I{}))...>;
  };
  template <class List>
  struct nothing_of;
  template <class... E>
  struct nothing_of<type_list<E...>> {
    using type = type_list<decltype(constant<0> * E{})...>;
  };
};

/// One step back: the adjoints of the carries, with sums for what steps share, from the carries and inputs of the step and the adjoints of the
/// carries that were results.
template <course Course, class... C, class... X, class... P, class... N, class... K, way Back>
struct pullback_of<recurrence<Course, type_list<C...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<K...>>, Back> {
  using forward = recurrence<Course, type_list<C...>, type_list<X...>, type_list<P...>, type_list<N...>, type_list<K...>>;
  template <fixed_string Name, class... S, std::size_t... I>
  static constexpr auto symbols_like(std::index_sequence<I...>) {
    return type_list<symbol<numbered<Name, static_cast<int>(I)>(), typename rowless_shape<typename S::shape>::type, role::variable>...>{};
  }
  /// In the two forms: a pullback, which reads what the recurrence left; and a recurrence that goes back, to be differentiated itself.
  template <class Carries, class Inputs, class Kept, class Next, class Outputs, class Idle, class Products>
  struct step {
    using products = Products;
    using type =
        recurrence<Course.going(Back), Carries, typename concatenate<Inputs, Kept>::type, type_list<P...>, Next, Outputs, type_list<K...>, forward>;
    static constexpr auto as_recurrence() {
      if constexpr (Course.ragged) {
        using time = symbol<"steps left", scalar, role::variable>;
        using in_time = steps_in_time<typename first_of_list<P...>::type, time>;
        using next = typename in_time::template chosen<Next, Idle>::type;
        using outputs = typename in_time::template chosen<Outputs, typename in_time::template nothing_of<Outputs>::type>::type;
        return std::type_identity<recurrence<Course.turned(), typename concatenate<Carries, type_list<time>>::type, Inputs, type_list<P...>,
                                             typename concatenate<next, type_list<decltype(time{} - constant<1>)>>::type, outputs>>{};
      } else {
        return std::type_identity<recurrence<Course.turned(), Carries, Inputs, type_list<P...>, Next, Outputs>>{};
      }
    }
  };
  template <class... A, class... G, class... S, class... Kept>
  static constexpr auto build(type_list<A...>, type_list<G...>, type_list<S...>, type_list<Kept...>) {
    constexpr auto g = gradient((... + sum(hadamard(A{}, N{}))), boost::hana::tuple<C..., X..., P...>{});
    using map = std::remove_const_t<decltype(g)>;
    using products = step_products<type_list<P...>, std::remove_cvref_t<decltype(std::declval<map>()[P{}])>...>;
    using outputs = typename concatenate<type_list<std::remove_cvref_t<decltype(std::declval<map>()[X{}])>...>, typename products::factors>::type;
    using sums = typename products::template summed<type_list<S...>>;
    using next_sums = typename products::template summed<type_list<decltype(S{} + rowless(std::declval<map>()[P{}]))...>>;
    using carries = typename concatenate<type_list<A...>, sums>::type;
    if constexpr (Back == back_of_all) {
      using next = typename concatenate<type_list<decltype(G{} + std::declval<map>()[C{}])...>, next_sums>::type;
      using idle = typename concatenate<type_list<decltype(A{} + G{})...>, sums>::type;
      return step<carries, type_list<C..., X..., G...>, type_list<Kept...>, next, outputs, idle, products>{};
    } else {
      using next = typename concatenate<type_list<std::remove_cvref_t<decltype(std::declval<map>()[C{}])>...>, next_sums>::type;
      return step<carries, type_list<C..., X...>, type_list<Kept...>, next, outputs, carries, products>{};
    }
  }
  using made =
      decltype(build(symbols_like<"adjoint of carry ", C...>(std::index_sequence_for<C...>{}),
                     symbols_like<"adjoint of result ", C...>(std::index_sequence_for<C...>{}),
                     symbols_like<"sum ", P...>(std::index_sequence_for<P...>{}), symbols_like<"kept ", K...>(std::index_sequence_for<K...>{})));
  using type = typename made::type;
  static constexpr const auto& parts = made::products::template sums<numbers_of<X...>>;
};

}  // namespace typegrad::detail
