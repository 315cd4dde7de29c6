// SPDX-License-Identifier: BSL-1.0
// How tensors lie in memory. The calculus sees a tensor as one long vector in the order of its axes; here each of them may bring one axis to
// the inside, so that the loops of contractions run along lanes. What is read in another order than it lies in is turned.
#pragma once

#include <typegrad/graph/graph.hpp>
#include <typegrad/op/extremum.hpp>
#include <typegrad/op/take.hpp>

namespace typegrad::detail {

/// A layout: the numbers of index hi * (stride * size) + digit * stride + lo stand at hi * (stride * size) + lo * size + digit.
struct layout_digit {
  int stride = 1;
  int size = 1;

  constexpr bool operator==(const layout_digit&) const = default;
  constexpr bool is_natural() const { return stride == 1; }
  constexpr int span() const { return stride * size; }
  /// Where an index, or the step of a loop that stays on one side of the digit, goes.
  constexpr int place(int index) const { return index / span() * span() + index % stride * size + index / stride % size; }
  constexpr int step(int from) const { return from >= span() || is_natural() ? from : from >= stride ? from / stride : from * size; }
};

/// The part of a contraction that steps through its result (-1) or through operand k.
constexpr int& step_of(loop& l, int k) { return k < 0 ? l.to : l.from[k]; }
constexpr int step_of(const loop& l, int k) { return k < 0 ? l.to : l.from[k]; }

/// `c` for a result (k = -1) or an operand in another layout: loops are cut where they go across the digit. False if a sum of steps might
/// carry from one side to the other.
constexpr bool lay_out(const contraction& c, int k, layout_digit digit, contraction& to) {
  to = c;
  if (digit.is_natural()) return true;
  to.count = 0, to.name = nullptr;
  const int start = k < 0 ? c.to : c.from[k], size = k < 0 ? c.result : c.operand[k];
  if (start < 0 || size % digit.span() != 0) return false;
  int low = start % digit.stride, middle = start / digit.stride % digit.size;
  for (int l = 0; l < c.count; ++l) {
    loop rest = c.loops[l];
    while (rest.size > 1) {
      const int step = step_of(rest, k), edge = step < digit.stride ? digit.stride : digit.span();
      loop part = rest;
      if (step < 0) return false;
      if (step > 0 && step < edge && step * rest.size > edge) {  // the part up to the edge
        if (edge % step != 0 || rest.size % (edge / step) != 0) return false;
        part.size = edge / step;
      }
      if (step >= digit.stride && step < digit.span() && step % digit.stride != 0) return false;
      if (step >= digit.span() && step % digit.span() != 0) return false;
      if (step < digit.stride) low += (part.size - 1) * step;
      else if (step < digit.span()) middle += (part.size - 1) * (step / digit.stride);
      step_of(part, k) = digit.step(step);
      if (to.count == contraction::most_loops) return false;
      to.add(part);
      rest.size /= part.size, rest.to *= part.size, rest.from[0] *= part.size, rest.from[1] *= part.size;
    }
  }
  (k < 0 ? to.to : to.from[k]) = digit.place(start);
  return low < digit.stride && middle < digit.size;
}

/// The copy from one layout to another; false if their digits cross.
constexpr bool turned(int size, layout_digit from, layout_digit to, contraction& whole) {
  contraction c;
  c.result = c.operand[0] = size;
  loop all;
  all.size = size, all.to = all.from[0] = 1;
  c.add(all);
  contraction half;
  return lay_out(c, 0, from, half) && lay_out(half, -1, to, whole);
}

/// Chooses a layout for every tensor of a graph without rows.
class layout_chooser {
 public:
  constexpr explicit layout_chooser(const graph_view& graph)
      : graph_(graph), class_(graph.size), digits_(graph.size), fixed_(graph.size, 0), first_(graph.size, -1) {
    for (int i = 0; i < graph.size; ++i) class_.items[i] = i;
    for (int i = 0; i < graph.size; ++i) gather(i);
    for (int i = 0; i < graph.size; ++i) class_.items[i] = find(i);
    for (int i = 0; i < graph.size; ++i) note(i);
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
    way best{-1, 16 * c.points()};
    for (int l = 0; l < c.count; ++l) {
      const long long cost = cost_along(i, v, c, l);
      if (cost >= 0 && cost < best.cost) best = {l, cost};
    }
    return best;
  }
  constexpr bool is_unit(int vertex, int step) const { return step == 0 || layout(vertex).step(step) == 1; }

  constexpr bool is_nest(const vertex& v) const {
    return v.count > 0 &&
           (v.op == &describe<op::contract> || v.op == &describe<op::take> || v.op == &describe<op::scatter> || v.op == &describe<op::largest>);
  }
  /// A tensor that has a layout: no number, none that is the same everywhere.
  constexpr bool is_laid(int i) const {
    const vertex& v = graph_.vertices[i];
    return v.shape.size() > 1 && v.op != &describe<op::constant>;
  }

 private:
  /// So much does it cost to turn a number, where 16 is the price of one that is computed by itself.
  static constexpr int turn_cost = 8;

  constexpr long long cost_along(int i, const vertex& v, const contraction& c, int l) const {
    const loop& along = c.loops[l];
    const bool indexed = v.op == &describe<op::take> || v.op == &describe<op::scatter>;
    if (along.size < 4 || along.to == 0 || (indexed && along.from[1] != 0)) return -1;
    long long cost = 16 * c.points() / (along.size < 8 ? along.size : 8);  // wider registers are seldom twice as fast
    if (!is_unit(i, along.to)) cost += turn_cost * c.result;
    for (int k = 0; k < (indexed ? 1 : v.count); ++k)
      if (!is_unit(v.arg[k], along.from[k])) cost += turn_cost * c.operand[k];
    return cost;
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
    for (int t = first_.items[c]; t >= 0; t = touches_.items[t].next) {
      const touch& at = touches_.items[t];
      const contraction& nest = graph_.contraction_of(graph_.vertices[at.nest]);
      for (int l = 0; l < nest.count && tried < 8; ++l) {
        const int step = step_of(nest.loops[l], at.which);
        const layout_digit digit = step <= 1 ? natural : layout_digit{step, nest.loops[l].size};
        bool known = digit == best || digit.size > 1024;
        for (int s = 0; s < tried && !known; ++s) known = seen[s] == digit;
        if (known || step == 0) continue;
        seen[tried++] = digit;
        if (!fits(c, digit)) continue;
        const long long cost = total(c, digit);
        if (cost < least) best = digit, least = cost;
      }
    }
    digits_.items[c] = best;
  }
  constexpr bool fits(int c, layout_digit digit) const {
    contraction made;
    for (int t = first_.items[c]; t >= 0; t = touches_.items[t].next)
      if (!lay_out(graph_.contraction_of(graph_.vertices[touches_.items[t].nest]), touches_.items[t].which, digit, made)) return false;
    return true;
  }
  /// What all nests that touch a class cost, if it lies so.
  constexpr long long total(int c, layout_digit digit) {
    const layout_digit before = digits_.items[c];
    digits_.items[c] = digit;
    long long cost = 0;
    for (int t = first_.items[c]; t >= 0; t = touches_.items[t].next) cost += best_way(touches_.items[t].nest).cost;
    digits_.items[c] = before;
    return cost;
  }

  const graph_view& graph_;
  buffer<int> class_;
  buffer<layout_digit> digits_;  // of each class
  buffer<int> fixed_;            // classes that lie as they are
  buffer<int> first_;            // the first touch of each class
  buffer<touch> touches_;
};

/// Makes a graph again, with each tensor in its layout.
class layout_writer {
 public:
  constexpr layout_writer(const graph_view& from, arena& to) : from_(from), to_(to), chosen_(from), where_(from.size, -1) {
    for (int i = 0; i < from.size; ++i) where_.items[i] = made(i);
  }
  /// Vertex i in its natural order.
  constexpr int natural(int i) { return in_layout(i, {}); }

 private:
  constexpr int in_layout(int i, layout_digit wanted) {
    const layout_digit is = chosen_.layout(i);
    if (is == wanted || !chosen_.is_laid(i)) return where_.items[i];
    return copied(where_.items[i], from_.vertices[i].shape, is, wanted);
  }
  constexpr int copied(int made, extent shape, layout_digit is, layout_digit wanted) {
    contraction at_once;
    if (!turned(shape.size(), is, wanted, at_once)) made = copied(made, shape, is, {}), turned(shape.size(), {}, wanted, at_once);
    return nest(describe<op::contract>, at_once, shape, &made, 1);
  }
  /// Of a tensor that is spread along the outer axes, the tensor itself: an elementwise operation reads a shorter operand again and again.
  constexpr int repeated(int made) const {
    const vertex& v = to_.vertices()[made];
    if (v.op != &describe<op::contract> || v.count != 1) return made;
    const contraction& c = to_.contraction_of(v);
    if (c.sums() || !c.is_direct() || c.operand[0] >= c.result || c.operand[0] == 1) return made;
    const typegrad::detail::nest loops = nest_of(c);
    const bool repeats = loops.count == 2 && loops.a[0] == 0 && loops.a[1] == 1 && loops.to[1] == 1 && loops.size[1] == c.operand[0] && loops.a0 == 0;
    return repeats ? v.arg[0] : made;
  }
  constexpr int nest(const operation& op, const contraction& c, extent shape, const int* arg, int count) {
    return to_.intern(op, arg, count, to_.number_of(c), shape, nullptr);
  }
  constexpr int made(int i) {
    const vertex& v = from_.vertices[i];
    if (chosen_.is_nest(v)) return nest_made(i, v);
    buffer<int> arg(v.count);
    for (int k = 0; k < v.count; ++k)
      arg.items[k] = v.op->elementwise ? repeated(in_layout(from_.operand(v, k), chosen_.layout(i))) : natural(from_.operand(v, k));
    const number value = v.op->payload == payload::contraction ? to_.number_of(from_.contraction_of(v)) : v.value;
    return to_.intern(*v.op, arg.items, v.count, value, v.shape, v.symbol);
  }
  /// A nest: tensors that do not lie along its lanes are turned.
  constexpr int nest_made(int i, const vertex& v) {
    const contraction& c = from_.contraction_of(v);
    const int lanes = chosen_.best_way(i).lanes;
    const bool picks = v.op == &describe<op::take>;
    int arg[2] = {};
    contraction now = c;
    layout_digit result = chosen_.layout(i);
    for (int k = -1; k < v.count; ++k) {
      const int tensor = k < 0 ? i : v.arg[k], step = lanes < 0 ? 0 : step_of(c.loops[lanes], k);
      layout_digit digit = chosen_.layout(tensor);
      if (!chosen_.is_unit(tensor, step)) {
        const layout_digit along = step == 1 ? layout_digit{} : layout_digit{step, c.loops[lanes].size};
        contraction tried;
        if (lay_out(c, k, along, tried)) digit = along;
      }
      contraction next;
      lay_out(now, k, digit, next);
      now = next;
      if (k < 0) result = digit;
      else arg[k] = in_layout(tensor, digit);
      if (k == 0 && picks) now.pick = digit.step(c.pick);
    }
    if (v.op == &describe<op::contract> && v.count == 1 && now.is_identity() && result == chosen_.layout(i)) return arg[0];
    const int own = nest(*v.op, now, v.shape, arg, v.count);
    return result == chosen_.layout(i) ? own : copied(own, v.shape, result, chosen_.layout(i));
  }

  const graph_view& from_;
  arena& to_;
  layout_chooser chosen_;
  buffer<int> where_;
};

/// The graph of a recipe with layouts.
template <class Recipe>
struct laid_out_recipe {
  static constexpr bool simplify = false;
  static constexpr int expected_size = 2 * graph_of<Recipe>::size.vertices + 16 * graph_of<Recipe>::size.contractions;
  static constexpr bool build(arena& target, buffer<int>& roots) {
    const graph_view& from = graph_of<Recipe>::view;
    layout_writer writer(from, target);
    for (int r = 0; r < from.root_count; ++r) roots.push(writer.natural(from.roots[r]));
    return true;
  }
};

/// Is there anything to lay out: products of tensors, and no rows that are lanes already?
template <class Recipe>
constexpr bool has_layouts() {
  const graph_view& graph = graph_of<Recipe>::view;
  bool found = false;
  for (int i = 0; i < graph.size; ++i) {
    if (graph.vertices[i].op->rows != over::nothing || graph.vertices[i].varies) return false;
    found = found || (graph.vertices[i].op == &describe<op::contract> && graph.vertices[i].count == 2 &&
                      graph.contraction_of(graph.vertices[i]).points() >= 64);
  }
  return found;
}
/// The graph of which a plan is made.
template <class Recipe, bool Layouts = has_layouts<Recipe>()>
struct planned : graph_of<Recipe> {};
template <class Recipe>
struct planned<Recipe, true> : graph_of<laid_out_recipe<Recipe>> {};

}  // namespace typegrad::detail
