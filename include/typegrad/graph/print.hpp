// SPDX-License-Identifier: BSL-1.0
// Printed forms: to_string (one line, minimal parentheses) and to_listing (one named step a line), at compile time.
#pragma once

#include <typegrad/graph/graph.hpp>
#include <typegrad/graph/writer.hpp>
#include <typegrad/op/contract.hpp>
#include <typegrad/op/pow.hpp>
#include <typegrad/op/product.hpp>

#include <iosfwd>
#include <string_view>

namespace typegrad {
namespace detail {

/// Prints vertices; with names, a named vertex is printed by its name.
class printer {
 public:
  constexpr printer(const graph_view& graph, writer& out, const buffer<int>* step = nullptr) : graph_(graph), out_(out), step_(step) {}

  constexpr void name(int i) {
    if (graph_.vertices[i].label != nullptr) return out_.put(graph_.vertices[i].label);
    out_.put('t'), out_.put(std::int64_t{(*step_)[i]});
  }
  constexpr void operand(int i, int binding) {
    while ((step_ == nullptr || (*step_)[i] == 0) && is_spread(graph_.vertices[i])) i = graph_.vertices[i].arg[0];
    if (step_ != nullptr && (*step_)[i] > 0) return name(i);
    definition(i, binding);
  }
  constexpr void definition(int i, int binding) {
    const vertex& v = graph_.vertices[i];
    const int own = strength(v);
    const bool parentheses = own < binding;
    if (parentheses) out_.put('(');
    body(v, own);
    if (parentheses) out_.put(')');
  }

 private:
  /// Is it its operand, spread over more axes or with these in another order?
  constexpr bool is_spread(const vertex& v) const {
    if (v.op != &describe<op::contract> || v.count != 1) return false;
    const contraction& c = graph_.contraction_of(v);
    return c.name == nullptr && !sums_axes(c) && c.is_direct();
  }
  static constexpr bool sums_axes(const contraction& c) {
    for (int l = 0; l < c.count; ++l)
      if (c.is_summed(l)) return true;
    return false;
  }
  constexpr int strength(const vertex& v) const {
    if (v.op == &describe<op::contract> && (v.count == 1 || sums_axes(graph_.contraction_of(v)))) return precedence::atom;
    if (v.op != &describe<op::constant>) return v.op->precedence;
    return v.value.num < 0 ? precedence::negation : v.value.den != 1 ? precedence::product : precedence::atom;
  }
  constexpr void call(const vertex& v, char open, char close) {
    out_.put(open);
    for (int k = 0; k < v.count; ++k) {
      if (k > 0) out_.put(", ");
      operand(graph_.operand(v, k), 0);
    }
    out_.put(close);
  }
  constexpr void body(const vertex& v, int own) {
    if (v.symbol != nullptr) return out_.put(v.symbol->name);
    if (v.op == &describe<op::constant>) return out_.put(v.value);
    switch (v.op->form) {
      case notation::leaf:
        return out_.put(v.op != &describe<op::row_weight> ? v.op->name : v.value.is(1) ? "(1/rows)" : "1");
      case notation::infix:
        return infix(v, own);
      case notation::prefix:
        return out_.put(v.op->name), operand(v.arg[0], own);
      case notation::power: {
        operand(v.arg[0], own + 1);
        out_.put('^');
        const bool atom = v.value.is_integer() && v.value.num >= 0;
        if (!atom) out_.put('(');
        if (v.value.den == 1) out_.put(v.value);
        else out_.put(v.value.num), out_.put('/'), out_.put(v.value.den);
        if (!atom) out_.put(')');
        return;
      }
      case notation::index:
        operand(v.arg[0], precedence::atom);
        out_.put('['), out_.put(v.value.num);
        if (graph_.vertices[v.arg[0]].shape.rank == 2) out_.put(','), out_.put(std::int64_t{v.value.exponent});
        return out_.put(']');
      case notation::contraction:
        return contracted(v);
      case notation::list:
        return call(v, '[', ']');
      case notation::ordered:
        return out_.put(v.op->name), out_.put('<'), out_.put(v.value.num), out_.put('>'), call(v, '(', ')');
      default:
        return out_.put(v.op->name), call(v, '(', ')');
    }
  }
  constexpr void infix(const vertex& v, int own) {
    const bool matmul = v.op == &describe<op::matmul>;
    const bool spaced = own <= precedence::sum;
    const bool strict = v.op == &describe<op::subtract> || v.op == &describe<op::divide>;  // a - (b - c)
    // a leading minus needs no parentheses in a product, one after an operator does
    const int left = own == precedence::power ? own + 1 : own == precedence::product ? static_cast<int>(precedence::negation) : own;
    const int right = own == precedence::sum ? static_cast<int>(precedence::product) : own + (strict ? 1 : 0);
    transposed(v.arg[0], left, matmul && op::matmul::left_transposed(v.value));
    if (spaced) out_.put(' ');
    out_.put(v.op->name);
    if (spaced) out_.put(' ');
    transposed(v.arg[1], right, matmul && op::matmul::right_transposed(v.value));
  }
  /// By the names of axes: dot<c>(a, b), sum<c>(x), a product; what only spreads or turns x is written x.
  constexpr void contracted(const vertex& v) {
    const contraction& c = graph_.contraction_of(v);
    if (v.count == 0) return out_.put(c.name);
    const bool plain = v.op == &describe<op::contract>;
    if (c.name != nullptr) return out_.put(c.name), call(v, '(', ')');
    if (plain && !sums_axes(c) && v.count == 1) return out_.put(c.is_direct() ? "spread" : "scatter"), call(v, '(', ')');
    if (plain && !sums_axes(c)) return operand(v.arg[0], precedence::product), out_.put('*'), operand(v.arg[1], precedence::product);
    out_.put(!plain ? v.op->name : v.count == 2 ? "dot" : "sum");
    bool first = true;
    for (int l = 0; l < c.count; ++l) {
      if (!c.is_summed(l) || c.loops[l].name == nullptr) continue;
      out_.put(first ? "<" : ", "), out_.put(c.loops[l].name);
      first = false;
    }
    if (!first) out_.put('>');
    call(v, '(', ')');
  }
  constexpr void transposed(int i, int binding, bool turned) {
    if (!turned) return operand(i, binding);
    out_.put("transpose(");
    operand(i, 0);
    out_.put(')');
  }

  const graph_view& graph_;
  writer& out_;
  const buffer<int>* step_;
};

/// The number of characters that one line would take is bounded by the tree's size, which may be exponential.
constexpr bool one_line_is_short(const graph_view& graph) {
  buffer<double> size(graph.size);
  for (int i = 0; i < graph.size; ++i) {
    size[i] = 1;
    for (int k = 0; k < graph.vertices[i].count; ++k) size[i] += size[graph.operand(graph.vertices[i], k)];
  }
  for (int r = 0; r < graph.root_count; ++r)
    if (size[graph.roots[r]] > 2000) return false;
  return true;
}

/// One step a line: what has a name or is used twice. Then the roots, with these names if they have any.
template <class... Name>
constexpr void print_listing(const graph_view& graph, writer& out, Name... root_name) {
  buffer<int> uses(graph.size, 0), step(graph.size, 0);
  for (int i = 0; i < graph.size; ++i)
    for (int k = 0; k < graph.vertices[i].count; ++k) ++uses[graph.operand(graph.vertices[i], k)];
  printer print(graph, out, &step);
  int count = 0;
  for (int i = 0; i < graph.size; ++i) {
    const vertex& v = graph.vertices[i];
    bool root = false;
    for (int r = 0; r < graph.root_count; ++r) root = root || graph.roots[r] == i;
    const bool named = v.label != nullptr || uses[i] > 1;
    if (v.count == 0 ? !root || sizeof...(Name) > 0 : !named && (!root || sizeof...(Name) > 0)) continue;
    if (v.label != nullptr || !root || sizeof...(Name) > 0) {
      step[i] = v.label == nullptr ? ++count : 1;
      print.name(i);
      out.put(" = ");
    }
    print.definition(i, 0);
    out.put('\n');
  }
  int r = 0;
  ((root_name(out), out.put(" = "), print.operand(graph.roots[r++], 0), out.put('\n')), ...);
}

constexpr void print_line(const graph_view& graph, writer& out) {
  if (!one_line_is_short(graph)) return print_listing(graph, out);
  printer(graph, out).operand(graph.roots[0], 0);
}

template <class Graph, auto Print>
constexpr void print_view(writer& out) {
  Print(Graph::view, out);
}

/// What Print writes for the graph, as a constant.
template <class Graph, auto Print>
using printed = written_text<&print_view<Graph, Print>>;

/// The formula with its abbreviations.
template <class E>
struct written_recipe {
  static constexpr bool simplify = false;
  static constexpr int expected_size = formula_size<E>;
  static constexpr bool build(arena& target, buffer<int>& roots) {
    importer import(target, true);
    roots.push(import(E::node()));
    return true;
  }
};
template <class E>
using written = graph_of<written_recipe<E>>;

}  // namespace detail

/// The formula as it was written, in one line with minimal parentheses; very large ones as a listing.
template <Expression E>
constexpr std::string_view to_string(E) {
  return detail::printed<detail::written<E>, &detail::print_line>::value.view();
}

/// The formula as named steps, one a line; steps used twice and those named by `let` get a name.
template <Expression E>
constexpr std::string_view to_listing(E) {
  return detail::printed<detail::written<E>, &detail::print_listing<>>::value.view();
}

template <class Traits, Expression E>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, E e) {
  return out << to_string(e);
}

}  // namespace typegrad
