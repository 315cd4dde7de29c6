// SPDX-License-Identifier: BSL-1.0
// A graph made again with single numbers in place of the tensors that are taken apart.
#pragma once

#include <typegrad/op/element.hpp>
#include <typegrad/op/power.hpp>
#include <typegrad/op/product.hpp>
#include <typegrad/plan/apart_chooser.hpp>
#include <typegrad/plan/rewriter.hpp>

namespace typegrad::detail {

/// Makes a graph again, with numbers in place of what is taken apart.
class apart_pass : public graph_rewriter {
 public:
  static constexpr bool gains(const graph_view& graph) {
    bool tensors = false;
    for (int i = 0; i < graph.size && !tensors; ++i) {
      const vertex& v = graph.vertices[i];
      tensors = (v.count > 0 && v.shape.rank > 0 && v.op != &describe<op::stack>) || v.op == &describe<op::dot> || v.op == &describe<op::sum> ||
                v.op == &describe<op::mean> || v.op == &describe<op::contract>;
    }
    return tensors && graph.size <= most_looked_at && apart_chooser(graph).gains();
  }
  constexpr apart_pass(const graph_view& from, arena& to) : graph_rewriter(from, to), chosen_(from), first_(from.size, -1) {
    for (int i = 0; i < from.size; ++i) {
      const vertex& v = from.vertices[i];
      if (chosen_.is_apart(i)) take_apart(i, v);
      else if (v.op == &describe<op::at>)
        where_.items[i] = number_in(v.arg[0], static_cast<int>(v.value.num) * from.vertices[v.arg[0]].shape.cols + v.value.exponent);
      else where_.items[i] = copied(v);
    }
    for (int r = 0; r < from.root_count; ++r) put_together(from.roots[r]);
  }

 private:
  /// A result that was taken apart.
  constexpr void put_together(int i) {
    const extent shape = from_.vertices[i].shape;
    if (where_.items[i] < 0) where_.items[i] = to_.intern(describe<op::stack>, numbers_.items + first_.items[i], shape.size(), {}, shape, nullptr);
  }
  /// Number n of vertex i.
  constexpr int number_in(int i, int n) {
    const vertex& v = from_.vertices[i];
    if (v.op == &describe<op::constant>) return constant(v.value);
    if (first_.items[i] >= 0) return numbers_.items[first_.items[i] + n];
    if (v.shape.rank == 0) return where_.items[i];
    return to_.intern(describe<op::at>, &where_.items[i], 1, op::stack::position(v.shape, n), {}, nullptr);
  }
  constexpr bool is(int i, int value) const { return to_[i].op == &describe<op::constant> && to_[i].value.is(value); }
  constexpr bool is_negated(int i) const { return to_[i].op == &describe<op::negate>; }
  /// a + b or a - b, of which one is negated.
  constexpr int signs_outward(int a, int b, bool subtract) {
    const bool minus_a = is_negated(a), minus_b = is_negated(b) != subtract;
    const int x = minus_a ? to_[a].arg[0] : a, y = is_negated(b) ? to_[b].arg[0] : b;
    if (minus_a != minus_b) return minus_a ? made<op::subtract>(y, x) : made<op::subtract>(x, y);
    const int sum = made<op::add>(x, y);
    return minus_a ? to_.intern(describe<op::negate>, &sum, 1, {}, {}, nullptr) : sum;
  }
  /// An operation on numbers: what is 0 adds nothing.
  constexpr int number_made(const operation& op, const int* arg, int count, number value) {
    const bool add = op.id == describe<op::add>.id, subtract = op.id == describe<op::subtract>.id, multiply = op.id == describe<op::multiply>.id;
    if (add && is(arg[0], 0)) return arg[1];
    if ((add || subtract) && is(arg[1], 0)) return arg[0];
    if (subtract && is(arg[0], 0)) return to_.intern(describe<op::negate>, arg + 1, 1, {}, {}, nullptr);
    if (multiply && (is(arg[0], 0) || is(arg[1], 0))) return constant({});
    if (multiply && (is(arg[0], 1) || is(arg[1], 1))) return is(arg[0], 1) ? arg[1] : arg[0];
    if (op.id == describe<op::negate>.id && is(arg[0], 0)) return arg[0];
    if ((add || subtract) && (is_negated(arg[0]) || is_negated(arg[1]))) return signs_outward(arg[0], arg[1], subtract);
    return to_.intern(op, arg, count, value, {}, nullptr);
  }
  constexpr int sum(int a, int b) {
    const int arg[] = {a, b};
    return number_made(describe<op::add>, arg, 2, {});
  }
  constexpr int product(int a, int b) {
    if (a == b) return to_.intern(describe<op::power>, &a, 1, {2, 1, 0}, {}, nullptr);
    const int arg[] = {a, b};
    return number_made(describe<op::multiply>, arg, 2, {});
  }
  constexpr int term_of(const vertex& v, int a, int b) {
    return v.count == 2 ? product(number_in(v.arg[0], a), number_in(v.arg[1], b)) : number_in(v.arg[0], a);
  }

  constexpr void take_apart(int i, const vertex& v) {
    const int n = v.shape.size();
    buffer<int> made(n, -1);
    const auto add = [&](int y, int more) { made.items[y] = made.items[y] < 0 ? more : sum(made.items[y], more); };
    if (v.op == &describe<op::contract>) {
      for_all_points(from_.contraction_of(v), [&](int y, int a, int b) { add(y, term_of(v, a, b)); });
    } else if (v.op == &describe<op::sum> || v.op == &describe<op::mean> || v.op == &describe<op::dot>) {
      const int terms = from_.vertices[v.arg[0]].shape.size();
      for (int k = 0; k < terms; ++k) add(0, term_of(v, k, k));
      if (v.op == &describe<op::mean>) {
        const int quotient[] = {made.items[0], constant({terms, 1, 0})};
        made.items[0] = to_.intern(describe<op::divide>, quotient, 2, {}, {}, nullptr);
      }
    } else {
      for (int k = 0; k < n; ++k) made.items[k] = element(v, k);
    }
    if (v.shape.rank == 0) {
      where_.items[i] = made.items[0];
      return;
    }
    first_.items[i] = numbers_.size();
    for (int k = 0; k < n; ++k) numbers_.push(made.items[k] < 0 ? constant({}) : made.items[k]);
  }
  constexpr int element(const vertex& v, int k) {
    if (v.op == &describe<op::stack>) return where_.items[from_.operand(v, k)];
    if (v.op == &describe<op::broadcast>) return where_.items[v.arg[0]];
    if (v.op == &describe<op::constant>) return constant(v.value);
    int arg[3] = {};
    for (int o = 0; o < v.count; ++o) arg[o] = number_in(v.arg[o], k);
    return number_made(*v.op, arg, v.count, v.value);
  }

  apart_chooser chosen_;
  buffer<int> first_;  // where the numbers of a vertex start, of those that are apart
  buffer<int> numbers_;
};

}  // namespace typegrad::detail
