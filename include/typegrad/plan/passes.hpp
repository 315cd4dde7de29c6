// SPDX-License-Identifier: BSL-1.0
// Passes over the rows: how many there are, along which axis each goes, and in which one every value is known.
#pragma once

#include <typegrad/plan/plan.hpp>

namespace typegrad::detail {

class pass_finder {
 public:
  /// `result_axes`: the axis of the rows of each result, or 0; `stored_in`: the pass in which a result is written that all rows share.
  constexpr pass_finder(const graph_view& graph, const int* result_axes, int* stages, int* stored_in, plan_figures& figures)
      : graph_(graph), result_axes_(result_axes), stages_(stages), stored_in_(stored_in), figures_(figures) {}

  /// After how many passes over the rows each value is known; of a value of the rows, in which pass it can be. Each pass goes along one axis.
  constexpr void operator()() {
    for (int i = 0; i < graph_.size; ++i) {
      const vertex& v = graph_.vertices[i];
      int stage = 0;
      for (int k = 0; k < v.count; ++k) {
        const int below = stages_[graph_.operand(v, k)];
        stage = below > stage ? below : stage;
      }
      stages_[i] = is_region(v.op) ? pass_from(stage, static_cast<int>(v.value.num)) + 1 : stage;
      if (is_about_rows(v)) axis_of(v.op == &describe<op::row_count> ? static_cast<int>(v.value.num) : v.value.exponent);
    }
    for (int r = 0; r < graph_.root_count; ++r) {
      int& stage = stages_[graph_.roots[r]];
      if (graph_.vertices[graph_.roots[r]].varies) stage = pass_from(stage, graph_.vertices[graph_.roots[r]].varies);
      else if (result_axes_[r] != 0) stored_in_[r] = pass_from(stage, result_axes_[r]);
    }
    if (figures_.passes == 0) pass_from(0, 1);
    for (int r = 0; r < graph_.root_count; ++r)
      if (result_axes_[r] == 0) stored_in_[r] = figures_.passes - 1;
  }

 private:
  /// The first pass along an axis, not before this one.
  constexpr int pass_from(int pass, int rows) {
    const int axis = axis_of(rows);
    while (pass < figures_.passes && pass < most_passes && figures_.axis_of[pass] != axis) ++pass;
    if (pass >= figures_.passes) figures_.passes = pass + 1;
    if (pass < most_passes) figures_.axis_of[pass] = axis;
    return pass;
  }
  /// Its number among the axes of the plan. Rows without a name go along with any.
  constexpr int axis_of(int rows) {
    int& count = figures_.axis_count;
    int axis = 0;
    while (axis < count && figures_.axes[axis] != rows) ++axis;
    if (axis == count && count < most_passes) figures_.axes[count++] = rows;
    return axis < most_passes ? axis : 0;
  }

  const graph_view& graph_;
  const int* result_axes_;
  int *stages_, *stored_in_;
  plan_figures& figures_;
};

}  // namespace typegrad::detail
