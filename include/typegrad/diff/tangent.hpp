// SPDX-License-Identifier: BSL-1.0
// Forward mode: tangents flow from one symbol to the root.
#pragma once

#include <typegrad/diff/scan_forth.hpp>

namespace typegrad::detail {

/// A sweep from symbols up. As in reverse mode what does not enter a value stays out: a tangent that is 0 because its operand loses
/// stays 0, even if a slope on the way is infinite.
class forward_sweep {
 public:
  constexpr forward_sweep(term root, const std::uint64_t* symbols, const int* seeds, int count)
      : graph_(*root.graph), root_(root.index), tangents_(root.index + 1) {
    for (int i = 0; i <= root_; ++i)
      if (steepest_ < graph_[i].growth) steepest_ = graph_[i].growth;
    index_table seed_of;
    for (int k = 0; k < count; ++k) seed_of.insert(symbols[k], seeds[k]);
    for (int i = 0; i <= root_; ++i)
      if (graph_[i].symbol == nullptr) visit({&graph_, i});
      else tangents_.items[i].value = seed_of.find(graph_[i].symbol->hash);
  }
  constexpr term result() {
    flow& last = tangents_.items[root_];
    last.clean(graph_);
    return last.value < 0 ? constant_term(graph_, {}, graph_[root_].shape) : term{&graph_, last.value};
  }

 private:
  constexpr bool asked(const flow& f) const { return f.guarded || steepest_ >= f.level(); }

  constexpr void visit(term y) {
    const vertex v = y.node();
    if (v.op == &describe<op::stack>) return stack(y);
    if (v.op == &describe<op::scan>) return scan(y);
    for (int k = 0; k < v.count; ++k) {
      flow& from = tangents_.items[y[k].index];
      if (from.value < 0) continue;
      flow part = pushed(y, k, from);
      if (is_constant(graph_, part.value, 0)) continue;
      if (part.dead == alive) part.spoilt = false;
      tangents_.items[y.index].add(graph_, part);
    }
  }

  /// What the tangent of operand k contributes to that of y.
  constexpr flow pushed(term y, int k, flow& from) {
    const operation& op = *y.node().op;
    const bool parts = from.dead != alive && graph_[from.dead].shape.rank > 0, mixes = is_region(&op) || (parts && !op.elementwise);
    const bool fails = slope_may_fail(y, k, from.level());
    if (!fails || mixes) from.clean(graph_);
    flow result = from;
    const term d{&graph_, from.value};
    result.value = op.pushforward(mixes && fails && !op.entangled ? with_living_partners(y, k, from.dead) : y, k, d).index;
    result.spoilt = from.spoilt || fails;
    if (mixes) result.dead = from.dead != alive && (fails || asked(from)) ? dead_result(y, k, from.dead) : alive;
    if (op.fills_up != nullptr && asked(result) && op.fills_up(y)) result.dead = either_dead(graph_, result.dead, filled_up(y, k));
    if (op.loses != nullptr) {
      result.guarded = from.guarded || op.guards;
      if (asked(result)) result.dead = either_dead(graph_, result.dead, op.loses(y, k).index);
    }
    return result;
  }

  /// Where y is dead if operand k, of which it takes sums, is: an element lives if a living one reaches it.
  constexpr int dead_result(term y, int k, int dead) {
    const auto ones = [&](int j) { return constant_term(graph_, {1, 1, 0}, y[j].shape()).index; };
    const operation& op = *y.node().op;
    if (op.entangled) return none_alive(sum_term(live_ones(graph_, dead)));
    return none_alive(op.pushforward(op.slope_from == slopes::others ? with_others(y, k, ones) : y, k, live_ones(graph_, dead)));
  }
  /// Where no element of operand k, living or not, reaches y: zeros beside a window.
  constexpr int filled_up(term y, int k) {
    const auto ones = [&](int j) { return constant_term(graph_, {1, 1, 0}, y[j].shape()).index; };
    const int where = none_alive(y.node().op->pushforward(with_others(y, k, ones), k, {&graph_, ones(k)}));
    return mask_values(graph_).never_holds(where) ? alive : where;
  }
  /// y, where what other operands multiply only with dead elements of k is 0.
  constexpr term with_living_partners(term y, int k, int dead) {
    const term all = constant_term(graph_, {1, 1, 0}, y.shape());
    return with_others(y, k, [&](int j) {
      const term met = with_others(y, j, [&](int) { return live_ones(graph_, dead).index; });
      return without(graph_, y[j].index, none_alive(y.node().op->pullback(met, j, all)));
    });
  }

  constexpr void stack(term y) {
    const vertex v = y.node();
    const int zero = constant_term(graph_, {}).index, one = constant_term(graph_, {1, 1, 0}).index;
    buffer<int> parts(v.count), dead(v.count);
    bool any = false, living = true;
    for (int k = 0; k < v.count; ++k) {
      flow& from = tangents_.items[graph_.operand(v, k)];
      from.clean(graph_);
      any = any || from.value >= 0;
      parts[k] = from.value >= 0 ? from.value : zero;
      dead[k] = from.value < 0 ? one : from.dead == alive ? zero : from.dead;
      living = living && dead[k] == zero;
    }
    if (!any) return;
    flow& result = tangents_.items[y.index];
    result.value = graph_.make(describe<op::stack>, parts.data(), v.count, {}, v.shape);
    if (!living && asked(result)) result.dead = graph_.make(describe<op::stack>, dead.data(), v.count, {}, v.shape);
  }

  /// A recurrence: along all its operands at once.
  constexpr void scan(term y) {
    int parts[4] = {-1, -1, -1, -1};
    bool any = false;
    for (int k = 0; k < y.node().count; ++k) {
      flow& from = tangents_.items[y[k].index];
      from.clean(graph_);
      parts[k] = from.value;
      any = any || from.value >= 0;
    }
    if (any) tangents_.items[y.index].value = pushed_recurrence(y, parts).index;
  }

  arena& graph_;
  int root_;
  growth steepest_ = growth::none;  // of all vertices
  buffer<flow> tangents_;
};

/// J d for the vertices up to root, where the tangent of the symbol with the given hash is `seed`.
constexpr term forward(term root, std::uint64_t symbol, term seed) { return forward_sweep(root, &symbol, &seed.index, 1).result(); }

}  // namespace typegrad::detail
