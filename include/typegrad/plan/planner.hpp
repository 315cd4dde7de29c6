// SPDX-License-Identifier: BSL-1.0
// From a graph to a schedule: an order, and a place for each value, used again once the value is.
#pragma once

#include <typegrad/plan/allocator.hpp>
#include <typegrad/plan/measure.hpp>
#include <typegrad/plan/passes.hpp>
#include <typegrad/plan/planned.hpp>
#include <typegrad/plan/scratch.hpp>
#include <typegrad/plan/step_writer.hpp>

namespace typegrad {
namespace detail {

/// How many sums (or means) over the rows, known after so many passes, are single numbers. If there are several, they are added up together.
constexpr int count_number_sums(const graph_view& graph, const int* stages, const operation& op, int stage) {
  int count = 0;
  for (int i = 0; i < graph.size; ++i) count += graph.vertices[i].op == &op && graph.vertices[i].shape.rank == 0 && stages[i] == stage ? 1 : 0;
  return count;
}

/// Which symbols have the same value in all steps of a recurrence: a plan of one computes first what is made of these alone.
using steady_symbols = bool (*)(std::uint64_t);
template <class Recipe>
constexpr steady_symbols steady_symbols_of() {
  if constexpr (requires { Recipe::is_steady; }) return &Recipe::is_steady;
  else return nullptr;
}

/// The axis of the rows of each result, or 0 if it has none.
template <class Recipe, int Roots>
struct axes_of_results {
  static constexpr int at[bound(Roots)] = {};
};
template <class Recipe, int Roots>
  requires requires { Recipe::result_axes; }
struct axes_of_results<Recipe, Roots> {
  static constexpr const int* at = Recipe::result_axes;
};

/// Goes through a graph in its order, and gives each value a place.
class planner : step_writer {
 public:
  constexpr planner(const graph_view& graph, const int* scratch, const int* result_axes, steady_symbols is_steady, plan_size size, plan_target to)
      : step_writer(graph, size, to),
        scratch_(scratch),
        result_axes_(result_axes),
        is_steady_(is_steady),
        last_use_(graph.size, -1),
        level_(graph.size, 0),
        stage_(graph.size, 0),
        time_(graph.size, 0),
        uses_(size.vertices, 0),
        taken_(graph.size, 0) {}

  constexpr void operator()() {
    if (size_.vertices > 0) pass_finder(graph_, result_axes_, stage_.items, to_.stored_in, *to_.figures)();
    else if (is_steady_ != nullptr) find_steady();
    const buffer<int> order = order_of(graph_);
    for (int n = 0; n < graph_.size; ++n) time_.items[order.items[n]] = n + stage_.items[order.items[n]] * graph_.size;
    for (int i = 0; to_.figures->passes > most_passes && i < graph_.size; ++i)
      if (graph_.vertices[i].symbol != nullptr) has_place(i);
    if (to_.figures->passes > most_passes) return;  // an error
    find_last_uses();
    for (int stage = 0; stage <= (is_steady_ != nullptr ? 1 : to_.figures->passes); ++stage) {
      if (stage > 0) place_sums(describe<op::sum_over>, stage), place_sums(describe<op::mean_over>, stage), place_sums(describe<op::max_over>, stage);
      run_ = -1;  // steps of two stages are never done together
      for (int n = 0; n < graph_.size; ++n)
        if (stage_.items[order.items[n]] == stage) visit(order.items[n]);
      to_.figures->before[stage] = steps_;
    }
    place_roots();
    write_roots(is_steady_ != nullptr);
    for (int i = 0; i < size_.vertices; ++i) to_.places[i] = where_.items[i], to_.stages[i] = stage_.items[i];
    to_.figures->workspace = memory_.total();
  }

 private:
  /// In a step of a recurrence: what is the same in all of them comes first, and stays.
  constexpr void find_steady() {
    for (int i = 0; i < graph_.size; ++i) {
      const vertex& v = graph_.vertices[i];
      stage_.items[i] = v.symbol != nullptr && !is_steady_(v.symbol->hash) ? 1 : 0;
      for (int k = 0; k < v.count; ++k)
        if (stage_.items[graph_.operand(v, k)] > 0) stage_.items[i] = 1;
    }
  }

  /// A root that nobody reads and that is put together from numbers: these are kept, and nothing is done.
  constexpr void scatter(int root, int end) {
    const vertex& v = graph_.vertices[root];
    stage_.items[root] = -1, where_.items[root] = scattered;
    for (int k = 0; k < v.count; ++k) last_use_.items[graph_.operand(v, k)] = end;
  }
  /// When a vertex is visited: what needs the result of a region comes last.
  constexpr int time(int i) const { return time_.items[i]; }

  constexpr void find_last_uses() {
    const int end = (to_.figures->passes + 2) * graph_.size;  // later than all
    for (int i = 0; size_.vertices > 0 && i < graph_.size; ++i)
      if (is_region(graph_.vertices[i].op)) last_use_.items[i] = end;
    for (int i = 0; i < graph_.size; ++i) {
      const vertex& v = graph_.vertices[i];
      const bool pins = v.op == &describe<op::at> || v.varies;  // a tensor of which elements are named is kept; so is what rows read
      const int now = pins ? end : time(i);
      for (int k = 0; k < v.count; ++k) {
        const int a = v.count <= 3 ? v.arg[k] : graph_.operand(v, k), last = is_steady_ != nullptr && stage_.items[a] < stage_.items[i] ? end : now;
        if (last_use_.items[a] < last) last_use_.items[a] = last;
        if (size_.vertices > 0) uses_.items[a] += 2;  // more than a root
      }
    }
    for (int r = 0; r < graph_.root_count; ++r) {
      const int root = graph_.roots[r];
      if (size_.scattered > 0 && last_use_.items[root] < 0 && graph_.vertices[root].op == &describe<op::stack>) scatter(root, end);
      lone_root_.items[root] = last_use_.items[root] < 0 ? r : -1;
      last_use_.items[root] = end;
      if (size_.vertices > 0) ++uses_.items[root];
    }
    for (int i = 0; has_parts_ && i < graph_.size; ++i)
      if (int& last = last_use_.items[parts_.owner(i)]; last < last_use_.items[i]) last = last_use_.items[i];
  }

  /// Sums of single numbers stand side by side. Another sum that is one root and nothing else is added up where the root goes.
  constexpr void place_sums(const operation& op, int stage) {
    const int numbers = size_.vertices > 0 ? count_number_sums(graph_, stage_.items, op, stage) : 0;
    int next = numbers > 1 ? memory_.take(numbers) : 0;
    for (int i = 0; size_.vertices > 0 && i < graph_.size; ++i) {
      const vertex& v = graph_.vertices[i];
      if (v.op != &op || stage_.items[i] != stage) continue;
      if (v.shape.rank == 0 && numbers > 1) where_.items[i] = {0, next++};
      else where_.items[i] = {0, uses_.items[i] == 1 ? in_root : memory_.take(v.shape.size())};
    }
  }

  /// What needs no step: symbols, scalar constants, elements, what belongs to the rows.
  constexpr bool has_place(int i) {
    const vertex& v = graph_.vertices[i];
    if (v.symbol != nullptr) {
      to_.varies[symbols_] = v.varies != 0;
      to_.symbols[symbols_++] = v.symbol;
      where_.items[i] = {1 + symbols_, 0};
      return true;
    }
    if (v.op == &describe<op::constant>) {
      to_.constants[constants_] = v.value;
      where_.items[i] = {1, constants_++};
      return v.shape.rank == 0;
    }
    if (v.op->rows == over::nothing) return v.varies != 0;
    if (is_about_rows(v)) where_.items[i] = place_of_rows(v, rows_base(size_), *to_.figures);
    return true;
  }

  constexpr void visit(int i) {
    const vertex& v = graph_.vertices[i];
    if (has_place(i)) return;
    int level = 0;
    for (int k = 0; k < v.count; ++k) {
      const int below = level_.items[v.count <= 3 ? v.arg[k] : graph_.operand(v, k)];
      if (below > level) level = below;
    }
    if (v.op == &describe<op::at>) {
      level_.items[i] = level;
      where_.items[i] = within(v.arg[0], static_cast<int>(v.value.num) * graph_.vertices[v.arg[0]].shape.cols + v.value.exponent);
      return;
    }
    if (has_parts_ && parts_.is_there(i)) {
      level_.items[i] = level;
      if (v.count > 0) where_.items[i] = within(v.arg[0], parts_.offset(i) - parts_.offset(v.arg[0]));
      return;
    }
    if (v.count > 0 && ++level > to_.figures->depth) to_.figures->depth = level;
    level_.items[i] = level;
    const place value = where_.items[i];  // of a constant that fills a tensor
    const int scratch = scratch_behind(v, scratch_);
    if (has_parts_) take(i, scratch);
    else where_.items[i] = {0, memory_.take(v.shape.size() + scratch)}, taken_.items[i] = 1;
    if (v.op == &describe<op::stack>) add_copies(i);
    else if (v.op != &describe<op::beside>) add_step(i, value);
    if (scratch > 0) memory_.give(where_.items[i].offset + v.shape.size(), scratch);
    const int now = time(i);
    for (int k = 0; k < v.count; ++k) {
      const int operand = v.count <= 3 ? v.arg[k] : graph_.operand(v, k), a = has_parts_ ? parts_.owner(operand) : operand;
      if (last_use_.items[a] != now || taken_.items[a] == 0) continue;
      taken_.items[a] = 0;  // the same operand twice
      memory_.give(where_.items[a].offset, graph_.vertices[a].shape.size());
    }
  }
  constexpr place within(int tensor, int number) const { return {where_.items[tensor].base, where_.items[tensor].offset + number}; }
  /// A place for vertex i: within that of which it is a part, if it is one.
  constexpr void take(int i, int scratch) {
    const int whole = parts_.owner(i);
    if (taken_.items[whole] == 0) where_.items[whole] = {0, memory_.take(graph_.vertices[whole].shape.size() + scratch)};
    taken_.items[whole] = 1;
    if (whole != i) where_.items[i] = within(whole, parts_.offset(i));
  }

  const int *scratch_, *result_axes_;
  steady_symbols is_steady_;
  buffer<int> last_use_, level_, stage_, time_;
  buffer<int> uses_;   // with regions
  buffer<int> taken_;  // has it memory?
  workspace_allocator memory_{16};
  int symbols_ = 0, constants_ = 0;
};

}  // namespace detail

/// The plan of the graph that a recipe makes.
template <class Recipe>
struct plan_of {
  static constexpr detail::plan_size size = detail::measure_plan(detail::planned<Recipe>::view, detail::gives_rows<Recipe>());
  static constexpr bool has_layouts = detail::has_layouts<Recipe>();
  static constexpr bool stands_apart = detail::steady_symbols_of<Recipe>() != nullptr;  // what it reads, from what it writes
  static constexpr const contraction* contractions = detail::planned<Recipe>::view.contractions;
  using recurrences = detail::recurrences_of<detail::planned<Recipe>>;
  static constexpr auto value = [] {
    plan<size.steps, size.constants, size.symbols, size.roots, size.scattered, size.vertices> result{};
    auto& [roots, root_sizes, stored_in, first, numbers] = result.results;
    detail::planner(detail::planned<Recipe>::view, recurrences::scratch, detail::axes_of_results<Recipe, size.roots>::at,
                    detail::steady_symbols_of<Recipe>(), size,
                    {result.steps, result.operations_of, result.scalar, result.loops, result.runs, roots, root_sizes, stored_in, first, numbers,
                     result.constants, result.symbols, result.varies, result.places, result.stages, &result})();
    result.each = detail::gives_rows<Recipe>();
    return result;
  }();
  static constexpr auto results = value.results;  // an object of its own, so that nothing else is emitted
};

}  // namespace typegrad
