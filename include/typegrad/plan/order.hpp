// SPDX-License-Identifier: BSL-1.0
// In which order single numbers are computed: what makes a value superfluous comes at once, so that few are alive at a time.
#pragma once

#include <typegrad/plan/plan.hpp>

namespace typegrad::detail {

/// Graphs of at most so many vertices are computed in their order: one function, within which compilers see to it. So are those from which on clang's
/// allowance of steps would not do for more than a plan.
inline constexpr int most_in_order = 256, most_in_order_at_all = 4096;

/// Goes through a graph in its order, but computes a number as soon as its operands are there, if one of them was computed: so a pair of atoms adds
/// its forces before the next pair is looked at.
class eager_order {
 public:
  constexpr eager_order(const graph_view& graph, int* order)
      : graph_(graph), order_(order), missing_(graph.size, 0), unread_(graph.size, 0), first_(graph.size + 1, 0), done_(graph.size, 0) {
    link_users();
    for (int i = 0; i < graph.size; ++i)
      if (graph.vertices[i].count == 0 && !takes_step(graph.vertices[i])) compute(i);  // symbols and constants
    for (int i = 0; i < graph.size; ++i) {
      if (done_.items[i] == 0) compute(i);
      while (waiting_.size() > 0) {
        const int next = waiting_.pop();
        if (done_.items[next] == 0 && comes_now(next)) compute(next);
      }
    }
  }
  /// So many numbers are alive at once.
  constexpr int peak() const { return peak_; }

 private:
  constexpr int operand(const vertex& v, int k) const { return v.count <= 3 ? v.arg[k] : graph_.operand(v, k); }
  /// The users of vertex i are users_[first_[i]], ..., users_[first_[i + 1] - 1].
  constexpr void link_users() {
    for (int i = 0; i < graph_.size; ++i)
      for (int k = 0; k < graph_.vertices[i].count; ++k) ++missing_.items[i], ++unread_.items[operand(graph_.vertices[i], k)];
    for (int i = 0; i < graph_.size; ++i) first_.items[i + 1] = first_.items[i] + unread_.items[i];
    users_.resize(first_.items[graph_.size] + 1);
    buffer<int> next(graph_.size, 0);
    for (int i = 0; i < graph_.size; ++i)
      for (int k = 0; k < graph_.vertices[i].count; ++k) {
        const int a = operand(graph_.vertices[i], k);
        users_.items[first_.items[a] + next.items[a]++] = i;
      }
    for (int r = 0; r < graph_.root_count; ++r) ++unread_.items[graph_.roots[r]];  // results are kept
  }
  constexpr bool is_number(int i) const { return graph_.vertices[i].shape.rank == 0 && takes_step(graph_.vertices[i]); }
  constexpr bool comes_now(int i) const {
    const vertex& v = graph_.vertices[i];
    if (v.shape.rank != 0 || v.count > 3) return false;
    if (!takes_step(v)) return true;  // costs nothing
    for (int k = 0; k < v.count; ++k)
      if (is_number(v.arg[k])) return true;
    return false;
  }
  constexpr void compute(int i) {
    const vertex& v = graph_.vertices[i];
    done_.items[i] = 1, order_[count_++] = i;
    alive_ += is_number(i) ? 1 : 0;
    peak_ = peak_ < alive_ ? alive_ : peak_;
    for (int k = 0; k < v.count; ++k) {
      const int a = operand(v, k);
      if (--unread_.items[a] == 0 && is_number(a)) --alive_;
    }
    for (int u = first_.items[i + 1] - 1; u >= first_.items[i]; --u)
      if (--missing_.items[users_.items[u]] == 0) waiting_.push(users_.items[u]);
  }

  const graph_view& graph_;
  int* order_;
  int count_ = 0, alive_ = 0, peak_ = 0;
  buffer<int> missing_, unread_, first_, users_, done_, waiting_;
};

/// So many numbers are alive at once if a graph is computed in its own order.
constexpr int peak_in_order(const graph_view& graph) {
  buffer<int> last(graph.size, -1);
  for (int i = 0; i < graph.size; ++i)
    for (int k = 0; k < graph.vertices[i].count; ++k) last.items[graph.operand(graph.vertices[i], k)] = i;
  for (int r = 0; r < graph.root_count; ++r) last.items[graph.roots[r]] = graph.size;
  int now = 0, peak = 0;
  for (int i = 0; i < graph.size; ++i) {
    const vertex& v = graph.vertices[i];
    if (v.shape.rank != 0 || !takes_step(v)) continue;
    peak = peak < ++now ? now : peak;
    for (int k = 0; k < v.count; ++k)
      if (last.items[v.arg[k]] == i && graph.vertices[v.arg[k]].shape.rank == 0 && takes_step(graph.vertices[v.arg[k]]))
        --now, last.items[v.arg[k]] = -1;
  }
  return peak;
}

/// The order in which a graph is computed.
constexpr buffer<int> order_of(const graph_view& graph) {
  buffer<int> order(graph.size);
  const bool long_line = graph.size > most_in_order && graph.size < most_in_order_at_all;
  if (!long_line || eager_order(graph, order.items).peak() >= peak_in_order(graph))
    for (int i = 0; i < graph.size; ++i) order.items[i] = i;
  return order;
}

}  // namespace typegrad::detail
