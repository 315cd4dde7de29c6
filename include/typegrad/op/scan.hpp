// SPDX-License-Identifier: BSL-1.0
// scan<t>(start, step, inputs...): a recurrence along an axis, c(t + 1) = step(c(t), x(t)). Its body is compiled once, however long it is.
#pragma once

#include <typegrad/op/recurrence.hpp>

namespace typegrad {

namespace detail {

/// numbers first .. first + n - 1 of a vector
constexpr term part_of(term a, int first, int n) {
  contraction made;
  made.result = n, made.operand[0] = a.shape().size(), made.from[0] = first;
  made.add({n, 1, {1, 0}, 0, nullptr});
  return contract_term(made, {1, n, 1}, a);
}
/// Is a vector 0 from number n on, because it was put together so?
constexpr bool ends_before(term a, int n) {
  const vertex v = a.node();
  if (v.op != &describe<op::contract> || v.count != 1) return false;
  const contraction made = contraction_of(a);
  int last = made.to;
  for (int l = 0; l < made.count; ++l) last += (made.loops[l].size - 1) * made.loops[l].to;
  return last < n;
}
/// The first n numbers of such a vector.
constexpr term first_of(term a, int n) {
  contraction made = contraction_of(a);
  made.result = n;
  return contract_term(made, {1, n, 1}, a[0]);
}

/// A vector of one number as a scalar, if that is what stands for it.
constexpr term shaped_like(term wanted, term a) {
  if (wanted.shape() == a.shape()) return a;
  return make<op::at>(op::stack::position(a.shape(), 0), a);
}

/// The adjoint of what steps share, from the results of a pullback.
constexpr term shared_adjoint(term all, const scan_info& forth, const scan_info& back) {
  if (back.sums == forth.shared) return part_of(all, forth.carry, forth.shared);
  term sum = constant_term(*all.graph, {}, {1, forth.shared, 1});
  for (int k = 0; k < back.part_count; ++k) {
    const shared_sum& part = back.parts[k];
    contraction made = part.product;
    made.result = forth.shared, made.operand[0] = back.results(), made.to += part.to;
    if (!part.is_product) {
      made.from[0] = forth.carry + part.from;
      made.add({part.count, 1, {1, 0}, 0, nullptr});
      sum = sum + contract_term(made, sum.shape(), all);
      continue;
    }
    made.operand[1] = back.results();
    made.from[0] += back.carry + part.left, made.from[1] += back.carry + part.right;
    made.add({forth.steps, 0, {back.output, back.output}, 0, nullptr});
    const term product = contract_term(made, sum.shape(), all, all);
    sum = part.negative ? sum - product : sum + product;
  }
  return sum;
}

// Called in a constant evaluation, this ends it; its name is the message.
inline void this_derivative_of_a_scan_is_not_there() {}

}  // namespace detail

namespace op {

/// Operands: the first carry, the inputs of all steps, what steps share. Results: the last carry, the carries before each step. Of a pullback:
/// the adjoint of all results, these results, the inputs, what steps share; results: the adjoints of the first carry and of what steps share,
/// and those of the inputs.
struct scan {
  static constexpr char name[] = "scan";
  static constexpr growth grows = growth::singular;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_scan = true;
  static constexpr bool is_entangled = true;
  // adjoints go through the steps from the last to the first, by the pullback of one step
  static constexpr term pullback(term y, int k, term g) {
    const scan_info& forth = *detail::contraction_of(y).scan;
    if (forth.back_last == nullptr) detail::this_derivative_of_a_scan_is_not_there();
    if (k == 1 && forth.input == 0) return constant_term(*y.graph, {}, y[1].shape());
    if (k == 2 && forth.shared == 0) return constant_term(*y.graph, {}, y[2].shape());
    const bool last = forth.every > 1 || detail::ends_before(g, forth.carry);
    const scan_info& back = last ? *forth.back_last : *forth.back;
    if (forth.every > 1) g = detail::part_of(g, 0, forth.carry);
    else if (last) g = detail::first_of(g, forth.carry);
    contraction made;
    made.scan = &back, made.pick = back.id, made.result = back.results(), made.operands = 4;
    const int arg[] = {g.index, y.index, y[1].index, y[2].index};
    const term all{y.graph, y.graph->make(describe<scan>, arg, 4, y.graph->number_of(made), {1, back.results(), 1})};
    if (k == 0) return detail::shaped_like(y[0], detail::part_of(all, 0, forth.carry));
    if (k == 2) return detail::shaped_like(y[2], detail::shared_adjoint(all, forth, back));
    contraction inputs;  // outputs of a step, of which the adjoints of its inputs are the first
    inputs.result = forth.steps * forth.input, inputs.operand[0] = back.results(), inputs.from[0] = back.carry;
    inputs.add({forth.steps, forth.input, {back.output, 0}, 0, nullptr}), inputs.add({forth.input, 1, {1, 0}, 0, nullptr});
    return detail::shaped_like(y[1], detail::contract_term(inputs, {1, inputs.result, 1}, all));
  }
  // tangents go along with the carries, those of all operands together: diff/scan_forth.hpp
  static constexpr term pushforward(term y, int, term) {
    if (y.graph != nullptr) detail::this_derivative_of_a_scan_is_not_there();
    return y;
  }
};

}  // namespace op
}  // namespace typegrad
