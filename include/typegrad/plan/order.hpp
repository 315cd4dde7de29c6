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

/// An order in which equal functions of single numbers that do not depend on each other come together, so that lanes can compute them. They may be
/// one step of the longest chain apart, as d and d - width are in the price of an option.
class joined_order {
 public:
  constexpr joined_order(const graph_view& graph, int* order)
      : graph_(graph), order_(order), group_(graph.size, -1), level_(graph.size, 0), done_(graph.size, 0), needs_(graph.size, 0) {
    for (int i = 0; i < graph.size; ++i) look_at(i);
    bool joins = false;
    for (int g = 0; g < groups_.size(); ++g) joins = joins || groups_.items[g].count > 1;
    for (int i = 0; i < graph.size; ++i) order_[i] = i;
    if (joins) emit_all();
  }

 private:
  using set = std::uint64_t;  // of groups
  struct group {
    std::uint64_t op = 0;
    int level = 0;
    int count = 0;
    set needs = 0;  // groups that members depend on
  };
  static constexpr set one(int g) { return set{1} << g; }
  constexpr int operand(const vertex& v, int k) const { return v.count <= 3 ? v.arg[k] : graph_.operand(v, k); }
  static constexpr bool may_join(const vertex& v) {
    return v.op->transcendental && v.op->elementwise && v.count == 1 && v.shape.rank == 0 && !v.varies && v.value == number{};
  }

  constexpr void look_at(int i) {
    const vertex& v = graph_.vertices[i];
    set needs = 0;
    for (int k = 0; k < v.count; ++k) {
      const int a = operand(v, k), g = group_.items[a];
      needs |= needs_.items[a] | (g < 0 ? 0 : one(g) | groups_.items[g].needs);
      if (level_.items[a] > level_.items[i]) level_.items[i] = level_.items[a];
    }
    needs_.items[i] = needs;
    level_.items[i] += takes_step(v) ? 1 : 0;
    if (!may_join(v)) return;
    for (int g = 0; g < groups_.size() && group_.items[i] < 0; ++g)
      if (fits(groups_.items[g], i, g)) add(i, g);
    if (group_.items[i] >= 0 || groups_.size() == 64) return;
    group_.items[i] = groups_.size();
    groups_.push({v.op->id, level_.items[i], 1, needs});
  }
  constexpr bool fits(const group& it, int i, int g) const {
    const int apart = level_.items[i] - it.level;
    return it.op == graph_.vertices[i].op->id && apart <= 1 && apart >= -1 && it.count < most_joined && (needs_.items[i] & one(g)) == 0;
  }
  constexpr void add(int i, int g) {
    group_.items[i] = g;
    ++groups_.items[g].count;
    const set needs = groups_.items[g].needs |= needs_.items[i];
    for (int other = 0; other < groups_.size(); ++other)
      if ((groups_.items[other].needs & one(g)) != 0) groups_.items[other].needs |= needs;
    for (int j = 0; j < i; ++j)
      if ((needs_.items[j] & one(g)) != 0) needs_.items[j] |= needs;
  }

  constexpr bool has_operands(int i) const {
    const vertex& v = graph_.vertices[i];
    for (int k = 0; k < v.count; ++k)
      if (done_.items[operand(v, k)] == 0) return false;
    return true;
  }
  constexpr bool is_ready(int i) const {
    const int g = group_.items[i];
    if (g < 0 || groups_.items[g].count == 1) return has_operands(i);
    for (int j = 0; j < graph_.size; ++j)
      if (group_.items[j] == g && !has_operands(j)) return false;
    return true;
  }
  constexpr void emit(int i) { done_.items[i] = 1, order_[count_++] = i; }
  constexpr void emit_all() {
    int first = 0;
    for (int i = 0; i < graph_.size; ++i) {
      while (first < graph_.size && done_.items[first] != 0) ++first;
      if (done_.items[i] != 0 || !is_ready(i)) continue;
      const int g = group_.items[i];
      if (g < 0 || groups_.items[g].count == 1) {
        emit(i);
        continue;
      }
      for (int j = 0; j < graph_.size; ++j)
        if (group_.items[j] == g) emit(j);
      if (first < i) i = first - 1;  // what waited for them
    }
  }

  const graph_view& graph_;
  int* order_;
  buffer<int> group_, level_, done_;
  buffer<set> needs_;  // groups that each vertex depends on
  buffer<group> groups_;
  int count_ = 0;
};

/// The order in which a graph is computed.
constexpr buffer<int> order_of(const graph_view& graph) {
  buffer<int> order(graph.size);
  if (graph.size <= most_in_order) {
    joined_order(graph, order.items);
    return order;
  }
  const bool long_line = graph.size > most_in_order && graph.size < most_in_order_at_all;
  if (!long_line || eager_order(graph, order.items).peak() >= peak_in_order(graph))
    for (int i = 0; i < graph.size; ++i) order.items[i] = i;
  return order;
}

}  // namespace typegrad::detail
