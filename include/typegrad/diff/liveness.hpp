// SPDX-License-Identifier: BSL-1.0
// Where an operand does not enter the value: the conditions that keep what is computed there out of every adjoint and tangent.
#pragma once

#include <typegrad/diff/mask.hpp>

namespace typegrad::detail {

/// The vertex `dead` of an adjoint is a condition, a scalar or of the adjoint's shape: where it holds, no change of the vertex changes
/// the root, so the derivative is 0, whatever numbers the adjoint has there; so too for tangents. This one never holds.
inline constexpr int alive = -1;

/// a, but 0 where it is dead.
constexpr int without(arena& graph, int a, int dead) { return dead == alive ? a : zero_where({&graph, dead}, {&graph, a}).index; }

/// Dead by either condition: what only leads to a dead branch.
constexpr int either_dead(arena& graph, int a, int b) {
  if (a == alive || a == b) return b;
  return b == alive ? a : select({&graph, a}, constant_term(graph, {1, 1, 0}), {&graph, b}).index;
}
/// Dead by both conditions: what leads to two dead branches.
constexpr int both_dead(arena& graph, int a, int b) {
  if (a == alive || b == alive) return alive;
  return a == b ? a : select({&graph, a}, {&graph, b}, constant_term(graph, {})).index;
}

/// May the partial derivatives of y with respect to operand k be infinite or NaN, by growth of at least `level`?
constexpr bool slope_may_fail(term y, int k, growth level) {
  const vertex& v = y.node();
  if (v.op->slope_from == slopes::constant) return false;
  if (v.op->slope_from == slopes::general) return v.growth >= level;
  for (int j = 0; j < v.count; ++j)
    if (j != k && !y[j].node().is_number() && y[j].node().growth >= level) return true;
  return false;
}

/// y with operands other than k replaced by what `other(j)` makes of them, so that its pullback uses those.
template <class Other>
constexpr term with_others(term y, int k, Other other) {
  const vertex v = y.node();
  buffer<int> arg(v.count);
  for (int j = 0; j < v.count; ++j) arg.items[j] = j == k ? y[j].index : other(j);
  return {y.graph, y.graph->intern(*v.op, arg.items, v.count, v.value, v.shape, nullptr)};
}

/// Where operand k of y is dead, if y is where `dead` says: an element of it lives if it reaches a living one. For products and
/// sums the pullback of living ones counts these.
constexpr int dead_operand(term y, int k, int dead) {
  arena& graph = *y.graph;
  if (dead == alive || graph[dead].shape.rank == 0) return dead;
  const vertex v = y.node();
  const term living = live_ones(graph, dead);
  if (v.op->elementwise && y[k].shape() == v.shape) return dead;
  if (v.op->elementwise || v.op->entangled) return none_alive(sum_term(living));
  const auto ones = [&](int j) { return constant_term(graph, {1, 1, 0}, y[j].shape()).index; };
  const int where = none_alive(v.op->pullback(v.op->slope_from == slopes::others ? with_others(y, k, ones) : y, k, living));
  return mask_values(graph).never_holds(where) ? alive : where;
}

/// Where operand k of y is dead, if y is alive: its elements that y leaves out.
constexpr int left_out(term y, int k) {
  if (y.node().op->leaves_out == nullptr || !y.node().op->leaves_out(y, k)) return alive;
  const auto ones = [&](extent shape) { return constant_term(*y.graph, {1, 1, 0}, shape); };
  const term counted = y.node().op->slope_from == slopes::others ? with_others(y, k, [&](int j) { return ones(y[j].shape()).index; }) : y;
  const int where = none_alive(y.node().op->pullback(counted, k, ones(y.shape())));
  return mask_values(*y.graph).never_holds(where) ? alive : where;
}

/// y, where other operands than k are 0 in what is dead of them.
constexpr term with_living_others(term y, int k, int dead) {
  return with_others(y, k, [&](int j) { return without(*y.graph, y[j].index, dead_operand(y, j, dead)); });
}

/// An adjoint or a tangent on its way.
struct flow {
  int value = -1;        // -1: zero
  int dead = alive;      // where it does not count
  bool spoilt = false;   // may be infinite or NaN where it is dead
  bool guarded = false;  // what is dead may overflow, and come from inputs that are NaN

  /// From this growth on slopes may fail.
  constexpr growth level() const { return guarded ? growth::moderate : growth::singular; }
  constexpr void clean(arena& graph) {
    if (spoilt) value = without(graph, value, dead);
    spoilt = false;
  }
  /// Adds another. Different conditions leave what is dead by both.
  constexpr void add(arena& graph, flow more) {
    if (value < 0) {
      *this = more;
      return;
    }
    if (dead != more.dead) {
      clean(graph), more.clean(graph);
      dead = both_dead(graph, dead, more.dead);
    }
    value = (term{&graph, value} + term{&graph, more.value}).index;
    spoilt = spoilt || more.spoilt, guarded = guarded || more.guarded;
  }
};

}  // namespace typegrad::detail
