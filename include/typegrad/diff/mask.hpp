// SPDX-License-Identifier: BSL-1.0
// Conditions on the elements of a tensor: where something is alive, and where nothing is. Of a mask that is spread over more axes only
// what is spread is computed; one that no data enters is known while compiling.
#pragma once

#include <typegrad/graph/graph.hpp>
#include <typegrad/op/structure.hpp>

namespace typegrad::detail {

/// The tensor that a view looks at, if it is one.
constexpr bool is_view_of(const arena& graph, const vertex& v) {
  return v.op == &describe<op::contract> && v.count == 1 && is_view(graph.contraction_of(v));
}

/// 1 where a vertex is alive, else 0.
constexpr term live_ones(arena& graph, int dead) {
  const vertex v = graph[dead];
  if (is_view_of(graph, v)) return contract_term(contraction(graph.contraction_of(v)), v.shape, live_ones(graph, v.arg[0]));
  return select({&graph, dead}, constant_term(graph, {}), constant_term(graph, {1, 1, 0}));
}

/// A contraction of one operand as a sum, and a view that spreads it along the loops which do not step through the operand.
struct spread_sum {
  contraction sum{};
  contraction spread{};
};
constexpr spread_sum parts_of(const contraction& c) {
  spread_sum parts;
  parts.sum = parts.spread = c;
  parts.sum.count = parts.spread.count = 0;
  parts.sum.name = parts.spread.name = nullptr;
  parts.spread.from[0] = 0;
  int reached = 1;
  for (int stride = 1; stride < c.result;) {  // the innermost loop of the result first
    int l = 0;
    while (l < c.count && (c.loops[l].to != stride || c.loops[l].size == 1)) ++l;
    loop along = c.loops[l];
    stride *= along.size;
    along.from[0] = along.from[0] == 0 ? 0 : reached;
    parts.spread.add(along);
    if (c.loops[l].from[0] == 0) continue;
    loop kept = c.loops[l];
    kept.to = reached;
    parts.sum.add(kept);
    reached *= kept.size;
  }
  for (int l = 0; l < c.count; ++l)
    if (c.loops[l].to == 0 && c.loops[l].size > 1) parts.sum.add(c.loops[l]);
  parts.sum.result = parts.spread.operand[0] = reached;
  return parts;
}

/// Where a count of what is alive is 0.
constexpr int none_alive(term count) {
  arena& graph = *count.graph;
  const vertex v = count.node();
  const auto zero = [&] { return constant_term(graph, {}); };
  if (v.op == &describe<op::select> && is_constant(graph, v.arg[1], 0) && is_constant(graph, v.arg[2], 1)) return v.arg[0];  // live_ones
  if (v.op == &describe<op::select> && is_constant(graph, v.arg[1], 1) && is_constant(graph, v.arg[2], 0)) return none_alive(count[0]);
  if (v.op == &describe<op::contract> && v.count == 1 && graph.contraction_of(v).is_direct()) {
    const contraction c = graph.contraction_of(v);
    if (is_view(c)) return contract_term(c, v.shape, {&graph, none_alive(count[0])}).index;
    const spread_sum parts = parts_of(c);
    if (parts.sum.result < c.result)
      return contract_term(parts.spread, v.shape, equal(contract_term(parts.sum, {1, parts.sum.result, 1}, count[0]), zero())).index;
  }
  return equal(count, zero()).index;
}

/// The values of conditions that no data enters: computed while compiling, if they are few.
class mask_values {
 public:
  explicit constexpr mask_values(arena& graph) : graph_(graph) {}

  /// Is a condition known to hold nowhere?
  constexpr bool never_holds(int i) {
    while (is_view_of(graph_, graph_.vertices()[i])) i = graph_.vertices()[i].arg[0];
    if (graph_.vertices()[i].shape.rank == 0) return false;
    const int before = graph_.finding(i);
    return before >= 0 ? before == 1 : graph_.found(i, is_known(i) && is_zero_everywhere(i));
  }

 private:
  static constexpr int most_points = 8192;

  static constexpr int cost_of(const contraction& c) { return static_cast<int>(c.points() < most_points ? c.points() : most_points + 1); }

  constexpr bool is_zero_everywhere(int i) {
    buffer<double> values;
    if (!compute(i, values)) return false;
    for (int k = 0; k < values.size(); ++k)
      if (!math::is_zero(values.items[k])) return false;
    return true;
  }

  constexpr bool is_comparison(const vertex& v) const {
    return v.op == &describe<op::less_equal> || v.op == &describe<op::less> || v.op == &describe<op::equal> || v.op == &describe<op::select>;
  }
  /// Does no data enter, and are there few points to compute?
  constexpr bool is_known(int i) {
    const vertex& v = graph_.vertices()[i];
    points_ += v.op == &describe<op::contract> ? cost_of(graph_.contraction_of(v)) : v.shape.size();
    if (--visits_ < 0 || points_ > most_points) return false;
    if (v.count == 0) return v.op == &describe<op::range> || v.op == &describe<op::constant>;
    if (!is_comparison(v) && (v.op != &describe<op::contract> || v.count != 1)) return false;
    for (int k = 0; k < v.count; ++k)
      if (!is_known(v.arg[k])) return false;
    return true;
  }
  /// The elements of vertex i, or one for all; false if that takes too long.
  constexpr bool compute(int i, buffer<double>& to) {
    const vertex& v = graph_.vertices()[i];
    if (v.op == &describe<op::constant>) return to.push(v.value.to<double>()), true;
    if (v.op == &describe<op::range>) return compute_range(v, to), true;
    buffer<double> operand[3];
    for (int k = 0; k < v.count; ++k)
      if (!compute(v.arg[k], operand[k])) return false;
    if (!is_comparison(v)) return compute_sum(graph_.contraction_of(v), operand[0], to);
    const auto one = [](const buffer<double>& x, int n) { return x.items[x.size() > 1 ? n : 0]; };
    for (int n = 0; n < v.shape.size(); ++n) {
      const double a = one(operand[0], n), b = one(operand[1], n);
      if (v.op == &describe<op::less_equal>) to.push(a <= b ? 1 : 0);
      else if (v.op == &describe<op::less>) to.push(a < b ? 1 : 0);
      else if (v.op == &describe<op::equal>) to.push(math::equal(a, b) ? 1 : 0);
      else to.push(math::is_zero(a) ? one(operand[2], n) : b);
    }
    return true;
  }
  constexpr void compute_range(const vertex& v, buffer<double>& to) const {
    for (int n = 0; n < v.shape.size(); ++n) to.push(n);
  }
  constexpr bool compute_sum(const contraction& c, const buffer<double>& from, buffer<double>& to) {
    if (c.count > 6) return false;
    to.resize(c.result, 0);
    for_all_points(c, [&](int y, int a, int) { to.items[y] += from.items[from.size() > 1 ? a : 0]; });
    return true;
  }

  arena& graph_;
  int points_ = 0;
  int visits_ = 64;
};

}  // namespace typegrad::detail
