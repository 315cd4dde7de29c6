// SPDX-License-Identifier: BSL-1.0
// What leads to wanted symbols: before a sweep goes down, which vertices it visits and how much slopes may grow below.
#pragma once

#include <typegrad/diff/liveness.hpp>

namespace typegrad::detail {

/// From the hashes of symbols to their vertices, among the first n.
constexpr index_table symbol_table(const arena& target, int n) {
  index_table result;
  for (int i = 0; i < n; ++i)
    if (target[i].symbol != nullptr) result.insert(target[i].symbol->hash, i);
  return result;
}

/// What a sweep knows and gathers of a vertex: the adjoint, and the ways down from there.
struct swept : flow {
  bool active = false;          // leads to a wanted symbol
  growth below = growth::none;  // how much slopes may grow on the way to wanted symbols
};

/// Which of the first n vertices lead to a wanted symbol, and how much slopes may grow on the way.
constexpr buffer<swept> ways_down(const arena& target, int n, const std::uint64_t* wanted, int wanted_count) {
  buffer<swept> result(n);
  swept* const all = result.items;
  index_table table;
  for (int w = 0; w < wanted_count; ++w) table.insert(wanted[w], w);
  for (int i = 0; i < n; ++i) {
    const vertex& v = target.vertices()[i];
    if (v.symbol != nullptr) {
      all[i].active = table.find(v.symbol->hash) >= 0;
      continue;
    }
    const bool constant = v.op->slope_from == slopes::constant;
    growth below = v.op->slope_from == slopes::general ? v.growth : growth::none;
    for (int k = 0; k < v.count; ++k) {
      const int a = v.count <= 3 ? v.arg[k] : target.operand(v, k);
      if (all[a].active) all[i].active = true;
      if (below < all[a].below) below = all[a].below;
      if (!constant && !target.vertices()[a].is_number() && below < target.vertices()[a].growth) below = target.vertices()[a].growth;
    }
    if (all[i].active) all[i].below = below;
  }
  return result;
}

}  // namespace typegrad::detail
