// SPDX-License-Identifier: BSL-1.0
// The body of a region as a constant: kernels in order, and a place for each pack, used again once its value is.
#pragma once

#include <typegrad/plan/fuse.hpp>

namespace typegrad {
namespace detail {

class body_planner : fuser {
 public:
  constexpr body_planner(const graph_view& graph, const place* places, int rows_base) : fuser(graph, places, rows_base), offset_(graph.size, -1) {
    allocate();
  }

  constexpr body_size size() const { return {steps_.size(), members_.size(), gathered_.size(), loads_.size(), sums_}; }

  template <class Plan>
  constexpr void write(Plan& to) const {
    int members = 0;
    for (int s = 0; s < steps_.size(); ++s) {
      to.steps[s] = steps_.items[s];
      if (steps_.items[s].kind != kernel::gather) to.steps[s].first = members;
      for (int m = heads_.items[s]; m >= 0; m = members_.items[m].next, ++members) {
        to.line.members[members] = written(members_.items[m].vertex, s);
        to.operations_of[members] = computed_by(at(members_.items[m].vertex));
      }
    }
    for (int k = 0; k < gathered_.size(); ++k) {
      const body_operand o = operand(gathered_.items[k], -2);
      to.gathered.at[k] = {o.from == body_operand::pack ? -1 : o.at.base, o.at.offset};
    }
    for (int l = 0; l < loads_.size(); ++l) {
      const int i = loads_.items[l].vertex;
      to.loads[l] = {loads_.items[l].symbol, offset_.items[i], at(i).shape.size()};
    }
    to.workspace = memory_.total();
    for (int s = 0; s < steps_.size(); ++s) count_work(s, to.steps[s]), to.operations += to.steps[s].operations;
  }

 private:
  constexpr void allocate() {
    buffer<int> first(steps_.size(), -1), next(graph_.size, -1);  // what is read last by each step
    for (int i = 0; i < graph_.size; ++i)
      if (last_.items[i] >= 0) next.items[i] = first.items[last_.items[i]], first.items[last_.items[i]] = i;
    for (int l = 0; l < loads_.size(); ++l) take(loads_.items[l].vertex);
    for (int s = 0; s < steps_.size(); ++s) {
      body_step& step = steps_.items[s];
      if (step.kind == kernel::gather || step.kind == kernel::spread || step.kind == kernel::single) step.to = take(vertices_.items[s]);
      if (step.kind == kernel::chain || step.kind == kernel::product) {
        step.to = -1;
        for (int m = heads_.items[s]; m >= 0; m = members_.items[m].next) {
          const int place = take(members_.items[m].vertex);
          step.to = step.to < 0 ? place : step.to;
        }
      } else if (step.kind != kernel::gather) {
        step.right = step.right < 0 ? 0 : position(step.right);
      }
      if (step.kind != kernel::chain && step.kind != kernel::gather) step.left = step.left < 0 ? -1 : position(step.left);
      for (int i = first[s]; i >= 0; i = next[i]) memory_.give(offset_.items[i], packs_of(i));
    }
  }
  /// A place for vertex i, if a step reads it.
  constexpr int take(int i) { return last_.items[i] < 0 ? -1 : offset_.items[i] = memory_.take(packs_of(i)); }
  constexpr int packs_of(int i) const { return width_.items[i] > 0 ? width_.items[i] : at(i).shape.size(); }
  /// Where the packs of i are; those of an element are in its tensor.
  constexpr int position(int i) const {
    if (spread_.items[i] >= 0 || !is(i, describe<op::at>)) return offset_.items[i];
    return offset_.items[at(i).arg[0]] + static_cast<int>(at(i).value.num) * at(at(i).arg[0]).shape.cols + at(i).value.exponent;
  }

  constexpr body_operand operand(int i, int step) const {
    i = spread_out(i);
    if (shared(i)) return {body_operand::shared, shared_place(i), at(i).shape.rank > 0 && !is(i, describe<op::constant>)};
    if (is(i, describe<op::at>)) return {body_operand::pack, {0, position(i)}, false};
    if (step_.items[i] == step && member_.items[i] >= 0) return {body_operand::member, {0, member_.items[i]}, false};
    return {body_operand::pack, {0, offset_.items[i]}, at(i).shape.rank > 0};
  }
  constexpr body_member written(int i, int step) const {
    body_member result;
    result.value = at(i).value;
    result.store = offset_.items[i];
    for (int k = 0; at(i).op->elementwise && k < at(i).count; ++k) result.operand[k] = operand(at(i).arg[k], step);
    return result;
  }

  constexpr void count_work(int step, body_step& s) const {
    operation_counts counts;
    if (s.is_sum()) counts.add = s.results(), counts.multiply = s.kind == kernel::outer_sum ? s.results() : 0;
    if (s.is_sum()) s.numbers = s.size + (s.kind == kernel::outer_sum ? s.inner : 0);
    if (s.kind == kernel::product) s.numbers = s.inner;
    if (s.kind == kernel::gather || s.kind == kernel::spread || s.kind == kernel::single) s.numbers = s.size;
    for (int m = heads_.items[step]; m >= 0; m = members_.items[m].next) {
      const body_member made = written(members_.items[m].vertex, step);
      count_operations(at(members_.items[m].vertex), graph_, counts);
      s.numbers += made.store >= 0 ? s.size : 0;
      for (const body_operand& o : made.operand) s.numbers += o.from == body_operand::pack ? (o.vector ? s.size : 1) : 0;
    }
    s.operations = counts.add + counts.multiply + counts.divide + counts.transcendental + counts.other;
  }

  buffer<int> offset_;  // of each vertex
  workspace_allocator memory_;
};

/// A body with room to spare, and its size: planned once, then copied.
template <int Vertices, int List>
struct body_draft {
  body_plan<2 * Vertices, Vertices, 3 * Vertices + List, Vertices> content;
  body_size size;
};

/// The body of the regions of a plan.
template <class Plan, class Graph>
struct body_of {
  static constexpr auto draft = [] {
    body_draft<Graph::size.vertices, Graph::size.list> result{};
    const body_planner planner(Graph::view, Plan::value.places, rows_base(Plan::size));
    planner.write(result.content);
    result.size = planner.size();
    return result;
  }();
  static constexpr body_size size = draft.size;
  static constexpr auto value = [] {
    body_plan<size.steps, size.members, size.gathered, size.loads> result{};
    const auto& from = draft.content;
    for (int s = 0; s < size.steps; ++s) result.steps[s] = from.steps[s];
    for (int m = 0; m < size.members; ++m) result.operations_of[m] = from.operations_of[m], result.line.members[m] = from.line.members[m];
    for (int k = 0; k < size.gathered; ++k) result.gathered.at[k] = from.gathered.at[k];
    for (int l = 0; l < size.loads; ++l) result.loads[l] = from.loads[l];
    result.workspace = from.workspace, result.operations = from.operations;
    return result;
  }();
  static constexpr auto line = value.line;  // what run time reads, objects of their own, so that nothing else is emitted
  static constexpr auto gathered = value.gathered;
  static constexpr auto sums = [] {
    struct table {
      body_sum at[bound(size.sums + 1)];
      bool in_place[Plan::size.roots];  // is root r a sum that is added up there?
    } result{};
    int n = 0;
    for (const body_step& s : value.steps)
      if (s.is_sum()) {
        result.at[n++] = {s.to, s.root, s.results(), s.mean};
        if (s.root >= 0) result.in_place[s.root] = true;
      }
    return result;
  }();
};

}  // namespace detail
}  // namespace typegrad
