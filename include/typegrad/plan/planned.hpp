// SPDX-License-Identifier: BSL-1.0
// The graph of which a plan is made: each tensor in its layout, and what is read in another order than it lies in turned.
#pragma once

#include <typegrad/plan/apart.hpp>
#include <typegrad/plan/beside.hpp>
#include <typegrad/plan/layout.hpp>
#include <typegrad/plan/long_sums.hpp>
#include <typegrad/plan/powers.hpp>
#include <typegrad/plan/products.hpp>

namespace typegrad::detail {

/// The graph of a recipe, with numbers in place of short tensors.
template <class Recipe>
struct taken_apart : rewritten<apart_pass, graph_of<Recipe>> {};
/// The graph of a recipe in words that are cheaper to compute.
template <class Recipe>
struct cheaper : rewritten<sum_pass, rewritten<product_pass, multiplied<taken_apart<Recipe>>>> {};

/// What was chosen for each vertex: its layout, and the loop of its nest that goes along the lanes.
template <int N>
struct chosen_layouts {
  layout_digit of[bound(N)];
  int lanes[bound(N)];
};
template <int N>
constexpr chosen_layouts<N> choose_layouts(const graph_view& graph, bool across) {
  chosen_layouts<N> result{};
  layout_chooser chosen(graph, across);
  for (int i = 0; i < N; ++i) {
    result.of[i] = chosen.layout(i);
    result.lanes[i] = layout_chooser::is_nest(graph.vertices[i]) ? chosen.best_way(i).lanes : -1;
  }
  return result;
}
/// A constant of its own, because compilers allow a constant evaluation only so many steps.
template <class Graph, bool Across>
struct layouts_of {
  static constexpr auto value = choose_layouts<Graph::size.vertices>(Graph::view, Across);
};

/// Makes a graph again, with each tensor in its layout.
class layout_writer {
 public:
  constexpr layout_writer(const graph_view& from, const layout_digit* layouts, const int* lanes, arena& to)
      : from_(from), layouts_(layouts), lanes_(lanes), to_(to), where_(from.size, -1) {
    for (int i = 0; i < from.size; ++i) where_.items[i] = made(i);
  }
  /// Vertex i in its natural order.
  constexpr int natural(int i) { return in_layout(i, {}); }

 private:
  constexpr int in_layout(int i, layout_digit wanted) {
    const layout_digit is = layout(i);
    if (is == wanted || !layout_chooser::is_laid(from_.vertices[i])) return where_.items[i];
    return copied(where_.items[i], from_.vertices[i].shape, is, wanted);
  }
  constexpr int copied(int made, extent shape, layout_digit is, layout_digit wanted) {
    contraction at_once;
    if (!turned(shape.size(), is, wanted, at_once)) made = copied(made, shape, is, {}), turned(shape.size(), {}, wanted, at_once);
    return nest(describe<op::contract>, at_once, shape, &made, 1);
  }
  /// Of a tensor that is spread along the outer axes, the tensor itself: an elementwise operation reads a shorter operand again and again.
  constexpr int repeated(int made) const {
    const vertex& v = to_.vertices()[made];
    if (v.op != &describe<op::contract> || v.count != 1) return made;
    const contraction& c = to_.contraction_of(v);
    if (c.sums() || !c.is_direct() || c.operand[0] >= c.result || c.operand[0] == 1) return made;
    const typegrad::detail::nest loops = nest_of(c);
    const bool repeats = loops.count == 2 && loops.a[0] == 0 && loops.a[1] == 1 && loops.to[1] == 1 && loops.size[1] == c.operand[0] && loops.a0 == 0;
    return repeats ? v.arg[0] : made;
  }
  constexpr int nest(const operation& op, const contraction& c, extent shape, const int* arg, int count) {
    return to_.intern(op, arg, count, to_.number_of(c), shape, nullptr);
  }
  constexpr int made(int i) {
    const vertex& v = from_.vertices[i];
    if (layout_chooser::is_nest(v)) return nest_made(i, v);
    buffer<int> arg(v.count);
    for (int k = 0; k < v.count; ++k)
      arg.items[k] = v.op->elementwise ? repeated(in_layout(from_.operand(v, k), layout(i))) : natural(from_.operand(v, k));
    const number value = v.op->payload == payload::contraction ? to_.number_of(from_.contraction_of(v)) : v.value;
    return to_.intern(*v.op, arg.items, v.count, value, v.shape, v.symbol);
  }
  /// A nest: tensors that do not lie along its lanes are turned.
  constexpr int nest_made(int i, const vertex& v) {
    const contraction& c = from_.contraction_of(v);
    const int lanes = lanes_[i];
    int arg[2] = {};
    contraction now = c;
    layout_digit result = layout(i);
    for (int k = -1; k < v.count; ++k) {
      const int tensor = k < 0 ? i : v.arg[k], step = lanes < 0 ? 0 : step_of(c.loops[lanes], k);
      layout_digit digit = layout(tensor);
      if (step != 0 && layout(tensor).step(step) != 1) {
        const layout_digit along = step == 1 ? layout_digit{} : layout_digit{step, c.loops[lanes].size};
        contraction tried;
        if (layout_chooser::laid_out(v, c, k, along, tried)) digit = along;
      }
      contraction next;
      layout_chooser::laid_out(v, now, k, digit, next);
      now = next;
      if (k < 0) result = digit;
      else arg[k] = in_layout(tensor, digit);
    }
    now.across = lanes >= 0 && c.is_summed(lanes);
    if (v.op == &describe<op::contract> && v.count == 1 && now.is_identity() && result == layout(i)) return arg[0];
    const int own = nest(*v.op, now, v.shape, arg, v.count);
    return result == layout(i) ? own : copied(own, v.shape, result, layout(i));
  }

  constexpr layout_digit layout(int i) const { return layouts_[i]; }

  const graph_view& from_;
  const layout_digit* layouts_;
  const int* lanes_;
  arena& to_;
  buffer<int> where_;
};

/// The graph of a recipe with layouts.
template <class Recipe>
struct laid_out_recipe {
  static constexpr bool simplify = false;
  static constexpr int expected_size = 2 * cheaper<Recipe>::size.vertices + 16 * cheaper<Recipe>::size.contractions;
  static constexpr bool build(arena& target, buffer<int>& roots) {
    const graph_view& from = cheaper<Recipe>::view;
    constexpr bool in_steps = requires { Recipe::is_steady(0); };  // a matrix of a recurrence is turned once for all of them
    using laid = layouts_of<cheaper<Recipe>, !in_steps>;
    layout_writer writer(from, laid::value.of, laid::value.lanes, target);
    for (int r = 0; r < from.root_count; ++r) roots.push(writer.natural(from.roots[r]));
    return true;
  }
};

/// Larger graphs lie as they are: layouts are chosen in one constant evaluation, and compilers allow it only so many steps.
inline constexpr int most_laid_out = 1024;

/// Is there anything to lay out: products of tensors, and no rows that are lanes already?
template <class Recipe>
constexpr bool has_layouts() {
  if constexpr (requires { Recipe::in_rows; })
    if (Recipe::in_rows) return false;
  const graph_view& graph = cheaper<Recipe>::view;
  bool found = false;
  if (graph.size > most_laid_out) return false;
  for (int i = 0; i < graph.size; ++i) {
    if (graph.vertices[i].op->rows != over::nothing || graph.vertices[i].varies) return false;
    found = found || (graph.vertices[i].op == &describe<op::contract> && graph.vertices[i].count == 2 &&
                      graph.contraction_of(graph.vertices[i]).points() >= 64);
  }
  return found;
}
template <class Recipe, bool Layouts = has_layouts<Recipe>()>
struct laid_out : cheaper<Recipe> {};
template <class Recipe>
struct laid_out<Recipe, true> : graph_of<laid_out_recipe<Recipe>> {};
/// The graph of which a plan is made.
template <class Recipe>
struct planned : rewritten<beside_pass, laid_out<Recipe>> {};

}  // namespace typegrad::detail
