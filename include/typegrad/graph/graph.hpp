// SPDX-License-Identifier: BSL-1.0
// A graph is one constant: the unique vertices of a few root expressions, operands before users.
#pragma once

#include <typegrad/graph/import.hpp>
#include <typegrad/graph/limits.hpp>

namespace typegrad {

/// A graph as a constant: N vertices, L entries in the list of long operand lists, R roots, C contractions.
template <int N, int L, int R, int C>
struct graph {
  vertex vertices[detail::bound(N)];
  int list[detail::bound(L + 1)];
  int roots[detail::bound(R)];
  contraction contractions[detail::bound(C + 1)];

  constexpr graph_view view() const { return {vertices, N, list, roots, R, contractions, C}; }
};

namespace detail {

struct graph_size {
  int vertices;
  int list;
  int roots;
  int contractions;
};

/// A graph with room to spare, and its size. The compiler fills it once and copies what is used: that is cheaper than to
/// build twice, once for the size, and room that is not used costs next to nothing. A size beyond the room: not stored.
template <int Room>
struct draft {
  static constexpr int few = Room / 4;
  graph<Room, Room, Room, few> content;
  graph_size size;
  bool done;

  constexpr bool fits() const { return size.vertices <= Room && size.list <= Room && size.roots <= Room && size.contractions <= few; }
};

/// What `Recipe::build(arena&, buffer<int>& roots)` makes, with what became superfluous on the way. It may return false
/// for "not done": then it is called again, in a new constant evaluation and so with a new allowance of steps, on the same
/// vertices and roots.
template <class Recipe, int Room, class Previous>
constexpr draft<Room> build() {
  draft<Room> result{};
  arena a(Recipe::simplify);
  buffer<int> roots;
  if constexpr (!std::is_void_v<Previous>) {
    constexpr const draft<Room>& last = Previous::value;
    a.resume(last.content.vertices, last.size.vertices, last.content.list, last.size.list, last.content.contractions, last.size.contractions);
    for (int r = 0; r < last.size.roots; ++r) roots.push(last.content.roots[r]);
  }
  result.done = Recipe::build(a, roots);
  result.size = {a.size(), a.list().size(), roots.size(), a.contractions().size()};
  if (!result.fits()) return result;
  const vertex* const made = a.vertices();
  const int *const list = a.list().items, vertices = a.size(), length = a.list().size();
  for (int i = 0; i < vertices; ++i) result.content.vertices[i] = made[i];
  for (int i = 0; i < length; ++i) result.content.list[i] = list[i];
  for (int r = 0; r < roots.size(); ++r) result.content.roots[r] = roots.items[r];
  for (int c = 0; c < result.size.contractions; ++c) result.content.contractions[c] = a.contractions().items[c];
  return result;
}

/// A power of four that has room for what a recipe expects to make, 128 at least.
constexpr int room_for(int expected) {
  int room = 128;
  while (room < expected) room *= 4;
  return room;
}

template <class Recipe, int Room, int Stage>
struct draft_of {
  static constexpr auto value = build<Recipe, Room, draft_of<Recipe, Room, Stage - 1>>();
};
template <class Recipe, int Room>
struct draft_of<Recipe, Room, 0> {
  static constexpr auto value = build<Recipe, Room, void>();
};

/// The first draft that is done and had enough room. (Classes and not `if constexpr`: when an evaluation fails, nothing
/// more is tried.)
template <class Recipe, int Room = room_for(Recipe::expected_size), int Stage = 0, bool Fits = draft_of<Recipe, Room, Stage>::value.fits(),
          bool Done = draft_of<Recipe, Room, Stage>::value.done>
struct drafted : drafted<Recipe, 4 * Room> {};
template <class Recipe, int Room, int Stage>
struct drafted<Recipe, Room, Stage, true, false> : drafted<Recipe, Room, Stage + 1> {};
template <class Recipe, int Room, int Stage>
struct drafted<Recipe, Room, Stage, true, true> {
  using type = draft_of<Recipe, Room, Stage>;
};

/// The first stage, which brings the formulas in.
template <class Recipe>
struct first_stage {
  static constexpr void run() { (void)build<Recipe, 1, void>(); }
};
template <class Recipe>
struct within_limits : std::bool_constant<is_allowed<first_stage<Recipe>, Recipe::expected_size>()> {};
template <class Recipe, bool Allowed = within_limits<Recipe>::value>
struct draft_within_limits : drafted<Recipe> {};
/// Stands in where the compiler ends early, so that it says no more than why.
struct nothing_made {
  static constexpr bool simplify = true;
  static constexpr int expected_size = 1;
  static constexpr bool build(arena& target, buffer<int>& roots) {
    roots.push(constant_term(target, {}).index);
    return true;
  }
};
template <class Recipe>
struct draft_within_limits<Recipe, false> : drafted<nothing_made> {
  static_assert(within_limits<Recipe>::value, TYPEGRAD_TOO_LARGE);
};

/// The new number of each vertex, -1 for one that no root needs, and how many are left.
template <int N>
struct numbering {
  int where[bound(N + 1)];
  graph_size size;
};

template <class Draft>
constexpr auto renumber() {
  constexpr graph_size size = Draft::value.size;
  const auto& from = Draft::value.content;
  numbering<size.vertices> result{};
  for (int r = 0; r < size.roots; ++r) result.where[from.roots[r]] = 1;
  for (int i = size.vertices - 1; i >= 0; --i)
    if (result.where[i] != 0) {
      const vertex& v = from.vertices[i];
      if (v.count > 3)
        for (int k = 0; k < v.count; ++k) result.where[from.list[v.list + k]] = 1;
      else
        for (int k = 0; k < v.count; ++k) result.where[v.arg[k]] = 1;
    }
  result.size = {0, 0, size.roots, size.contractions};
  for (int i = 0; i < size.vertices; ++i) {
    if (result.where[i] != 0 && from.vertices[i].count > 3) result.size.list += from.vertices[i].count;
    result.where[i] = result.where[i] != 0 ? result.size.vertices++ : -1;
  }
  return result;
}

/// The draft without what no root needs.
template <class Draft>
constexpr auto condense() {
  constexpr auto numbers = renumber<Draft>();
  const auto& from = Draft::value.content;
  graph<numbers.size.vertices, numbers.size.list, numbers.size.roots, numbers.size.contractions> result{};
  int list = 0;
  for (int i = 0; i < Draft::value.size.vertices; ++i) {
    if (numbers.where[i] < 0) continue;
    vertex& v = result.vertices[numbers.where[i]] = from.vertices[i];
    if (v.count > 3) {
      for (int k = 0; k < v.count; ++k) result.list[list + k] = numbers.where[from.list[v.list + k]];
      v.list = list;
      list += v.count;
    } else {
      for (int k = 0; k < v.count; ++k) v.arg[k] = numbers.where[v.arg[k]];
    }
  }
  for (int r = 0; r < numbers.size.roots; ++r) result.roots[r] = numbers.where[from.roots[r]];
  for (int c = 0; c < numbers.size.contractions; ++c) result.contractions[c] = from.contractions[c];
  return result;
}

/// The graph that a recipe makes, computed once.
template <class Recipe>
struct graph_of {
  using source = typename draft_within_limits<Recipe>::type;
  static constexpr auto value = condense<source>();
  static constexpr graph_view view = value.view();
  static constexpr graph_size size{view.size, static_cast<int>(sizeof(value.list) / sizeof(int)) - 1, view.root_count, view.contraction_count};
};

/// The symbols that have a value for each row of a batch.
template <class... S>
struct row_set {
  static constexpr int count = sizeof...(S);
  static constexpr std::uint64_t hashes[bound(count + 1)] = {S::hash..., 0};
  static constexpr std::uint64_t hash = [] {
    std::uint64_t h = hash_text("rows");
    ((h = mix(h, S::hash)), ...);
    return h;
  }();
};
using no_rows = row_set<>;

/// The graph of expressions as they were written, or simplified.
template <bool Simplify, class... E>
struct expressions {
  static constexpr bool simplify = Simplify;
  static constexpr int expected_size = (0 + ... + formula_size<E>);
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target);
    const int all[] = {import(E::node())...};
    for (const int root : all) roots.push(root);
    return true;
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
constexpr const graph_view& graph_view_of(E) {
  return detail::graph_of<detail::expressions<true, E>>::view;
}

/// The number of unique vertices of the simplified expression, symbols and constants included.
template <Expression E>
constexpr int node_count(E e) {
  return graph_view_of(e).size;
}

/// Are two expressions the same formula? Decided by the compiler after simplification: `derivative(sin(x), x) == cos(x)`.
template <Expression A, Expression B>
constexpr bool operator==(A, B) {
  constexpr bool same = detail::same_formula<A, B>();
  return same;
}

}  // namespace typegrad
