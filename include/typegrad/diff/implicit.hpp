// SPDX-License-Identifier: BSL-1.0
// The derivative of x = s(x, p) by the implicit function theorem, as vertices: dx = (1 - ds/dx)^-1 ds/dp dp, at the solution. So derivatives
// of derivatives follow.
#pragma once

#include <typegrad/diff/sweep.hpp>
#include <typegrad/op/iterate.hpp>
#include <typegrad/op/solve.hpp>

namespace typegrad {

namespace detail {

/// Numbers first .. of a vector as a tensor of this shape.
constexpr term numbers_at(term a, int first, extent shape) {
  if (a.shape() == shape) return a;
  if (shape.rank == 0) return make<op::at>(op::stack::position(a.shape(), first), a);
  contraction made;
  made.result = shape.size(), made.operand[0] = a.shape().size(), made.from[0] = first;
  made.add({shape.size(), 1, {1, 0}, 0, nullptr});
  return contract_term(made, shape, a);
}
/// All numbers of some tensors as a tensor of this shape.
constexpr term put_together(arena& graph, const buffer<int>& parts, extent shape) {
  bool numbers = parts.size() > 0;
  for (int k = 0; k < parts.size(); ++k) numbers = numbers && graph[parts[k]].shape.rank == 0;
  if (numbers) return {&graph, shape.rank == 0 ? parts[0] : graph.make(describe<op::stack>, parts.data(), parts.size(), {}, shape)};
  term sum = constant_term(graph, {}, shape);
  int first = 0;
  for (int k = 0; k < parts.size(); ++k) {
    const int size = graph[parts[k]].shape.size();
    contraction made;
    made.result = shape.size(), made.operand[0] = size, made.to = first;
    made.add({size, 1, {1, 0}, 0, nullptr});
    sum = sum + contract_term(made, shape, {&graph, parts[k]});
    first += size;
  }
  return sum;
}

/// Copies vertices into another graph, where symbols have values.
class substitution {
 public:
  constexpr substitution(const arena& from, arena& to) : from_(from), to_(to) {}
  constexpr void give(const formula& symbol, term value) { values_.insert(symbol.hash, value.index); }
  /// Symbols of a list are numbers of a vector.
  constexpr void give(const formula* const* symbols, int count, term values) {
    for (int k = 0, first = 0; k < count; first += symbols[k++]->shape.size()) give(*symbols[k], numbers_at(values, first, symbols[k]->shape));
  }
  constexpr term operator()(int root) const {
    buffer<int> where(root + 1, -1), arg;  // -1: not needed, -2: needed
    where.items[root] = -2;
    for (int i = root; i >= 0; --i)
      if (where.items[i] == -2)
        for (int k = 0; k < from_[i].count; ++k) where.items[from_.operand(from_[i], k)] = -2;
    for (int i = 0; i <= root; ++i) {
      if (where.items[i] == -1) continue;
      const vertex& v = from_[i];
      if (arg.size() < v.count) arg.resize(v.count);
      for (int k = 0; k < v.count; ++k) arg.items[k] = where.items[from_.operand(v, k)];
      const int known = v.symbol != nullptr ? values_.find(v.symbol->hash) : -1;
      const number value = v.op->payload == payload::contraction ? to_.number_of(from_.contraction_of(v)) : v.value;
      if (known >= 0) where.items[i] = known;
      else if (v.count == 0) where.items[i] = to_.intern(*v.op, nullptr, 0, value, v.shape, v.symbol);
      else where.items[i] = to_.make(*v.op, arg.items, v.count, value, v.shape);
    }
    return {&to_, where.items[root]};
  }

 private:
  const arena& from_;
  arena& to_;
  index_table values_;
};

/// One step around a solution y.
class step_at_solution {
 public:
  constexpr explicit step_at_solution(term y) : y_(y), it_(*y.graph->contraction_of(y.node()).iteration) {
    importer import(body_);
    for (int k = 0; k < it_.unknowns; ++k) next_.push(import(*it_.next[k])), adjoints_.push(import(*it_.adjoint[k]));
    for (int k = 0; k < it_.inputs; ++k) directions_.push(import(*it_.direction[k]));
  }

  /// The adjoint of what is given: with h = (1 - ds/dx)'^-1 g, it is h' ds/dp.
  constexpr term pulled(term g) {
    find_adjoints();
    const term h = solved(g, true);
    substitution at = at_solution();
    at.give(it_.adjoint, it_.unknowns, h);
    buffer<int> parts;
    for (int k = 0; k < it_.inputs; ++k) parts.push(at(of_inputs_[k]).index);
    return put_together(*y_.graph, parts, y_[1].shape());
  }
  /// The tangent of the solution: (1 - ds/dx)^-1 ds/dp d.
  constexpr term pushed(term d) {
    find_adjoints();
    substitution at = at_solution();
    at.give(it_.direction, it_.inputs, d);
    buffer<int> parts;
    for (int r = 0; r < it_.unknowns; ++r) {
      term tangent = constant_term(body_, {}, body_[next_[r]].shape);
      for (int k = 0; k < it_.inputs; ++k) tangent = tangent + forward({&body_, next_[r]}, it_.input[k]->hash, {&body_, directions_[k]});
      parts.push(at(tangent.index).index);
    }
    return solved(put_together(*y_.graph, parts, y_.shape()), false);
  }

 private:
  constexpr substitution at_solution() {
    substitution at(body_, *y_.graph);
    at.give(it_.unknown, it_.unknowns, y_);
    at.give(it_.input, it_.inputs, y_[1]);
    return at;
  }
  /// h' ds/dx and h' ds/dp, where h are symbols.
  constexpr void find_adjoints() {
    term product = constant_term(body_, {});
    for (int k = 0; k < it_.unknowns; ++k) {
      const term one = term{&body_, adjoints_[k]} * term{&body_, next_[k]};
      product = product + (one.shape().rank == 0 ? one : sum_term(one));
    }
    buffer<std::uint64_t> wanted;
    for (int k = 0; k < it_.unknowns; ++k) wanted.push(it_.unknown[k]->hash);
    for (int k = 0; k < it_.inputs; ++k) wanted.push(it_.input[k]->hash);
    reverse_sweep sweep(body_, product.index, constant_term(body_, {1, 1, 0}).index, wanted.data(), wanted.size());
    sweep.run(1 << 30);
    const index_table symbols = symbol_table(body_, sweep.size());
    const auto adjoint_of = [&](const formula& symbol) {
      const int i = symbols.find(symbol.hash), found = i < 0 ? -1 : sweep.adjoint(i);
      return found < 0 ? constant_term(body_, {}, symbol.shape).index : found;
    };
    for (int k = 0; k < it_.unknowns; ++k) of_unknowns_.push(adjoint_of(*it_.unknown[k]));
    for (int k = 0; k < it_.inputs; ++k) of_inputs_.push(adjoint_of(*it_.input[k]));
  }
  /// (1 - ds/dx)^-1 b, or with the transposed.
  constexpr term solved(term b, bool transposed) {
    arena& graph = *y_.graph;
    const term one = constant_term(graph, {1, 1, 0}), zero = constant_term(graph, {});
    const int n = it_.size;
    buffer<int> unit(n, zero.index), numbers;
    for (int i = 0; i < n; ++i) {  // row i of ds/dx
      unit.items[i] = one.index;
      substitution at = at_solution();
      at.give(it_.adjoint, it_.unknowns, put_together(graph, unit, {1, n, 1}));
      unit.items[i] = zero.index;
      for (int k = 0; k < it_.unknowns; ++k) {
        const term row = at(of_unknowns_[k]);
        for (int j = 0; j < row.shape().size(); ++j)
          numbers.push(((numbers.size() == i * n + i ? one : zero) - number_in(graph, row.index, j)).index);
      }
    }
    if (b.shape().rank == 0) return b / term{&graph, numbers[0]};
    return solve_term(put_together(graph, numbers, {2, n, n}), b, transposed);
  }

  term y_;
  const iteration_info& it_;
  arena body_;
  buffer<int> next_, adjoints_, directions_, of_unknowns_, of_inputs_;
};

}  // namespace detail

constexpr term op::iterate::pullback(term y, int k, term g) {
  return k == 0 ? constant_term(*y.graph, {}, y[0].shape()) : detail::step_at_solution(y).pulled(g);
}
constexpr term op::iterate::pushforward(term y, int k, term d) {
  return k == 0 ? constant_term(*y.graph, {}, y.shape()) : detail::step_at_solution(y).pushed(d);
}

}  // namespace typegrad
