// SPDX-License-Identifier: BSL-1.0
// What compilers allow: they end a constant evaluation after so many steps. Large formulas are tried first, so that one message can
// tell which limit it is and how to raise it (docs/compile-time.md).
#pragma once

#include <typegrad/version.hpp>

#include <type_traits>

namespace typegrad::detail {

/// Evaluations of so many vertices are far from the limit of the compiler, and not tried: trying costs as much as doing.
#ifndef TYPEGRAD_SURELY_ALLOWED
#ifdef __clang__
#define TYPEGRAD_SURELY_ALLOWED 4000
#else
#define TYPEGRAD_SURELY_ALLOWED 40000
#endif
#endif
inline constexpr int surely_allowed = TYPEGRAD_SURELY_ALLOWED;

/// Does the compiler get to the end of a constant evaluation?
template <class Evaluation>
concept Evaluates = requires { typename std::bool_constant<(Evaluation::run(), true)>; };

/// An evaluation of `Size` vertices that is sure to work, or was tried.
template <class Evaluation, int Size>
constexpr bool is_allowed() {
  if constexpr (Size <= surely_allowed) return true;
  else return Evaluates<Evaluation>;
}

}  // namespace typegrad::detail

// One message that names the limit. (A macro, because the text of a static_assert must be a literal.)
#ifdef __clang__
#define TYPEGRAD_TOO_LARGE                                                                                               \
  "typegrad: this formula needs more steps than the compiler allows in one constant expression (1048576): give clang++ " \
  "-fconstexpr-steps=100000000, or compute with vectors instead of their elements; see docs/compile-time.md, 'Limits'"
#else
#define TYPEGRAD_TOO_LARGE                                                                                                 \
  "typegrad: this formula needs more operations than the compiler allows in one constant expression (33554432): give g++ " \
  "-fconstexpr-ops-limit=1000000000, or compute with vectors instead of their elements; see docs/compile-time.md, 'Limits'"
#endif
