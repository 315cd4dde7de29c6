// SPDX-License-Identifier: BSL-1.0
// The steps of a body under construction: their members, and which step makes and which last reads each vertex.
#pragma once

#include <typegrad/plan/kernel.hpp>

namespace typegrad {
namespace detail {

class body_steps {
 protected:
  constexpr body_steps(const graph_view& graph, const place* places, int rows_base)
      : graph_(graph),
        places_(places),
        rows_base_(rows_base),
        step_(graph.size, -1),
        last_(graph.size, -1),
        spread_(graph.size, -1),
        member_(graph.size, -1),
        uses_(graph.size, 0),
        summed_(graph.size, 0),
        root_(graph.size, -1),
        width_(graph.size, 0) {
    count_uses();
  }

  struct entry {
    int vertex = -1;
    int next = -1;
  };
  struct load {
    int symbol = 0;
    int vertex = 0;
  };

  constexpr const vertex& at(int i) const { return graph_.vertices[i]; }
  constexpr bool is(int i, const operation& op) const { return at(i).op == &op; }
  /// All rows have the same value; the weight of a row is one, too.
  constexpr bool shared(int i) const { return !at(i).varies || is(i, describe<op::row_weight>); }
  constexpr place shared_place(int i) const { return is(i, describe<op::row_weight>) ? place{rows_base_, at(i).value.is(1) ? 1 : 2} : places_[i]; }

  constexpr void count_uses() {
    for (int i = 0; i < graph_.size; ++i)
      for (int k = 0; k < at(i).count; ++k) {
        const int a = graph_.operand(at(i), k);
        ++uses_.items[a], summed_.items[a] += k == 0 && is_region(at(i).op) ? 1 : 0;
      }
    for (int r = 0; r < graph_.root_count; ++r) ++uses_.items[graph_.roots[r]], root_.items[graph_.roots[r]] = r;
  }

  /// The scalar of what is broadcast.
  constexpr int spread_out(int i) const {
    while (!shared(i) && is(i, describe<op::broadcast>)) i = at(i).arg[0];
    return i;
  }
  /// The vertex whose packs hold the value: an element is part of its tensor, what is broadcast is its scalar.
  constexpr int holder(int i) const {
    while (!shared(i) && (is(i, describe<op::at>) || is(i, describe<op::broadcast>))) i = at(i).arg[0];
    return i;
  }
  constexpr int new_step(kernel kind, int vertex) {
    body_step step;
    step.kind = kind;
    step.size = at(vertex).shape.size();
    steps_.push(step);
    heads_.push(-1), tails_.push(-1), vertices_.push(vertex);
    return steps_.size() - 1;
  }
  constexpr void add_member(int step, int vertex) {
    const int m = members_.size();
    members_.push({vertex, -1});
    (tails_.items[step] < 0 ? heads_.items[step] : members_.items[tails_.items[step]].next) = m;
    tails_.items[step] = m;
    ++steps_.items[step].count;
  }
  constexpr void define_member(int step, int vertex) {
    step_.items[vertex] = step;
    member_.items[vertex] = steps_.items[step].count;
    add_member(step, vertex);
  }
  /// The step reads the packs of this vertex.
  constexpr void read(int vertex, int step) {
    const int i = spread_.items[vertex] >= 0 && spread_.items[vertex] != step ? vertex : holder(vertex);
    if (step_.items[i] != step && last_.items[i] < step) last_.items[i] = step;
  }
  /// The step gathers this vertex.
  constexpr void gather_from(int vertex, int step) {
    gathered_.push(vertex);
    if (!shared(holder(vertex))) read(holder(vertex), step);
  }

  const graph_view& graph_;
  const place* places_;
  int rows_base_;
  buffer<int> step_, last_, spread_, member_;  // of each vertex: its step, the last that reads it, the one that spreads it, its number there
  buffer<int> uses_, summed_, root_;
  buffer<int> width_;  // its packs, where they are not its elements
  buffer<body_step> steps_;
  buffer<int> heads_, tails_, vertices_;  // of each step
  buffer<entry> members_;
  buffer<int> gathered_;
  buffer<load> loads_;
  int symbols_ = 0, sums_ = 0;
};

}  // namespace detail
}  // namespace typegrad
