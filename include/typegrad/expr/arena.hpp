// SPDX-License-Identifier: BSL-1.0
// A growing DAG of unique vertices (hash consing), used only while the compiler evaluates.
#pragma once

#include <typegrad/expr/buffer.hpp>
#include <typegrad/expr/expression.hpp>

#include <cstdint>

namespace typegrad {

/// One node of a graph; operands are indices of earlier vertices.
struct vertex {
  detail::operation_link op = nullptr;
  extent shape{};
  int arg[3] = {-1, -1, -1};
  int count = 0;  // number of operands; beyond three they stand in the graph's list
  int list = -1;  // where they start there
  number value{};
  detail::link<const symbol_info> symbol = nullptr;
  detail::link<const char> label = nullptr;  // the name given by `let`
  typegrad::growth growth{};                 // at finite inputs; never `none`
  int varies = 0;                            // has a value for each row along the axis of this number (axis_list::rows)
  bool after = false;                        // depends on a sum over all rows
  std::uint64_t hash = 0;

  constexpr bool is_number() const { return count == 0 && symbol == nullptr; }
};

/// Vertices under construction. With `simplify` every vertex is first offered to its operation's rewriting rules.
class arena {
 public:
  constexpr explicit arena(bool simplify = true) : simplify_(simplify) {}

  constexpr int size() const { return vertices_.size(); }
  constexpr const vertex& operator[](int i) const { return vertices_.items[i]; }
  /// All vertices; the pointer is good until something is made.
  constexpr const vertex* vertices() const { return vertices_.items; }
  constexpr int operand(const vertex& v, int k) const { return v.count <= 3 ? v.arg[k] : list_.items[v.list + k]; }
  constexpr const detail::buffer<int>& list() const { return list_; }
  /// The table of contractions: what the payload of a vertex is that has one.
  constexpr const detail::buffer<contraction>& contractions() const { return contractions_; }
  constexpr const contraction& contraction_of(const vertex& v) const { return contractions_.items[v.value.num]; }
  /// Its number in the table, as a payload.
  constexpr number number_of(const contraction& c) {
    const std::uint64_t h = c.hash();
    int found = contraction_table_.find(h, [&](int i) { return contractions_.items[i] == c; });
    if (found < 0) {
      found = contractions_.size();
      contractions_.push(c);
      contraction_table_.insert(h, found);
    }
    return {found, 1, 0};
  }
  /// The symbols that have a value for each row of run-time data: what depends on them varies, sums over rows do not.
  constexpr void set_rows(const std::uint64_t* hashes, int count) {
    for (int k = 0; k < count; ++k) rows_.push(hashes[k]);
  }
  constexpr const detail::buffer<std::uint64_t>& rows() const { return rows_; }
  /// The recurrences that forward mode makes of others.
  constexpr void set_tangents(const scan_tangent* table, int count) {
    for (int k = 0; k < count; ++k) tangents_.push(table[k]);
  }
  constexpr detail::link<const scan_info> tangent_of(int id) const {
    for (int k = 0; k < tangents_.size(); ++k)
      if (tangents_.items[k].id == id) return tangents_.items[k].above;
    return nullptr;
  }
  constexpr void label(int i, detail::link<const char> name) {
    if (vertices_[i].label == nullptr) vertices_[i].label = name;
  }

  /// The vertex `op(arg...)`; its shape is the operation's unless one is given.
  constexpr int make(const operation& op, const int* arg, int count, number value = {}, extent shape = no_shape) {
    if (shape.rank < 0) shape = op.elementwise && all_scalar(arg, count) ? extent{} : shape_of(op, arg, count, value);
    if (simplify_ && op.rewrite != nullptr) {
      const int simpler = op.rewrite({this, arg, count, value, shape});
      if (simpler >= 0) return simpler;
    }
    return intern(op, arg, count, value, shape, nullptr);
  }

  /// Takes up vertices of an earlier arena, in their order, into this empty one.
  constexpr void resume(const vertex* vertices, int count, const int* list, int list_size, const contraction* contractions, int contraction_count) {
    for (int i = 0; i < contraction_count; ++i) number_of(contractions[i]);
    for (int i = 0; i < count; ++i) {
      vertices_.push(vertices[i]);
      table_.insert(vertices[i].hash, i);
    }
    for (int i = 0; i < list_size; ++i) list_.push(list[i]);
  }

  /// What was found out about a vertex, so that it is not looked at again: -1 if nothing was.
  constexpr int finding(int i) const { return findings_.find(vertices_.items[i].hash); }
  constexpr bool found(int i, bool fact) {
    findings_.insert(vertices_.items[i].hash, fact ? 1 : 0);
    return fact;
  }

  /// The vertex without any rewriting; found again if it exists.
  constexpr int intern(const operation& op, const int* arg, int count, number value, extent shape, detail::link<const symbol_info> symbol) {
    const std::uint64_t h = hash_of(op, arg, count, value, shape, symbol);
    const int known = table_.find(h, [&](int i) { return same(vertices_.items[i], op, arg, count, value, shape, symbol); });
    if (known >= 0) return known;
    vertices_.push({&op,
                    shape,
                    {count > 0 ? arg[0] : -1, count > 1 ? arg[1] : -1, count > 2 ? arg[2] : -1},
                    count,
                    count > 3 ? list_.size() : -1,
                    value,
                    symbol,
                    nullptr,
                    growth_of(op, arg, count, value, shape),
                    rows_.size() > 0 ? varies(op, arg, count, value, symbol) : 0,
                    rows_.size() > 0 && is_after(op, arg, count),
                    h});
    if (count > 3)
      for (int k = 0; k < count; ++k) list_.push(arg[k]);
    table_.insert(h, vertices_.size() - 1);
    return vertices_.size() - 1;
  }

 private:
  constexpr bool all_scalar(const int* arg, int count) const {
    return (count < 1 || vertices_.items[arg[0]].shape.rank == 0) && (count < 2 || vertices_.items[arg[1]].shape.rank == 0) &&
           (count < 3 || vertices_.items[arg[2]].shape.rank == 0);
  }
  constexpr extent shape_of(const operation& op, const int* arg, int count, number value) const {
    detail::buffer<extent> shapes(count);
    for (int k = 0; k < count; ++k) shapes[k] = vertices_.items[arg[k]].shape;
    return op.shape(shapes.data(), count, value);
  }
  constexpr std::uint64_t hash_of(const operation& op, const int* arg, int count, number value, extent shape,
                                  detail::link<const symbol_info> symbol) const {
    const std::uint64_t h = detail::mix(op.id + static_cast<std::uint64_t>(count),
                                        static_cast<std::uint64_t>(value.num) * 31 + static_cast<std::uint64_t>(value.den) * 7 +
                                            static_cast<std::uint64_t>(value.exponent) + static_cast<std::uint64_t>(shape.size()) * 1031 +
                                            (symbol != nullptr ? symbol->hash : 0));
    if (count == 0) return h;
    if (op.commutative)
      return detail::mix(h,
                         vertices_.items[arg[0]].hash * vertices_.items[arg[1]].hash + vertices_.items[arg[0]].hash + vertices_.items[arg[1]].hash);
    if (count == 1) return detail::mix(h, vertices_.items[arg[0]].hash);
    std::uint64_t all = h;
    for (int k = 0; k < count; ++k) all = detail::mix(all, vertices_.items[arg[k]].hash);
    return all;
  }
  constexpr bool same(const vertex& v, const operation& op, const int* arg, int count, number value, extent shape,
                      detail::link<const symbol_info> symbol) const {
    if (v.op != &op || v.count != count || v.value != value || v.shape != shape || (symbol != nullptr && v.symbol->hash != symbol->hash))
      return false;
    if (count <= 3)
      return ((count < 1 || v.arg[0] == arg[0]) && (count < 2 || v.arg[1] == arg[1]) && (count < 3 || v.arg[2] == arg[2])) ||
             (op.commutative && v.arg[0] == arg[1] && v.arg[1] == arg[0]);
    for (int k = 0; k < count; ++k)
      if (operand(v, k) != arg[k]) return false;
    return true;
  }
  constexpr growth growth_of(const operation& op, const int* arg, int count, number value, extent shape) {
    if (count == 0 || op.growth == growth::none) return growth::moderate;
    growth result = op.growth_of != nullptr ? op.growth_of({this, arg, count, value, shape}) : op.growth;
    const vertex* const v = vertices_.items;
    if (count == 2 && result == growth::product && (v[arg[0]].is_number() || v[arg[1]].is_number())) result = growth::moderate;
    for (int k = 0; k < count; ++k)
      if (result < v[arg[k]].growth) result = v[arg[k]].growth;
    return result;
  }
  /// The axis of rows. What has no axis, the rows of a batch, goes along with any.
  constexpr int varies(const operation& op, const int* arg, int count, number value, detail::link<const symbol_info> symbol) const {
    if (op.rows == over::all) return 0;
    if (op.rows == over::each) return op.payload == payload::contraction ? contractions_.items[value.num].pick : value.exponent;
    int rows = 0;
    for (int k = 0; k < count; ++k)
      if (vertices_.items[arg[k]].varies > rows) rows = vertices_.items[arg[k]].varies;
    if (symbol != nullptr && symbol->axes != nullptr && symbol->axes->has_rows()) return symbol->axes->rows();
    for (int k = 0; symbol != nullptr && k < rows_.size(); ++k)
      if (rows_.items[k] == symbol->hash) return 1;
    return rows;
  }

  constexpr bool is_after(const operation& op, const int* arg, int count) const {
    if (op.rows == over::all && count > 0) return true;
    for (int k = 0; k < count; ++k)
      if (vertices_.items[arg[k]].after) return true;
    return false;
  }

  friend struct term;
  detail::buffer<std::uint64_t> rows_;
  detail::buffer<scan_tangent> tangents_;
  detail::buffer<vertex> vertices_;
  detail::buffer<int> list_;
  detail::index_table table_;
  detail::buffer<contraction> contractions_;
  detail::index_table contraction_table_;
  detail::index_table findings_;
  bool simplify_;
};

/// A vertex in its arena: the form in which rules are written. Operators are found with the operations in op/.
struct term {
  arena* graph;
  int index;

  constexpr const vertex& node() const { return graph->vertices_.items[index]; }
  constexpr extent shape() const { return graph->vertices_.items[index].shape; }
  /// Operand k of this vertex.
  constexpr term operator[](int k) const { return {graph, graph->operand(node(), k)}; }
  constexpr bool operator==(const term&) const = default;
};

/// `Op(operands...)` in the arena of the operands.
template <class Op, class... Rest>
constexpr term make(number value, term first, Rest... rest) {
  const int arg[] = {first.index, rest.index...};
  return {first.graph, first.graph->make(describe<Op>, arg, 1 + sizeof...(Rest), value)};
}

}  // namespace typegrad
