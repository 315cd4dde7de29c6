// SPDX-License-Identifier: BSL-1.0
// Reverse mode: one sweep from the root gives the adjoints of all symbols.
#pragma once

#include <typegrad/diff/forward.hpp>

namespace typegrad {

namespace detail {

/// Which of the first n vertices depend on a wanted symbol.
constexpr buffer<int> leads_to(const arena& target, int n, const std::uint64_t* wanted, int wanted_count) {
  buffer<int> result(n, 0);
  int* const active = result.items;
  for (int i = 0; i < n; ++i) {
    const vertex& v = target.vertices()[i];
    if (v.symbol != nullptr)
      for (int w = 0; w < wanted_count && active[i] == 0; ++w) active[i] = v.symbol->hash == wanted[w] ? 1 : 0;
    else
      for (int k = 0; k < v.count && active[i] == 0; ++k) active[i] = active[target.operand(v, k)];
  }
  return result;
}

/// The symbols of the arena that have a value for each row.
constexpr buffer<int> row_symbols(const arena& target) {
  buffer<int> result;
  for (int i = 0; i < target.size(); ++i)
    if (target[i].symbol != nullptr && target[i].varies) result.push(i);
  return result;
}
/// A sweep from the root down. It can be saved as a list of numbers and taken up again, because compilers allow a constant
/// evaluation only so many steps.
class reverse_sweep {
 public:
  constexpr reverse_sweep(arena& target, int root, int seed, const std::uint64_t* wanted, int wanted_count)
      : target_(target), next_(root), adjoint_(root + 1, -1), active_(leads_to(target, root + 1, wanted, wanted_count)), first_(root + 1, -1) {
    adjoint_.items[root] = seed;
    for (int w = 0; w < wanted_count; ++w) wanted_.push(wanted[w]);
  }
  constexpr reverse_sweep(arena& target, const buffer<int>& saved, const std::uint64_t* wanted, int wanted_count)
      : target_(target), next_(saved[0]), adjoint_(saved[1]), active_(saved[1]), first_(saved[1]) {
    for (int w = 0; w < wanted_count; ++w) wanted_.push(wanted[w]);
    const int n = saved[1];
    for (int i = 0; i < n; ++i)
      adjoint_.items[i] = saved.items[2 + i], active_.items[i] = saved.items[2 + n + i], first_.items[i] = saved.items[2 + 2 * n + i];
    for (int i = 2 + 3 * n; i < saved.size(); ++i) parts_.push(saved.items[i]);
  }
  constexpr void save(buffer<int>& to) const {
    to.resize(0);
    to.push(next_), to.push(adjoint_.size());
    const buffer<int>* const parts[] = {&adjoint_, &active_, &first_, &parts_};
    for (const buffer<int>* part : parts)
      for (int i = 0; i < part->size(); ++i) to.push(part->items[i]);
  }

  /// Sweeps until done, or until the arena has this many vertices; true if done.
  constexpr bool run(int limit) {
    for (; next_ >= 0 && target_.size() < limit; --next_)
      if (active_.items[next_] != 0) visit(next_);
    return next_ < 0;
  }
  /// The adjoint of vertex i: -1 where it is zero or leads to no wanted symbol.
  constexpr int adjoint(int i) const { return adjoint_.items[i]; }
  constexpr int size() const { return adjoint_.size(); }
  constexpr int sum_over_rows(int body) {
    if (rows_.size() == 0) rows_ = row_symbols(target_);
    return region_term(describe<op::sum_over>, target_, body, rows_.items, rows_.size()).index;
  }

 private:
  constexpr void add(int i, int part) {
    int& sum = adjoint_.items[i];
    sum = sum < 0 ? part : (term{&target_, sum} + term{&target_, part}).index;
  }
  constexpr void visit(int i) {
    if (first_.items[i] >= 0) add(i, stacked(i));
    if (adjoint_.items[i] < 0) return;
    const operation& op = *target_[i].op;
    const int count = target_[i].count;
    const term g{&target_, adjoint_.items[i]};
    if (g.node().after && is_region(&op) && g.shape().rank == 0) return visit_region(i, g);
    for (int k = 0; k < count; ++k) {
      const int operand = target_.operand(target_[i], k);
      if (active_.items[operand] == 0) continue;
      if (&op == &describe<op::at>) {
        add_element(operand, target_[i].value, g.index);
      } else {
        const int part = op.pullback({&target_, i}, k, g).index;
        if (is_constant(target_, part, 0)) continue;
        const bool element = target_[operand].op == &describe<op::at> && target_[part].varies;
        if (element) add_element(target_[operand].arg[0], target_[operand].value, part);  // all elements are summed at once
        else add(operand, reduced(part, operand));
      }
    }
  }
  /// The adjoint g of a region depends on sums over all rows, so it must not enter the rows again: what it multiplies is
  /// swept by itself.
  constexpr void visit_region(int i, term g) {
    const int body = target_.operand(target_[i], 0);
    reverse_sweep unit(target_, body, row_weight_term(target_, target_[i].op == &describe<op::mean_over>).index, wanted_.items, wanted_.size());
    unit.run(1 << 30);
    for (int k = 0; k <= body; ++k) {
      if (target_[k].symbol == nullptr || target_[k].varies || unit.adjoint(k) < 0) continue;
      add(k, (g * term{&target_, unit.adjoint(k)}).index);
    }
  }
  /// What the rows contribute to the adjoint of something that has one value for all of them is summed.
  constexpr int reduced(int part, int operand) { return target_[part].varies && !target_[operand].varies ? sum_over_rows(part) : part; }
  // Adjoints of single elements, for tensors that `at` reads; they become one `stack`.
  constexpr void add_element(int tensor, number where, int adjoint) {
    const extent shape = target_[tensor].shape;
    if (first_.items[tensor] < 0) {
      first_.items[tensor] = parts_.size();
      parts_.resize(parts_.size() + (splits(tensor) ? 2 : 1) * shape.size(), -1);
    }
    const int apart = splits(tensor) && target_[adjoint].varies ? shape.size() : 0;
    int& part = parts_[first_.items[tensor] + apart + static_cast<int>(where.num) * shape.cols + where.exponent];
    part = part < 0 ? adjoint : (term{&target_, part} + term{&target_, adjoint}).index;
  }
  /// Elements of what all rows share may have adjoints that vary, to be summed, and others.
  constexpr bool splits(int tensor) const { return target_.rows().size() > 0 && !target_[tensor].varies; }
  constexpr int stacked(int tensor) {
    const int shared = stacked(tensor, 0);
    if (!splits(tensor)) return shared;
    const int summed = reduced(stacked(tensor, target_[tensor].shape.size()), tensor);
    return (term{&target_, shared} + term{&target_, summed}).index;
  }
  constexpr int stacked(int tensor, int from) {
    const extent shape = target_[tensor].shape;
    const int zero = constant_term(target_, {}).index;
    buffer<int> parts(shape.size());
    const int *const part = parts_.items + first_.items[tensor] + from, n = shape.size();
    for (int k = 0; k < n; ++k) parts.items[k] = part[k] < 0 ? zero : part[k];
    return target_.make(describe<op::stack>, parts.data(), shape.size(), {}, shape);
  }

  arena& target_;
  int next_;  // the vertex to visit next
  buffer<int> adjoint_, active_;
  buffer<std::uint64_t> wanted_;
  buffer<int> rows_;
  buffer<int> first_, parts_;  // where the elements of a tensor start, and the adjoints of elements
};

}  // namespace detail
}  // namespace typegrad
