// SPDX-License-Identifier: BSL-1.0
// Reverse mode: one sweep from the root gives the adjoints of all symbols.
#pragma once

#include <typegrad/diff/forward.hpp>

namespace typegrad {

namespace detail {

/// Adjoints of single elements, for tensors that `at` reads; they become one `stack`.
class element_adjoints {
 public:
  constexpr explicit element_adjoints(int n) : first_(n, -1) {}
  constexpr bool any(int i) const { return first_.items[i] >= 0; }
  constexpr void add(arena& target, int tensor, number where, int adjoint) {
    const extent shape = target[tensor].shape;
    if (first_[tensor] < 0) {
      first_[tensor] = parts_.size();
      parts_.resize(parts_.size() + shape.size(), -1);
    }
    int& part = parts_[first_[tensor] + static_cast<int>(where.num) * shape.cols + where.exponent];
    part = part < 0 ? adjoint : (term{&target, part} + term{&target, adjoint}).index;
  }
  constexpr int stack(arena& target, int tensor) const {
    const extent shape = target[tensor].shape;
    const int zero = constant_term(target, {}).index;
    buffer<int> parts(shape.size());
    const int *const from = parts_.items + first_[tensor], n = shape.size();
    for (int k = 0; k < n; ++k) parts.items[k] = from[k] < 0 ? zero : from[k];
    return target.make(describe<op::stack>, parts.data(), shape.size(), {}, shape);
  }

 private:
  buffer<int> first_;
  buffer<int> parts_;
};

/// Which of the first n vertices depend on a wanted symbol.
constexpr buffer<bool> leads_to(const arena& target, int n, const std::uint64_t* wanted, int wanted_count) {
  buffer<bool> result(n, false);
  bool* const active = result.items;
  for (int i = 0; i < n; ++i) {
    const vertex& v = target.vertices()[i];
    if (v.symbol != nullptr)
      for (int w = 0; w < wanted_count && !active[i]; ++w) active[i] = v.symbol->hash == wanted[w];
    else
      for (int k = 0; k < v.count && !active[i]; ++k) active[i] = active[target.operand(v, k)];
  }
  return result;
}

/// The adjoints of the vertices up to root, given the root's; -1 where it is zero or leads to no wanted symbol.
constexpr void reverse(term root, term seed, const std::uint64_t* wanted, int wanted_count, buffer<int>& adjoint) {
  arena& target = *root.graph;
  const int n = root.index + 1;
  const buffer<bool> leads = leads_to(target, n, wanted, wanted_count);
  const bool* const active = leads.items;
  adjoint.resize(n, -1);
  int* const sum = adjoint.items;
  const auto add = [&target, sum](int i, int part) { sum[i] = sum[i] < 0 ? part : (term{&target, sum[i]} + term{&target, part}).index; };
  sum[root.index] = seed.index;
  element_adjoints elements(n);
  for (int i = root.index; i >= 0; --i) {
    if (!active[i]) continue;
    if (elements.any(i)) add(i, elements.stack(target, i));
    if (sum[i] < 0) continue;
    const operation& op = *target[i].op;
    const int count = target[i].count;
    const term g{&target, sum[i]};
    for (int k = 0; k < count; ++k) {
      const int operand = target.operand(target[i], k);
      if (!active[operand]) continue;
      if (&op == &describe<op::at>) {
        elements.add(target, operand, target[i].value, g.index);
      } else {
        const int part = op.pullback({&target, i}, k, g).index;
        if (!is_constant(target, part, 0)) add(operand, part);
      }
    }
  }
}

/// The vertex of a symbol, or -1.
constexpr int find_symbol(const arena& target, int n, std::uint64_t hash) {
  for (int i = 0; i < n; ++i)
    if (target[i].symbol != nullptr && target[i].symbol->hash == hash) return i;
  return -1;
}

/// Roots: the value, then the adjoint of each symbol. The seed is 1, or an expression of the root's shape.
template <class E, class Seed, class... X>
struct reverse_recipe {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 4 * formula_size<E> + formula_size<Seed>;
  static constexpr std::uint64_t hash = [] {
    std::uint64_t h = mix(mix(hash_text("reverse"), E::hash), Seed::hash);
    ((h = mix(h, X::hash)), ...);
    return h;
  }();
  static constexpr void build(arena& target, buffer<int>& roots) {
    importer import(target);
    const int seed = import(Seed::node());
    const term root{&target, import(E::node())};
    constexpr int count = sizeof...(X);
    const std::uint64_t wanted[] = {X::hash..., 0};
    const extent shapes[] = {X::shape::value..., {}};
    buffer<int> adjoint;
    const int n = target.size();
    reverse(root, {&target, seed}, wanted, count, adjoint);
    roots.push(root.index);
    for (int k = 0; k < count; ++k) {
      const int i = find_symbol(target, n, wanted[k]);
      const bool zero = i < 0 || i > root.index || adjoint[i] < 0;
      roots.push(zero ? constant_term(target, {}, shapes[k]).index : adjoint[i]);
    }
  }
};

}  // namespace detail
}  // namespace typegrad
