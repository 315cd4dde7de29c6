// SPDX-License-Identifier: BSL-1.0
// What the form of a formula says of its sign: a divisor like sqrt(mean(x^2) + 1e-5) is never zero, so a slope past it is no risk.
#pragma once

#include <typegrad/expr/arena.hpp>

namespace typegrad::detail {

/// So deep the form is looked at.
inline constexpr int sign_depth = 12;

constexpr bool is_never_negative(const arena& graph, int i, int depth = sign_depth) {
  const vertex& v = graph.vertices()[i];
  if (v.count == 0) return v.is_number() && v.op->payload == payload::number && v.value.num >= 0;
  if (v.op->sign == sign_of::never_negative || v.op->sign == sign_of::positive) return true;
  if (v.op->sign == sign_of::even) return v.value.is_integer() && v.value.num % 2 == 0;
  if (v.op->sign != sign_of::keeps || depth == 0) return false;
  if (v.count == 2 && v.arg[0] == v.arg[1] && v.op->elementwise && v.op->commutative) return true;
  for (int k = 0; k < v.count; ++k)
    if (!is_never_negative(graph, graph.operand(v, k), depth - 1)) return false;
  return true;
}

/// At least some positive constant?
constexpr bool is_away_from_zero(const arena& graph, int i, int depth = sign_depth) {
  const vertex& v = graph.vertices()[i];
  if (v.count == 0) return v.is_number() && v.op->payload == payload::number && v.value.num > 0;
  if (v.op->sign == sign_of::positive) return true;
  if (v.op->sign != sign_of::keeps || depth == 0) return false;
  if (v.op->payload == payload::contraction && !graph.contraction_of(v).is_direct()) return false;
  int away = 0;
  for (int k = 0; k < v.count; ++k) {
    const int a = graph.operand(v, k);
    if (is_away_from_zero(graph, a, depth - 1)) ++away;
    else if (!is_never_negative(graph, a, depth - 1)) return false;
  }
  return v.op->slope_from == slopes::constant ? away > 0 : away == v.count;
}

/// a - b, where b is the largest of what a is (or a shift by it): exp of it is at most 1.
constexpr bool is_below_top(const arena& graph, int i) {
  const vertex* v = &graph.vertices()[i];
  if (v->count != 2 || !v->op->elementwise || v->op->slope_from != slopes::constant || v->op->commutative) return false;
  v = &graph.vertices()[v->arg[1]];
  while (v->count == 1 && v->op->payload == payload::contraction) v = &graph.vertices()[v->arg[0]];
  return v->op->sign == sign_of::top;
}

}  // namespace typegrad::detail
