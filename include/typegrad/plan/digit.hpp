// SPDX-License-Identifier: BSL-1.0
// One layout of one tensor: which of its axes lies on the inside, and what that does to the loops of a contraction.
#pragma once

#include <typegrad/expr/contraction.hpp>

namespace typegrad::detail {

/// A layout: the numbers of index hi * (stride * size) + digit * stride + lo stand at hi * (stride * size) + lo * size + digit.
struct layout_digit {
  int stride = 1;
  int size = 1;

  constexpr bool operator==(const layout_digit&) const = default;
  constexpr bool is_natural() const { return stride == 1; }
  constexpr int span() const { return stride * size; }
  /// Where an index, or the step of a loop that stays on one side of the digit, goes.
  constexpr int place(int index) const { return index / span() * span() + index % stride * size + index / stride % size; }
  constexpr int step(int from) const { return from >= span() || is_natural() ? from : from >= stride ? from / stride : from * size; }
};

/// The part of a contraction that steps through its result (-1) or through operand k.
constexpr int& step_of(loop& l, int k) { return k < 0 ? l.to : l.from[k]; }
constexpr int step_of(const loop& l, int k) { return k < 0 ? l.to : l.from[k]; }

/// `c` for a result (k = -1) or an operand in another layout: loops are cut where they go across the digit. False if a sum of steps might
/// carry from one side to the other.
constexpr bool lay_out(const contraction& c, int k, layout_digit digit, contraction& to) {
  to = c;
  if (digit.is_natural()) return true;
  to.count = 0, to.name = nullptr;
  const int start = k < 0 ? c.to : c.from[k], size = k < 0 ? c.result : c.operand[k];
  if (start < 0 || size % digit.span() != 0) return false;
  int low = start % digit.stride, middle = start / digit.stride % digit.size;
  for (int l = 0; l < c.count; ++l) {
    loop rest = c.loops[l];
    while (rest.size > 1) {
      const int step = step_of(rest, k), edge = step < digit.stride ? digit.stride : digit.span();
      loop part = rest;
      if (step < 0) return false;
      if (step > 0 && step < edge && step * rest.size > edge) {  // the part up to the edge
        if (edge % step != 0 || rest.size % (edge / step) != 0) return false;
        part.size = edge / step;
      }
      if (step >= digit.stride && step < digit.span() && step % digit.stride != 0) return false;
      if (step >= digit.span() && step % digit.span() != 0) return false;
      if (step < digit.stride) low += (part.size - 1) * step;
      else if (step < digit.span()) middle += (part.size - 1) * (step / digit.stride);
      step_of(part, k) = digit.step(step);
      if (to.count == contraction::most_loops) return false;
      to.add(part);
      rest.size /= part.size, rest.to *= part.size, rest.from[0] *= part.size, rest.from[1] *= part.size;
    }
  }
  (k < 0 ? to.to : to.from[k]) = digit.place(start);
  return low < digit.stride && middle < digit.size;
}

/// The same for an operand or a result of which an index picks: its steps are those of one more loop, which must stay whole.
constexpr bool lay_out_picked(const contraction& c, int k, layout_digit digit, contraction& to) {
  if (digit.is_natural()) return to = c, true;
  int others = 1;
  for (int l = 0; l < c.count; ++l)
    if (step_of(c.loops[l], k) != 0) others *= c.loops[l].size;
  contraction all = c;
  loop picks;
  picks.size = (k < 0 ? c.result : c.operand[k]) / others;
  step_of(picks, k) = c.pick;
  if (c.count == contraction::most_loops || picks.size < 2) return false;
  all.add(picks);
  if (!lay_out(all, k, digit, to)) return false;
  const loop& last = to.loops[to.count - 1];
  if (last.size != picks.size) return false;
  to.pick = step_of(last, k);
  --to.count;
  return true;
}

/// The copy from one layout to another; false if their digits cross.
constexpr bool turned(int size, layout_digit from, layout_digit to, contraction& whole) {
  contraction c;
  c.result = c.operand[0] = size;
  loop all;
  all.size = size, all.to = all.from[0] = 1;
  c.add(all);
  contraction half;
  return lay_out(c, 0, from, half) && lay_out(half, -1, to, whole);
}

}  // namespace typegrad::detail
