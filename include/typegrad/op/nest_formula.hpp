// SPDX-License-Identifier: BSL-1.0
// The formula of a nest of loops over operands, from lists of axes: which loops there are, how far each steps, what it hashes to.
#pragma once

#include <typegrad/expr/axis.hpp>
#include <typegrad/expr/contraction.hpp>
#include <typegrad/expr/expression.hpp>

namespace typegrad::detail {

/// The loops over the axes of the result, then over those summed, of operands in whose axes they step.
constexpr contraction contraction_over(const axis_list& result, const axis_list& summed, const axis_list& a, const axis_list& b) {
  contraction made;
  made.result = result.size(), made.operand[0] = a.size(), made.operand[1] = b.size();
  const auto add = [&](const axis_info& axis, int to) {
    if (!axis.is_run_time()) made.add({axis.size, to, {a.stride(axis.hash), b.stride(axis.hash)}, axis.hash, axis.name});
  };
  for (int k = 0; k < result.count; ++k) add(result.at[k], result.stride(result.at[k].hash));
  for (int k = 0; k < summed.count; ++k) add(summed.at[k], 0);
  return made;
}

/// Tells shapes apart whose numbers are as many.
template <class Shape>
inline constexpr std::uint64_t hash_of_shape = mix(static_cast<std::uint64_t>(Shape::value.rank), static_cast<std::uint64_t>(Shape::value.cols));
template <auto... Axis>
inline constexpr std::uint64_t hash_of_shape<axes<Axis...>> = axes<Axis...>::hash;

/// The formula of a nest of loops over operands: `Loops::value` is the contraction.
template <class Op, class Loops, class... Operand>
struct nest_formula {
  static constexpr const formula* arg[] = {&Operand::node()...};
  static constexpr contraction loops = [] {
    contraction made = Loops::value;
    made.operands = static_cast<int>(sizeof...(Operand));
    return made;
  }();
  static constexpr formula node_ = [] {
    std::uint64_t hash = mix(mix(describe<Op>.id, loops.hash()), hash_of_shape<typename Loops::shape>);
    if (loops.name != nullptr) hash = mix(hash, hash_text(loops.name));
    bool regions = false;
    for (const formula* one : arg) hash = mix(hash, one->hash), regions = regions || one->regions;
    return formula{&describe<Op>, hash, Loops::shape::value, arg, static_cast<int>(sizeof...(Operand)), {}, nullptr, nullptr, regions, &loops};
  }();
};
/// Its expression, of the shape `Loops::shape`.
template <class Op, class Loops, class... Operand>
constexpr auto nest_expression() {
  using definition = nest_formula<Op, Loops, Operand...>;
  static_assert(sizeof(inject<definition::node_.hash, definition>) > 0);
  return expression<Op, typename Loops::shape, definition::node_.hash>{};
}

}  // namespace typegrad::detail
