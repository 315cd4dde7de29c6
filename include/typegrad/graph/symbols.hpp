// SPDX-License-Identifier: BSL-1.0
// The symbols of an expression, as a list of types.
#pragma once

#include <typegrad/graph/graph.hpp>

#include <utility>

namespace typegrad {

/// A list of symbols (or other types) without values.
template <class... T>
struct type_list {
  static constexpr int size = sizeof...(T);
};

namespace detail {

template <class... List>
struct concatenate {
  using type = type_list<>;
};
template <class... A>
struct concatenate<type_list<A...>> {
  using type = type_list<A...>;
};
template <class... A, class... B, class... Rest>
struct concatenate<type_list<A...>, type_list<B...>, Rest...> : concatenate<type_list<A..., B...>, Rest...> {};

/// Collects distinct symbols in the order in which a reader of the formula meets them.
class symbol_collector {
 public:
  buffer<const symbol_info*> found;

  constexpr void operator()(const formula& root) {
    buffer<const formula*> stack;
    stack.push(&root);
    while (stack.size() > 0) {
      const formula& f = *stack.pop();
      if (f.graph != nullptr) {
        for (int i = 0; i < f.graph->size; ++i) add(f.graph->vertices[i].symbol);
        continue;
      }
      if (seen_.find(f.hash, [](int) { return true; }) >= 0) continue;
      seen_.insert(f.hash, 0);
      if (f.op == &describe<op::symbol>) add(f.symbol);
      for (int k = f.count - 1; k >= 0; --k) stack.push(f.arg[k]);
    }
  }

 private:
  constexpr void add(const symbol_info* s) {
    if (s == nullptr) return;
    for (int i = 0; i < found.size(); ++i)
      if (found[i]->hash == s->hash) return;
    found.push(s);
  }
  index_table seen_;
};

template <int N>
struct symbol_array {
  const symbol_info* at[N + 1];
};

template <role Role, class... E>
struct symbols_with_role {
  static constexpr int count = [] {
    symbol_collector collect;
    (collect(E::node()), ...);
    int n = 0;
    for (int i = 0; i < collect.found.size(); ++i) n += collect.found[i]->role == Role ? 1 : 0;
    return n;
  }();
  static constexpr symbol_array<count> value = [] {
    symbol_collector collect;
    (collect(E::node()), ...);
    symbol_array<count> result{};
    for (int i = 0, n = 0; i < collect.found.size(); ++i)
      if (collect.found[i]->role == Role) result.at[n++] = collect.found[i];
    return result;
  }();
  template <class I>
  struct types;
  template <std::size_t... I>
  struct types<std::index_sequence<I...>> {
    using type = type_list<typename symbol_from<value.at[I]>::type...>;
  };
  using type = typename types<std::make_index_sequence<count>>::type;
};

}  // namespace detail

/// type_list of the parameters of expressions, in order of appearance.
template <Expression... E>
using parameters_of = typename detail::symbols_with_role<role::parameter, E...>::type;

/// type_list of the variables of expressions, in order of appearance.
template <Expression... E>
using variables_of = typename detail::symbols_with_role<role::variable, E...>::type;

}  // namespace typegrad
