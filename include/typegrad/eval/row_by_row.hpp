// SPDX-License-Identifier: BSL-1.0
// A program with regions for one row at a time: for constant expressions, and for number types without lanes. It adds in
// the order of the lanes, so that results are the same to the last bit (where the compiler does not contract a*b + c).
#pragma once

#include <typegrad/eval/after_rows.hpp>
#include <typegrad/eval/chain.hpp>
#include <typegrad/eval/rows.hpp>

namespace typegrad::detail {

/// Lanes that a number type has at run time; 1 if it has none.
template <class T>
inline constexpr int lane_count = std::is_same_v<T, float> || std::is_same_v<T, double> ? math::native_lanes<T> : 1;

/// The sums of one step over the rows of a tile: for each result one number, or one for each lane.
template <class Body, int S, class T>
struct tile_sums {
  static constexpr body_step step = Body::value.steps[S];
  static constexpr bool by_lane = step.sums_lanes(lane_count<T>);
  static constexpr int width = by_lane ? lane_count<T> : 1;
  buffer<T> sums{step.results() * width};

  constexpr void add(int row, const T* packs, int product) {
    const T *const u = packs + step.left + product * step.left_step, *const v = packs + step.right + product * step.right_step;
    for (int i = 0; i < step.results(); ++i) {
      T& sum = sums[i * width + row % width];
      if constexpr (step.kind == kernel::row_max) sum = row < width ? u[i] : op::max::value(sum, u[i]);
      else if constexpr (step.kind == kernel::row_sum) sum += u[i];
      else sum += u[i / step.inner * step.left_stride] * v[i % step.inner * step.right_stride];
    }
  }
  constexpr void finish(T* to, bool fresh, int count) {
    for (int i = 0; i < step.results(); ++i) {
      T* const x = sums.items + i * width;
      if constexpr (step.kind == kernel::row_max) {
        for (int l = 1; l < width && l < count; ++l) x[0] = op::max::value(x[0], x[l]);
        to[i] = fresh ? x[0] : op::max::value(to[i], x[0]);
        continue;
      }
      for (int d = 1; d < width; d *= 2)
        for (int l = 0; l + d < width; l += 2 * d) x[l] += x[l + d];
      to[i] = fresh ? x[0] : to[i] + x[0];
    }
  }
};

template <class Recipe, class T>
struct row_by_row {
  using plan = plan_of<Recipe>;
  template <int Pass>
  using body_of_pass = body_of<plan, planned<Recipe>, Pass>;

  template <class body, int S>
  static constexpr void run_steps(T* packs, const T* const* base, long long first, int count, T* workspace, T* const* roots) {
    // Steps are taken for the whole tile one after the other; the packs of all its rows are kept.
    if constexpr (S < body::size.steps) {
      constexpr body_step s = body::value.steps[S];
      if constexpr (s.is_sum()) {
        for (int product = 0; product < s.times; ++product) {
          tile_sums<body, S, T> sums;
          for (int i = 0; i < count; ++i) sums.add(i, packs + i * body::value.workspace, product);
          sums.finish(sum_place<s.root>(workspace + s.to, roots), first == 0 && product == 0, count);
        }
      } else if constexpr (s.kind == kernel::store) {
        for (int i = 0; i < count; ++i)
          for (int k = 0; k < s.size; ++k) roots[s.root][(first + i) * s.size + k] = packs[i * body::value.workspace + s.left + k];
      } else if constexpr (s.kind == kernel::row_number) {
        for (int i = 0; s.to >= 0 && i < count; ++i) packs[i * body::value.workspace + s.to] = static_cast<T>(first + i);
      } else {
        for (int i = 0; i < count; ++i) run_row<body, S>(packs + i * body::value.workspace, base);
      }
      run_steps<body, S + 1>(packs, base, first, count, workspace, roots);
    }
  }
  template <class body, int S>
  static constexpr void run_row(T* packs, const T* const* base) {
    constexpr body_step s = body::value.steps[S];
    if constexpr (s.is_short_product()) {
      run_elements<body, S>(packs, base);
    } else if constexpr (s.kind == kernel::product) {
      if constexpr (s.to >= 0) {
        const T* const a = base[s.matrix.base] + s.matrix.offset;
        for (int j = 0; j < s.size; ++j) {
          T sum = 0;
          for (int k = 0; k < s.inner; ++k) sum += a[j * s.row + k * s.column] * packs[s.left + k];
          packs[s.to + j] = sum;
        }
        run_elements<body, S>(packs, base);
      }
    } else {
      run_pack<body, S>(packs, base);
    }
  }

  template <class body, int K = 0>
  static constexpr void load(T*, long long) {}
  template <class body, int K = 0, class First, class... Rest>
  static constexpr void load(T* packs, long long row, const First& source, const Rest&... rest) {
    constexpr body_load l = body::value.loads[K];
    for (int k = 0; l.offset >= 0 && k < l.size; ++k) packs[l.offset + k] = static_cast<T>(source(row, k));
    load<body, K + 1>(packs, row, rest...);
  }

  template <class... Source>
  static constexpr void run(T* const* roots, const long long* rows, const T* const* shared, const Source&... source) {
    T workspace[plan::value.workspace + 1] = {};
    T numbers[numbers_of_rows * plan::value.axis_count] = {};
    put_numbers_of_rows<plan>(numbers, rows);
    const T* base[plan::size.symbols + 3] = {workspace, constants_of<plan, T>::value.at};
    for (int s = 0; s < plan::size.symbols; ++s) base[2 + s] = shared[s];
    base[rows_base(plan::size)] = numbers;
    execute<plan, 0, plan::value.before[0]>(workspace, base);
    for_each_index<0, plan::value.passes>([&](auto pass) { run_pass<pass>(workspace, base, roots, rows[plan::value.axis_of[pass]], source...); });
    finish<Recipe>(base, roots);
  }
  template <int Pass, class... Source>
  static constexpr void run_pass(T* workspace, const T* const* base, T* const* roots, long long rows, const Source&... source) {
    using body = body_of_pass<Pass>;
    constexpr int most = tile_packs<body, T> * lane_count<T>;
    buffer<T> packs((rows < most ? static_cast<int>(rows) : most) * body::value.workspace + 1);
    for (long long first = 0; first < rows; first += most) {
      const int count = static_cast<int>(rows - first < most ? rows - first : most);
      for (int i = 0; i < count; ++i) load<body>(packs.items + i * body::value.workspace, first + i, source...);
      run_steps<body, 0>(packs.items, base, first, count, workspace, roots);
    }
    finish_pass<plan, body, Pass>(workspace, base, roots, rows);
  }
};

}  // namespace typegrad::detail
