// SPDX-License-Identifier: BSL-1.0
// A fixed point as a vertex. Its derivative: diff/implicit.hpp.
#pragma once

#include <typegrad/expr/arena.hpp>

namespace typegrad {

/// What the calculus knows of an iteration: the formulas of one step, and the symbols in them.
struct iteration_info {
  int size;  // numbers of all unknowns
  int unknowns;
  int inputs;
  const formula* const* next;       // of each unknown
  const formula* const* unknown;    // their symbols
  const formula* const* input;      // the symbols of what is given
  const formula* const* adjoint;    // symbols like the unknowns
  const formula* const* direction;  // symbols like the inputs
  int vertices;                     // of a step, as it is written
};

namespace op {
/// A fixed point. Operands: where it starts, and the numbers that are given.
struct iterate {
  static constexpr char name[] = "iterate_until";
  static constexpr growth grows = growth::singular;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_iteration = true;
  static constexpr bool is_entangled = true;
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d);
};
}  // namespace op

}  // namespace typegrad
