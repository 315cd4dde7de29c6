// SPDX-License-Identifier: BSL-1.0
// How large a plan is, before it is made.
#pragma once

#include <typegrad/plan/whereabouts.hpp>

namespace typegrad::detail {

/// How large a plan is.
constexpr plan_size measure_plan(const graph_view& graph, bool each) {
  plan_size size{0, 0, 0, graph.root_count, each ? graph.size : 0, 0};
  const whereabouts parts(graph);
  const bool has_parts = whereabouts::are_looked_for(graph);
  const buffer<bool> scattered = scattered_roots(graph, each);
  for (int r = 0; scattered.size() > 0 && r < graph.root_count; ++r)
    if (scattered.items[graph.roots[r]]) size.scattered += graph.vertices[graph.roots[r]].count;
  for (int i = 0; i < graph.size; ++i) {
    const vertex& v = graph.vertices[i];
    if (v.op->rows == over::all) size.vertices = graph.size;
    if (v.op->rows != over::nothing || (v.varies && v.symbol == nullptr)) continue;
    if (v.symbol != nullptr) ++size.symbols;
    else if (v.op == &describe<op::stack>) size.steps += scattered.size() > 0 && scattered.items[i] ? 0 : v.count;
    else if (takes_step(v) && (!has_parts || !parts.is_there(i))) ++size.steps;
    if (v.op == &describe<op::constant>) ++size.constants;
  }
  return size;
}

}  // namespace typegrad::detail
