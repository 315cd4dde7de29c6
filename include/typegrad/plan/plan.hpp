// SPDX-License-Identifier: BSL-1.0
// A schedule: steps in order, and where each value lives. All of it is one constant.
#pragma once

#include <typegrad/plan/counts.hpp>

namespace typegrad {

/// Where a value is: an offset into the workspace (base 0), the constants (base 1) or the value of symbol base - 2.
struct place {
  int base = 0;
  int offset = 0;
};

/// So many operands a step has at most.
inline constexpr int most_operands = 4;

/// So many functions of single numbers are done together at most.
inline constexpr int most_joined = 16;

/// Tensors of fewer numbers may be written out, if they do not fill registers.
inline constexpr int few_numbers = 16;

/// So many symbols are written out one by one, so that small programs keep everything in registers.
inline constexpr int few_symbols = 64;

/// So many steps of a long line are one function.
inline constexpr int steps_in_function = 256;

/// One operation of the straight line, as far as run time needs it. (Which operation it is stands beside it in the plan:
/// a table that is read at run time must not lead to the rules of the calculus, or they would all be emitted.)
struct step {
  place to{};
  place from[most_operands]{};
  extent shape{};
  extent operand[most_operands]{};
  number value{};
  int crosses = 0;  // bit k: another function computed operand k; bit 3: another one reads the result
};

namespace op {
/// A scalar moved into an element of a `stack`.
struct copy {
  static constexpr char name[] = "copy";
};
/// Contractions that write into one tensor, each some of its numbers: nothing is left to do.
struct beside {
  static constexpr char name[] = "beside";
};
}  // namespace op

/// Where the results are. A tensor that is put together from numbers for the caller alone is never in one place: its numbers are.
template <int R, int E>
struct plan_results {
  place roots[detail::bound(R)];
  int root_sizes[detail::bound(R)];
  int stored_in[detail::bound(R)];  // of what all rows share: the pass over the rows in which it is written for each of them
  int first[detail::bound(R)];      // where the places of its numbers start; -1: it is in one place, -2: where the caller wants it
  place numbers[detail::bound(E + 1)];
};

/// How often a program may go over its rows.
inline constexpr int most_passes = 8;

/// The place of a sum over rows that is one root and nothing else: it is added up there.
inline constexpr int in_root = -1;

struct plan_figures {
  int workspace;  // in scalars
  operation_counts operations;
  int depth;                 // the longest chain of steps
  int passes;                // over rows: one for each axis, and another one for values of rows that depend on sums over all of them
  int axis_of[most_passes];  // along which axis pass p goes, as a number of `axes`
  int axis_count;
  int axes[most_passes];        // of run-time length
  int before[most_passes + 1];  // so many steps come before pass p; all of them before what follows the last one
};

/// A schedule with N steps, C constants, S symbols and R roots, of which E numbers stand apart. If there are regions, the places of all V vertices
/// are kept.
template <int N, int C, int S, int R, int E, int V>
struct plan : plan_figures {
  step steps[detail::bound(N + 1)];
  plan_results<R, E> results;
  const operation* operations_of[detail::bound(N + 1)];
  bool scalar[detail::bound(N + 1)];  // result and operands of a step
  int loops[detail::bound(N +
                          1)];  // of a nest of loops the number of its contraction; of power number i, whose exponent is constant, -2 - i; else -1
  int runs[detail::bound(
      N +
      1)];  // of equal functions of single numbers that do not read each other: how many come before, and 16 times their number; or minus the size of a small tensor
  number constants[detail::bound(C + 1)];
  const symbol_info* symbols[detail::bound(S + 1)];
  bool varies[detail::bound(S + 1)];   // has a value for each row
  place places[detail::bound(V + 1)];  // where the values are that do not vary
  int stages[detail::bound(V + 1)];    // after so many passes they are known; of what varies, the pass
  bool each;                           // results have a value for each row
};

namespace detail {

struct plan_size {
  int steps;
  int constants;
  int symbols;
  int roots;
  int vertices;   // 0 without regions
  int scattered;  // numbers of roots that are nowhere together
};

/// Symbols, scalar constants, `at` and `beside` take no step: they name what is there. Nor do sums over rows and their number.
constexpr bool takes_step(const vertex& v) {
  return v.symbol == nullptr && v.op != &describe<op::beside> && v.op->rows == over::nothing && v.op != &describe<op::at> &&
         (v.op != &describe<op::constant> || v.shape.rank > 0);
}

/// The operation that computes a vertex.
constexpr operation_link computed_by(const vertex& v) {
  return v.op == &describe<op::power> && v.value.is(2) ? operation_link(&describe<op::squared>) : v.op;
}

/// Has a recipe results for each row?
template <class Recipe>
constexpr bool gives_rows() {
  if constexpr (requires { Recipe::gives_rows; }) return Recipe::gives_rows;
  else return false;
}

/// The vertices that are put together from numbers as roots, and for nothing else: an empty list if there are none, or rows.
constexpr buffer<bool> scattered_roots(const graph_view& graph, bool each) {
  buffer<bool> result;
  bool any = false;
  for (int r = 0; r < graph.root_count; ++r) any = any || graph.vertices[graph.roots[r]].op == &describe<op::stack>;
  if (!any || each) return result;
  for (int i = 0; i < graph.size; ++i)
    if (graph.vertices[i].op->rows != over::nothing || graph.vertices[i].varies) return result;
  result.resize(graph.size, false);
  for (int r = 0; r < graph.root_count; ++r) result.items[graph.roots[r]] = graph.vertices[graph.roots[r]].op == &describe<op::stack>;
  for (int i = 0; i < graph.size; ++i)
    for (int k = 0; k < graph.vertices[i].count; ++k) result.items[graph.operand(graph.vertices[i], k)] = false;
  return result;
}

/// Root r as a place that a step writes to: they come after the symbols, if they are few.
constexpr int root_base(const plan_size& size, int r) { return 2 + size.symbols + r; }
constexpr int roots_in_table(const plan_size& size) { return size.roots <= few_symbols ? size.roots : 0; }
inline constexpr int written_in_place = -2;

/// Where the values of the rows are known: for each axis their number, 1 over it, and 1.
constexpr int rows_base(const plan_size& size) { return 2 + size.symbols; }
inline constexpr int numbers_of_rows = 3;

/// What all rows share though it is about them: their number, the weight of a row.
constexpr bool is_about_rows(const vertex& v) { return v.op == &describe<op::row_count> || v.op == &describe<op::row_weight>; }
/// Its place.
constexpr place place_of_rows(const vertex& v, int rows_base, const plan_figures& figures) {
  const int rows = v.op == &describe<op::row_count> ? static_cast<int>(v.value.num) : v.value.exponent;
  int axis = 0;
  while (axis + 1 < figures.axis_count && figures.axes[axis] != rows) ++axis;
  return {rows_base, numbers_of_rows * axis + (v.op == &describe<op::row_count> ? 0 : v.value.num == 1 ? 1 : 2)};
}

}  // namespace detail
}  // namespace typegrad
