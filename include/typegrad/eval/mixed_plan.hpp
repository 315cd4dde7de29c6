// SPDX-License-Identifier: BSL-1.0
// A step of a recurrence in lanes: which of the values that all steps share stay single numbers.
#pragma once

#include <typegrad/math/bound.hpp>
#include <typegrad/plan/planner.hpp>

namespace typegrad::detail {

/// The plan of a step in lanes where what steps share is single numbers: symbols that only contractions read stay so, others are spread.
template <class Program>
struct mixed_plan : Program::plan {
  using plan = typename Program::plan;
  struct table {
    bool at[bound(plan::size.symbols + 1)];
  };
  static constexpr table scalar_symbols = [] {
    table made{};
    for (int k = 0; k < plan::size.symbols; ++k) made.at[k] = Program::places.at[k].operand == 2;
    const auto spoil = [&](int base) {
      if (base >= 2) made.at[base - 2] = false;
    };
    for (int i = 0; i < plan::size.steps; ++i)
      if (plan::value.operations_of[i]->id != describe<op::contract>.id)
        for (const place& from : plan::value.steps[i].from) spoil(from.base);
    for (int r = 0; r < plan::size.roots; ++r) spoil(plan::value.results.roots[r].base);
    for (int e = 0; e < plan::size.scattered; ++e) spoil(plan::value.results.numbers[e].base);
    return made;
  }();
  /// Where the numbers of the others are spread to, and how many there are.
  struct offsets {
    int at[bound(plan::size.symbols + 1)];
    int count;
  };
  static constexpr offsets spread = [] {
    offsets made{};
    for (int k = 0; k < plan::size.symbols; ++k) {
      made.at[k] = made.count;
      if (Program::places.at[k].operand == 2 && !scalar_symbols.at[k]) made.count += plan::value.symbols[k]->shape.size();
    }
    return made;
  }();
};

}  // namespace typegrad::detail
