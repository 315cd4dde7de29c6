// SPDX-License-Identifier: BSL-1.0
// The steps of a body under construction: their members, and which step makes and which last reads each vertex.
#pragma once

#include <typegrad/plan/kernel.hpp>

namespace typegrad {
namespace detail {

/// own: packs of its own. shared: the same for all rows (the weight of a row counts as such). element: part of a tensor's packs.
/// spread: the scalar's packs, for every element.
enum class packs_are { own, shared, element, spread };

/// What planning finds out about a vertex.
struct body_vertex {
  packs_are is = packs_are::own;
  int holder = -1;  // the vertex whose packs hold the value: an element is part of its tensor, what is broadcast is its scalar
  int step = -1, last = -1, spread = -1, member = -1;  // its step, the last that reads it, the one that spreads it, its number there
  int uses = 0, summed = 0, root = -1;
  int width = 0;  // its packs, where they are not its elements
  int offset = -1;
};
/// A member of a step, and the next.
struct body_entry {
  int vertex = -1;
  int next = -1;
};

/// Where the packs of i are; those of an element are in its tensor.
constexpr int position(const graph_view& graph, const body_vertex* of, int i) {
  if (of[i].spread >= 0 || of[i].is != packs_are::element) return of[i].offset;
  const vertex& v = graph.vertices[i];
  return of[v.arg[0]].offset + static_cast<int>(v.value.num) * graph.vertices[v.arg[0]].shape.cols + v.value.exponent;
}
/// What a body is planned in: the places of what rows share, and which pass over the rows it is.
struct body_surroundings {
  const place* places;
  const int* stages;
  const int* stored_in;
  int pass;
  int passes;
  bool each;
  const int* scratch;  // of recurrences
};

class body_steps {
 protected:
  constexpr body_steps(const graph_view& graph, const body_surroundings& around)
      : graph_(graph), around_(around), places_(around.places), of_(graph.size), needed_(graph.size, 0) {
    find_needed();
    for (int i = 0; i < graph_.size; ++i) look_at(i);
    for (int r = 0; r < graph_.root_count; ++r) {
      body_vertex& v = of_.items[graph_.roots[r]];
      ++v.uses, v.root = r;
    }
  }

  /// What this pass sums up or stores, and what it is made of.
  constexpr void find_needed() {
    for (int i = 0; i < graph_.size; ++i) needed_.items[i] = is_summed_here(i) ? 1 : 0;
    for (int r = 0; r < graph_.root_count; ++r)
      if (is_stored_here(r)) needed_.items[graph_.roots[r]] = 1;
    for (int i = graph_.size - 1; i >= 0; --i)
      if (needed_.items[i] != 0 && (at(i).varies || is_region(at(i).op)))
        for (int k = 0; k < at(i).count; ++k)
          if (at(graph_.operand(at(i), k)).varies) needed_.items[graph_.operand(at(i), k)] = 1;
  }
  constexpr bool is_summed_here(int i) const { return is_region(at(i).op) && around_.stages[i] == around_.pass + 1; }
  /// Results for each row are stored in the pass in which they are known; those that all rows share in one along their axis.
  constexpr bool is_stored_here(int r) const {
    const int root = graph_.roots[r];
    return around_.each && (at(root).varies ? around_.stages[root] : around_.stored_in[r]) == around_.pass;
  }

  struct load {
    int symbol = 0;
    int vertex = 0;
  };

  constexpr const vertex& at(int i) const { return graph_.vertices[i]; }
  constexpr bool is(int i, const operation& op) const { return at(i).op == &op; }
  constexpr bool shared(int i) const { return of_.items[i].is == packs_are::shared; }
  constexpr bool is_element(int i) const { return of_.items[i].is == packs_are::element; }
  constexpr bool is_spread(int i) const { return of_.items[i].is == packs_are::spread; }
  constexpr int holder(int i) const { return of_.items[i].holder; }
  constexpr place shared_place(int i) const { return places_[i]; }

  constexpr void look_at(int i) {
    const vertex& v = graph_.vertices[i];
    body_vertex& it = of_.items[i];
    if (!v.varies || v.op == &describe<op::row_weight>) it.is = packs_are::shared;
    else if (v.op == &describe<op::at>) it.is = packs_are::element;
    else if (v.op == &describe<op::broadcast>) it.is = packs_are::spread;
    it.holder = it.is == packs_are::element || it.is == packs_are::spread ? of_.items[v.arg[0]].holder : i;
    if (needed_.items[i] == 0 && around_.passes > 1) return;  // of another pass
    for (int k = 0; k < v.count; ++k) ++of_.items[v.count <= 3 ? v.arg[k] : graph_.operand(v, k)].uses;
    if (is_region(v.op)) ++of_.items[v.count <= 3 ? v.arg[0] : graph_.operand(v, 0)].summed;
  }

  /// The scalar of what is broadcast.
  constexpr int spread_out(int i) const {
    while (is_spread(i)) i = graph_.vertices[i].arg[0];
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
    of_.items[vertex].step = step;
    of_.items[vertex].member = steps_.items[step].count;
    add_member(step, vertex);
  }
  /// The step reads the packs of this vertex.
  constexpr void read(int vertex, int step) {
    const int i = of_.items[vertex].spread >= 0 && of_.items[vertex].spread != step ? vertex : holder(vertex);
    if (of_.items[i].step != step && of_.items[i].last < step) of_.items[i].last = step;
  }
  /// The step gathers this vertex.
  constexpr void gather_from(int vertex, int step) {
    gathered_.push(vertex);
    if (!shared(holder(vertex))) read(holder(vertex), step);
  }

  const graph_view& graph_;
  body_surroundings around_;
  const place* places_;
  buffer<body_vertex> of_;  // of each vertex
  buffer<int> needed_;      // in this pass
  buffer<body_step> steps_;
  buffer<int> heads_, tails_, vertices_;  // of each step
  buffer<body_entry> members_;
  buffer<int> gathered_;
  buffer<load> loads_;
  int symbols_ = 0, sums_ = 0;
};

}  // namespace detail
}  // namespace typegrad
