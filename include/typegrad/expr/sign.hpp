// SPDX-License-Identifier: BSL-1.0
// What the form of a formula says of its sign: a divisor like sqrt(mean(x^2) + 1e-5) is never zero, so a slope past it is no risk.
#pragma once

#include <typegrad/expr/arena.hpp>

namespace typegrad::detail {

/// Looks at a formula from its root down, at so many vertices at most; what it does not reach may have any sign.
class sign_reader {
 public:
  explicit constexpr sign_reader(const arena& graph) : graph_(graph) {}

  constexpr bool is_never_negative(int i) {
    const vertex& v = graph_.vertices()[i];
    if (--visits_ < 0) return false;
    if (v.count == 0) return v.is_number() && v.op->payload == payload::number && v.value.num >= 0;
    if (v.op->sign == sign_of::never_negative || v.op->sign == sign_of::positive) return true;
    if (v.op->sign == sign_of::even) return v.value.is_integer() && v.value.num % 2 == 0;
    if (v.op->sign != sign_of::keeps) return false;
    if (v.count == 2 && v.arg[0] == v.arg[1] && v.op->elementwise && v.op->slope_from == slopes::others) return true;  // x * x
    for (int k = 0; k < v.count; ++k)
      if (!is_never_negative(graph_.operand(v, k))) return false;
    return true;
  }
  /// At least some positive constant?
  constexpr bool is_away_from_zero(int i) {
    const vertex& v = graph_.vertices()[i];
    if (--visits_ < 0) return false;
    if (v.count == 0) return v.is_number() && v.op->payload == payload::number && v.value.num > 0;
    if (v.op->sign == sign_of::positive) return true;
    if (v.op->sign != sign_of::keeps) return false;
    if (v.op->payload == payload::contraction && !graph_.contraction_of(v).is_direct()) return false;
    if (v.count == 2 && v.op->slope_from == slopes::general && !graph_.vertices()[v.arg[1]].is_number()) return false;  // a / b
    int away = 0;
    for (int k = 0; k < v.count; ++k) {
      const int a = graph_.operand(v, k);
      if (is_away_from_zero(a)) ++away;
      else if (!is_never_negative(a)) return false;
    }
    return v.op->slope_from == slopes::constant ? away > 0 : away == v.count;
  }

 private:
  const arena& graph_;
  int visits_ = 64;
};

constexpr bool is_away_from_zero(const arena& graph, int i) { return sign_reader(graph).is_away_from_zero(i); }

/// a - b, where b is the largest of what a is (or a shift by it): exp of it is at most 1.
constexpr bool is_below_top(const arena& graph, int i) {
  const vertex* v = &graph.vertices()[i];
  if (v->count != 2 || !v->op->elementwise || v->op->slope_from != slopes::constant || v->op->commutative) return false;
  v = &graph.vertices()[v->arg[1]];
  while (v->count == 1 && v->op->payload == payload::contraction) v = &graph.vertices()[v->arg[0]];
  return v->op->sign == sign_of::top;
}

}  // namespace typegrad::detail
