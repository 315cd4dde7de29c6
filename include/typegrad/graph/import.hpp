// SPDX-License-Identifier: BSL-1.0
// From formulas to vertices: the walk that turns linked formulas, and graphs made before, into one arena.
#pragma once

#include <typegrad/op/element.hpp>
#include <typegrad/op/region.hpp>
#include <typegrad/op/scan.hpp>

namespace typegrad {

/// A graph without its size.
struct graph_view {
  const vertex* vertices;
  int size;
  const int* list;
  const int* roots;
  int root_count;
  const contraction* contractions;
  int contraction_count;

  constexpr int operand(const vertex& v, int k) const { return v.count <= 3 ? v.arg[k] : list[v.list + k]; }
  constexpr const contraction& contraction_of(const vertex& v) const { return contractions[v.value.num]; }
};

namespace detail {

/// What is known of a formula before it is brought in: how many vertices it needs before simplification, and which recurrences it has.
struct formula_facts {
  int vertices = 0;
  bool products = false;  // contractions of two tensors
  bool scan = false;      // a recurrence
  bool seldom = false;    // one that keeps only some carries
  bool blind = false;     // a pullback that would have to compute carries again
  bool last = false;      // one without a pullback: it is one itself

  constexpr bool has_scans() const { return scan; }
  constexpr void look_at(link<const scan_info> found) {
    if (found == nullptr) return;
    scan = true, seldom = seldom || found->every > 1;
    last = last || found->back_last == nullptr;
    blind = blind || (!found->keeps && found->every > 1);
  }
};
constexpr formula_facts facts_of(const formula& root) {
  buffer<const formula*> stack;
  index_table seen;
  formula_facts facts;
  stack.push(&root);
  while (stack.size() > 0) {
    const formula& f = *stack.pop();
    if (seen.find(f.hash) >= 0) continue;
    seen.insert(f.hash, 0);
    facts.vertices += f.graph != nullptr ? f.graph->size : 1;
    if (f.loops != nullptr) facts.look_at(f.loops->scan), facts.products = facts.products || f.loops->operands == 2;
    for (int c = 0; f.graph != nullptr && c < f.graph->contraction_count; ++c) facts.look_at(f.graph->contractions[c].scan);
    for (int k = 0; k < f.count; ++k) stack.push(f.arg[k]);
  }
  return facts;
}

template <class E>
inline constexpr formula_facts facts = facts_of(E::node());
template <class E>
inline constexpr int formula_size = facts<E>.vertices;

/// Can a formula be differentiated in forward mode, and in reverse mode?
template <class E>
struct derivative_of {
  static constexpr bool forward_is_there = !facts<E>.blind, reverse_is_there = !facts<E>.last,
                        hessian_is_there = reverse_is_there && !facts<E>.seldom, jacobian_is_there = reverse_is_there || forward_is_there;
};

constexpr bool has_regions(const graph_view& graph) {
  for (int i = 0; i < graph.size; ++i)
    if (graph.vertices[i].op->rows != over::nothing) return true;
  return false;
}

/// The hashes of the symbols of a formula that have an axis of run-time length.
constexpr void collect_row_symbols(const formula& root, buffer<std::uint64_t>& rows) {
  buffer<const formula*> stack;
  index_table seen;
  const auto look = [&](link<const symbol_info> symbol) {
    if (symbol != nullptr && symbol->axes != nullptr && symbol->axes->has_rows()) rows.push(symbol->hash);
  };
  stack.push(&root);
  while (stack.size() > 0) {
    const formula& f = *stack.pop();
    if (seen.find(f.hash) >= 0) continue;
    seen.insert(f.hash, 0);
    look(f.symbol);
    for (int i = 0; f.graph != nullptr && i < f.graph->size; ++i) look(f.graph->vertices[i].symbol);
    for (int k = 0; k < f.count; ++k) stack.push(f.arg[k]);
  }
}

/// The hashes of the symbols over whose rows the regions of a formula run.
constexpr void collect_rows(const formula& root, buffer<std::uint64_t>& rows) {
  buffer<const formula*> stack;
  index_table seen;
  stack.push(&root);
  while (stack.size() > 0) {
    const formula& f = *stack.pop();
    if (!f.regions || seen.find(f.hash) >= 0) continue;
    seen.insert(f.hash, 0);
    if (is_region(f.op)) {
      for (int k = 1; k < f.count; ++k) rows.push(f.arg[k]->hash);
      if (f.count == 1) collect_row_symbols(f, rows);
    }
    for (int k = 0; k < f.count; ++k) stack.push(f.arg[k]);
    for (int i = 0; f.graph != nullptr && i < f.graph->size; ++i) {
      const vertex& v = f.graph->vertices[i];
      for (int k = 1; is_region(v.op) && k < v.count; ++k) rows.push(f.graph->vertices[f.graph->operand(v, k)].symbol->hash);
      if (is_region(v.op) && v.count == 1) collect_row_symbols(f, rows);
    }
  }
}

/// Brings formulas into an arena. A shared subformula is visited once; the walk keeps its own stack.
class importer {
 public:
  /// With `as_written`, abbreviations stay what they are: to be printed, not computed.
  constexpr explicit importer(arena& target, bool as_written = false) : target_(target), as_written_(as_written) {}

  constexpr int operator()(const formula& root) {
    if (root.regions) {
      buffer<std::uint64_t> rows;
      collect_rows(root, rows);
      target_.set_rows(rows.items, rows.size());
    }
    struct frame {
      const formula* at = nullptr;
      int next = 0;
    };
    buffer<frame> stack;
    stack.push({&root, 0});
    int result = -1;
    while (stack.size() > 0) {
      frame& top = stack[stack.size() - 1];
      const formula& f = *top.at;
      if (top.next == 0) {
        result = known(f.hash);
        if (result >= 0) {
          stack.pop();
          continue;
        }
      }
      if (top.next < f.count) {
        stack.push({f.arg[top.next++], 0});
        continue;
      }
      result = make(f);
      vertices_.insert(f.hash, result);
      stack.pop();
    }
    return result;
  }

 private:
  constexpr int known(std::uint64_t hash) const { return vertices_.find(hash); }
  constexpr int make(const formula& f) {
    if (f.graph != nullptr) return import_root(*f.graph, f.graph->roots[f.value.num]);
    if (f.op == &describe<op::same_numbers>) return known(f.arg[0]->hash);
    if (f.op == &describe<op::abbreviation>) {
      if (!as_written_) return known(f.arg[0]->hash);
      buffer<int> shown(f.count - 1);
      for (int k = 1; k < f.count; ++k) shown[k - 1] = known(f.arg[k]->hash);
      return target_.intern(*f.op, shown.data(), f.count - 1, target_.number_of(*f.loops), f.shape, nullptr);
    }
    if (f.op == &describe<op::let>) {
      const int i = known(f.arg[0]->hash);
      target_.label(i, f.symbol->name);
      return i;
    }
    if (f.count == 0) return target_.intern(*f.op, nullptr, 0, f.loops != nullptr ? target_.number_of(*f.loops) : f.value, f.shape, f.symbol);
    buffer<int> arg(f.count);
    for (int k = 0; k < f.count; ++k) arg[k] = known(f.arg[k]->hash);
    return target_.make(*f.op, arg.data(), f.count, f.loops != nullptr ? target_.number_of(*f.loops) : f.value, f.shape);
  }
  /// Copies what root needs of another graph; of one that was met last, what is not there yet.
  constexpr int import_root(const graph_view& from, int root) {
    if (from.vertices == from_) return import_rest(from, root);
    from_ = from.vertices;
    where_.resize(0), where_.resize(from.size, -1);  // -1: not needed, -2: needed
    int* const where = where_.items;
    where[root] = -2;
    for (int i = root; i >= 0; --i)
      if (where[i] == -2)
        for (int k = 0; k < from.vertices[i].count; ++k) where[from.operand(from.vertices[i], k)] = -2;
    for (int i = 0; i <= root; ++i)
      if (where[i] == -2) copy(from, i);
    return where[root];
  }
  constexpr int import_rest(const graph_view& from, int root) {
    buffer<int> stack;
    stack.push(root);
    while (stack.size() > 0) {
      const int i = stack[stack.size() - 1], before = stack.size();
      for (int k = 0; where_.items[i] < 0 && k < from.vertices[i].count; ++k)
        if (const int operand = from.operand(from.vertices[i], k); where_.items[operand] < 0) stack.push(operand);
      if (stack.size() > before) continue;
      stack.pop();
      if (where_.items[i] < 0) copy(from, i);
    }
    return where_.items[root];
  }
  /// Vertex i, whose operands are there. (It is simplified already.)
  constexpr void copy(const graph_view& from, int i) {
    const vertex& v = from.vertices[i];
    if (arg_.size() < v.count) arg_.resize(v.count);
    for (int k = 0; k < v.count; ++k) arg_.items[k] = where_.items[from.operand(v, k)];
    const number value = v.op->payload == payload::contraction ? target_.number_of(from.contraction_of(v)) : v.value;
    where_.items[i] = target_.intern(*v.op, arg_.items, v.count, value, v.shape, v.symbol);
    if (v.label != nullptr) target_.label(where_.items[i], v.label);
  }

  arena& target_;
  bool as_written_;
  index_table vertices_;          // of the formulas that are there
  const vertex* from_ = nullptr;  // the graph that was met last, and where its vertices are
  buffer<int> where_, arg_;
};

}  // namespace detail
}  // namespace typegrad
