// SPDX-License-Identifier: BSL-1.0
// Contractions whose numbers stand among zeros, side by side with those of others: of several of them, added up, each is read alone.
#pragma once

#include <typegrad/expr/contraction.hpp>

namespace typegrad::detail {

/// The numbers of a result that a contraction makes, if they lie together and there are others, which are 0; and a contraction of them alone.
struct block_of {
  bool found = false;
  int first = 0;
  contraction alone{};

  explicit constexpr block_of(const contraction& c) : first(c.to), alone(c) {
    int last = 0;
    for (int l = 0; l < c.count; ++l) last += (c.loops[l].size - 1) * c.loops[l].to;
    alone.to = 0, alone.result = last + 1;
    found = alone.result < c.result && alone.is_direct();
  }
  /// Into its place, from a tensor of its own.
  constexpr contraction placed(int result) const {
    contraction made;
    made.result = result, made.operand[0] = alone.result, made.to = first;
    made.add({alone.result, 1, {1, 0}, 0, nullptr});
    return made;
  }
};

/// Is a contraction some of the numbers of its operand, side by side as they are there?
constexpr bool is_part(const contraction& c) {
  if (c.operands != 1 || c.to != 0 || c.result >= c.operand[0] || !is_view(c)) return false;
  for (int l = 0; l < c.count; ++l)
    if (c.loops[l].size > 1 && c.loops[l].to != c.loops[l].from[0]) return false;
  return true;
}

}  // namespace typegrad::detail
