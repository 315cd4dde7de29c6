// SPDX-License-Identifier: BSL-1.0
// Reverse mode: one sweep from the root gives the adjoints of all symbols.
#pragma once

#include <typegrad/diff/element_adjoints.hpp>
#include <typegrad/diff/forward.hpp>
#include <typegrad/diff/ways_down.hpp>

namespace typegrad::detail {

/// The symbols of the arena that have a value for each row, without an axis that says so.
constexpr buffer<int> row_symbols(const arena& target) {
  buffer<int> result;
  for (int i = 0; i < target.size(); ++i)
    if (target[i].symbol != nullptr && target[i].varies == 1) result.push(i);
  return result;
}

/// A sweep from the root down. It can be saved as a list of numbers and taken up again, because compilers allow a constant
/// evaluation only so many steps.
///
/// What does not enter the value must not reach an adjoint, even if it is infinite or NaN: the branch that `select` does not take, the
/// loser of `max`, elements that nobody reads. So every adjoint knows where it is dead; what is computed there may be anything, and is
/// replaced by 0 where the adjoint meets others, is summed, or is a result.
class reverse_sweep {
 public:
  constexpr reverse_sweep(arena& target, int root, int seed, const std::uint64_t* wanted, int wanted_count)
      : target_(target), next_(root), all_(ways_down(target, root + 1, wanted, wanted_count)), elements_(target, root + 1) {
    all_.items[root].value = seed;
    for (int w = 0; w < wanted_count; ++w) wanted_.push(wanted[w]);
  }
  constexpr reverse_sweep(arena& target, const buffer<int>& saved, const std::uint64_t* wanted, int wanted_count)
      : target_(target), next_(saved[0]), all_(saved[1]), elements_(target, saved[1]) {
    for (int w = 0; w < wanted_count; ++w) wanted_.push(wanted[w]);
    const int n = saved[1];
    const int* from = saved.items + 2;
    for (int i = 0; i < n; ++i, from += 4) {
      swept& v = all_.items[i];
      v = {{from[0], from[1], (from[2] & 1) != 0, (from[2] & 2) != 0}, (from[2] & 4) != 0, static_cast<growth>(from[2] >> 3)};
      elements_.set_start(i, from[3]);
    }
    elements_.restore(from, saved.items + saved.size());
  }
  constexpr void save(buffer<int>& to) const {
    to.resize(0);
    to.push(next_), to.push(all_.size());
    for (int i = 0; i < all_.size(); ++i) {
      const swept& v = all_.items[i];
      const int bits = (v.spoilt ? 1 : 0) + (v.guarded ? 2 : 0) + (v.active ? 4 : 0) + 8 * static_cast<int>(v.below);
      to.push(v.value), to.push(v.dead), to.push(bits), to.push(elements_.start(i));
    }
    elements_.save(to);
  }

  /// Sweeps until done, or until the arena has this many vertices; true if done.
  constexpr bool run(int limit) {
    for (; next_ >= 0 && target_.size() < limit; --next_)
      if (all_.items[next_].active) visit(next_);
    return next_ < 0;
  }
  /// The adjoint of vertex i: -1 where it is zero or leads to no wanted symbol.
  constexpr int adjoint(int i) {
    all_.items[i].clean(target_);
    return all_.items[i].value;
  }
  constexpr int size() const { return all_.size(); }
  constexpr int sum_over_rows(int body) {
    if (!rows_known_) rows_ = row_symbols(target_), rows_known_ = true;
    return region_term(describe<op::sum_over>, target_, target_[body].varies, body, rows_.items, rows_.size()).index;
  }

 private:
  /// Adds `more` to the adjoint of vertex i.
  constexpr void add(int i, flow more) {
    if (more.dead == alive) more.spoilt = false;
    if (!more.spoilt && all_.items[i].below < more.level()) more.dead = alive;  // nobody below asks
    all_.items[i].add(target_, more);
  }

  constexpr void visit(int i) {
    if (elements_.are_of(i)) add_stacked(i);
    if (all_.items[i].value < 0) return;
    const operation& op = *target_[i].op;
    const int count = target_[i].count;
    if (is_region(&op)) all_.items[i].clean(target_);
    const term g{&target_, all_.items[i].value};
    const bool is_sum = op.id == describe<op::sum_over>.id || op.id == describe<op::mean_over>.id;
    if (g.node().after && is_sum && g.shape().rank == 0) return visit_region(i, g);
    for (int k = 0; k < count; ++k) {
      const int operand = target_.operand(target_[i], k);
      if (!all_.items[operand].active) continue;
      if (op.id == describe<op::at>.id) {
        all_.items[i].clean(target_);
        elements_.add(operand, target_[i].value, {all_.items[i].value, all_.items[i].dead});
        continue;
      }
      flow part = pulled_back({&target_, i}, k, all_.items[i]);
      if (is_constant(target_, part.value, 0)) continue;
      reduce(part, operand);
      const bool is_element = target_[operand].op == &describe<op::at> && target_[part.value].varies;
      if (!is_element) {
        add(operand, part);
      } else {  // all elements are summed at once
        part.clean(target_);
        elements_.add(target_[operand].arg[0], target_[operand].value, {part.value, part.dead});
      }
    }
  }

  /// What y contributes to the adjoint of its operand k.
  constexpr flow pulled_back(term y, int k, flow& from) {
    const operation& op = *y.node().op;
    const bool whole = op.elementwise && y[k].shape() == y.shape();  // each element to one of the operand
    const bool parts = from.dead != alive && target_[from.dead].shape.rank > 0;
    const bool fails = slope_may_fail(y, k, from.level());
    if (!fails || (parts && !whole)) from.clean(target_);
    flow result = from;
    const term g{&target_, from.value};
    if (parts && !op.elementwise) {
      result.value = op.pullback(fails && !op.entangled ? with_living_others(y, k, from.dead) : y, k, g).index;
      const bool asked = fails || all_.items[y[k].index].below >= from.level();
      result.dead = asked ? dead_operand(y, k, from.dead) : alive;
    } else {
      result.value = op.pullback(y, k, g).index;
    }
    result.spoilt = from.spoilt || fails;
    if (is_constant(target_, result.value, 0)) return result;
    const bool entangled = y[k].node().op->entangled;  // dead only if all of it is
    if (!parts && !entangled && op.leaves_out != nullptr && all_.items[y[k].index].below >= from.level())
      result.dead = either_dead(target_, result.dead, left_out(y, k));
    if (op.loses != nullptr) {
      result.dead = either_dead(target_, from.dead, op.loses(y, k).index);
      result.spoilt = result.spoilt || !op.slope_vanishes || g.node().growth != growth::moderate, result.guarded = from.guarded || op.guards;
    }
    if (op.elementwise && !whole) {
      if (result.dead == alive) result.spoilt = false;
      if (target_[result.value].shape.rank > 0) result.clean(target_);
      result.value = fit({&target_, result.value}, y[k].shape()).index;
      result.dead = dead_operand(y, k, result.dead);
    }
    return result;
  }

  /// The adjoint g of a region depends on sums over all rows, so it must not enter the rows again: what it multiplies is
  /// swept by itself.
  constexpr void visit_region(int i, term g) {
    const int body = target_.operand(target_[i], 0);
    reverse_sweep unit(target_, body,
                       row_weight_term(target_, static_cast<int>(target_[i].value.num), target_[i].op == &describe<op::mean_over>).index,
                       wanted_.items, wanted_.size());
    unit.run(1 << 30);
    for (int k = 0; k <= body; ++k) {
      if (target_[k].symbol == nullptr || unit.adjoint(k) < 0) continue;
      flow part;
      part.value = (g * term{&target_, unit.adjoint(k)}).index;
      part.dead = all_.items[i].dead, part.spoilt = true, part.guarded = true;
      add(k, part);
    }
  }
  /// What the rows contribute to the adjoint of something that has one value for all of them is summed; it is dead if it is in all rows.
  constexpr void reduce(flow& part, int operand) {
    if (!target_[part.value].varies || target_[operand].varies) return;
    if (part.dead == alive) part.spoilt = false;
    part.clean(target_);
    part.value = sum_over_rows(part.value);
    if (part.dead == alive || !target_[part.dead].varies) return;
    part.dead = all_.items[operand].below < part.level() ? alive : none_alive({&target_, sum_over_rows(live_ones(target_, part.dead).index)});
  }
  constexpr void add_stacked(int tensor) {
    const growth below = all_.items[tensor].below;
    const flow part = elements_.stacked(tensor, 0, below);
    if (elements_.splits(tensor)) {
      flow summed = elements_.stacked(tensor, target_[tensor].shape.size(), below);
      reduce(summed, tensor);
      add(tensor, summed);
    }
    add(tensor, part);
  }

  arena& target_;
  int next_;  // the vertex to visit next
  buffer<swept> all_;
  buffer<std::uint64_t> wanted_;
  buffer<int> rows_;
  bool rows_known_ = false;
  element_adjoints elements_;
};

}  // namespace typegrad::detail
