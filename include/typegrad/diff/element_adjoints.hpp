// SPDX-License-Identifier: BSL-1.0
// Adjoints of single elements, for tensors that `at` reads; they become one `stack`.
#pragma once

#include <typegrad/diff/liveness.hpp>
#include <typegrad/op/stack.hpp>

namespace typegrad::detail {

/// The adjoint of one element, and where it is dead; no adjoint: nobody reads the element.
struct element_adjoint {
  int adjoint = -1;
  int dead = alive;
};

/// What a sweep gathers element by element, of the first n vertices.
class element_adjoints {
 public:
  constexpr element_adjoints(arena& target, int n) : target_(target), first_(n, -1) {}
  constexpr bool are_of(int tensor) const { return first_.items[tensor] >= 0; }
  constexpr void add(int tensor, number where, element_adjoint more) {
    const extent shape = target_[tensor].shape;
    if (first_.items[tensor] < 0) {
      first_.items[tensor] = parts_.size();
      parts_.resize(parts_.size() + (splits(tensor) ? 2 : 1) * shape.size(), {});
    }
    const int apart = splits(tensor) && target_[more.adjoint].varies ? shape.size() : 0;
    element_adjoint& sum = parts_[first_.items[tensor] + apart + static_cast<int>(where.num) * shape.cols + where.exponent];
    if (sum.adjoint < 0) sum = more;
    else sum = {(term{&target_, sum.adjoint} + term{&target_, more.adjoint}).index, both_dead(target_, sum.dead, more.dead)};
  }
  /// Elements of what all rows share may have adjoints that vary, to be summed, and others.
  constexpr bool splits(int tensor) const { return target_.rows().size() > 0 && !target_[tensor].varies; }

  /// The elements from this one on as one tensor. Those that nobody reads are dead, which matters if slopes may grow that much below.
  constexpr flow stacked(int tensor, int from, growth below) {
    const element_adjoint* const parts = parts_.items + first_.items[tensor] + from;
    const extent shape = target_[tensor].shape;
    const int zero = constant_term(target_, {}).index, one = constant_term(target_, {1, 1, 0}).index, n = shape.size();
    buffer<int> all(n), dead(n);
    bool living = true;
    for (int k = 0; k < n; ++k) {
      all.items[k] = parts[k].adjoint < 0 ? zero : parts[k].adjoint;
      dead.items[k] = parts[k].adjoint < 0 ? one : parts[k].dead == alive ? zero : parts[k].dead;
      living = living && dead.items[k] == zero;
    }
    flow result;
    result.value = target_.make(describe<op::stack>, all.data(), n, {}, shape);
    if (!living && below >= result.level()) result.dead = target_.make(describe<op::stack>, dead.data(), n, {}, shape);
    return result;
  }

  // A sweep is saved as numbers: where the elements of each tensor start, and all elements.
  constexpr int start(int tensor) const { return first_.items[tensor]; }
  constexpr void set_start(int tensor, int start) { first_.items[tensor] = start; }
  constexpr void save(buffer<int>& to) const {
    for (int i = 0; i < parts_.size(); ++i) to.push(parts_.items[i].adjoint), to.push(parts_.items[i].dead);
  }
  constexpr void restore(const int* from, const int* end) {
    for (; from < end; from += 2) parts_.push({from[0], from[1]});
  }

 private:
  arena& target_;
  buffer<int> first_;              // where the elements of a tensor start
  buffer<element_adjoint> parts_;  // the adjoints of elements
};

}  // namespace typegrad::detail
