// SPDX-License-Identifier: BSL-1.0
// The steps of a plan under construction: operations, places of operands and results, which functions are done together; and where the results are.
#pragma once

#include <typegrad/plan/order.hpp>
#include <typegrad/plan/whereabouts.hpp>

namespace typegrad::detail {

/// The arrays and figures of a plan of any size. (So the planner is one class, not one for each size.)
struct plan_target {
  step* steps;
  const operation** operations_of;
  bool* scalar;
  int* loops;
  int* runs;
  place* roots;
  int* root_sizes;
  int* stored_in;
  int* first;
  place* numbers;
  number* constants;
  const symbol_info** symbols;
  bool* varies;
  place* places;
  int* stages;
  plan_figures* figures;
};

/// Writes steps one after the other; where values are, a planner decides.
class step_writer {
 protected:
  constexpr step_writer(const graph_view& graph, plan_size size, plan_target to)
      : graph_(graph),
        size_(size),
        to_(to),
        parts_(graph),
        has_parts_(whereabouts::are_looked_for(graph)),
        where_(graph.size),
        made_(graph.size, -1),
        lone_root_(graph.size, -1),
        writes_(size.steps, -1) {}

  /// The place of a root that is put together from numbers, which are kept.
  static constexpr place scattered{-1, 0};

  /// The numbers of a tensor that is put together, one by one.
  constexpr void add_copies(int i) {
    const vertex& v = graph_.vertices[i];
    run_ = -1;
    for (int k = 0; k < v.count; ++k) {
      to_.operations_of[steps_] = &describe<op::copy>, to_.scalar[steps_] = true, to_.loops[steps_] = -1;
      step& s = to_.steps[steps_];
      s.to = {0, where_.items[i].offset + k}, s.from[0] = where_.items[graph_.operand(v, k)], s.crosses = 8;
      read(graph_.operand(v, k), 0);
      ++steps_;
    }
  }

  /// The step that computes vertex i; `value` is the number that fills a constant tensor.
  constexpr void add_step(int i, place value) {
    const vertex& v = graph_.vertices[i];
    const bool fill = v.op == &describe<op::constant>;
    bool& scalar = to_.scalar[steps_] = v.shape.rank == 0 && v.op->elementwise;
    to_.loops[steps_] = v.op->payload == payload::contraction && v.count > 0 ? static_cast<int>(v.value.num)
                        : computed_by(v) == &describe<op::power>             ? -2 - steps_
                                                                             : -1;
    to_.operations_of[steps_] = fill ? operation_link(&describe<op::broadcast>) : computed_by(v);
    step& s = to_.steps[steps_];
    s.to = where_.items[i], s.shape = v.shape, s.value = v.value, s.from[0] = value;
    for (int k = 0; k < v.count; ++k) {
      const int a = v.count <= 3 ? v.arg[k] : graph_.operand(v, k);
      s.from[k] = where_.items[a];
      s.operand[k] = has_parts_ && v.op->elementwise ? parts_.shape(a) : graph_.vertices[a].shape;
      scalar = scalar && s.operand[k].rank == 0;
      if (k < 3) read(a, k);
    }
    if (graph_.size <= most_in_order) join(v, scalar);
    if (v.shape.rank == 0) made_.items[i] = steps_;
    if (v.shape.rank > 0 && has_parts_ && v.op->elementwise && v.count > 0 && v.shape.size() >= few_numbers && parts_.owner(i) == i)
      writes_.items[steps_] = lone_root_.items[i];
    ++steps_;
    count_operations(v, graph_, to_.figures->operations);
  }

  constexpr void place_roots() {
    int numbers = 0;
    for (int r = 0; r < graph_.root_count; ++r) {
      const int root = graph_.roots[r];
      to_.roots[r] = where_.items[root], to_.root_sizes[r] = graph_.vertices[root].shape.size(), to_.first[r] = -1;
      if (made_.items[root] >= 0) to_.steps[made_.items[root]].crosses |= 8;
      if (where_.items[root].base == scattered.base) to_.first[r] = numbers, numbers = place_numbers(root, numbers);
    }
  }
  /// Results that nobody reads are computed where the caller wants them by the last elementwise steps, which read nothing that the caller may have
  /// written over. In a recurrence by all: what its steps read stands apart from what they write.
  constexpr void write_roots(bool in_recurrence) {
    if (!has_parts_ || size_.vertices > 0 || size_.symbols > few_symbols || roots_in_table(size_) == 0) return;
    for (int r = 0; !in_recurrence && r < graph_.root_count; ++r)
      if (to_.roots[r].base > 1) return;  // is read after the steps
    for (int n = steps_ - 1; n >= (in_recurrence ? to_.figures->before[0] : 0); --n) {
      step& s = to_.steps[n];
      const int r = writes_.items[n];
      bool reads_own = true;
      for (const place& from : s.from) reads_own = reads_own && from.base <= 1;
      if (r >= 0 && (reads_own || in_recurrence)) s.to = {root_base(size_, r), 0}, to_.first[r] = written_in_place;
      else if (!in_recurrence) return;
    }
  }

  const graph_view& graph_;
  plan_size size_;
  plan_target to_;
  whereabouts parts_;
  bool has_parts_;
  buffer<place> where_;
  buffer<int> made_;       // the step of each number
  buffer<int> lone_root_;  // the number of a root that nobody reads
  buffer<int> writes_;     // the same of each step's result
  int steps_ = 0;
  int run_ = -1;  // where the run starts to which the last step belongs

 private:
  /// Does the next step go on with a run of equal functions of single numbers? Or is it one over few numbers?
  constexpr void join(const vertex& v, bool scalar) {
    const bool joins = scalar && v.op->transcendental && v.count == 1 && v.value == number{};
    const bool goes_on = joins && run_ >= 0 && steps_ - run_ < most_joined && steps_ % steps_in_function != 0 &&
                         to_.operations_of[run_]->id == v.op->id && made_.items[v.arg[0]] < run_;
    if (!goes_on) run_ = joins ? steps_ : -1;
    if (!joins && v.op->elementwise && v.shape.rank > 0 && v.shape.size() < few_numbers) to_.runs[steps_] = -v.shape.size();
    for (int k = run_; k >= 0 && k <= steps_; ++k) to_.runs[k] = k - run_ + most_joined * (steps_ - run_ + 1);
  }
  /// The next step reads vertex a as operand k.
  constexpr void read(int a, int k) {
    const int made = made_.items[a];
    if (made >= 0 && made / steps_in_function == steps_ / steps_in_function) return;
    to_.steps[steps_].crosses |= 1 << k;
    if (made >= 0) to_.steps[made].crosses |= 8;
  }
  constexpr int place_numbers(int root, int next) {
    const vertex& v = graph_.vertices[root];
    for (int k = 0; k < v.count; ++k) {
      const int number = graph_.operand(v, k);
      to_.numbers[next++] = where_.items[number];
      if (made_.items[number] >= 0) to_.steps[made_.items[number]].crosses |= 8;
    }
    return next;
  }
};

}  // namespace typegrad::detail
