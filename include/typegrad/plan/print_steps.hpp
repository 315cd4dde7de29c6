// SPDX-License-Identifier: BSL-1.0
// to_string(plan) of a program without rows: its steps with loops, lanes, places, operations and bytes.
#pragma once

#include <typegrad/graph/writer.hpp>
#include <typegrad/op/block.hpp>
#include <typegrad/plan/planner.hpp>

namespace typegrad {

/// The plan of a program for one call, for numbers of type T; made by `program.plan<T>()`.
template <class Recipe, class T>
struct single_plan {
  using plan = plan_of<Recipe>;
  static constexpr int step_count() { return plan::size.steps; }
  static constexpr operation_counts operation_count() { return plan::value.operations; }
  static constexpr long long workspace_bytes() { return static_cast<long long>(sizeof(T)) * plan::value.workspace; }
};

namespace detail {

/// The loops of a contraction, those of the result first: names and lengths, and which of them lies along lanes of numbers of type T.
template <class T>
constexpr void print_loops(writer& out, const contraction& c, bool rows_in_lanes = false) {
  const nest n = nest_of(c);
  for (const bool summed : {false, true}) {
    bool first = true;
    for (int l = 0; l < c.count; ++l) {
      const loop& along = c.loops[l];
      if (along.size == 1 || c.is_summed(l) != summed) continue;
      if (first) out.put(summed ? "; sums " : "; over ");
      else out.put(" x ");
      first = false;
      if (along.name != nullptr) out.put(along.name), out.put(' ');
      out.put(std::int64_t{along.size});
      if (summed ? c.across && along.from[0] == 1 : !c.across && along.to == 1 && !rows_in_lanes && has_lanes<T>(n)) out.put(" (lanes)");
    }
  }
}

/// So many operands a step of Op has.
template <class Op>
constexpr int operands_of(const contraction* loops) {
  if constexpr (requires { Op::arity; }) return Op::arity;
  else if constexpr (is_nest<Op>) return loops->operands;
  else if constexpr (
      requires(double* y, extent e) { Op::compute(y, e, y, e, y, e); } ||
      requires(double* y, extent e, number v) { Op::compute(y, e, y, e, y, e, v); })
    return 2;
  else return 1;
}

/// Multiplications and additions of a contraction and of a product; else one operation for each result.
constexpr long long operations_of_step(const operation& op, const contraction* loops, const step& s) {
  const long long results = s.shape.size(), inner = s.operand[0].size();
  if (op.id == describe<op::matmul>.id) return 2 * results * (inner / (s.shape.rows > 0 ? s.shape.rows : 1));
  if (op.id == describe<op::dot>.id) return 2 * inner - 1;
  if (op.id == describe<op::sum>.id || op.id == describe<op::mean>.id) return inner - 1;
  if (op.id != describe<op::contract>.id || loops == nullptr) return results;
  return (loops->operands == 2 ? loops->points() : 0) + (loops->sums() ? loops->points() - loops->result : 0);
}

/// As it would be written; what is only looked at another way is turned, or spread along more axes.
constexpr const char* step_name(const operation& op, const contraction* loops) {
  if (loops == nullptr || op.id != describe<op::contract>.id) return op.name;
  if (loops->name != nullptr) return loops->name;
  if (loops->operands == 2) return loops->sums() ? "dot" : "*";
  return loops->sums() ? "sum" : !loops->is_direct() ? "scatter" : loops->result == loops->operand[0] ? "turn" : "spread";
}

template <class Plan, class T, int N>
constexpr void print_step(writer& out) {
  constexpr int table = Plan::value.loops[N];
  constexpr const contraction* loops = table >= 0 ? &Plan::contractions[table] : nullptr;
  const step& s = Plan::value.steps[N];
  const operation& op = *Plan::value.operations_of[N];
  const auto number = [&out](const char* before, long long n, const char* after) {
    out.put(before), out.put(static_cast<std::int64_t>(n)), out.put(after);
  };
  long long numbers = s.shape.size();
  if constexpr (loops != nullptr)
    if (loops->shares > 0) numbers = loops->points();
  if (s.to.base > 0) number("root ", s.to.base - detail::root_base(Plan::size, 0), " = ");
  else number("@", s.to.offset, " = ");
  out.put(step_name(op, loops)), out.put('(');
  for (int k = 0; k < operands_of<operation_class<Plan::value.operations_of[N]->id>>(loops); ++k) {
    const place p = s.from[k];
    out.put(k > 0 ? ", " : "");
    if (p.base == 1) out.put(Plan::value.constants[p.offset]);
    else if (p.base > 1) out.put(Plan::value.symbols[p.base - 2]->name);
    if (p.base == 0 || (p.base > 1 && p.offset > 0)) number("@", p.offset, "");
    numbers += loops != nullptr && k < 2 ? loops->operand[k] : s.operand[k].size();
  }
  out.put(')');
  if (loops != nullptr) print_loops<T>(out, *loops);
  else if (s.shape.size() > 1) number("; over ", s.shape.size(), "");
  if (loops != nullptr || numbers > 4)
    number("; ", operations_of_step(op, loops, s), " operations, "), number("", static_cast<long long>(sizeof(T)) * numbers, " bytes");
  out.put('\n');
}

template <class Plan, class T, int First = 0>
constexpr void print_steps(writer& out) {
  constexpr int last = First + 64 < Plan::size.steps ? First + 64 : Plan::size.steps;
  [&]<int... I>(std::integer_sequence<int, I...>) { (print_step<Plan, T, First + I>(out), ...); }(std::make_integer_sequence<int, last - First>{});
  if constexpr (last < Plan::size.steps) print_steps<Plan, T, last>(out);
}

template <class Plan, class T>
constexpr void print_single_plan(writer& out) {
  print_steps<Plan, T>(out);
  for (int r = 0; r < Plan::size.roots; ++r) {
    const place p = Plan::value.results.roots[r];
    out.put("root "), out.put(std::int64_t{r}), out.put(" = ");
    if (Plan::value.results.first[r] == written_in_place) out.put("written in place");
    else if (Plan::value.results.first[r] >= 0) out.put("put together");
    else if (p.base == 1) out.put(Plan::value.constants[p.offset]);
    else if (p.base > 1) out.put(Plan::value.symbols[p.base - 2]->name);
    if (Plan::value.results.first[r] == -1 && (p.base == 0 || (p.base > 1 && p.offset > 0))) out.put('@'), out.put(std::int64_t{p.offset});
    out.put("; "), out.put(std::int64_t{Plan::value.results.root_sizes[r]}),
        out.put(Plan::value.results.root_sizes[r] == 1 ? " number\n" : " numbers\n");
  }
  constexpr operation_counts all = Plan::value.operations;
  const auto count = [&out](long long n, const char* what) { out.put(static_cast<std::int64_t>(n)), out.put(what); };
  count(Plan::size.steps, " steps, the longest chain "), count(Plan::value.depth, "; "), count(all.add, " additions, ");
  count(all.multiply, " multiplications, "), count(all.divide, " divisions and roots, "), count(all.transcendental, " transcendental, ");
  count(all.other, " other; "), count(static_cast<long long>(sizeof(T)) * Plan::value.workspace, " bytes of workspace\n");
}

}  // namespace detail

/// One step a line: where the result goes (@ is a place in the workspace), the operation and its operands, the loops of the result and those that
/// are summed over, what lies along lanes; operations and bytes. Then where the results are, and the sums.
template <class Recipe, class T>
constexpr std::string_view to_string(single_plan<Recipe, T>) {
  return detail::written_text<&detail::print_single_plan<plan_of<Recipe>, T>>::value.view();
}

}  // namespace typegrad
