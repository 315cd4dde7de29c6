// SPDX-License-Identifier: BSL-1.0
// An elementwise step over a tensor: where its operands and its result are, one element or a register of them, all of them.
#pragma once

#include <typegrad/math/inline.hpp>
#include <typegrad/plan/planner.hpp>

namespace typegrad::detail {

template <class Op, class Constants, class T>
TYPEGRAD_INLINE constexpr T elementwise_value(const step& s, const T& a, const T& b, const T& c) {
  if constexpr (requires { Op::template power_of<Constants::exponent>(a); }) return Op::template power_of<Constants::exponent>(a);
  else if constexpr (requires { Op::value(a, number{}); }) return Op::value(a, s.value);
  else if constexpr (Op::arity == 1) return Op::value(a);
  else if constexpr (Op::arity == 2) return Op::value(a, b);
  else return Op::value(a, b, c);
}

/// Where operand K of a step is. (The workspace itself, not what the table says of it: so compilers see which stores it reads.)
template <int K, class T>
TYPEGRAD_INLINE constexpr const T* operand_at(const T* workspace, const T* const* base, const step& s) {
  return (s.from[K].base == 0 ? workspace : base[s.from[K].base]) + s.from[K].offset;
}

/// The operands of an elementwise step that are single numbers.
template <class T>
struct same_everywhere {
  T at[3]{};
  TYPEGRAD_INLINE constexpr same_everywhere(const T* workspace, const T* const* base, const step& s, int arity) {
    if (s.operand[0].rank == 0) at[0] = *operand_at<0>(workspace, base, s);
    if (arity > 1 && s.operand[1].rank == 0) at[1] = *operand_at<1>(workspace, base, s);
    if (arity > 2 && s.operand[2].rank == 0) at[2] = *operand_at<2>(workspace, base, s);
  }
};

#if !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Waggressive-loop-optimizations"  // g++ 12 does not see that the remainder stays within the operand
#endif
/// Number n of an operand, or as many from n on as W has: of a single number, always that; of a tensor that is shorter than the result, again
/// and again.
template <int K, class W, class T>
TYPEGRAD_INLINE constexpr W element_at(const T* workspace, const T* const* base, const step& s, const same_everywhere<T>& same, int n) {
  if (s.operand[K].rank == 0) return W(same.at[K]);
  const int i = s.operand[K].size() == s.shape.size() ? n : n % s.operand[K].size();
  if constexpr (std::is_same_v<W, T>) return operand_at<K>(workspace, base, s)[i];
  else return W::load(operand_at<K>(workspace, base, s) + i);
}
#if !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/// Where the result of a step goes: into the workspace, or to a root.
template <class T>
TYPEGRAD_INLINE constexpr T* result_of(T* workspace, const T* const* base, const step& s) {
  return (s.to.base == 0 ? workspace : const_cast<T*>(base[s.to.base])) + s.to.offset;
}

/// Element n of an elementwise step, or as many from n on as W has.
template <class Op, class Constants, class W, class T>
TYPEGRAD_INLINE constexpr void run_element(T* workspace, const T* const* base, const step& s, const same_everywhere<T>& same, int n) {
  const W a = element_at<0, W>(workspace, base, s, same, n);
  const W b = Op::arity < 2 ? a : element_at<1, W>(workspace, base, s, same, n),
          c = Op::arity < 3 ? a : element_at<2, W>(workspace, base, s, same, n);
  const W y = elementwise_value<Op, Constants>(s, a, b, c);
  if constexpr (std::is_same_v<W, T>) result_of(workspace, base, s)[n] = y;
  else y.store(result_of(workspace, base, s) + n);
}

/// All elements, of operands as long as the result or single numbers.
template <class Op, class Constants, class T>
TYPEGRAD_INLINE constexpr void run_elementwise(T* workspace, const T* const* base, const step& s) {
  const same_everywhere<T> same(workspace, base, s, Op::arity);
  int n = 0;
  if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>)
    if (!__builtin_is_constant_evaluated()) {
      using W = math::lanes<T, math::native_lanes<T>>;
      for (; n + W::count <= s.shape.size(); n += W::count) run_element<Op, Constants, W>(workspace, base, s, same, n);
    }
  for (; n < s.shape.size(); ++n) run_element<Op, Constants, T>(workspace, base, s, same, n);
}

/// Operand K of a step whose operands are single numbers. A function of a long line has a workspace of its own.

}  // namespace typegrad::detail
