// SPDX-License-Identifier: BSL-1.0
// What is known of an operation once it is a value: name, notation, shape rule, and its calculus as function pointers.
#pragma once

#include <typegrad/expr/fixed_string.hpp>
#include <typegrad/expr/link.hpp>
#include <typegrad/expr/number.hpp>
#include <typegrad/expr/shape.hpp>

#include <cstdint>

namespace typegrad {

class arena;
struct term;

/// How an operation is written; ordered: with a number, name<n>(operands).
enum class notation { call, infix, prefix, power, index, list, leaf, contraction, ordered };

/// Binding strength when printed; larger binds tighter.
namespace precedence {
enum level { comparison, sum, negation, product, power, atom };
}

/// How large results may be while operands are finite: the same whatever these are (comparisons), as moderate as they, a
/// product of them, which may overflow, or infinite.
enum class growth { none, moderate, product, singular };

/// What the partial derivative with respect to an operand is made of: constants, the other operands, or anything.
enum class slopes { constant, others, general };

/// What is known of the sign of results. never_negative: so they are (exp, abs). positive: away from zero. keeps: at least zero if all operands are, and away from zero if
/// one of them is (sums) or all are (products). even: a power, never negative if its exponent is even. top: at least as large as what is
/// subtracted from.
enum class sign_of { unknown, never_negative, positive, keeps, even, top };

/// How an operation relates to the rows of a batch: it has a value for each of them, or one for all (a sum, their number).
enum class over { nothing, each, all };

/// What the payload of a vertex is: a number, or the number of a contraction in the table of its graph.
enum class payload { number, contraction };

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
  bool elementwise;  // scalars in, scalar out; a pullback has the shape of the result, and is summed for a scalar operand
  typegrad::growth growth;
  /// The growth of one vertex, where operands or payload decide it.
  detail::link<typegrad::growth(const request&)> growth_of;
  slopes slope_from;
  sign_of sign;
  bool slope_vanishes;  // is 0 where an operand loses
  bool guards;          // what an operand that loses is made of may even overflow
  bool transcendental;  // counted as such in a plan's statistics
  over rows;
  typegrad::payload payload;
  bool entangled;  // every number of the result depends on all of every operand, in ways that may cancel
  bool nest;       // is computed by a nest of loops, which reads operands that rows share where they are
  /// The result's shape, or `no_shape` if the operands do not go together.
  extent (*shape)(const extent* args, int count, number value);
  /// A simpler vertex that means the same, or -1.
  detail::link<int(const request&)> rewrite;
  /// The adjoint of operand k, given the adjoint g of the result: J_k' g.
  term (*pullback)(term result, int k, term g);
  /// A condition under which the result does not depend on operand k: then nothing that k is made of reaches a derivative.
  detail::link<term(term result, int k)> loses;
  /// Does not every element of operand k enter the result? Which do is what the pullback of ones counts.
  detail::link<bool(term result, int k)> leaves_out;
  /// Has the result numbers that no operand reaches, zeros beside a window?
  detail::link<bool(term result)> fills_up;
  /// The tangent of the result from the tangent d of operand k alone: J_k d.
  term (*pushforward)(term result, int k, term d);
};

namespace detail {

/// A pointer to the description of an operation; equal if these have the same id.
class identified_operation {
 public:
  constexpr identified_operation(const operation* op = nullptr) : op_(op) {}
  constexpr operator const operation*() const { return op_; }
  constexpr const operation* operator->() const { return op_; }
  friend constexpr bool operator==(identified_operation a, identified_operation b) { return a.op_->id == b.op_->id; }
  friend constexpr bool operator==(identified_operation a, const operation* b) { return a.op_->id == b->id; }

 private:
  const operation* op_;
};
using operation_link = std::conditional_t<AddressesCompare<void>, const operation*, identified_operation>;

// The way back from a description to its class: describing a class defines the function that returns it (see expr/definition.hpp).
#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wnon-template-friend"
#endif
template <std::uint64_t Id>
struct operation_tag {
  friend constexpr auto class_of(operation_tag);
};
template <std::uint64_t Id, class Op>
struct registered_operation {
  friend constexpr auto class_of(operation_tag<Id>) { return std::type_identity<Op>{}; }
};
#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// The class of the operation with this id.
template <std::uint64_t Id>
using operation_class = typename decltype(class_of(operation_tag<Id>{}))::type;

template <class Op>
consteval std::uint64_t operation_id() {
  if constexpr (requires { Op::id; }) return hash_text(Op::id);
  else return hash_text(Op::name);
}

/// Is an operation computed by a nest of loops, `run<nest, two operands>(y, a, b)`?
template <class Op>
concept is_nest = requires { Op::is_nest; };

template <class Op>
consteval operation describe_operation() {
  static_assert(sizeof(registered_operation<operation_id<Op>(), Op>) > 0);
  operation it{};
  it.name = Op::name, it.id = operation_id<Op>(), it.precedence = precedence::atom;
  it.growth = growth::moderate, it.slope_from = slopes::general;
  if constexpr (requires { Op::form; }) it.form = Op::form;
  if constexpr (requires { Op::binding; }) it.precedence = Op::binding;
  if constexpr (requires { Op::commutative; }) it.commutative = Op::commutative;
  if constexpr (requires { &Op::shape; }) it.shape = &Op::shape;
  if constexpr (requires { &Op::rewrite; }) it.rewrite = &Op::rewrite;
  if constexpr (requires { Op::is_elementwise; }) it.elementwise = Op::is_elementwise;
  if constexpr (requires { Op::grows; }) it.growth = Op::grows;
  if constexpr (requires { &Op::growth_of; }) it.growth_of = &Op::growth_of;
  if constexpr (requires { Op::slope_from; }) it.slope_from = Op::slope_from;
  if constexpr (requires { Op::sign; }) it.sign = Op::sign;
  if constexpr (requires { Op::slope_vanishes; }) it.slope_vanishes = Op::slope_vanishes;
  if constexpr (requires { Op::guards; }) it.guards = Op::guards;
  if constexpr (requires { &Op::loses; }) it.loses = &Op::loses;
  if constexpr (requires { &Op::leaves_out; }) it.leaves_out = &Op::leaves_out;
  if constexpr (requires { &Op::fills_up; }) it.fills_up = &Op::fills_up;
  if constexpr (requires { Op::rows; }) it.rows = Op::rows;
  if constexpr (requires { Op::payload_is; }) it.payload = Op::payload_is;
  if constexpr (requires { Op::is_nest; }) it.nest = true;
  if constexpr (requires { Op::is_entangled; }) it.entangled = true;
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

/// All that is known of Op, the class of an operation. Classes of the same id would be a redefinition.
template <class Op>
inline constexpr operation describe = detail::describe_operation<Op>();

}  // namespace typegrad
