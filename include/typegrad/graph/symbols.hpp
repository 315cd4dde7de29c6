// SPDX-License-Identifier: BSL-1.0
// The symbols of an expression, as a list of types.
#pragma once

#include <typegrad/graph/graph.hpp>

#include <limits>
#include <utility>

namespace typegrad {

/// A list of symbols (or other types) without values.
template <class... T>
struct type_list {
  static constexpr int size = sizeof...(T);
};

namespace detail {

/// A list of symbols under a short name, their hash; `arg` of its node are theirs.
template <std::uint64_t Hash>
struct symbol_set {
  static constexpr std::uint64_t hash = Hash;
  static constexpr const formula& node() { return *tag<Hash>::find(); }
};
constexpr std::uint64_t hash_of_set(const formula* const* symbol, std::size_t count) {
  std::uint64_t h = hash_text("symbols");
  for (std::size_t k = 0; k < count; ++k) h = mix(h, symbol[k]->hash);
  return h;
}
template <class... S>
struct symbol_set_of {
  static constexpr const formula* arg[] = {&S::node()..., nullptr};
  static constexpr std::uint64_t hash = hash_of_set(arg, sizeof...(S));
  static constexpr formula node_{nullptr, hash, {}, arg, sizeof...(S)};
  static_assert(sizeof(inject<hash, symbol_set_of>) > 0);
  using type = symbol_set<hash>;
};

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
      if (seen_.find(f.hash) >= 0) continue;
      seen_.insert(f.hash, 0);
      if (f.op == &describe<op::symbol>) add(f.symbol);
      for (int k = f.count - 1; k >= 0; --k) stack.push(f.arg[k]);
    }
  }

 private:
  constexpr void add(link<const symbol_info> s) {
    if (s == nullptr || known_.find(s->hash) >= 0) return;
    known_.insert(s->hash, found.size());
    found.push(s);
  }
  index_table known_;
  index_table seen_;
};

/// The canonical order of symbols: w1, b1, w2, b2, ..., w10, then names that end in no number; so by number, then by name.
struct symbol_order {
  std::int64_t number = 0;
  const symbol_info* symbol = nullptr;

  constexpr symbol_order() = default;
  constexpr explicit symbol_order(const symbol_info* s) : number(0), symbol(s) {
    std::size_t digits = 0, size = length(s->name);
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    while (digits < size && digits < 18 && is_digit(s->name[size - digits - 1])) ++digits;
    for (std::size_t k = size - digits; k < size; ++k) number = 10 * number + (s->name[k] - '0');
    if (digits == 0) number = std::numeric_limits<std::int64_t>::max();
  }
  constexpr bool operator<(const symbol_order& other) const {
    if (number != other.number) return number < other.number;
    const char *a = symbol->name, *b = other.symbol->name;
    while (*a != '\0' && *a == *b) ++a, ++b;
    return *a != *b ? *a < *b : symbol->hash < other.symbol->hash;
  }
};

/// Sorted by merging runs of one, two, four, ...
constexpr void sort_symbols(buffer<const symbol_info*>& symbols) {
  const int n = symbols.size();
  buffer<symbol_order> from(n), to(n);
  bool sorted = true;
  for (int i = 0; i < n; ++i) {
    from[i] = symbol_order(symbols[i]);
    sorted = sorted && (i == 0 || from[i - 1] < from[i]);
  }
  for (int run = 1; run < n && !sorted; run *= 2) {
    for (int start = 0; start < n; start += 2 * run) {
      const int middle = start + run < n ? start + run : n, end = start + 2 * run < n ? start + 2 * run : n;
      for (int i = start, j = middle, k = start; k < end; ++k) to[k] = i < middle && (j >= end || !(from[j] < from[i])) ? from[i++] : from[j++];
    }
    for (int i = 0; i < n; ++i) from[i] = to[i];
  }
  for (int i = 0; i < n; ++i) symbols[i] = from[i].symbol;
}

/// At most N symbols: parameters, then variables, each in the canonical order.
template <int N>
struct symbol_array {
  int parameters;
  int variables;
  const symbol_info* at[bound(N + 1)];
};

template <int N>
constexpr symbol_array<N> sorted_by_role(const buffer<const symbol_info*>& symbols) {
  symbol_array<N> result{};
  buffer<const symbol_info*> parameters, variables;
  for (int i = 0; i < symbols.size(); ++i) (symbols[i]->role == role::parameter ? parameters : variables).push(symbols[i]);
  sort_symbols(parameters), sort_symbols(variables);
  result.parameters = parameters.size(), result.variables = variables.size();
  for (int i = 0; i < result.parameters; ++i) result.at[i] = parameters[i];
  for (int i = 0; i < result.variables; ++i) result.at[result.parameters + i] = variables[i];
  return result;
}

/// Symbols First .. First + Count of a sorted array, as types.
template <class Array, int First, class I>
struct symbol_types;
template <class Array, int First, std::size_t... I>
struct symbol_types<Array, First, std::index_sequence<I...>> {
  using type = type_list<typename symbol_from<Array::value.at[First + static_cast<int>(I)]>::type...>;
};
template <class Array, int First, int Count>
using symbol_list = typename symbol_types<Array, First, std::make_index_sequence<static_cast<std::size_t>(Count)>>::type;

/// All symbols of expressions, found in one walk.
template <class... E>
struct all_symbols {
  static constexpr auto value = [] {
    symbol_collector collect;
    (collect(E::node()), ...);
    return sorted_by_role<(0 + ... + formula_size<E>)>(collect.found);
  }();
  using parameters = symbol_list<all_symbols, 0, value.parameters>;
  using variables = symbol_list<all_symbols, value.parameters, value.variables>;
};

/// A list of symbols in the canonical order, each once.
template <class List>
struct sorted_symbols;
template <class... S>
struct sorted_symbols<type_list<S...>> {
  static constexpr auto make = [] {
    buffer<const symbol_info*> all;
    const symbol_info* const given[] = {&S::info..., nullptr};
    for (std::size_t k = 0; k < sizeof...(S); ++k) {
      bool known = false;
      for (int i = 0; i < all.size(); ++i) known = known || all[i]->hash == given[k]->hash;
      if (!known) all.push(given[k]);
    }
    sort_symbols(all);
    return all;
  };
  static constexpr symbol_array<sizeof...(S)> value = [] {
    const buffer<const symbol_info*> all = make();
    symbol_array<sizeof...(S)> result{};
    for (result.variables = 0; result.variables < all.size(); ++result.variables) result.at[result.variables] = all[result.variables];
    return result;
  }();
  using type = symbol_list<sorted_symbols, 0, value.variables>;
};

}  // namespace detail

/// type_list of the parameters of expressions, in the canonical order: by the number at the end of their names, then by name.
template <Expression... E>
using parameters_of = typename detail::all_symbols<E...>::parameters;

/// type_list of the variables of expressions, in the canonical order.
template <Expression... E>
using variables_of = typename detail::all_symbols<E...>::variables;

}  // namespace typegrad
