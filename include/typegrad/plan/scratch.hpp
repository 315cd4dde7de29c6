// SPDX-License-Identifier: BSL-1.0
// What recurrences compute in besides their results: it stands in the workspace, right behind these.
#pragma once

#include <typegrad/graph/import.hpp>
#include <typegrad/op/scan.hpp>

#include <utility>

namespace typegrad::detail {

/// How many numbers a step of recurrence R computes in: eval/scan.hpp.
template <class R, bool InRows>
struct step_memory;  // <recurrence, in the lanes of rows>

template <int Id, bool InRows, bool Alone>
constexpr int scratch_of_recurrence() {
  int result = 0;
  if constexpr (Id >= 0 && InRows) result = step_memory<short_recurrence<Id>, true>::in_workspace;
  if constexpr (Id >= 0 && Alone)
    if (const int alone = step_memory<short_recurrence<Id>, false>::in_workspace; alone > result) result = alone;
  return result;
}

/// For each contraction of a graph, how many numbers it needs behind its result; nothing where there are no recurrences.
template <class Graph>
struct scratch_of {
  static constexpr graph_view graph = Graph::view;
  static constexpr int id(int c) { return graph.contractions[c].scan == nullptr ? -1 : graph.contractions[c].pick; }
  static constexpr bool has_recurrences = [] {
    for (int c = 0; c < graph.contraction_count; ++c)
      if (id(c) >= 0) return true;
    return false;
  }();
  static constexpr int count = has_recurrences ? graph.contraction_count : 0;
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
    for (int i = 0; has_recurrences && i < graph.size; ++i)
      if (const vertex& v = graph.vertices[i]; v.op == &describe<op::scan>) (v.varies != 0 ? made.in_rows : made.alone)[v.value.num] = true;
    return made;
  }();
  static constexpr table sizes = []<int... C>(std::integer_sequence<int, C...>) {
    return table{{scratch_of_recurrence<id(C), used.in_rows[C], used.alone[C]>()..., 0}};
  }(std::make_integer_sequence<int, count>{});
  static constexpr const int* value = has_recurrences ? sizes.at : nullptr;
};

/// So many numbers behind the result of a vertex, by such a table.
constexpr int scratch_behind(const vertex& v, const int* scratch) {
  return scratch != nullptr && v.op == &describe<op::scan> ? scratch[v.value.num] : 0;
}

}  // namespace typegrad::detail
