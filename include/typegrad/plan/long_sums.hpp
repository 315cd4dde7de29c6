// SPDX-License-Identifier: BSL-1.0
// Long sums of single numbers: several shorter ones side by side, so that they do not wait for each addition.
#pragma once

#include <typegrad/op/arithmetic.hpp>
#include <typegrad/plan/rewriter.hpp>

namespace typegrad::detail {

/// A sum of eight terms or more becomes two, four or eight sums of neighbours, which are added in pairs.
class sum_pass : public graph_rewriter {
 public:
  static constexpr bool gains(const graph_view& graph) {
    const buffer<int> terms = terms_of(graph);
    for (int i = 0; i < graph.size; ++i)
      if (terms.items[i] >= least) return true;
    return false;
  }
  constexpr sum_pass(const graph_view& from, arena& to) : graph_rewriter(from, to), terms_(terms_of(from)) {
    for (int i = 0; i < from.size; ++i) where_.items[i] = terms_.items[i] >= least ? in_parts(i) : copied(from.vertices[i]);
  }

 private:
  static constexpr int least = 8;

  static constexpr bool adds(const vertex& v) { return v.shape.rank == 0 && (v.op == &describe<op::add> || v.op == &describe<op::subtract>); }
  /// How many terms the sum has that ends here; 0 where another one goes on.
  static constexpr buffer<int> terms_of(const graph_view& graph) {
    buffer<int> uses(graph.size, 0), terms(graph.size, 0);
    for (int i = 0; i < graph.size; ++i)
      for (int k = 0; k < graph.vertices[i].count; ++k) {
        const int a = graph.operand(graph.vertices[i], k);
        uses.items[a] += 1;
        if (!adds(graph.vertices[i])) uses.items[a] += 1;  // read by something else than a sum
      }
    for (int r = 0; r < graph.root_count; ++r) uses.items[graph.roots[r]] += 2;
    for (int i = 0; i < graph.size; ++i) {
      if (!adds(graph.vertices[i])) continue;
      for (int k = 0; k < 2; ++k) {
        const int a = graph.vertices[i].arg[k];
        const bool inner = adds(graph.vertices[a]) && uses.items[a] == 1;
        terms.items[i] += inner ? terms.items[a] : 1;
        if (inner) terms.items[a] = -terms.items[a];  // part of this one
      }
    }
    return terms;
  }
  struct signed_term {
    int vertex = 0;
    bool minus = false;
  };
  constexpr int in_parts(int i) {
    buffer<signed_term> all, open;
    open.push({i, false});
    while (open.size() > 0) {  // the first term first
      const signed_term next = open.pop();
      const vertex& v = from_.vertices[next.vertex];
      if (next.vertex != i && terms_.items[next.vertex] >= 0) {
        all.push({where_.items[next.vertex], next.minus});
        continue;
      }
      open.push({v.arg[1], next.minus != (v.op == &describe<op::subtract>)}), open.push({v.arg[0], next.minus});
    }
    const int parts = all.size() < 2 * least ? 2 : all.size() < 4 * least ? 4 : 8;
    signed_term part[8];
    for (int p = 0, next = 0; p < parts; ++p) {
      const int end = all.size() * (p + 1) / parts;
      part[p] = all.items[next++];
      for (; next < end; ++next) part[p] = added(part[p], all.items[next]);
    }
    for (int half = parts / 2; half > 0; half /= 2)
      for (int p = 0; p < half; ++p) part[p] = added(part[2 * p], part[2 * p + 1]);
    return part[0].minus ? to_.intern(describe<op::negate>, &part[0].vertex, 1, {}, {}, nullptr) : part[0].vertex;
  }
  constexpr signed_term added(signed_term a, signed_term b) {
    if (a.minus == b.minus) return {made<op::add>(a.vertex, b.vertex), a.minus};
    return a.minus ? signed_term{made<op::subtract>(b.vertex, a.vertex), false} : signed_term{made<op::subtract>(a.vertex, b.vertex), false};
  }

  buffer<int> terms_;
};

}  // namespace typegrad::detail
