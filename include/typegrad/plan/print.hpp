// SPDX-License-Identifier: BSL-1.0
// to_string(plan): the kernels of a batch program with shapes, buffers, operations and bytes.
#pragma once

#include <typegrad/graph/writer.hpp>
#include <typegrad/plan/body.hpp>
#include <typegrad/plan/print_steps.hpp>

namespace typegrad {

/// The plan of a program over the rows of a batch, for numbers of type T; made by `program.plan<T>(rows(x, y))`.
template <class Recipe, class T>
struct batch_plan {
  using plan = plan_of<Recipe>;
  template <int Pass>
  using body = detail::body_of<plan, detail::planned<Recipe>, Pass>;
  static constexpr int passes = plan::value.passes;

  /// The kernels of all passes over the rows.
  static constexpr int kernel_count() {
    return []<std::size_t... P>(std::index_sequence<P...>) { return (0 + ... + body<static_cast<int>(P)>::size.steps); }(indices{});
  }
  /// Operations for one row.
  static constexpr long long operation_count() {
    return []<std::size_t... P>(std::index_sequence<P...>) { return (0 + ... + body<static_cast<int>(P)>::value.operations); }(indices{});
  }
  /// The arena of one row: bytes of all buffers of the body; those whose lives do not meet share their place.
  static constexpr long long row_bytes() {
    long long most = 0;
    [&]<std::size_t... P>(std::index_sequence<P...>) {
      ((most = body<static_cast<int>(P)>::value.workspace > most ? body<static_cast<int>(P)>::value.workspace : most), ...);
    }(indices{});
    return static_cast<long long>(sizeof(T)) * most;
  }

 private:
  using indices = std::make_index_sequence<static_cast<std::size_t>(passes)>;
};

namespace detail {

template <class Body>
constexpr void print_chain(writer& out, const body_step& s) {
  const bool product = s.kind == kernel::product;
  for (int m = product ? 1 : 0; m < s.count; ++m) {
    if (m == 12 && s.count > 16) return out.put(" ... "), out.put(std::int64_t{s.count - m}), out.put(" more");
    out.put(m == 0 ? "" : " "), out.put(Body::value.operations_of[s.first + m]->name);
  }
}

template <class Plan>
constexpr void print_place(writer& out, place p) {
  if (p.base >= 2 && p.base < 2 + Plan::size.symbols) return out.put(Plan::value.symbols[p.base - 2]->name);
  out.put(p.base == 1 ? "constant" : "shared "), out.put(std::int64_t{p.offset});
}

template <class Plan, class Body, class T>
constexpr void print_kernel(writer& out, const body_step& s) {
  constexpr const char* names[] = {"chain", "product", "outer sum", "row sum", "gather", "spread", "single", "row max", "store", "row number"};
  const auto number = [&out](std::int64_t n) { out.put(n); };
  out.put(names[static_cast<int>(s.kind)]), out.put(' ');
  if (s.kind == kernel::product || s.kind == kernel::outer_sum) number(s.size), out.put('x'), number(s.inner), out.put(' ');
  else number(s.size), out.put(s.kind == kernel::gather || s.kind == kernel::spread ? "" : " ");
  if (s.kind == kernel::product) print_place<Plan>(out, s.matrix), out.put(s.row == 1 && s.column > 1 ? "'*@" : "*@"), number(s.left);
  if (s.kind == kernel::outer_sum) out.put('@'), number(s.left), out.put(" @"), number(s.right), out.put('\'');
  if (s.times > 1) out.put(", "), number(s.times), out.put(" products");
  if (s.kind == kernel::row_sum || s.kind == kernel::row_max || s.kind == kernel::store) out.put('@'), number(s.left);
  if (s.kind == kernel::single) {
    const operation& op = *Body::value.operations_of[s.first];
    out.put(op.name), out.put(" @"), number(s.left);
    if (op.payload == payload::contraction) print_loops<T>(out, Body::contractions[s.value.num], true);
  }
  if (s.kind == kernel::chain || s.kind == kernel::product) print_chain<Body>(out, s);
  out.put(" -> ");
  if (s.root >= 0) out.put("root "), number(s.root);
  else if (s.is_sum()) out.put("shared "), number(s.to);
  else out.put('@'), number(s.to);
}

/// The name of the axis along which a pass goes: that of a symbol.
template <class Plan>
constexpr const char* name_of_axis(int rows) {
  for (int s = 0; s < Plan::size.symbols; ++s)
    if (const symbol_info& symbol = *Plan::value.symbols[s]; symbol.axes != nullptr && symbol.axes->rows() == rows) return symbol.axes->at[0].name;
  return "the batch";
}

template <class BatchPlan, class T, int Pass = 0>
constexpr void print_plan(writer& out) {
  using plan = typename BatchPlan::plan;
  using body = typename BatchPlan::template body<Pass>;
  const auto line = [&out](const char* before, std::int64_t n, const char* after) { out.put(before), out.put(n), out.put(after); };
  if (plan::value.axis_count > 1)
    line("pass ", Pass + 1, ", along "), out.put(name_of_axis<plan>(plan::value.axes[plan::value.axis_of[Pass]])), out.put(":\n");
  for (int l = 0; l < body::size.loads; ++l)
    if (body::value.loads[l].offset >= 0 || plan::value.axis_count == 1)
      out.put("load "), out.put(plan::value.symbols[body::value.loads[l].symbol]->name), line(" ", body::value.loads[l].size, ""),
          line(" -> @", body::value.loads[l].offset, "\n");
  for (int s = 0; s < body::size.steps; ++s) {
    const body_step& step = body::value.steps[s];
    print_kernel<plan, body, T>(out, step);
    line("; ", step.operations, " operations"), line(", ", static_cast<std::int64_t>(sizeof(T)) * step.numbers, " bytes\n");
  }
  if constexpr (Pass + 1 < BatchPlan::passes) {
    if (plan::value.axis_count == 1) line("then, pass ", Pass + 2, " over the rows:\n");
    return print_plan<BatchPlan, T, Pass + 1>(out);
  }
  out.put("lanes along the rows; ");
  line("each row: ", BatchPlan::operation_count(), " operations, "), line("", BatchPlan::row_bytes(), " bytes of buffers\n");
  line("once: ", plan::size.steps, " steps, "), line("", static_cast<std::int64_t>(sizeof(T)) * plan::value.workspace, " bytes\n");
}

}  // namespace detail

/// One kernel a line: shape, operands (@ is a place in the buffers of a row), what is fused with it, where the result goes,
/// operations and bytes moved for one row.
template <class Recipe, class T>
constexpr std::string_view to_string(batch_plan<Recipe, T>) {
  return detail::written_text<&detail::print_plan<batch_plan<Recipe, T>, T>>::value.view();
}

}  // namespace typegrad
