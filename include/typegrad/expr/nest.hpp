// SPDX-License-Identifier: BSL-1.0
// A contraction as a template argument: a nest of loops whose lengths and steps are constants.
#pragma once

#include <typegrad/expr/contraction.hpp>

namespace typegrad::detail {

/// A contraction as a template argument: without names, loops of the result first, loops that are one made one.
struct nest {
  static constexpr int most = contraction::most_loops;
  int count = 0;
  int outer = 0;  // so many loops step through the result; the others are summed over
  bool direct = true;
  bool once = false;    // no number of the result is made twice
  bool across = false;  // the terms of each number meet side by side, in lanes
  bool shares = false;  // what no loop reaches is made by others
  int results = 1;
  int to0 = 0, a0 = 0, b0 = 0;
  int pick = 0;
  int operands = 1;
  int size[most] = {}, to[most] = {}, a[most] = {}, b[most] = {};

  constexpr void add(const loop& l) {
    const int k = count - 1;
    const bool same_kind = count > outer ? l.to == 0 : l.to != 0 && count == outer;
    if (count > 0 && same_kind && to[k] == l.to * l.size && a[k] == l.from[0] * l.size && b[k] == l.from[1] * l.size) {
      size[k] *= l.size, to[k] = l.to, a[k] = l.from[0], b[k] = l.from[1];
      return;
    }
    size[count] = l.size, to[count] = l.to, a[count] = l.from[0], b[count] = l.from[1];
    ++count;
  }
  constexpr long long points() const {
    long long n = 1;
    for (int l = 0; l < count; ++l) n *= size[l];
    return n;
  }
};

constexpr nest nest_of(const contraction& c) {
  nest n;
  n.direct = c.is_direct();
  n.across = c.across;
  n.shares = c.shares != 0;
  n.operands = c.operands;
  n.results = c.result, n.to0 = c.to, n.a0 = c.from[0], n.b0 = c.from[1], n.pick = c.pick;
  bool taken[contraction::most_loops] = {};
  for (;;) {  // loops of the result, the longest step first
    int next = -1;
    for (int l = 0; l < c.count; ++l)
      if (!taken[l] && c.loops[l].to != 0 && c.loops[l].size > 1 && (next < 0 || c.loops[l].to > c.loops[next].to)) next = l;
    if (next < 0) break;
    taken[next] = true;
    n.add(c.loops[next]);
    n.outer = n.count;
  }
  for (int l = 0; l < c.count; ++l)
    if (!taken[l] && c.loops[l].size > 1) n.add(c.loops[l]);
  n.once = n.count == n.outer;
  for (int l = n.count - 1, reached = 0; l >= 0; reached += (n.size[l] - 1) * n.to[l], --l) n.once = n.once && n.to[l] > reached;
  return n;
}

/// Does a contraction only take numbers that lie side by side from the operand, and put them side by side into the result?
constexpr bool moves_together(const contraction& c) {
  if (c.operands != 1 || c.count > c.most_loops) return false;
  const nest n = nest_of(c);
  return n.count == 1 && n.outer == 1 && n.to[0] == 1 && n.a[0] == 1;
}

/// Is each number of a result the product of one of a vector and one of another, or the sum of several such products?
constexpr bool is_outer_product(const nest& n) {
  if (!n.direct || n.operands != 2 || n.outer != 2 || n.count > 3 || n.to[0] != n.size[1] || n.to[1] != 1) return false;
  return (n.a[0] > 0 && n.a[1] == 0 && n.b[0] == 0 && n.b[1] > 0) || (n.b[0] > 0 && n.b[1] == 0 && n.a[0] == 0 && n.a[1] > 0);
}

}  // namespace typegrad::detail
