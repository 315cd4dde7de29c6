// SPDX-License-Identifier: BSL-1.0
// The body of a region as a constant: kernels in order, and a place for each pack, used again once its value is.
#pragma once

#include <typegrad/plan/fuse.hpp>

namespace typegrad {
namespace detail {

/// What was planned, as numbers: to be written out in another constant evaluation, with a new allowance of steps.
template <int Vertices, int List>
struct body_draft {
  body_vertex of[bound(Vertices)];
  body_step steps[bound(2 * Vertices)];
  int heads[bound(2 * Vertices)];
  body_entry entries[bound(Vertices)];
  int gathered[bound(3 * Vertices + List)];
  body_load loads[bound(Vertices)];
  body_size size;
  int workspace;
};

class body_planner : fuser {
 public:
  constexpr body_planner(const graph_view& graph, const body_surroundings& around) : fuser(graph, around) { allocate(); }

  template <class Draft>
  constexpr void save(Draft& to) const {
    to.size = {steps_.size(), members_.size(), gathered_.size(), loads_.size(), sums_};
    to.workspace = memory_.total();
    for (int i = 0; i < graph_.size; ++i) to.of[i] = of_.items[i];
    for (int s = 0; s < to.size.steps; ++s) to.steps[s] = steps_.items[s], to.heads[s] = heads_.items[s];
    for (int m = 0; m < to.size.members; ++m) to.entries[m] = members_.items[m];
    for (int k = 0; k < to.size.gathered; ++k) to.gathered[k] = gathered_.items[k];
    for (int l = 0; l < to.size.loads; ++l) {
      const int i = loads_.items[l].vertex;
      to.loads[l] = {loads_.items[l].symbol, of_.items[i].offset, at(i).shape.size()};
    }
  }

 private:
  constexpr void allocate() {
    buffer<int> first(steps_.size(), -1), next(graph_.size, -1);  // what is read last by each step
    for (int i = 0; i < graph_.size; ++i) {
      const int last = of_.items[i].last;
      if (last >= 0) next.items[i] = first.items[last], first.items[last] = i;
    }
    for (int l = 0; l < loads_.size(); ++l) take(loads_.items[l].vertex);
    for (int s = 0; s < steps_.size(); ++s) {
      body_step& step = steps_.items[s];
      if (step.kind == kernel::gather || step.kind == kernel::spread || step.kind == kernel::single || step.kind == kernel::row_number)
        step.to = take(vertices_.items[s], scratch_of(step, s));
      if (step.kind == kernel::chain || step.kind == kernel::product) {
        step.to = -1;
        for (int m = heads_.items[s]; m >= 0; m = members_.items[m].next) {
          const int place = take(members_.items[m].vertex);
          step.to = step.to < 0 ? place : step.to;
        }
      } else if (step.kind != kernel::gather) {
        step.right = step.right < 0 ? 0 : position(graph_, of_.items, step.right);
        for (int& m : step.more) m = m < 0 ? 0 : position(graph_, of_.items, m);
      }
      if (step.kind != kernel::chain && step.kind != kernel::gather) step.left = step.left < 0 ? -1 : position(graph_, of_.items, step.left);
      step.left += step.left_first, step.right += step.right_first;
      if (const int scratch = scratch_of(step, s); scratch > 0 && step.to >= 0) memory_.give(step.to + packs_of(vertices_.items[s]), scratch);
      for (int i = first.items[s]; i >= 0; i = next.items[i]) memory_.give(of_.items[i].offset, packs_of(i));
    }
  }
  /// A place for vertex i and so many packs behind it, if a step reads it.
  constexpr int take(int i, int behind = 0) { return of_.items[i].last < 0 ? -1 : of_.items[i].offset = memory_.take(packs_of(i) + behind); }
  constexpr int scratch_of(const body_step& s, int number) const {
    return s.kind == kernel::single ? scratch_behind(at(vertices_.items[number]), around_.scratch) : 0;
  }
  constexpr int packs_of(int i) const { return of_.items[i].width > 0 ? of_.items[i].width : at(i).shape.size(); }

  workspace_allocator memory_;
};

/// Writes out what was planned: members in the order of their steps, and where each of them finds its operands.
class body_writer {
 public:
  constexpr body_writer(const graph_view& graph, const place* places, const body_vertex* of) : graph_(graph), places_(places), of_(of) {}

  template <class Draft, class Plan>
  constexpr void write(const Draft& from, Plan& to) const {
    for (int s = 0, members = 0; s < from.size.steps; ++s) {
      body_step& step = to.steps[s] = from.steps[s];
      if (step.kind != kernel::gather) step.first = members;
      operation_counts counts = count_results(step);
      for (int m = from.heads[s]; m >= 0; m = from.entries[m].next, ++members) {
        const vertex& v = graph_.vertices[from.entries[m].vertex];
        const body_member& made = to.line.members[members] = written(from.entries[m].vertex, s);
        to.operations_of[members] = computed_by(v);
        count_operations(v, graph_, counts);
        step.numbers += made.store >= 0 ? step.size : 0;
        for (const body_operand& o : made.operand) step.numbers += o.from == body_operand::pack ? (o.vector ? step.size : 1) : 0;
      }
      step.operations = counts.add + counts.multiply + counts.divide + counts.transcendental + counts.other;
      to.operations += step.operations;
    }
    for (int k = 0; k < from.size.gathered; ++k) {
      const body_operand o = operand(from.gathered[k], -2);
      to.gathered.at[k] = {o.from == body_operand::pack ? -1 : o.at.base, o.at.offset};
    }
    for (int l = 0; l < from.size.loads; ++l) to.loads[l] = from.loads[l];
    to.workspace = from.workspace;
  }

 private:
  constexpr body_operand operand(int i, int step) const {
    while (of_[i].is == packs_are::spread) i = graph_.vertices[i].arg[0];
    const body_vertex& v = of_[i];
    if (v.is == packs_are::shared) return {body_operand::shared, places_[i], at(i).shape.rank > 0 && at(i).op != &describe<op::constant>};
    if (v.is == packs_are::element) return {body_operand::pack, {0, position(graph_, of_, i)}, false};
    if (v.step == step && v.member >= 0) return {body_operand::member, {0, v.member}, false};
    return {body_operand::pack, {0, v.offset}, at(i).shape.rank > 0};
  }
  constexpr body_member written(int i, int step) const {
    const vertex& v = graph_.vertices[i];
    body_member result;
    result.value = v.value;
    result.store = of_[i].offset;
    if (v.op->elementwise)
      for (int k = 0; k < v.count; ++k) result.operand[k] = operand(v.arg[k], step);
    return result;
  }
  /// Also sets what is read and written besides the members.
  static constexpr operation_counts count_results(body_step& s) {
    operation_counts counts;
    if (s.is_sum()) {
      counts.add = s.results(), counts.multiply = s.kind == kernel::outer_sum ? s.results() * s.times : 0;
      if (s.kind == kernel::outer_sum) counts.add *= s.times;
      s.numbers = (s.size + (s.kind == kernel::outer_sum ? s.inner : 0)) * s.times;
    }
    if (s.kind == kernel::product) s.numbers = s.inner;
    if (s.kind == kernel::gather || s.kind == kernel::spread || s.kind == kernel::single || s.kind == kernel::store || s.kind == kernel::row_number)
      s.numbers = s.size;
    return counts;
  }
  constexpr const vertex& at(int i) const { return graph_.vertices[i]; }

  const graph_view& graph_;
  const place* places_;
  const body_vertex* of_;
};

/// The body of the regions of a plan, in one pass over the rows.
template <class Plan, class Graph, int Pass>
struct body_of {
  using recurrences = recurrences_of<Graph>;
  static constexpr body_surroundings around{Plan::value.places, Plan::value.stages, Plan::results.stored_in, Pass,
                                            Plan::value.passes, Plan::value.each,   recurrences::scratch};
  static constexpr auto draft = [] {
    body_draft<Graph::size.vertices, Graph::size.list> result{};
    body_planner(Graph::view, around).save(result);
    return result;
  }();
  static constexpr body_size size = draft.size;
  static constexpr int axis = Plan::value.axis_of[Pass];
  static constexpr const contraction* contractions = Graph::view.contractions;
  static constexpr auto value = [] {
    body_plan<size.steps, size.members, size.gathered, size.loads> result{};
    body_writer(Graph::view, Plan::value.places, draft.of).write(draft, result);
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
        result.at[n++] = {s.to, s.root, s.results(), s.mean, s.kind == kernel::row_max};
        if (s.root >= 0) result.in_place[s.root] = true;
      } else if (s.kind == kernel::store) {
        result.in_place[s.root] = true;
      }
    return result;
  }();
};

}  // namespace detail
}  // namespace typegrad
