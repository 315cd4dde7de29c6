// SPDX-License-Identifier: BSL-1.0
// What comes before the first row and after the last one: the numbers of rows, means, results that are no sums.
#pragma once

#include <typegrad/eval/execute.hpp>
#include <typegrad/plan/body.hpp>

namespace typegrad::detail {

/// Where a sum is: a root, or a place in the workspace.
template <int Root, class T>
constexpr T* sum_place([[maybe_unused]] T* place, [[maybe_unused]] T* const* roots) {
  if constexpr (Root >= 0) return roots[Root];
  else return place;
}

template <class T>
constexpr T* sum_place(const body_sum& s, T* workspace, T* const* roots) {
  return s.root >= 0 ? roots[s.root] : workspace + s.to;
}

/// The sums of means are divided by the number of rows.
template <class T>
constexpr void finish_means(const body_sum* sums, int count, T* workspace, T* const* roots, T rows) {
  for (int n = 0; n < count; ++n)
    if (sums[n].mean)
      for (int i = 0; i < sums[n].results; ++i) sum_place(sums[n], workspace, roots)[i] /= rows;
}
template <class T>
constexpr void copy_roots(const place* from, const int* sizes, const bool* in_place, int count, T* const* roots, const T* const* base) {
  for (int r = 0; r < count; ++r)
    for (int i = 0; !in_place[r] && i < sizes[r]; ++i) roots[r][i] = base[from[r].base][from[r].offset + i];
}

/// After a pass over the rows: means, then the steps that need its sums. (Tables and loops, not templates: this comes once for each call,
/// and would cost compile time for each program.)
template <class Plan, class Body, int Pass, class T>
constexpr void finish_pass(T* workspace, const T* const* base, T* const* roots, long long rows) {
  finish_means(Body::sums.at, Body::size.sums, workspace, roots, static_cast<T>(rows));
  execute<Plan, Plan::value.before[Pass], Plan::value.before[Pass + 1]>(workspace, base);
}

/// What programs read about the rows of each axis.
template <class Plan, class T>
constexpr void put_numbers_of_rows(T* to, const long long* rows) {
  for (int a = 0; a < Plan::value.axis_count; ++a) {
    T* const axis = to + numbers_of_rows * a;
    axis[0] = static_cast<T>(rows[a]), axis[1] = T(1) / axis[0], axis[2] = T(1);
  }
}

/// The roots that no pass has written where they belong.
template <class Recipe>
struct roots_in_place {
  using plan = plan_of<Recipe>;
  struct table {
    bool at[bound(plan::size.roots + 1)];
  };
  static constexpr table value = [] {
    table result{};
    [&]<std::size_t... P>(std::index_sequence<P...>) {
      const auto add = [&](const auto& sums) {
        for (int r = 0; r < plan::size.roots; ++r) result.at[r] = result.at[r] || sums.in_place[r];
      };
      (add(body_of<plan, planned<Recipe>, static_cast<int>(P)>::sums), ...);
    }(std::make_index_sequence<static_cast<std::size_t>(plan::value.passes)>{});
    return result;
  }();
};
template <class Recipe, class T>
constexpr void finish(const T* const* base, T* const* roots) {
  using plan = plan_of<Recipe>;
  copy_roots(plan::results.roots, plan::results.root_sizes, roots_in_place<Recipe>::value.at, plan::size.roots, roots, base);
}

}  // namespace typegrad::detail
