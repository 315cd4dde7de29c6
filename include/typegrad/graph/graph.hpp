// SPDX-License-Identifier: BSL-1.0
// A graph is one constant: the unique vertices of a few root expressions, operands before users.
#pragma once

#include <typegrad/op/element.hpp>

namespace typegrad {

/// A graph without its size.
struct graph_view {
  const vertex* vertices;
  int size;
  const int* list;
  const int* roots;
  int root_count;

  constexpr int operand(const vertex& v, int k) const { return v.count <= 3 ? v.arg[k] : list[v.list + k]; }
};

/// A graph as a constant: N vertices, L entries in the list of long operand lists, R roots.
template <int N, int L, int R>
struct graph {
  vertex vertices[N];
  int list[L + 1];
  int roots[R];

  constexpr graph_view view() const { return {vertices, N, list, roots, R}; }
};

namespace detail {

/// Brings formulas into an arena. A shared subformula is visited once; the walk keeps its own stack.
class importer {
 public:
  constexpr explicit importer(arena& target) : target_(target) {}

  constexpr int operator()(const formula& root) {
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
      hashes_.push({f.hash, result});
      table_.insert(f.hash, hashes_.size() - 1);
      stack.pop();
    }
    return result;
  }

 private:
  struct entry {
    std::uint64_t hash = 0;
    int vertex = -1;
  };
  constexpr int known(std::uint64_t hash) const {
    const int i = table_.find(hash, [](int) { return true; });
    return i < 0 ? -1 : hashes_[i].vertex;
  }
  constexpr int make(const formula& f) {
    if (f.graph != nullptr) return import_root(*f.graph, f.graph->roots[f.value.num]);
    if (f.op == &describe<op::let>) {
      const int i = known(f.arg[0]->hash);
      target_.label(i, f.symbol->name);
      return i;
    }
    if (f.count == 0) return target_.intern(*f.op, nullptr, 0, f.value, f.shape, f.symbol);
    buffer<int> arg(f.count);
    for (int k = 0; k < f.count; ++k) arg[k] = known(f.arg[k]->hash);
    return target_.make(*f.op, arg.data(), f.count, f.value, f.shape);
  }
  /// Copies what root needs of another graph.
  constexpr int import_root(const graph_view& from, int root) {
    buffer<int> where(root + 1, -1);  // -1: not needed, -2: needed
    where[root] = -2;
    for (int i = root; i >= 0; --i)
      if (where[i] == -2)
        for (int k = 0; k < from.vertices[i].count; ++k) where[from.operand(from.vertices[i], k)] = -2;
    buffer<int> arg;
    for (int i = 0; i <= root; ++i) {
      if (where[i] == -1) continue;
      const vertex& v = from.vertices[i];
      arg.resize(v.count);
      for (int k = 0; k < v.count; ++k) arg[k] = where[from.operand(v, k)];
      where[i] = v.count == 0 ? target_.intern(*v.op, nullptr, 0, v.value, v.shape, v.symbol)
                              : target_.make(*v.op, arg.data(), v.count, v.value, v.shape);
      if (v.label != nullptr) target_.label(where[i], v.label);
    }
    return where[root];
  }

  arena& target_;
  buffer<entry> hashes_;
  index_table table_;
};

/// Renumbers what the roots need, in order: -1 for a vertex that nobody needs.
struct survivors {
  buffer<int> where;
  int count = 0;
  int list = 0;

  constexpr survivors(const arena& from, const buffer<int>& roots) : where(from.size(), -1) {
    for (int r = 0; r < roots.size(); ++r) where[roots[r]] = -2;
    for (int i = from.size() - 1; i >= 0; --i)
      if (where[i] == -2)
        for (int k = 0; k < from[i].count; ++k) where[from.operand(from[i], k)] = -2;
    for (int i = 0; i < from.size(); ++i)
      if (where[i] == -2) {
        where[i] = count++;
        list += from[i].count > 3 ? from[i].count : 0;
      }
  }
};

struct graph_size {
  int vertices;
  int list;
  int roots;
};

/// `Recipe::build(arena&, buffer<int>& roots)` says what is to be in the graph.
template <class Recipe>
constexpr graph_size measure() {
  arena a(Recipe::simplify);
  buffer<int> roots;
  Recipe::build(a, roots);
  const survivors kept(a, roots);
  return {kept.count, kept.list, roots.size()};
}

template <class Recipe, graph_size Size>
constexpr auto freeze() {
  arena a(Recipe::simplify);
  buffer<int> roots;
  Recipe::build(a, roots);
  const survivors kept(a, roots);
  graph<Size.vertices, Size.list, Size.roots> result{};
  int list = 0;
  for (int i = 0; i < a.size(); ++i) {
    if (kept.where[i] < 0) continue;
    vertex& v = result.vertices[kept.where[i]];
    v = a[i];
    if (v.count > 3) {
      for (int k = 0; k < v.count; ++k) result.list[list + k] = kept.where[a.operand(a[i], k)];
      v.list = list;
      list += v.count;
    } else {
      for (int k = 0; k < v.count; ++k) v.arg[k] = kept.where[v.arg[k]];
    }
  }
  for (int r = 0; r < roots.size(); ++r) result.roots[r] = kept.where[roots[r]];
  return result;
}

/// The graph that a recipe makes, computed once.
template <class Recipe>
struct graph_of {
  static constexpr graph_size size = measure<Recipe>();
  static constexpr auto value = freeze<Recipe, size>();
  static constexpr graph_view view = value.view();
};

/// The graph of expressions as they were written, or simplified.
template <bool Simplify, class... E>
struct expressions {
  static constexpr bool simplify = Simplify;
  static constexpr void build(arena& target, buffer<int>& roots) {
    importer import(target);
    const int all[] = {import(E::node())...};
    for (const int root : all) roots.push(root);
  }
};

template <class A, class B>
constexpr bool same_formula() {
  if (A::hash == B::hash) return true;
  arena target;
  importer import(target);
  return import(A::node()) == import(B::node());
}

}  // namespace detail

/// The simplified graph of an expression.
template <Expression E>
constexpr const graph_view& graph_view_of(E) { return detail::graph_of<detail::expressions<true, E>>::view; }

/// The number of unique vertices of the simplified expression, symbols and constants included.
template <Expression E>
constexpr int node_count(E e) { return graph_view_of(e).size; }

/// Are two expressions the same formula? Decided by the compiler after simplification: `derivative(sin(x), x) == cos(x)`.
template <Expression A, Expression B>
constexpr bool operator==(A, B) {
  constexpr bool same = detail::same_formula<A, B>();
  return same;
}

}  // namespace typegrad
