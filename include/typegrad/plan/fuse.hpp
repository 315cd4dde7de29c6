// SPDX-License-Identifier: BSL-1.0
// Which kernel of a body computes what: a product takes up what follows it, elementwise operations share loops, sums take
// outer products.
#pragma once

#include <typegrad/plan/steps.hpp>

namespace typegrad {
namespace detail {

/// A chain is one function's straight line. Longer ones than this run out of registers and cost compilers more than linear time: a path of
/// 60 simulated steps took 0.24 us with 96 and takes 0.17 us with 24; the price of an option, 40 members, does not care.
inline constexpr int chain_limit = 24;
/// So many single numbers are summed in one kernel.
inline constexpr int numbers_together = 16;

/// Goes through the vertices of a graph with regions, operands first, and deals those that vary from row to row to steps.
class fuser : protected body_steps {
 public:
  constexpr fuser(const graph_view& graph, const body_surroundings& around)
      : body_steps(graph, around),
        together_{count_number_sums(graph, around.stages, describe<op::sum_over>, around.pass + 1) > 1,
                  count_number_sums(graph, around.stages, describe<op::mean_over>, around.pass + 1) > 1} {
    for (int i = 0; i < graph.size; ++i) visit(i);
    add_numbers(false), add_numbers(true);
    for (int r = 0; r < graph.root_count; ++r)
      if (is_stored_here(r)) store(r);
  }

 protected:
  constexpr void visit(int i) {
    const vertex& v = at(i);
    if (v.symbol != nullptr) ++symbols_;
    if (v.symbol != nullptr && v.varies) return loads_.push({symbols_ - 1, i});  // also what this pass does not read
    if (needed_.items[i] == 0) return;
    if (is_region(v.op)) return sum(i);
    if (of_.items[i].is != packs_are::own) return;
    if (is(i, describe<op::stack>)) return gather(i);
    if (is(i, describe<op::row_number>)) return number_rows(i);
    if (v.op->elementwise) return chain(i);
    if (is_product(v)) return product(i);
    if (factors_of(i).are_there && only_summed(i)) return;
    single(i);
  }

  /// An elementwise operation joins the loop that makes the latest of its operands, if it runs over the same elements.
  constexpr void chain(int i) {
    const vertex& v = at(i);
    int latest = -1;
    bool same_loop = true;
    for (int k = 0; k < v.count; ++k) {
      const int a = holder(v.arg[k]);
      if (shared(a) || of_.items[a].step < latest) continue;
      const bool fits = at(a).shape == v.shape && !is_element(v.arg[k]);
      same_loop = of_.items[a].step > latest ? fits : same_loop && fits;
      latest = of_.items[a].step;
    }
    int step = latest >= 0 && same_loop && is_open(latest) ? latest : later_chain(latest, v.shape);
    if (step < 0) step = new_step(kernel::chain, i);
    define_member(step, i);
    for (int k = 0; k < v.count; ++k)
      if (!shared(holder(v.arg[k]))) read(holder(v.arg[k]), step);
  }

  constexpr bool is_open(int step) const {
    const body_step& s = steps_.items[step];
    return (s.kind == kernel::chain || s.kind == kernel::product) && s.count < chain_limit;
  }
  /// A loop over the same elements after this step, among the last few; or -1.
  constexpr int later_chain(int step, extent shape) const {
    for (int s = steps_.size() - 1; s > step && s >= steps_.size() - 4; --s)
      if (is_open(s) && at(vertices_.items[s]).shape == shape) return s;
    return -1;
  }

  constexpr void number_rows(int i) { of_.items[i].step = new_step(kernel::row_number, i); }

  constexpr void gather(int i) {
    const int step = of_.items[i].step = new_step(kernel::gather, i);
    steps_.items[step].first = gathered_.size();
    for (int k = 0; k < at(i).count; ++k) gather_from(graph_.operand(at(i), k), step);
  }

  /// A contraction that is a shared matrix times a vector of the row, or the product of two vectors of the row.
  constexpr nest loops_of(const vertex& v) const { return nest_of(graph_.contraction_of(v)); }
  constexpr bool is_matrix_times_vector(const vertex& v) const {
    if (v.op != &describe<op::contract> || v.count != 2 || shared(v.arg[0]) == shared(v.arg[1])) return false;
    const nest n = loops_of(v);
    const bool first = shared(v.arg[1]);  // is the vector the first operand?
    const int* const vector = first ? n.a : n.b;
    return n.direct && n.count == 2 && n.outer == 1 && n.to[0] == 1 && vector[0] == 0 && vector[1] == 1 && (first ? n.a0 : n.b0) == 0;
  }
  /// u v' of two vectors of the row, or the sum of several such products: where u and v stand.
  struct factors {
    bool are_there = false;
    int left = 0, right = 0;
    int rows = 0, columns = 0;
    int times = 1, left_step = 0, right_step = 0, left_first = 0, right_first = 0, left_stride = 1, right_stride = 1;
  };
  constexpr factors factors_of(int i) const {
    const vertex& v = at(i);
    if (v.op == &describe<op::outer>) return {true, v.arg[0], v.arg[1], at(v.arg[0]).shape.size(), at(v.arg[1]).shape.size()};
    if (v.op != &describe<op::contract> || v.count != 2 || shared(v.arg[0]) || shared(v.arg[1])) return {};
    const nest n = loops_of(v);
    if (!is_outer_product(n)) return {};
    const bool in_order = n.a[0] > 0;
    factors found{true, v.arg[in_order ? 0 : 1], v.arg[in_order ? 1 : 0], n.size[0], n.size[1]};
    found.left_first = in_order ? n.a0 : n.b0, found.right_first = in_order ? n.b0 : n.a0;
    found.left_stride = in_order ? n.a[0] : n.b[0], found.right_stride = in_order ? n.b[1] : n.a[1];
    if (n.count == 3) found.times = n.size[2], found.left_step = in_order ? n.a[2] : n.b[2], found.right_step = in_order ? n.b[2] : n.a[2];
    return found;
  }

  /// A shared matrix times a vector of the row; `dot` of a shared vector counts as one.
  constexpr bool is_product(const vertex& v) const {
    if (is_matrix_times_vector(v)) return true;
    if (v.op == &describe<op::dot>) return shared(v.arg[0]) || shared(v.arg[1]);
    return v.op == &describe<op::matmul> && v.shape.rank == 1 && shared(v.arg[0]);
  }
  constexpr void product(int i) {
    const vertex& v = at(i);
    const bool dot = v.op == &describe<op::dot>, turned = !dot && op::matmul::left_transposed(v.value);
    const int mine = shared(v.arg[0]) ? 1 : 0, matrix = v.arg[1 - mine], x = packed(v.arg[mine]);
    const int step = new_step(kernel::product, i), columns = at(matrix).shape.cols;
    body_step& s = steps_.items[step];
    s.inner = at(x).shape.rows;
    s.matrix = places_[matrix];
    s.row = dot ? 0 : turned ? 1 : columns;
    s.column = dot ? 1 : turned ? columns : 1;
    if (v.op == &describe<op::contract>) {
      const nest n = loops_of(v);
      const int* const steps = mine == 0 ? n.b : n.a;
      s.inner = n.size[1], s.row = steps[0], s.column = steps[1], s.matrix.offset += mine == 0 ? n.b0 : n.a0;
    }
    s.left = x;  // vertices become places in the end
    read(x, step);
    define_member(step, i);
  }

  constexpr bool only_summed(int i) const { return of_.items[i].uses == of_.items[i].summed; }
  constexpr void sum(int i) {
    const bool mean = is(i, describe<op::mean_over>), max = is(i, describe<op::max_over>);
    if (at(i).shape.rank == 0 && !max && together_[mean ? 1 : 0]) {
      numbers_[mean ? 1 : 0].push(i);
      if (numbers_[mean ? 1 : 0].size() == numbers_together) add_numbers(mean);
      return;
    }
    const int a = at(i).count <= 3 ? at(i).arg[0] : graph_.operand(at(i), 0);
    const factors both = max ? factors{} : factors_of(a);
    const bool outer = both.are_there && only_summed(a);
    const int left = packed(outer ? both.left : a), right = outer ? packed(both.right) : -1;
    const int step = new_step(max ? kernel::row_max : outer ? kernel::outer_sum : kernel::row_sum, i);
    ++sums_;
    body_step& s = steps_.items[step];
    s.left = left, s.right = right;
    if (outer) {
      s.size = both.rows, s.inner = both.columns;
      s.times = both.times, s.left_step = both.left_step, s.right_step = both.right_step;
      s.left_first = both.left_first, s.right_first = both.right_first;
      s.left_stride = both.left_stride, s.right_stride = both.right_stride;
    }
    s.mean = mean;
    for (int l = 0; l < loads_.size() && outer && at(right).shape.size() == s.inner; ++l)
      if (loads_.items[l].vertex == right) s.rows_of = l;
    s.root = places_[i].offset == in_root ? of_.items[i].root : -1;
    s.to = s.root >= 0 ? 0 : places_[i].offset;
    read(left, step);
    if (outer) read(right, step);
  }

  /// Single numbers to be summed are gathered, then summed as one tensor, whose place is known by the first of them.
  constexpr void add_numbers(bool mean) {
    buffer<int>& all = numbers_[mean ? 1 : 0];
    const int count = all.size();
    if (count == 0) return;
    const int first = all.items[0], gathers = of_.items[first].step = new_step(kernel::gather, first);
    steps_.items[gathers].first = gathered_.size(), steps_.items[gathers].size = of_.items[first].width = count;
    for (int k = 0; k < count; ++k) gather_from(graph_.operand(at(all.items[k]), 0), gathers);
    const int step = new_step(kernel::row_sum, first);
    body_step& s = steps_.items[step];
    s.size = count, s.left = first, s.right = -1, s.to = places_[first].offset, s.mean = mean;
    ++sums_;
    read(first, step);
    all.resize(0);
  }

  /// A result of each row.
  constexpr void store(int r) {
    const int i = graph_.roots[r], from = packed(i), step = new_step(kernel::store, i);
    steps_.items[step].left = from, steps_.items[step].right = -1, steps_.items[step].root = r, steps_.items[step].to = 0;
    read(from, step);
  }

  constexpr void single(int i) {
    const vertex& v = at(i);
    const bool nest = v.op->nest,
               scan = v.op == &describe<op::scan>;  // which read what is shared where it is; of a recurrence it is the last operand
    int operand[most_operands] = {}, arg[most_operands] = {};
    for (int k = 0; k < v.count; ++k) {
      arg[k] = v.count <= 3 ? v.arg[k] : graph_.operand(v, k);
      operand[k] = (nest || (scan && k == v.count - 1)) && shared(arg[k]) ? -1 : packed(arg[k]);
    }
    const int step = of_.items[i].step = new_step(kernel::single, i);
    body_step& s = steps_.items[step];
    s.left = operand[0], s.right = v.count > 1 ? operand[1] : -1, s.more[0] = v.count > 2 ? operand[2] : -1,
    s.more[1] = v.count > 3 ? operand[3] : -1;
    s.shape = v.shape, s.value = v.value;
    for (int k = 0; k < v.count; ++k) {
      s.operand[k] = at(arg[k]).shape;
      if (operand[k] >= 0) read(operand[k], step);
      else s.is_shared[k] = true, s.shared[k] = shared_place(arg[k]);
    }
    add_member(step, i);
  }

  /// The same vertex, after it was made sure that packs hold all its elements: what is shared or broadcast is copied.
  constexpr int packed(int i) {
    if (!shared(i) && !is_spread(i)) return i;
    if (of_.items[i].spread >= 0) return i;
    const int step = of_.items[i].step = of_.items[i].spread = new_step(kernel::spread, i), from = spread_out(i), whole = holder(from);
    steps_.items[step].left = shared(from) ? -1 : from;
    if (shared(from))
      steps_.items[step].matrix = shared_place(from), steps_.items[step].column = from == i && !is(i, describe<op::row_weight>) ? 1 : 0;
    else if (of_.items[whole].last < step) of_.items[whole].last = step;
    return i;
  }

  bool together_[2];        // are sums, and means, of single numbers added up together?
  buffer<int> numbers_[2];  // those that wait for it
};

}  // namespace detail
}  // namespace typegrad
