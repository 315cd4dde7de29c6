// SPDX-License-Identifier: BSL-1.0
// A contraction as a value: loops over the product of one or two operands, each of which steps through its numbers in its own way.
#pragma once

#include <typegrad/expr/axis.hpp>
#include <typegrad/expr/link.hpp>

namespace typegrad {

struct scan_info;       // op/recurrence.hpp
struct iteration_info;  // diff/iterate.hpp

/// A recurrence by its id, and the one that has its tangents, too.
struct scan_tangent {
  int id = 0;
  detail::link<const scan_info> above = nullptr;
};

/// One loop: its length, and how far each step of it goes in the result (0: it is summed over) and in the operands (0: they stay).
struct loop {
  int size = 1;
  int to = 0;
  int from[2] = {0, 0};
  std::uint64_t axis = 0;                   // hash of the name of the axis, if it has one
  detail::link<const char> name = nullptr;  // of the axis

  constexpr bool operator==(const loop& o) const {
    return size == o.size && to == o.to && from[0] == o.from[0] && from[1] == o.from[1] && axis == o.axis;
  }
};

/// result[to + sum of to_l i_l] = sum of a[from_0 + ...] b[from_1 + ...] over all i: every matrix product, sum, transposition, broadcast,
/// slice and window. Exchange the result with an operand, and it is the pullback. What no loop reaches is 0.
struct contraction {
  static constexpr int most_loops = 16;
  int count = 0;
  int operands = 1;
  int to = 0;
  int from[2] = {0, 0};
  int result = 1;                           // how many numbers the result has
  int operand[2] = {1, 1};                  // and the operands
  int pick = 0;                             // of `take` and `scatter`: how far a step of the index goes; of `cumsum`: the loop, and its direction
  bool across = false;                      // its terms lie along the lanes, where a plan says so: they meet side by side
  int shares = 0;                           // where a plan says so: the rest of the result, a number of its own, is not 0 but made by others
  detail::link<const char> name = nullptr;  // how it is written, where that is more than its loops say
  detail::link<const scan_info> scan = nullptr;            // of a recurrence; pick is its id
  detail::link<const iteration_info> iteration = nullptr;  // of an iteration; pick is its id
  loop loops[most_loops] = {};

  constexpr bool operator==(const contraction& o) const {
    bool same = count == o.count && operands == o.operands && to == o.to && from[0] == o.from[0] && from[1] == o.from[1] && result == o.result &&
                operand[0] == o.operand[0] && operand[1] == o.operand[1] && pick == o.pick && across == o.across && shares == o.shares;
    for (int l = 0; l < count && same; ++l) same = loops[l] == o.loops[l];
    return same;
  }
  constexpr std::uint64_t hash() const {
    using detail::mix;
    std::uint64_t h = mix(mix(static_cast<std::uint64_t>(result), static_cast<std::uint64_t>(count) + 16 * static_cast<std::uint64_t>(pick) +
                                                                      (across ? 8 : 0) + (static_cast<std::uint64_t>(shares) << 40)),
                          static_cast<std::uint64_t>(to));
    h = mix(h, static_cast<std::uint64_t>(from[0]) + (static_cast<std::uint64_t>(from[1]) << 32));
    h = mix(h, static_cast<std::uint64_t>(operand[0]) + (static_cast<std::uint64_t>(operand[1]) << 32));
    for (int l = 0; l < count; ++l) {
      h = mix(mix(h, loops[l].axis), static_cast<std::uint64_t>(loops[l].size) + (static_cast<std::uint64_t>(loops[l].to) << 32));
      h = mix(h, static_cast<std::uint64_t>(loops[l].from[0]) + (static_cast<std::uint64_t>(loops[l].from[1]) << 32));
    }
    return h;
  }

  constexpr void add(const loop& l) {
    if (count < most_loops) loops[count] = l;
    ++count;
  }
  /// All loops together.
  constexpr long long points() const {
    long long n = 1;
    for (int l = 0; l < count; ++l) n *= loops[l].size;
    return n;
  }
  constexpr bool is_summed(int l) const { return loops[l].to == 0; }
  constexpr bool sums() const {
    for (int l = 0; l < count; ++l)
      if (is_summed(l) && loops[l].size > 1) return true;
    return false;
  }
  /// Is each number of the result made by one setting of the loops that are not summed over? (Their steps are those of a mixed radix.)
  constexpr bool is_direct() const {
    int reached = 1;
    bool used[most_loops] = {};
    for (bool found = true; found;) {
      found = false;
      for (int l = 0; l < count && !found; ++l) {
        if (used[l] || loops[l].to != reached || loops[l].size == 1) continue;
        used[l] = found = true;
        reached *= loops[l].size;
      }
    }
    for (int l = 0; l < count; ++l)
      if (!used[l] && loops[l].to != 0 && loops[l].size > 1) return false;
    return to == 0 && reached == result;
  }
  /// Is the result the operand as it stands?
  constexpr bool is_identity() const {
    if (to != 0 || from[0] != 0 || result != operand[0] || !is_direct() || sums()) return false;
    for (int l = 0; l < count; ++l)
      if (loops[l].size > 1 && loops[l].to != loops[l].from[0]) return false;
    return true;
  }

  /// The pullback: operand k in the place of the result, the adjoint as operand 0, the other operand as operand 1.
  constexpr contraction pulled(int k) const {
    contraction p = *this;
    p.name = nullptr;
    p.to = from[k], p.result = operand[k], p.from[0] = to, p.operand[0] = result, p.from[1] = from[1 - k], p.operand[1] = operand[1 - k];
    for (int l = 0; l < count; ++l) { p.loops[l].to = loops[l].from[k], p.loops[l].from[0] = loops[l].to, p.loops[l].from[1] = loops[l].from[1 - k]; }
    return p;
  }
  /// Without operand k; the other one becomes operand 0.
  constexpr contraction without(int k) const {
    contraction p = *this;
    p.name = nullptr;
    p.operands = 1;
    p.from[0] = from[1 - k], p.operand[0] = operand[1 - k], p.from[1] = 0, p.operand[1] = 1;
    for (int l = 0; l < count; ++l) p.loops[l].from[0] = loops[l].from[1 - k], p.loops[l].from[1] = 0;
    return p;
  }
  /// The same with the operands exchanged.
  constexpr contraction turned() const {
    contraction p = *this;
    p.from[0] = from[1], p.from[1] = from[0], p.operand[0] = operand[1], p.operand[1] = operand[0];
    for (int l = 0; l < count; ++l) p.loops[l].from[0] = loops[l].from[1], p.loops[l].from[1] = loops[l].from[0];
    return p;
  }
};

namespace detail {

/// f(number of the result, of each operand) for all points of a contraction, in the order in which its kernel adds.
template <class F>
constexpr void for_all_points(const contraction& c, F f) {
  int at[contraction::most_loops] = {};
  for (int y = c.to, a = c.from[0], b = c.from[1], l = 0; l >= 0;) {
    f(y, a, b);
    for (l = c.count - 1; l >= 0; --l) {
      y += c.loops[l].to, a += c.loops[l].from[0], b += c.loops[l].from[1];
      if (++at[l] < c.loops[l].size) break;
      y -= at[l] * c.loops[l].to, a -= at[l] * c.loops[l].from[0], b -= at[l] * c.loops[l].from[1], at[l] = 0;
    }
  }
}

/// Does each number of the result stand for one of the operand, so that who reads the one can read the other?
constexpr bool is_view(const contraction& c) { return !c.sums() && c.is_direct(); }

/// `outer`, whose operand k is the result of `view`: reads the operand of the view instead. False if its loops do not go along those of
/// the view.
constexpr bool compose(const contraction& outer, int k, const contraction& view, contraction& result) {
  result = outer;
  result.count = 0, result.name = nullptr;
  result.operand[k] = view.operand[0];
  int digit[contraction::most_loops] = {}, order[contraction::most_loops] = {}, n = 0;
  for (int l = 0; l < view.count; ++l)
    if (view.loops[l].size > 1) order[n++] = l;
  for (int i = 0; i < n; ++i)  // the outermost first
    for (int j = i + 1; j < n; ++j)
      if (view.loops[order[j]].to > view.loops[order[i]].to) {
        const int o = order[i];
        order[i] = order[j], order[j] = o;
      }
  int start = outer.from[k], from = view.from[0];
  for (int i = 0; i < n; ++i) {
    const loop& q = view.loops[order[i]];
    digit[order[i]] = start / q.to;
    start %= q.to;
    from += digit[order[i]] * q.from[0];
  }
  result.from[k] = from;
  for (int l = 0; l < outer.count; ++l) {
    loop rest = outer.loops[l];
    if (rest.from[k] == 0 || rest.size == 1) {
      rest.from[k] = 0;
      if (result.count == contraction::most_loops) return false;
      result.add(rest);
      continue;
    }
    while (rest.size > 1) {  // the innermost part of the loop first
      int best = -1;
      for (int i = 0; i < n && best < 0; ++i)
        if (view.loops[order[i]].to <= rest.from[k]) best = order[i];
      if (best < 0 || rest.from[k] % view.loops[best].to != 0) return false;
      const loop& q = view.loops[best];
      const int step = rest.from[k] / q.to;
      loop part = rest;
      if ((rest.size - 1) * step + digit[best] >= q.size) {  // goes on along the next loop of the view
        if (step != 1 || digit[best] != 0 || rest.size % q.size != 0) return false;
        part.size = q.size;
      }
      part.from[k] = step * q.from[0];
      digit[best] += (part.size - 1) * step;
      if (result.count == contraction::most_loops) return false;
      result.add(part);
      rest.size /= part.size;
      rest.to *= part.size, rest.from[0] *= part.size, rest.from[1] *= part.size;
    }
  }
  return true;
}

}  // namespace detail
}  // namespace typegrad
