// SPDX-License-Identifier: BSL-1.0
// What is part of something else: a slice is where its tensor is, a number that fills a tensor where the number is, and what is padded with
// zeros is computed between them.
#pragma once

#include <typegrad/expr/nest.hpp>
#include <typegrad/plan/plan.hpp>

namespace typegrad::detail {

/// Graphs of at most so many vertices are looked at, since compilers allow a constant evaluation only so many steps.
inline constexpr int most_with_parts = 1024;

/// Of what each vertex of a graph is a part, and from which of its numbers on.
class whereabouts {
 public:
  explicit constexpr whereabouts(const graph_view& graph)
      : graph_(graph), of_(size_of(graph), -1), first_(size_of(graph), 0), kept_(size_of(graph), 0) {
    if (!are_looked_for(graph)) return;
    find_kept();
    for (int i = 0; i < graph.size; ++i) {
      const vertex& v = graph.vertices[i];
      if (v.varies || v.shape.rank == 0) continue;
      if (kept_.items[i] == 0 && fills(v)) of_.items[i] = v.count > 0 ? v.arg[0] : i;
      else if (v.op == &describe<op::contract> && v.count == 1 && v.shape.size() > 1) look_at(i, graph.contraction_of(v));
      for (int k = 0; v.op == &describe<op::beside> && k < v.count; ++k) of_.items[graph.operand(v, k)] = i;
    }
  }

  static constexpr bool are_looked_for(const graph_view& graph) { return graph.size <= most_with_parts; }

  /// Vertex i takes no step: it is part of another one that comes before it.
  constexpr bool is_there(int i) const { return of_.items[i] >= 0 && of_.items[i] <= i; }
  /// The vertex in whose memory i is, and from where on.
  constexpr int owner(int i) const {
    while (of_.items[i] >= 0 && of_.items[i] != i) i = of_.items[i];
    return i;
  }
  constexpr int offset(int i) const {
    int sum = 0;
    for (; of_.items[i] >= 0 && of_.items[i] != i; i = of_.items[i]) sum += first_.items[i];
    return sum;
  }
  /// What an elementwise operation reads: the number itself.
  constexpr extent shape(int i) const { return is_there(i) && fills(graph_.vertices[i]) ? extent{} : graph_.vertices[i].shape; }

 private:
  static constexpr int size_of(const graph_view& graph) { return are_looked_for(graph) ? graph.size : 0; }
  /// A tensor of one number all over.
  constexpr bool fills(const vertex& v) const {
    if (v.op == &describe<op::constant>) return true;
    if (v.op == &describe<op::broadcast>) return graph_.vertices[v.arg[0]].shape.rank == 0;
    return v.op == &describe<op::contract> && v.count == 1 && graph_.vertices[v.arg[0]].shape.rank == 0 && !graph_.contraction_of(v).sums() &&
           graph_.contraction_of(v).is_direct();
  }
  /// What is a result, or read by anything but elementwise steps, is kept as a tensor.
  constexpr void find_kept() {
    for (int i = 0; i < graph_.size; ++i) {
      const vertex& v = graph_.vertices[i];
      if (v.op->elementwise && !v.varies) continue;
      for (int k = 0; k < v.count; ++k) kept_.items[graph_.operand(v, k)] = 1;
    }
    for (int r = 0; r < graph_.root_count; ++r) kept_.items[graph_.roots[r]] = 2;
  }
  /// A part of a tensor, or a tensor among zeros.
  constexpr void look_at(int i, const contraction& c) {
    if (!moves_together(c)) return;
    const nest n = nest_of(c);
    const int a = graph_.vertices[i].arg[0];
    if (kept_.items[i] == 2 && graph_.vertices[owner(a)].symbol != nullptr) return;  // another result may be written over it first
    if (n.direct) of_.items[i] = a, first_.items[i] = n.a0;
    else if (n.a0 == 0 && n.size[0] == graph_.vertices[a].shape.size() && can_move(a)) of_.items[a] = i, first_.items[a] = n.to0;
  }
  constexpr bool can_move(int a) const {
    const vertex& v = graph_.vertices[a];
    return of_.items[a] < 0 && kept_.items[a] != 2 && takes_step(v) && !v.varies && v.op != &describe<op::stack> && v.op != &describe<op::scan>;
  }

  const graph_view& graph_;
  buffer<int> of_, first_, kept_;
};

}  // namespace typegrad::detail
