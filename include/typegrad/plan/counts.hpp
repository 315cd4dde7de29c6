// SPDX-License-Identifier: BSL-1.0
// How many scalar operations a vertex stands for.
#pragma once

#include <typegrad/graph/graph.hpp>
#include <typegrad/op/activation.hpp>
#include <typegrad/op/contract.hpp>
#include <typegrad/op/iterate.hpp>
#include <typegrad/op/piecewise.hpp>
#include <typegrad/op/pow.hpp>
#include <typegrad/op/product.hpp>
#include <typegrad/op/softmax.hpp>
#include <typegrad/op/solve.hpp>
#include <typegrad/op/trigonometric.hpp>

namespace typegrad {

/// Counts of scalar operations, the figures of docs/compile-time.md; an element of a tensor counts as one.
struct operation_counts {
  long long add = 0;             // + and -, negation, and the additions of sums and products
  long long multiply = 0;        // * and the multiplications of products and integer powers
  long long divide = 0;          // / and roots
  long long transcendental = 0;  // exp, log, tanh, ...
  long long other = 0;           // comparisons, selections
};

namespace detail {

/// So many steps an iteration is counted for.
inline constexpr int steps_of_iteration = 8;

constexpr void count_operations(const vertex& v, const graph_view& graph, operation_counts& counts) {
  const long long n = v.shape.size();
  const operation_link op = v.op;
  const long long inner = v.count == 0 ? 0 : graph.vertices[graph.operand(v, 0)].shape.size();
  if (op == &describe<op::add> || op == &describe<op::subtract> || op == &describe<op::negate>) counts.add += n;
  else if (op == &describe<op::multiply> || op == &describe<op::outer>) counts.multiply += n;
  else if (op == &describe<op::divide> || op == &describe<op::sqrt>) counts.divide += n;
  else if (op == &describe<op::pow_slope>) counts.divide += n, counts.multiply += n;
  else if (op == &describe<op::sum> || op == &describe<op::mean>) counts.add += inner - 1;
  else if (op == &describe<op::dot>) counts.multiply += inner, counts.add += inner - 1;
  else if (op == &describe<op::contract>) {
    const contraction& c = graph.contraction_of(v);
    if (v.count == 2) counts.multiply += c.points();
    if (c.shares == 0 && (c.sums() || !c.is_direct())) counts.add += c.points() - (c.is_direct() ? n : 0);
  } else if (op == &describe<op::solve>)
    counts.multiply += n * (n * n + 3 * n - 1) / 3, counts.add += n * (n - 1) * (2 * n + 5) / 6, counts.divide += n * (n + 1) / 2;
  else if (op->payload == payload::contraction && v.count > 0) {
    const contraction& c = graph.contraction_of(v);
    counts.other += c.iteration != nullptr ? steps_of_iteration * c.iteration->vertices : c.points();
  } else if (op == &describe<op::matmul>) {
    const long long k = inner / v.shape.rows;
    counts.multiply += n * k, counts.add += n * (k - 1);
  } else if (op == &describe<op::power> && v.value.is_integer()) {
    long long multiplications = 0;
    for (std::int64_t k = v.value.num < 0 ? -v.value.num : v.value.num; k > 1; k /= 2) multiplications += 1 + k % 2;
    counts.multiply += n * multiplications, counts.divide += v.value.num < 0 ? n : 0;
  } else if (op == &describe<op::less> || op == &describe<op::less_equal> || op == &describe<op::equal> || op == &describe<op::select>)
    counts.other += n;
  else if (op->transcendental) counts.transcendental += n;
  else if (op == &describe<op::relu> || op == &describe<op::abs> || op == &describe<op::max> || op == &describe<op::min>) counts.other += n;
}

}  // namespace detail
}  // namespace typegrad
