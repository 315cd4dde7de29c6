// SPDX-License-Identifier: BSL-1.0
// Small products of matrices and vectors: contractions, whose loops are constants of the program and run along lanes.
#pragma once

#include <typegrad/op/contract.hpp>
#include <typegrad/op/product.hpp>
#include <typegrad/plan/rewriter.hpp>

namespace typegrad::detail {

class product_pass : public graph_rewriter {
 public:
  static constexpr bool gains(const graph_view& graph) {
    for (int i = 0; i < graph.size; ++i)
      if (is_small_product(graph, graph.vertices[i])) return true;
    return false;
  }
  constexpr product_pass(const graph_view& from, arena& to) : graph_rewriter(from, to) {
    for (int i = 0; i < from.size; ++i)
      where_.items[i] = is_small_product(from, from.vertices[i]) ? contracted(from.vertices[i]) : copied(from.vertices[i]);
  }

 private:
  static constexpr int most_products = 4096;

  static constexpr contraction loops_of(const graph_view& graph, const vertex& v) {
    const extent a = graph.vertices[v.arg[0]].shape, b = graph.vertices[v.arg[1]].shape;
    contraction made;
    made.operands = 2, made.result = v.shape.size(), made.operand[0] = a.size(), made.operand[1] = b.size();
    if (v.op == &describe<op::outer>) {
      made.add({a.rows, b.rows, {1, 0}}), made.add({b.rows, 1, {0, 1}});
      return made;
    }
    const bool left = op::matmul::left_transposed(v.value), right = op::matmul::right_transposed(v.value);
    made.add({v.shape.rows, v.shape.cols, {left ? 1 : a.cols, 0}});
    if (v.shape.cols > 1) made.add({v.shape.cols, 1, {0, right ? b.cols : 1}});
    made.add({left ? a.rows : a.cols, 0, {left ? a.cols : 1, right ? 1 : b.cols}});
    return made;
  }
  static constexpr bool is_small_product(const graph_view& graph, const vertex& v) {
    if (v.op != &describe<op::matmul> && v.op != &describe<op::outer>) return false;
    return loops_of(graph, v).points() <= most_products;
  }
  constexpr int contracted(const vertex& v) {
    const int arg[] = {where_.items[v.arg[0]], where_.items[v.arg[1]]};
    return to_.intern(describe<op::contract>, arg, 2, to_.number_of(loops_of(from_, v)), v.shape, nullptr);
  }
};

}  // namespace typegrad::detail
