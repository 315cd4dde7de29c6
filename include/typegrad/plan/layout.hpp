// SPDX-License-Identifier: BSL-1.0
// How tensors lie in memory. The calculus sees a tensor as one long vector in the order of its axes; here each of them may bring one axis to
// the inside, so that the loops of contractions run along lanes.
#pragma once

#include <typegrad/graph/graph.hpp>
#include <typegrad/op/extremum.hpp>
#include <typegrad/op/take.hpp>
#include <typegrad/plan/digit.hpp>

namespace typegrad::detail {

/// Chooses a layout for every tensor of a graph without rows.
class layout_chooser {
 public:
  constexpr explicit layout_chooser(const graph_view& graph, bool across = true)
      : graph_(graph), facts_(graph.size), class_(graph.size), digits_(graph.size), fixed_(graph.size, 0), first_(graph.size, -1) {
    for (int i = 0; i < graph.size; ++i) class_.items[i] = i;
    for (int i = 0; i < graph.size; ++i) gather(i);
    for (int i = 0; i < graph.size; ++i)
      if (is_nest(graph.vertices[i])) facts_.items[i] = facts_of(graph.vertices[i], across);
    for (int i = 0; i < graph.size; ++i) class_.items[i] = find(i);
    for (int i = graph.size - 1; i >= 0; --i) note(i);
    for (int round = 0; round < 2; ++round)
      for (int i = 0; i < graph.size; ++i)
        if (class_.items[i] == i && fixed_.items[i] == 0 && first_.items[i] >= 0) choose(i);
  }

  constexpr layout_digit layout(int i) const { return digits_.items[class_.items[i]]; }

  /// The way a nest is best done: its loop along the lanes, or -1, and which of its tensors are turned for that.
  struct way {
    int lanes = -1;
    long long cost = 0;
  };
  constexpr way best_way(int i) const {
    const vertex& v = graph_.vertices[i];
    const contraction& c = graph_.contraction_of(v);
    const facts& known = facts_.items[i];
    const int of_result = inside(i), of_a = inside(v.arg[0]), of_b = v.count > 1 ? inside(v.arg[1]) : 1;
    way best{-1, known.cost};
    for (int l = 0; l < c.count; ++l) {
      const loop& along = c.loops[l];
      long long cost = known.cost / (along.size < 8 ? along.size : 8);  // wider registers are seldom twice as fast
      if (along.to == 0) {
        if (l != known.across || of_a != 1 || of_b != 1) continue;
        cost = known.cost / 8 + fold_cost * c.result;
      } else {
        if (along.size < 4 || (known.indexed && along.from[1] != 0)) continue;
        if (along.to / of_result != 1) cost += turn_cost * c.result;
        if (along.from[0] != 0 && along.from[0] / of_a != 1) cost += turn_cost * c.operand[0];
        if (!known.indexed && along.from[1] != 0 && along.from[1] / of_b != 1) cost += turn_cost * c.operand[1];
      }
      if (cost < best.cost) best = {l, cost};
    }
    return best;
  }

  static constexpr bool is_nest(const vertex& v) {
    return v.count > 0 &&
           (v.op == &describe<op::contract> || v.op == &describe<op::take> || v.op == &describe<op::scatter> || v.op == &describe<op::largest>);
  }
  /// The contraction of a nest with its result (-1) or operand k in another layout; false if that cannot be.
  static constexpr bool laid_out(const vertex& v, const contraction& c, int k, layout_digit digit, contraction& to) {
    const bool picked = (v.op == &describe<op::take> && k == 0) || (v.op == &describe<op::scatter> && k < 0);
    return picked ? lay_out_picked(c, k, digit, to) : lay_out(c, k, digit, to);
  }
  /// A tensor that has a layout: no number, none that is the same everywhere.
  static constexpr bool is_laid(const vertex& v) { return v.shape.size() > 1 && v.op != &describe<op::constant>; }
  constexpr bool is_laid(int i) const { return is_laid(graph_.vertices[i]); }

 private:
  /// So much does it cost to turn a number, where 16 is the price of one that is computed by itself.
  static constexpr int turn_cost = 8;
  /// And so much to fold the lanes of a sum.
  static constexpr int fold_cost = 48;

  /// The step at which neighbours lie in the layout of a tensor.
  constexpr int inside(int i) const { return digits_.items[class_.items[i]].stride; }

  /// What does not depend on layouts.
  struct facts {
    long long cost = 0;    // each number computed by itself
    int across = -1;       // the loop whose terms may lie along the lanes: both operands as they are read, and nothing else is summed over
    bool indexed = false;  // the second operand is one
  };
  constexpr facts facts_of(const vertex& v, bool across) const {
    const contraction& c = graph_.contraction_of(v);
    facts made{16 * c.points(), -1, v.op == &describe<op::take> || v.op == &describe<op::scatter>};
    if (!across || v.op != &describe<op::contract> || !c.is_direct()) return made;
    for (int l = 0; l < c.count && made.across < 0; ++l)
      if (c.loops[l].to == 0 && c.loops[l].from[0] == 1 && (v.count == 1 || c.loops[l].from[1] == 1)) made.across = l;
    if (made.across < 0) return made;
    const nest n = nest_of(c);
    if (n.count != n.outer + 1 || n.size[n.outer] % terms_together != 0) made.across = -1;
    return made;
  }

  constexpr int find(int i) {
    while (class_.items[i] != i) i = class_.items[i] = class_.items[class_.items[i]];
    return i;
  }
  constexpr void gather(int i) {
    const vertex& v = graph_.vertices[i];
    if (!is_laid(i) || v.symbol != nullptr || (!v.op->elementwise && !is_nest(v)) || v.op == &describe<op::scatter>) fixed_.items[find(i)] = 1;
    if (is_nest(v)) {
      if (v.count == 2 && v.op != &describe<op::contract>) fixed_.items[find(v.arg[1])] = 1;  // an index
      return;
    }
    for (int k = 0; k < v.count; ++k) {
      const int a = graph_.operand(v, k);
      if (!v.op->elementwise) fixed_.items[find(a)] = 1;
      else if (is_laid(a) && is_laid(i) && graph_.vertices[a].symbol == nullptr) join(i, a);
    }
  }
  constexpr void join(int i, int a) {
    const int into = find(i), from = find(a);
    if (into == from) return;
    fixed_.items[into] = fixed_.items[into] | fixed_.items[from];
    class_.items[from] = into;
  }

  /// Which nests touch the tensors of a class.
  struct touch {
    int nest = -1;
    int which = -1;
    int next = -1;
  };
  constexpr void note(int i) {
    const vertex& v = graph_.vertices[i];
    if (!is_nest(v)) return;
    add(i, {i, -1, -1});
    for (int k = 0; k < v.count; ++k) add(v.arg[k], {i, k, -1});
  }
  constexpr void add(int tensor, touch t) {
    const int c = class_.items[tensor];
    t.next = first_.items[c];
    first_.items[c] = touches_.size();
    touches_.push(t);
  }
  constexpr void choose(int c) {
    const layout_digit natural{};
    layout_digit best = digits_.items[c];
    long long least = total(c, best);
    int tried = 0;
    layout_digit seen[8];
    for (int t = first_.items[c]; t >= 0 && tried < 8; t = touches_.items[t].next) {
      const touch& at = touches_.items[t];
      const contraction& nest = graph_.contraction_of(graph_.vertices[at.nest]);
      for (int l = 0; l < nest.count && tried < 8; ++l) {
        const int step = step_of(nest.loops[l], at.which);
        const layout_digit digit = step <= 1 ? natural : layout_digit{step, nest.loops[l].size};
        bool known = digit == best || digit.size > 1024;
        for (int s = 0; s < tried && !known; ++s) known = seen[s] == digit;
        if (known || step == 0) continue;
        seen[tried++] = digit;
        const long long cost = total(c, digit);
        if (cost < least && fits(c, digit)) best = digit, least = cost;
      }
    }
    digits_.items[c] = best;
  }
  constexpr bool fits(int c, layout_digit digit) const {
    contraction made;
    for (int t = first_.items[c]; t >= 0; t = touches_.items[t].next) {
      const vertex& v = graph_.vertices[touches_.items[t].nest];
      if (!laid_out(v, graph_.contraction_of(v), touches_.items[t].which, digit, made)) return false;
    }
    return true;
  }
  /// What the nests that touch a class cost, if it lies so; of a class that goes through many layers, the first of them tell enough.
  constexpr long long total(int c, layout_digit digit) {
    const layout_digit before = digits_.items[c];
    digits_.items[c] = digit;
    long long cost = 0;
    int looked = 0;
    for (int t = first_.items[c]; t >= 0 && looked < 32; t = touches_.items[t].next, ++looked) cost += best_way(touches_.items[t].nest).cost;
    digits_.items[c] = before;
    return cost;
  }

  const graph_view& graph_;
  buffer<facts> facts_;  // of each nest
  buffer<int> class_;
  buffer<layout_digit> digits_;  // of each class
  buffer<int> fixed_;            // classes that lie as they are
  buffer<int> first_;            // the first touch of each class
  buffer<touch> touches_;
};

}  // namespace typegrad::detail
