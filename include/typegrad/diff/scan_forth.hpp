// SPDX-License-Identifier: BSL-1.0
// Tangents of recurrences in a graph: a recurrence becomes one of values and tangents.
#pragma once

#include <typegrad/diff/liveness.hpp>
#include <typegrad/graph/import.hpp>

namespace typegrad::detail {

/// So many numbers of a vector, in each row of it.
struct vector_part {
  term from;
  int first, count, step;
};
/// In each of so many rows these parts side by side. Parts that are 0 take no work.
constexpr term side_by_side(arena& graph, int rows, const vector_part* parts, int count) {
  int width = 0, at = 0;
  for (int k = 0; k < count; ++k) width += parts[k].count;
  if (width == 0) return constant_term(graph, {});
  const extent shape{1, rows * width, 1};
  term sum = constant_term(graph, {}, shape);
  for (int k = 0; k < count; at += parts[k++].count) {
    const vector_part& part = parts[k];
    if (part.count == 0 || is_constant(graph, part.from.index, 0)) continue;
    contraction made;
    made.result = rows * width, made.operand[0] = part.from.shape().size(), made.to = at, made.from[0] = part.first;
    made.add({rows, width, {part.step, 0}, 0, nullptr}), made.add({part.count, 1, {1, 0}, 0, nullptr});
    sum = sum + contract_term(made, shape, part.from);
  }
  return sum;
}

/// The tangent of a recurrence y along those of its operands, -1 for 0.
constexpr term pushed_recurrence(term y, const int* tangents) {
  arena& graph = *y.graph;
  const scan_info of = *contraction_of(y).scan;
  const link<const scan_info> found = graph.tangent_of(of.id);
  if (found == nullptr) this_derivative_of_a_scan_is_not_there();
  const scan_info above = *found;
  const bool back = !of.keeps && !of.reversed;
  const int carry = above.carry / 2, input = above.input / 2, own = of.carry - of.sums;
  const term zero = constant_term(graph, {});
  vector_part start[8] = {}, rows[8] = {}, shared[2] = {};
  int starts = 0, parts = 0;
  for (const bool tangent : {false, true}) {
    const auto operand = [&](int k) { return !tangent ? y[k] : tangents[k] >= 0 ? term{&graph, tangents[k]} : zero; };
    start[starts++] = {operand(0), 0, own, 0};
    if (back) {  // sums start from 0; in a ragged one the time goes down
      start[starts++] = {zero, 0, of.sums, 0};
      if (of.ragged) start[starts++] = {tangent ? zero : constant_term(graph, {of.steps - 1, 1, 0}), 0, 1, 0};
      const bool all = y[0].shape().size() > own;
      const int inputs = input - (all ? 2 : 1) * own;
      rows[parts++] = {operand(1), own, own, own};
      rows[parts++] = {operand(2), 0, inputs, inputs};
      if (all) rows[parts++] = {operand(0), own, own, own};
    } else {
      rows[parts++] = {operand(1), 0, input, input};
    }
    shared[tangent] = {operand(back ? 3 : 2), 0, of.shared, 0};
  }
  const int arg[] = {side_by_side(graph, 1, start, starts).index, side_by_side(graph, of.steps, rows, parts).index,
                     side_by_side(graph, 1, shared, 2).index};
  contraction made;
  made.scan = found, made.pick = above.id, made.result = above.results(), made.operands = 3;
  const term all{&graph, graph.make(describe<op::scan>, arg, 3, graph.number_of(made), {1, above.results(), 1})};
  const auto moved = [&](int to, int from, int count, int n, int step) {
    contraction part;
    part.result = of.results(), part.operand[0] = above.results(), part.to = to, part.from[0] = from;
    part.add({n, count, {step, 0}, 0, nullptr}), part.add({count, 1, {1, 0}, 0, nullptr});
    return contract_term(part, y.shape(), all);
  };
  // the last carry, those that were kept, the outputs; not what a pullback of the value wants to know of a step
  term result = moved(0, carry, of.carry, 1, 0);
  if (of.keeps && of.every == 1) result = result + moved(of.carry, above.carry + carry, of.carry, of.steps, above.carry);
  if (!of.keeps && of.output > 0) result = result + moved(of.carry, above.carry, of.steps * of.output, 1, 0);
  return result;
}

/// The recurrences of a formula by their ids, each once.
constexpr int scan_ids(const formula& root, int* to) {
  buffer<const formula*> stack;
  index_table seen;
  buffer<int> found;
  const auto look = [&](link<const scan_info> scan) {
    for (int k = 0; scan != nullptr && k < found.size(); ++k)
      if (found.items[k] == scan->id) return;
    if (scan != nullptr) found.push(scan->id);
  };
  stack.push(&root);
  while (stack.size() > 0) {
    const formula& f = *stack.pop();
    if (seen.find(f.hash) >= 0) continue;
    seen.insert(f.hash, 0);
    if (f.loops != nullptr) look(f.loops->scan);
    for (int c = 0; f.graph != nullptr && c < f.graph->contraction_count; ++c) look(f.graph->contractions[c].scan);
    for (int k = 0; k < f.count; ++k) stack.push(f.arg[k]);
  }
  for (int k = 0; to != nullptr && k < found.size(); ++k) to[k] = found.items[k];
  return found.size();
}

/// The tangents of all recurrences of a formula, and with Second those of their pullbacks: made only where forward mode asks for them.
template <class E, bool Second = false>
struct scan_tangents {
  static constexpr int scans = facts<E>.has_scans() ? scan_ids(E::node(), nullptr) : 0, count = (Second ? 3 : 1) * scans;
  struct table {
    scan_tangent at[bound(count + 1)];
  };
  static constexpr auto ids = [] {
    struct {
      int at[bound(scans + 1)];
    } made{};
    if (scans > 0) scan_ids(E::node(), made.at);
    return made;
  }();
  template <class R>
  static constexpr scan_tangent entry() {
    using above = typename tangent_of<R>::type;
    if constexpr (std::is_void_v<above>) return {R::id, nullptr};
    else return {R::id, &above::info};
  }
  template <class R, way Back>
  static constexpr scan_tangent entry_of_pullback() {
    if constexpr (R::is_pullback || R::goes.reversed || R::goes.every > 1) return {R::id, nullptr};
    else return entry<typename pullback_of<R, Back>::type>();
  }
  static constexpr table value = []<int... K>(std::integer_sequence<int, K...>) {
    table made{};
    ((made.at[K] = entry<recurrence_class<ids.at[K]>>()), ...);
    if constexpr (Second)
      ((made.at[scans + 2 * K] = entry_of_pullback<recurrence_class<ids.at[K]>, back_of_all>(),
        made.at[scans + 2 * K + 1] = entry_of_pullback<recurrence_class<ids.at[K]>, back_of_last>()),
       ...);
    return made;
  }(std::make_integer_sequence<int, scans>{});
};

}  // namespace typegrad::detail
