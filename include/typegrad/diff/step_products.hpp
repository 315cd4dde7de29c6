// SPDX-License-Identifier: BSL-1.0
// Adjoints of what the steps of a recurrence share: sums over all steps. Where a step adds u v', a product with more numbers than its factors,
// the factors of all steps are results, and the sum of their products is one contraction.
#pragma once

#include <typegrad/diff/forward.hpp>
#include <typegrad/graph/symbols.hpp>
#include <typegrad/op/recurrence.hpp>

namespace typegrad::detail {

/// A product that a step adds to the adjoint of shared symbol number `shared`: its factors are vertices of the step.
struct step_product {
  int shared = 0;
  int left = 0, right = 0;
  bool negative = false;
  contraction product{};
};

/// So many products the adjoints of all that steps share are made of at most; others are summed step by step.
inline constexpr int most_step_products = 64;

/// The products of which an adjoint is the sum; false if it is not the sum of products.
constexpr bool find_products(const formula& adjoint, int shared, buffer<step_product>& found) {
  const graph_view& graph = *adjoint.graph;
  buffer<int> stack, negative;
  stack.push(graph.roots[adjoint.value.num]), negative.push(0);
  while (stack.size() > 0) {
    if (found.size() + stack.size() > most_step_products) return false;
    const int i = stack.pop(), minus = negative.pop();
    const vertex& v = graph.vertices[i];
    if (v.op == &describe<op::add> || v.op == &describe<op::subtract>) {
      stack.push(v.arg[0]), negative.push(minus);
      stack.push(v.arg[1]), negative.push(v.op == &describe<op::subtract> ? 1 - minus : minus);
      continue;
    }
    if (v.op == &describe<op::negate>) {
      stack.push(v.arg[0]), negative.push(1 - minus);
      continue;
    }
    step_product made{shared, v.arg[0], v.arg[1], minus != 0, {}};
    if (v.op == &describe<op::contract> && v.count == 2) {
      made.product = graph.contraction_of(v);
    } else if (v.op == &describe<op::outer>) {
      made.product.operands = 2, made.product.result = v.shape.size();
      made.product.add({v.shape.rows, v.shape.cols, {1, 0}, 0, nullptr}), made.product.add({v.shape.cols, 1, {0, 1}, 0, nullptr});
    } else {
      return false;
    }
    if (v.shape.size() <= graph.vertices[v.arg[0]].shape.size() + graph.vertices[v.arg[1]].shape.size()) return false;
    made.product.name = nullptr;
    found.push(made);
  }
  return true;
}

/// A vertex of a graph that is there, as an expression.
template <class From, int Vertex>
struct vertex_of {
  static constexpr const graph_view& graph = *From::node().graph;
  static constexpr int roots[] = {Vertex};
  static constexpr graph_view view{graph.vertices, graph.size, graph.list, roots, 1, graph.contractions, graph.contraction_count};
  static constexpr extent shape = graph.vertices[Vertex].shape;
  static constexpr std::uint64_t hash = mix(mix(hash_text("vertex"), From::hash), static_cast<std::uint64_t>(Vertex));
  static constexpr formula node_{&describe<op::derived>, hash, shape, nullptr, 0, {0, 1, 0}, nullptr, &view, false};
};

template <bool Wanted, class T>
using if_wanted = std::conditional_t<Wanted, type_list<T>, type_list<>>;

template <int N>
struct shared_sums {
  shared_sum at[bound(N)];
  int count;
};

/// G: the adjoints of what steps share, P: these symbols. What a step computes of them: factors as outputs, the other ones as sums.
template <class P, class... G>
struct step_products;
template <class... P, class First, class... G>
struct step_products<type_list<P...>, First, G...> {
  static constexpr int shared = 1 + static_cast<int>(sizeof...(G)), most = most_step_products;
  struct table {
    step_product at[bound(most)];
    int count;
    bool apart[bound(shared)];     // is the adjoint of symbol k the sum of products?
    int factors[bound(2 * most)];  // the vertices that are factors, each once
    int factor_count;
  };
  static constexpr table found = [] {
    table made{};
    const formula* adjoints[] = {&First::node(), &G::node()...};
    for (int k = 0; k < shared; ++k) {
      buffer<step_product> all;
      if (adjoints[k]->graph == nullptr || adjoints[k]->graph != adjoints[0]->graph) continue;
      if (!find_products(*adjoints[k], k, all) || made.count + all.size() > most) continue;
      made.apart[k] = true;
      for (int n = 0; n < all.size(); ++n) {
        const step_product& one = all.items[n];
        made.at[made.count++] = one;
        for (const int factor : {one.left, one.right}) {
          int f = 0;
          while (f < made.factor_count && made.factors[f] != factor) ++f;
          if (f == made.factor_count) made.factors[made.factor_count++] = factor;
        }
      }
    }
    return made;
  }();
  template <int... K>
  static constexpr auto factors_as_types(std::integer_sequence<int, K...>) {
    return type_list<decltype(define<op::derived, vertex_of<First, found.factors[K]>>())...>{};
  }
  using factors = decltype(factors_as_types(std::make_integer_sequence<int, found.factor_count>{}));

  /// Of one type for each shared symbol, those of the symbols whose adjoints are summed step by step.
  template <class... T, std::size_t... K>
  static constexpr auto summed_of(type_list<T...>, std::index_sequence<K...>) {
    return typename concatenate<if_wanted<!found.apart[K], T>...>::type{};
  }
  template <class List>
  using summed = decltype(summed_of(List{}, std::make_index_sequence<static_cast<std::size_t>(shared)>{}));

  /// How the adjoint of all that is shared is put together; `Width` numbers are outputs of a step before the factors.
  template <int Width>
  static constexpr auto sums = [] {
    shared_sums<most + shared> made{};
    const int sizes[] = {P::shape::value.size()...};
    int starts[bound(shared + 1)] = {}, next = 0, offsets[bound(2 * most)] = {};
    for (int k = 0; k < shared; ++k) {
      starts[k + 1] = starts[k] + sizes[k];
      if (found.apart[k]) continue;
      made.at[made.count++] = {starts[k], sizes[k], next, false, false, 0, 0, {}};
      next += sizes[k];
    }
    const graph_view& graph = *First::node().graph;
    for (int f = 0, offset = Width; f < found.factor_count; ++f) {
      offsets[f] = offset;
      offset += graph.vertices[found.factors[f]].shape.size();
    }
    const auto offset_of = [&](int vertex) {
      int f = 0;
      while (found.factors[f] != vertex) ++f;
      return offsets[f];
    };
    for (int k = 0; k < found.count; ++k) {
      const step_product& one = found.at[k];
      made.at[made.count++] = {starts[one.shared], sizes[one.shared], 0, true, one.negative, offset_of(one.left), offset_of(one.right), one.product};
    }
    return made;
  }();
};
/// Nothing is shared.
template <>
struct step_products<type_list<>> {
  using factors = type_list<>;
  template <class List>
  using summed = List;
  template <int Width>
  static constexpr shared_sums<1> sums{};
};

}  // namespace typegrad::detail
