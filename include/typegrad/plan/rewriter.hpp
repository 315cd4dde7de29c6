// SPDX-License-Identifier: BSL-1.0
// A graph made again, vertex by vertex, between the calculus and the plan: what is cheaper to compute, but longer to print and to derive from.
#pragma once

#include <typegrad/graph/graph.hpp>

namespace typegrad::detail {

/// Graphs of at most so many vertices are made again, since compilers allow a constant evaluation only so many steps.
inline constexpr int most_rewritten = 4096;

/// Has a graph values of rows? These are lanes already, and their kernels choose for themselves.
constexpr bool has_rows(const graph_view& graph) {
  for (int i = 0; i < graph.size; ++i)
    if (graph.vertices[i].op->rows != over::nothing || graph.vertices[i].varies) return true;
  return false;
}

/// What the passes share: the graph as it was, the new one, and where each vertex is now.
class graph_rewriter {
 public:
  constexpr graph_rewriter(const graph_view& from, arena& to) : from_(from), to_(to), where_(from.size, -1) {}
  constexpr int root(int i) const { return where_.items[i]; }

 protected:
  /// The same vertex over what its operands are now.
  constexpr int copied(const vertex& v) {
    buffer<int> arg(v.count);
    for (int k = 0; k < v.count; ++k) arg.items[k] = where_.items[from_.operand(v, k)];
    const bool loops = v.op->payload == payload::contraction && v.value.num < from_.contraction_count;
    const int made = to_.intern(*v.op, arg.items, v.count, loops ? to_.number_of(from_.contraction_of(v)) : v.value, v.shape, v.symbol);
    if (v.label != nullptr) to_.label(made, v.label);
    return made;
  }
  constexpr int constant(number value) { return to_.intern(describe<op::constant>, nullptr, 0, value, {}, nullptr); }
  template <class Op>
  constexpr int made(int a, int b, extent shape = {}) {
    const int arg[] = {a, b};
    return to_.intern(describe<Op>, arg, 2, {}, shape, nullptr);
  }

  const graph_view& from_;
  arena& to_;
  buffer<int> where_;
};

/// The graph that Pass makes of that of Before.
template <class Pass, class Before>
struct pass_recipe {
  static constexpr bool simplify = false;
  static constexpr int expected_size = 2 * Before::size.vertices;
  static constexpr bool build(arena& target, buffer<int>& roots) {
    const Pass pass(Before::view, target);
    for (int r = 0; r < Before::view.root_count; ++r) roots.push(pass.root(Before::view.roots[r]));
    return true;
  }
};
/// The graph is a parameter: what is constant as it stands in a function, clang evaluates three times, twice for its warnings.
template <class Pass>
constexpr bool pass_gains(const graph_view& graph) {
  return graph.size <= most_rewritten && !has_rows(graph) && Pass::gains(graph);
}
template <class Pass, class Before, bool Gains = pass_gains<Pass>(Before::view)>
struct rewritten : Before {};
template <class Pass, class Before>
struct rewritten<Pass, Before, true> : graph_of<pass_recipe<Pass, Before>> {};

}  // namespace typegrad::detail
