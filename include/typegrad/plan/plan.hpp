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
};

/// A schedule with N steps, C constants, S symbols and R roots.
template <int N, int C, int S, int R>
struct plan {
  straight_line<N, R> line;
  const operation* operations_of[N + 1];
  bool scalar[N + 1];  // result and operands of a step
  number constants[C + 1];
  const symbol_info* symbols[S + 1];
  int workspace;  // in scalars
  operation_counts operations;
  int depth;  // the longest chain of steps
};

namespace detail {

struct plan_size {
  int steps;
  int constants;
  int symbols;
  int roots;
};

/// Symbols, scalar constants and `at` take no step: they name what is there.
constexpr bool takes_step(const vertex& v) {
  return v.symbol == nullptr && v.op != &describe<op::at> && (v.op != &describe<op::constant> || v.shape.rank > 0);
}

constexpr plan_size measure_plan(const graph_view& graph) {
  plan_size size{0, 0, 0, graph.root_count};
  for (int i = 0; i < graph.size; ++i) {
    const vertex& v = graph.vertices[i];
    if (v.symbol != nullptr) ++size.symbols;
    else if (v.op == &describe<op::stack>) size.steps += v.count;
    else if (takes_step(v)) ++size.steps;
    if (v.op == &describe<op::constant>) ++size.constants;
  }
  return size;
}

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
constexpr auto make_plan(const graph_view& graph) {
  plan<Size.steps, Size.constants, Size.symbols, Size.roots> result{};
  buffer<place> where(graph.size);
  buffer<int> last_use(graph.size, -1), level(graph.size, 0);
  for (int i = 0; i < graph.size; ++i)
    for (int k = 0; k < graph.vertices[i].count; ++k) last_use[graph.operand(graph.vertices[i], k)] = i;
  for (int i = 0; i < graph.size; ++i)  // a tensor of which elements are named is kept
    if (graph.vertices[i].op == &describe<op::at>) last_use[graph.vertices[i].arg[0]] = graph.size;
  for (int r = 0; r < graph.root_count; ++r) last_use[graph.roots[r]] = graph.size;
  workspace_allocator memory;
  int steps = 0, symbols = 0, constants = 0;
  for (int i = 0; i < graph.size; ++i) {
    const vertex& v = graph.vertices[i];
    if (v.symbol != nullptr) {
      result.symbols[symbols++] = v.symbol;
      where[i] = {1 + symbols, 0};
      continue;
    }
    if (v.op == &describe<op::constant>) {
      result.constants[constants] = v.value;
      where[i] = {1, constants++};
      if (v.shape.rank == 0) continue;
    }
    for (int k = 0; k < v.count; ++k) {
      const int below = level[graph.operand(v, k)];
      level[i] = below > level[i] ? below : level[i];
    }
    if (v.op == &describe<op::at>) {
      where[i] = {where[v.arg[0]].base,
                  where[v.arg[0]].offset + static_cast<int>(v.value.num) * graph.vertices[v.arg[0]].shape.cols + v.value.exponent};
      continue;
    }
    if (v.count > 0) result.depth = ++level[i] > result.depth ? level[i] : result.depth;
    const place value = where[i];  // of a constant that fills a tensor
    where[i] = {0, memory.take(v.shape.size())};
    if (v.op == &describe<op::stack>) {
      for (int k = 0; k < v.count; ++k) {
        result.operations_of[steps] = &describe<op::copy>, result.scalar[steps] = true;
        result.line.steps[steps++] = {{0, where[i].offset + k}, {where[graph.operand(v, k)]}, {}, {}, {}};
      }
    } else {
      const bool fill = v.op == &describe<op::constant>;
      bool& scalar = result.scalar[steps] = v.shape.rank == 0;
      result.operations_of[steps] = fill ? &describe<op::broadcast> : v.op;
      step& s = result.line.steps[steps++];
      s.to = where[i], s.shape = v.shape, s.value = v.value, s.from[0] = value;
      for (int k = 0; k < v.count; ++k) {
        s.from[k] = where[v.arg[k]];
        s.operand[k] = graph.vertices[v.arg[k]].shape;
        scalar = scalar && s.operand[k].rank == 0;
      }
      count_operations(v, graph, result.operations);
    }
    for (int k = 0; k < v.count; ++k) {
      const int a = graph.operand(v, k);
      const vertex& operand = graph.vertices[a];
      if (last_use[a] != i || !takes_step(operand)) continue;
      last_use[a] = -1;  // the same operand twice
      memory.give(where[a].offset, operand.shape.size());
    }
  }
  for (int r = 0; r < graph.root_count; ++r) result.line.roots[r] = where[graph.roots[r]];
  result.workspace = memory.total();
  return result;
}

}  // namespace detail

/// The plan of the graph that a recipe makes.
template <class Recipe>
struct plan_of {
  static constexpr detail::plan_size size = detail::measure_plan(detail::graph_of<Recipe>::view);
  static constexpr auto value = detail::make_plan<size>(detail::graph_of<Recipe>::view);
  static constexpr auto line = value.line;  // an object of its own, so that nothing else is emitted
};

}  // namespace typegrad
