// SPDX-License-Identifier: BSL-1.0
// Tensors side by side: what calculus writes as a sum of tensors among zeros is written part by part into one place, and nothing is added.
#pragma once

#include <typegrad/op/arithmetic.hpp>
#include <typegrad/plan/rewriter.hpp>
#include <typegrad/plan/whereabouts.hpp>

namespace typegrad::detail {

/// Which numbers of a result a contraction makes: `run` of each `period`, from `first` on; run 0 if it is not so simple.
struct share_of_result {
  int first = 0, run = 0, period = 0;

  constexpr share_of_result(const graph_view& graph, int i) {
    const vertex& v = graph.vertices[i];
    if (v.op != &describe<op::contract> || v.shape.rank == 0) return;
    const contraction& c = graph.contraction_of(v);
    if (c.count > contraction::most_loops || c.points() >= c.result) return;
    const nest n = nest_of(c);
    if (!n.once) return;
    int together = 1, between = 0, reached = 0;
    for (int l = n.count - 1; l >= 0; --l) {  // the innermost loop first
      if (between == 0 && n.to[l] == together) together *= n.size[l];
      else if (between == 0) between = n.to[l], reached = between * n.size[l];
      else if (n.to[l] == reached) reached *= n.size[l];
      else return;
    }
    if (between == 0) between = reached = n.results;
    if (reached == n.results && n.to0 + together <= between) first = n.to0, run = together, period = between;
  }
};

/// A sum whose terms make each number once: their vertices, in the order of their places.
class terms_beside {
 public:
  static constexpr int most = 64;
  buffer<int> terms;

  constexpr terms_beside(const graph_view& graph, const buffer<int>& uses, int sum) {
    if (!is_sum(graph, sum)) return;
    if (gather(graph, uses, sum, true)) fill(graph);
    else terms.resize(0);
  }
  static constexpr bool is_sum(const graph_view& graph, int i) {
    return graph.vertices[i].op == &describe<op::add> && graph.vertices[i].shape.rank > 0 && !graph.vertices[i].varies;
  }

 private:
  constexpr bool gather(const graph_view& graph, const buffer<int>& uses, int i, bool whole = false) {
    if (is_sum(graph, i) && (whole || uses.items[i] == 1))
      return gather(graph, uses, graph.vertices[i].arg[0]) && gather(graph, uses, graph.vertices[i].arg[1]);
    terms.push(i);
    return terms.size() <= most && share_of_result(graph, i).run > 0;
  }
  /// Puts the terms in order, if they leave no gap.
  constexpr void fill(const graph_view& graph) {
    buffer<int> ordered;
    const share_of_result any(graph, terms.items[0]);
    for (int reached = 0; reached < any.period;) {
      int next = -1;
      share_of_result found = any;
      for (int k = 0; k < terms.size() && next < 0; ++k)
        if (found = share_of_result(graph, terms.items[k]); found.first == reached && found.period == any.period) next = terms.items[k];
      if (next < 0) return terms.resize(0);
      ordered.push(next);
      reached += found.run;
    }
    if (ordered.size() != terms.size()) ordered.resize(0);
    terms = static_cast<buffer<int>&&>(ordered);
  }
};

/// Makes such sums again as tensors side by side.
class beside_pass : graph_rewriter {
 public:
  static constexpr bool gains(const graph_view& graph) {
    if (graph.size > most_with_parts) return false;
    bool blocks = false;
    for (int i = 0; i < graph.size && !blocks; ++i) blocks = share_of_result(graph, i).run > 0;
    if (!blocks) return false;
    const buffer<int> uses = uses_in(graph);
    for (int i = 0; i < graph.size; ++i)
      if (terms_beside(graph, uses, i).terms.size() > 0) return true;
    return false;
  }
  constexpr beside_pass(const graph_view& from, arena& to) : graph_rewriter(from, to) {
    const buffer<int> uses = uses_in(from);
    for (int i = 0; i < from.size; ++i) {
      const terms_beside found(from, uses, i);
      where_.items[i] = found.terms.size() > 0 ? beside(i, found.terms) : copied(from.vertices[i]);
    }
  }
  using graph_rewriter::root;

 private:
  constexpr int beside(int sum, const buffer<int>& terms) {
    buffer<int> parts;
    for (int k = 0; k < terms.size(); ++k) {
      const vertex& v = from_.vertices[terms.items[k]];
      contraction c = from_.contraction_of(v);
      c.shares = 1 + sum;  // of this tensor alone
      int arg[] = {where_.items[v.arg[0]], v.count > 1 ? where_.items[v.arg[1]] : -1};
      parts.push(to_.intern(*v.op, arg, v.count, to_.number_of(c), v.shape, nullptr));
    }
    return to_.intern(describe<op::beside>, parts.items, parts.size(), {}, from_.vertices[sum].shape, nullptr);
  }
  /// How often each vertex is read; a result is read once more, and so never part of another sum.
  static constexpr buffer<int> uses_in(const graph_view& graph) {
    buffer<int> uses(graph.size, 0);
    for (int i = 0; i < graph.size; ++i)
      for (int k = 0; k < graph.vertices[i].count; ++k) ++uses.items[graph.operand(graph.vertices[i], k)];
    for (int r = 0; r < graph.root_count; ++r) uses.items[graph.roots[r]] += 2;
    return uses;
  }
};

}  // namespace typegrad::detail
