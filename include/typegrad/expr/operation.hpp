// SPDX-License-Identifier: BSL-1.0
// What is known of an operation once it is a value: name, notation, shape rule, and its calculus as function pointers.
#pragma once

#include <typegrad/expr/fixed_string.hpp>
#include <typegrad/expr/number.hpp>
#include <typegrad/expr/shape.hpp>

#include <cstdint>

namespace typegrad {

class arena;
struct term;

/// How an operation is written.
enum class notation { call, infix, prefix, power, index, list, leaf };

/// Binding strength when printed; larger binds tighter.
namespace precedence {
enum level { comparison, sum, negation, product, power, atom };
}

/// Whether a property of operands is one of the result: a product is masked (0 outside of a condition) if any factor is,
/// a sum if all terms are; both may be singular if any operand may.
enum class spread { none, any, all };

/// How an operation relates to the rows of a batch: it has a value for each of them, or one for all (a sum, their number).
enum class over { nothing, each, all };

/// The operands and the payload from which a vertex is to be made.
struct request {
  arena* graph;
  const int* arg;
  int count;
  number value;
  extent shape;
};

/// An operation, described once by `describe<Op>`; expressions and graphs point to it.
struct operation {
  const char* name;
  std::uint64_t id;
  notation form;
  int precedence;
  bool commutative;
  bool elementwise;  // scalars in, scalar out
  bool singular;     // may be infinite or NaN at finite operands
  bool selects;      // select(c, a, b)
  typegrad::spread spread;
  bool transcendental;  // counted as such in a plan's statistics
  over rows;
  /// The result's shape, or `no_shape` if the operands do not go together.
  extent (*shape)(const extent* args, int count, number value);
  /// A simpler vertex that means the same, or -1.
  int (*rewrite)(const request&);
  /// The adjoint of operand k, given the adjoint g of the result: J_k' g.
  term (*pullback)(term result, int k, term g);
  /// The tangent of the result from the tangent d of operand k alone: J_k d.
  term (*pushforward)(term result, int k, term d);
};

namespace detail {

template <class Op>
consteval operation describe_operation() {
  operation it{Op::name, hash_text(Op::name), notation::call, precedence::atom, false,   false,  false, false, spread::none,
               false,    over::nothing,       nullptr,        nullptr,          nullptr, nullptr};
  if constexpr (requires { Op::id; }) it.id = hash_text(Op::id);
  if constexpr (requires { Op::form; }) it.form = Op::form;
  if constexpr (requires { Op::binding; }) it.precedence = Op::binding;
  if constexpr (requires { Op::commutative; }) it.commutative = Op::commutative;
  if constexpr (requires { &Op::shape; }) it.shape = &Op::shape;
  if constexpr (requires { &Op::rewrite; }) it.rewrite = &Op::rewrite;
  if constexpr (requires { Op::is_elementwise; }) it.elementwise = Op::is_elementwise;
  if constexpr (requires { Op::singular; }) it.singular = Op::singular;
  if constexpr (requires { Op::selects; }) it.selects = Op::selects;
  if constexpr (requires { Op::spreads; }) it.spread = Op::spreads;
  if constexpr (requires { Op::rows; }) it.rows = Op::rows;
  if constexpr (requires { Op::transcendental; }) it.transcendental = Op::transcendental;
  if constexpr (requires { &Op::pullback; }) {
    it.pullback = &Op::pullback;
    it.pushforward = &Op::pushforward;
  } else if constexpr (requires { &Op::slope; }) {
    it.pullback = &Op::template pull<Op>;
    it.pushforward = &Op::template push<Op>;
  }
  return it;
}

}  // namespace detail

template <class Op>
inline constexpr operation describe = detail::describe_operation<Op>();

/// The way back from the description to the type; each operation's header says `implementation<&describe<op::X>>`.
template <const operation* Description>
struct implementation;

}  // namespace typegrad
