// SPDX-License-Identifier: BSL-1.0
// Which tensors are computed number by number: those too short to fill lanes, and sums of which most terms are 0.
#pragma once

#include <typegrad/graph/graph.hpp>
#include <typegrad/op/contract.hpp>
#include <typegrad/op/stack.hpp>

namespace typegrad::detail {

/// Graphs of at most so many vertices are looked at, since compilers allow a constant evaluation only so many steps.
inline constexpr int most_looked_at = 1024, most_told = 8192, most_numbers = 4096;
/// Sums of at most so many numbers are taken apart, or larger ones of which so few are not 0.
inline constexpr int most_apart = 32, most_alive = 64, most_sparse = 256;
/// So many products make a number at most that is written out.
inline constexpr int few_terms = 16;

/// Decides what is computed number by number. A tensor that an operation reads as a whole stays one.
class apart_chooser {
 public:
  constexpr explicit apart_chooser(const graph_view& graph) : graph_(graph), all_(graph.size) {
    for (int i = 0; i < graph.size; ++i) look_at(i, graph.vertices[i]);
    for (int i = graph.size - 1; i >= 0; --i) decide(i, graph.vertices[i]);
  }
  constexpr bool is_apart(int i) const { return all_.items[i].apart; }
  /// Is anything gained?
  constexpr bool gains() const {
    bool any = false;
    int numbers = 0;
    for (int i = 0; i < graph_.size; ++i) {
      if (!all_.items[i].apart) continue;
      numbers += graph_.vertices[i].shape.size();
      any = any || (graph_.vertices[i].op != &describe<op::stack> && graph_.vertices[i].count > 0);
    }
    return any && numbers <= most_numbers;
  }

 private:
  struct facts {
    bool apart = false;
    bool whole = false;   // somebody reads all of it at once
    bool wanted = false;  // by a sum that is apart
    int first = -1;       // where it is told which of its numbers are not 0; -1: all of them
    int numbers = 0;      // operations that make it number by number,
    int lanes = 0;        // and as a whole
  };

  constexpr bool is_alive(int i, int n) const {
    const vertex& v = graph_.vertices[i];
    if (v.op == &describe<op::constant>) return v.value.num != 0;
    return all_.items[i].first < 0 || alive_.items[all_.items[i].first + n];
  }
  /// An operand of a sum: with the operations that led to it.
  constexpr void count_operand(facts& sum, int k) const {
    if (all_.items[k].first < 0) return;
    sum.numbers += all_.items[k].numbers, sum.lanes += all_.items[k].lanes;
  }
  static constexpr bool is_sum(const vertex& v) {
    return v.op == &describe<op::add> || v.op == &describe<op::subtract> || v.op == &describe<op::negate> || v.op == &describe<op::multiply> ||
           v.op == &describe<op::stack> || (v.op == &describe<op::contract> && v.count == 1);
  }
  constexpr bool is_zero(int i) const { return graph_.vertices[i].op == &describe<op::constant> && graph_.vertices[i].value.num == 0; }

  /// Is no number of a sum 0, as far as can be told without looking at each?
  constexpr bool is_full(const vertex& v) const {
    for (int k = 0; k < v.count; ++k) {
      const int a = graph_.operand(v, k);
      if (all_.items[a].first >= 0 || is_zero(a)) return false;
    }
    return v.op != &describe<op::contract> || graph_.contraction_of(v).is_direct();
  }
  /// Which numbers of a sum are not 0, and what they cost.
  constexpr void look_at(int i, const vertex& v) {
    const int n = v.shape.size();
    if (v.shape.rank == 0 || n <= few_elements || n > most_sparse || !is_sum(v)) return;
    if (is_full(v)) return;
    const bool loops = v.op == &describe<op::contract>;
    if (loops && graph_.contraction_of(v).points() > 4 * most_sparse) return;
    told_ += loops ? static_cast<int>(graph_.contraction_of(v).points()) : n;
    if (told_ > most_told) return;
    const int first = alive_.size();
    facts sum;
    bool sparse = false, gap = false;
    alive_.resize(first + n, false);
    if (loops) {
      for_all_points(graph_.contraction_of(v), [&](int y, int a, int) {
        ++sum.lanes;
        if (!is_alive(v.arg[0], a)) return;
        if (alive_.items[first + y]) ++sum.numbers;
        alive_.items[first + y] = true;
      });
      if (n > most_apart && moves_together(graph_.contraction_of(v))) sum.lanes = n - sum.lanes;  // zeros, and nothing else is written
      else if (sum.lanes < n) sum.lanes = n;
      count_operand(sum, v.arg[0]);
    } else if (v.op == &describe<op::stack>) {
      for (int k = 0; k < n; ++k) alive_.items[first + k] = !is_zero(graph_.operand(v, k));
      sum.lanes = n;
    } else {
      const bool product = v.op == &describe<op::multiply>, both_needed = product || v.op == &describe<op::negate>;
      for (int k = 0; k < n; ++k) {
        const bool a = is_alive(v.arg[0], k), b = v.count == 1 ? a : is_alive(v.arg[1], k);
        alive_.items[first + k] = both_needed ? a && b : a || b;
        if (a && b) ++sum.numbers;
        gap = gap || !alive_.items[first + k];
      }
      if (n > most_apart && !both_needed && !gap && sum.numbers == 0) return;  // tensors side by side (plan/beside.hpp)
      sum.lanes = n;
      for (int k = 0; k < v.count; ++k) count_operand(sum, v.arg[k]), sparse = sparse || all_.items[v.arg[k]].first >= 0;
    }
    for (int k = 0; k < n; ++k) sparse = sparse || !alive_.items[first + k];
    if (sparse) sum.first = first, all_.items[i] = sum;
  }
  constexpr bool is_worth_it(int i, const vertex& v) const {
    const facts& sum = all_.items[i];
    if (sum.first < 0 || 2 * sum.numbers > sum.lanes) return sum.wanted && sum.first >= 0;
    int living = 0;
    for (int k = 0; k < v.shape.size(); ++k) living += alive_.items[sum.first + k] ? 1 : 0;
    return v.shape.size() <= most_apart || (sum.numbers <= most_alive && living <= most_alive);
  }
  /// So short that it fills no lanes, and made of such.
  constexpr bool is_short(const vertex& v) const {
    if (v.op == &describe<op::contract>) {
      const contraction& c = graph_.contraction_of(v);
      return v.shape.size() <= few_elements && c.points() <= (v.shape.rank == 0 ? few_elements : few_terms);
    }
    if (v.shape.rank == 0)
      return (v.op == &describe<op::sum> || v.op == &describe<op::mean> || v.op == &describe<op::dot>) &&
             graph_.vertices[v.arg[0]].shape.size() <= few_elements;
    return v.shape.size() <= few_elements && ((v.op->elementwise && v.count <= 3) || v.op == &describe<op::stack> ||
                                              v.op == &describe<op::broadcast> || v.op == &describe<op::constant>);
  }
  constexpr void decide(int i, const vertex& v) {
    facts& it = all_.items[i];
    it.apart = !it.whole && (is_short(v) || is_worth_it(i, v));
    for (int k = 0; k < v.count; ++k) {
      const int a = graph_.operand(v, k);
      if (it.apart) all_.items[a].wanted = true;
      else if (v.op != &describe<op::at> && graph_.vertices[a].shape.rank > 0) all_.items[a].whole = true;
    }
  }

  const graph_view& graph_;
  buffer<facts> all_;
  buffer<bool> alive_;
  int told_ = 0;
};

}  // namespace typegrad::detail
