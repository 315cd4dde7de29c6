// SPDX-License-Identifier: BSL-1.0
// From a graph to a schedule: steps in order, and where each value lives. All of it is one constant.
#pragma once

#include <typegrad/plan/counts.hpp>

namespace typegrad {

/// Where a value is: an offset into the workspace (base 0), the constants (base 1) or the value of symbol base - 2.
struct place {
  int base = 0;
  int offset = 0;
};

/// One operation of the straight line, as far as run time needs it. (Which operation it is stands beside it in the plan:
/// a table that is read at run time must not lead to the rules of the calculus, or they would all be emitted.)
struct step {
  place to{};
  place from[3]{};
  extent shape{};
  extent operand[3]{};
  number value{};
};

namespace op {
/// A scalar moved into an element of a `stack`.
struct copy {
  static constexpr char name[] = "copy";
};
}  // namespace op
template <>
struct implementation<&describe<op::copy>> {
  using type = op::copy;
};

/// The part of a plan that run time reads.
template <int N, int R>
struct straight_line {
  step steps[N + 1];
  place roots[R];
  int root_sizes[R];
};

/// A schedule with N steps, C constants, S symbols and R roots. If there are regions, the places of all V vertices are kept.
template <int N, int C, int S, int R, int V>
struct plan {
  straight_line<N, R> line;
  const operation* operations_of[N + 1];
  bool scalar[N + 1];  // result and operands of a step
  number constants[C + 1];
  const symbol_info* symbols[S + 1];
  bool varies[S + 1];  // has a value for each row
  int workspace;       // in scalars
  operation_counts operations;
  int depth;            // the longest chain of steps
  bool two_passes;      // a value of the rows depends on a sum over all of them
  int prologue;         // so many steps come before the regions, which run over the rows; the others after them
  place places[V + 1];  // where the values are that do not vary
};

namespace detail {

struct plan_size {
  int steps;
  int constants;
  int symbols;
  int roots;
  int vertices;  // 0 without regions
};

/// Symbols, scalar constants and `at` take no step: they name what is there. Nor do sums over rows and their number.
constexpr bool takes_step(const vertex& v) {
  return v.symbol == nullptr && v.op->rows == over::nothing && v.op != &describe<op::at> && (v.op != &describe<op::constant> || v.shape.rank > 0);
}

constexpr plan_size measure_plan(const graph_view& graph) {
  plan_size size{0, 0, 0, graph.root_count, 0};
  for (int i = 0; i < graph.size; ++i) {
    const vertex& v = graph.vertices[i];
    if (v.op->rows == over::all) size.vertices = graph.size;
    if (v.op->rows != over::nothing || (v.varies && v.symbol == nullptr)) continue;
    if (v.symbol != nullptr) ++size.symbols;
    else if (v.op == &describe<op::stack>) size.steps += v.count;
    else if (takes_step(v)) ++size.steps;
    if (v.op == &describe<op::constant>) ++size.constants;
  }
  return size;
}

/// Where the values of the rows are known: their number, and 1 over it.
constexpr int rows_base(const plan_size& size) { return 2 + size.symbols; }

/// Free places of the workspace by size; last in, first out.
class workspace_allocator {
 public:
  constexpr int take(int size) {
    for (int i = free_.size() - 1; i >= 0 && i >= free_.size() - 32; --i)
      if (free_[i].size == size) {
        const int offset = free_[i].offset;
        free_[i] = free_[free_.size() - 1];
        free_.pop();
        return offset;
      }
    const int offset = total_;
    total_ += size;
    return offset;
  }
  constexpr void give(int offset, int size) { free_.push({offset, size}); }
  constexpr int total() const { return total_; }

 private:
  struct hole {
    int offset = 0;
    int size = 0;
  };
  buffer<hole> free_;
  int total_ = 0;
};

template <plan_size Size>
class planner {
 public:
  constexpr explicit planner(const graph_view& graph)
      : graph_(graph), where_(graph.size), last_use_(graph.size, -1), level_(graph.size, 0), after_(graph.size, 0) {}

  constexpr auto operator()() {
    find_last_uses();
    for (int i = 0; i < graph_.size; ++i)
      if (after_.items[i] == 0) visit(i);
    result_.prologue = steps_;
    for (int i = 0; Size.vertices > 0 && i < graph_.size; ++i)  // sums have their places before any step that follows them
      if (is_region(graph_.vertices[i].op)) where_.items[i] = {0, is_only_root(i) ? 0 : memory_.take(graph_.vertices[i].shape.size())};
    for (int i = 0; Size.vertices > 0 && i < graph_.size; ++i)
      if (after_.items[i] != 0) visit(i);
    for (int r = 0; r < graph_.root_count; ++r)
      result_.line.roots[r] = where_.items[graph_.roots[r]], result_.line.root_sizes[r] = graph_.vertices[graph_.roots[r]].shape.size();
    for (int i = 0; i < Size.vertices; ++i) result_.places[i] = where_.items[i];
    result_.workspace = memory_.total();
    return result_;
  }

 private:
  /// When a vertex is visited: what needs the result of a region comes last.
  constexpr int time(int i) const { return i + after_.items[i] * graph_.size; }

  constexpr void find_last_uses() {
    const int end = 2 * graph_.size;  // later than all
    for (int i = 0; Size.vertices > 0 && i < graph_.size; ++i) {
      const vertex& v = graph_.vertices[i];
      if (is_region(v.op)) after_.items[i] = 1, last_use_.items[i] = end;
      else
        for (int k = 0; k < v.count; ++k) after_.items[i] = after_.items[i] != 0 || after_.items[graph_.operand(v, k)] != 0 ? 1 : 0;
    }
    for (int i = 0; i < graph_.size; ++i) {
      const vertex& v = graph_.vertices[i];
      const bool pins = v.op == &describe<op::at> || v.varies;  // a tensor of which elements are named is kept; so is what rows read
      const int now = pins ? end : time(i);
      for (int k = 0; k < v.count; ++k) {
        const int a = v.count <= 3 ? v.arg[k] : graph_.operand(v, k);
        if (last_use_.items[a] < now) last_use_.items[a] = now;
        if (v.varies && graph_.vertices[a].after) result_.two_passes = true;
      }
    }
    for (int r = 0; r < graph_.root_count; ++r) last_use_.items[graph_.roots[r]] = end;
  }

  /// A sum that is one root and nothing else is added up where the root goes.
  constexpr bool is_only_root(int i) const {
    int uses = 0;
    for (int r = 0; r < graph_.root_count; ++r) uses += graph_.roots[r] == i ? 1 : 0;
    for (int j = i + 1; j < graph_.size && uses == 1; ++j)
      for (int k = 0; k < graph_.vertices[j].count; ++k) uses += graph_.operand(graph_.vertices[j], k) == i ? 1 : 0;
    return uses == 1;
  }

  /// What needs no step: symbols, scalar constants, elements, what belongs to the rows.
  constexpr bool has_place(int i) {
    const vertex& v = graph_.vertices[i];
    if (v.symbol != nullptr) {
      result_.varies[symbols_] = v.varies;
      result_.symbols[symbols_++] = v.symbol;
      where_.items[i] = {1 + symbols_, 0};
      return true;
    }
    if (v.op == &describe<op::constant>) {
      result_.constants[constants_] = v.value;
      where_.items[i] = {1, constants_++};
      return v.shape.rank == 0;
    }
    if (v.op == &describe<op::row_count>) where_.items[i] = {rows_base(Size), 0};
    return v.varies || v.op->rows != over::nothing;
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
      const place tensor = where_.items[v.arg[0]];
      where_.items[i] = {tensor.base, tensor.offset + static_cast<int>(v.value.num) * graph_.vertices[v.arg[0]].shape.cols + v.value.exponent};
      return;
    }
    if (v.count > 0 && ++level > result_.depth) result_.depth = level;
    level_.items[i] = level;
    const place value = where_.items[i];  // of a constant that fills a tensor
    where_.items[i] = {0, memory_.take(v.shape.size())};
    if (v.op == &describe<op::stack>) add_copies(i);
    else add_step(i, value);
    const int now = time(i);
    for (int k = 0; k < v.count; ++k) {
      const int a = v.count <= 3 ? v.arg[k] : graph_.operand(v, k);
      if (last_use_.items[a] != now || !takes_step(graph_.vertices[a])) continue;
      last_use_.items[a] = -1;  // the same operand twice
      memory_.give(where_.items[a].offset, graph_.vertices[a].shape.size());
    }
  }

  constexpr void add_copies(int i) {
    const vertex& v = graph_.vertices[i];
    for (int k = 0; k < v.count; ++k) {
      result_.operations_of[steps_] = &describe<op::copy>, result_.scalar[steps_] = true;
      result_.line.steps[steps_++] = {{0, where_.items[i].offset + k}, {where_.items[graph_.operand(v, k)]}, {}, {}, {}};
    }
  }

  constexpr void add_step(int i, place value) {
    const vertex& v = graph_.vertices[i];
    const bool fill = v.op == &describe<op::constant>;
    bool& scalar = result_.scalar[steps_] = v.shape.rank == 0;
    result_.operations_of[steps_] = fill ? &describe<op::broadcast> : v.op;
    step& s = result_.line.steps[steps_++];
    s.to = where_.items[i], s.shape = v.shape, s.value = v.value, s.from[0] = value;
    for (int k = 0; k < v.count; ++k) {
      s.from[k] = where_.items[v.arg[k]];
      s.operand[k] = graph_.vertices[v.arg[k]].shape;
      scalar = scalar && s.operand[k].rank == 0;
    }
    count_operations(v, graph_, result_.operations);
  }

  plan<Size.steps, Size.constants, Size.symbols, Size.roots, Size.vertices> result_{};
  const graph_view& graph_;
  buffer<place> where_;
  buffer<int> last_use_, level_, after_;
  workspace_allocator memory_;
  int steps_ = 0, symbols_ = 0, constants_ = 0;
};

}  // namespace detail

/// The plan of the graph that a recipe makes.
template <class Recipe>
struct plan_of {
  static constexpr detail::plan_size size = detail::measure_plan(detail::graph_of<Recipe>::view);
  static constexpr auto value = detail::planner<size>(detail::graph_of<Recipe>::view)();
  static constexpr auto line = value.line;  // an object of its own, so that nothing else is emitted
};

}  // namespace typegrad
