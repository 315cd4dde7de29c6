// SPDX-License-Identifier: BSL-1.0
// Several quotients by the same number: one reciprocal, and products.
#pragma once

#include <typegrad/op/arithmetic.hpp>
#include <typegrad/op/comparison.hpp>
#include <typegrad/op/round.hpp>
#include <typegrad/plan/rewriter.hpp>

namespace typegrad::detail {

/// a / b becomes a (1 / b) where 1 / b is computed anyway, as adjoints need it, or where three quotients or more have the same divisor, a number: one
/// more rounding, and a fraction of the time. What a comparison or a step depends on keeps its quotients, so that no exact result moves to the other
/// side.
class reciprocal_pass : public graph_rewriter {
 public:
  static constexpr bool gains(const graph_view& graph) {
    const buffer<int> quotients = count(graph);
    for (int i = 0; i < graph.size; ++i)
      if (quotients.items[i] >= least) return true;
    return false;
  }
  constexpr reciprocal_pass(const graph_view& from, arena& to) : graph_rewriter(from, to) {
    const buffer<int> quotients = count(from);
    const buffer<bool> decides = what_decides(from);
    for (int i = 0; i < from.size; ++i) {
      const vertex& v = from.vertices[i];
      const bool product = divides(from, v) && !decides.items[i] && quotients.items[v.arg[1]] >= least && !is_one(from, v.arg[0]) &&
                           !is_reciprocal(from, v.arg[0], v.arg[1]);
      where_.items[i] = product ? made<op::multiply>(where_.items[v.arg[0]], reciprocal(where_.items[v.arg[1]]), v.shape) : copied(v);
    }
  }

 private:
  static constexpr int least = 3;

  constexpr int reciprocal(int divisor) { return made<op::divide>(constant({1, 1, 0}), divisor); }
  static constexpr bool is_one(const graph_view& graph, int i) {
    return graph.vertices[i].op == &describe<op::constant> && graph.vertices[i].value.is(1);
  }
  static constexpr bool is_reciprocal(const graph_view& graph, int i, int divisor) {
    const vertex& v = graph.vertices[i];
    return v.op == &describe<op::divide> && v.arg[1] == divisor && is_one(graph, v.arg[0]);
  }
  static constexpr bool divides(const graph_view& graph, const vertex& v) {
    return v.op == &describe<op::divide> && graph.vertices[v.arg[1]].shape.rank == 0 && graph.vertices[v.arg[1]].op != &describe<op::constant>;
  }
  /// What comparisons and steps depend on.
  static constexpr buffer<bool> what_decides(const graph_view& graph) {
    buffer<bool> result(graph.size, false);
    for (int i = graph.size - 1; i >= 0; --i) {
      const vertex& v = graph.vertices[i];
      const bool here = v.op == &describe<op::less> || v.op == &describe<op::less_equal> || v.op == &describe<op::equal> ||
                        v.op == &describe<op::floor> || v.op == &describe<op::ceil> || v.op == &describe<op::round>;
      for (int k = 0; k < v.count; ++k)
        if (here || result.items[i]) result.items[graph.operand(v, k)] = true;
    }
    return result;
  }
  /// How many quotients there are by each number; a reciprocal counts twice.
  static constexpr buffer<int> count(const graph_view& graph) {
    buffer<int> result(graph.size, 0);
    bool any = false;
    for (int i = 0; i < graph.size; ++i)
      if (divides(graph, graph.vertices[i])) any = true;
    if (!any) return result;
    const buffer<bool> decides = what_decides(graph);
    for (int i = 0; i < graph.size; ++i) {
      const vertex& v = graph.vertices[i];
      if (divides(graph, v) && !decides.items[i]) result.items[v.arg[1]] += is_one(graph, v.arg[0]) ? 2 : v.shape.size();
    }
    return result;
  }
};

}  // namespace typegrad::detail
