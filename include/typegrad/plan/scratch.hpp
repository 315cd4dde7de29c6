// SPDX-License-Identifier: BSL-1.0
// What recurrences compute in besides their results: it stands in the workspace, right behind these.
#pragma once

#include <typegrad/plan/reads.hpp>

#include <utility>

namespace typegrad::detail {

/// How many numbers a step of recurrence R computes in: eval/scan.hpp.
template <class R, bool InRows>
struct step_memory;  // <recurrence, in the lanes of rows>

/// The recurrences of a graph: which of their results are read, and how many numbers each needs behind its result. All by the contraction that
/// tells of it; nothing where there are none.
template <class Graph>
struct recurrences_of {
  static constexpr graph_view graph = Graph::view;
  static constexpr int id(int c) { return graph.contractions[c].scan == nullptr ? -1 : graph.contractions[c].pick; }
  static constexpr bool any = [] {
    for (int c = 0; c < graph.contraction_count; ++c)
      if (id(c) >= 0) return true;
    return false;
  }();
  static constexpr int count = any ? graph.contraction_count : 0;
  struct table {
    int at[bound(count + 1)];
  };
  /// Of each contraction: is it a recurrence of rows, and one without?
  struct uses {
    bool in_rows[bound(count + 1)];
    bool alone[bound(count + 1)];
  };
  static constexpr uses used = [] {
    uses made{};
    for (int i = 0; any && i < graph.size; ++i)
      if (const vertex& v = graph.vertices[i]; v.op == &describe<op::scan>) (v.varies != 0 ? made.in_rows : made.alone)[v.value.num] = true;
    return made;
  }();
  /// What nobody reads of the results of contraction C.
  template <int C>
  static constexpr int unread() {
    if constexpr (id(C) < 0) {
      return 0;
    } else {
      using all_of_it = recurrence_class<id(C)>;
      results_read read(all_of_it::info);
      for (int i = 0; i < graph.size; ++i)
        if (graph.vertices[i].op == &describe<op::scan> && graph.vertices[i].value.num == C) read.look_at(graph, i);
      using outputs = outputs_left<0, 0, typename all_of_it::outputs>;
      return read.unread(outputs::starts.at, outputs::count);
    }
  }
  template <int C>
  using at = short_recurrence<id(C), unread<C>()>;

  template <int C>
  static constexpr int scratch_of() {
    int result = 0;
    if constexpr (id(C) >= 0 && used.in_rows[C]) result = step_memory<at<C>, true>::in_workspace;
    if constexpr (id(C) >= 0 && used.alone[C])
      if (const int alone = step_memory<at<C>, false>::in_workspace; alone > result) result = alone;
    return result;
  }
  static constexpr table sizes = []<int... C>(std::integer_sequence<int, C...>) {
    return table{{scratch_of<C>()..., 0}};
  }(std::make_integer_sequence<int, count>{});
  static constexpr const int* scratch = any ? sizes.at : nullptr;
};

/// So many numbers behind the result of a vertex, by such a table.
constexpr int scratch_behind(const vertex& v, const int* scratch) {
  return scratch != nullptr && v.op == &describe<op::scan> ? scratch[v.value.num] : 0;
}

}  // namespace typegrad::detail
