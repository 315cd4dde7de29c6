// SPDX-License-Identifier: BSL-1.0
// A growing DAG of unique vertices (hash consing), used only while the compiler evaluates.
#pragma once

#include <typegrad/expr/expression.hpp>

#include <cstdint>

namespace typegrad {

/// One node of a graph; operands are indices of earlier vertices.
struct vertex {
  const operation* op = nullptr;
  extent shape{};
  int arg[3] = {-1, -1, -1};
  int count = 0;       // number of operands; beyond three they stand in the graph's list
  int list = -1;       // where they start there
  number value{};
  const symbol_info* symbol = nullptr;
  const char* label = nullptr;  // the name given by `let`
  std::uint64_t hash = 0;
};

namespace detail {

/// A growable array for constant evaluation.
template <class T>
class buffer {
 public:
  constexpr buffer() = default;
  constexpr explicit buffer(int n, T fill = {}) { resize(n, fill); }
  buffer(const buffer&) = delete;
  buffer& operator=(const buffer&) = delete;
  constexpr ~buffer() { delete[] data_; }

  constexpr int size() const { return size_; }
  constexpr T& operator[](int i) { return data_[i]; }
  constexpr const T& operator[](int i) const { return data_[i]; }
  constexpr const T* data() const { return data_; }
  constexpr void push(const T& value) {
    if (size_ == capacity_) reserve(capacity_ == 0 ? 64 : 2 * capacity_);
    data_[size_++] = value;
  }
  constexpr T pop() { return data_[--size_]; }
  constexpr void resize(int n, T fill = {}) {
    if (n > capacity_) reserve(n);
    for (int i = size_; i < n; ++i) data_[i] = fill;
    size_ = n;
  }

 private:
  constexpr void reserve(int n) {
    T* next = new T[static_cast<unsigned>(n)];
    for (int i = 0; i < size_; ++i) next[i] = data_[i];
    delete[] data_;
    data_ = next;
    capacity_ = n;
  }
  T* data_ = nullptr;
  int size_ = 0;
  int capacity_ = 0;
};

/// Open addressing from a hash to an index.
class index_table {
 public:
  /// The first index with this hash for which `same(index)`, or -1.
  template <class Same>
  constexpr int find(std::uint64_t hash, Same same) const {
    if (size_ == 0) return -1;
    const std::uint64_t mask = static_cast<std::uint64_t>(slots_.size()) - 1;
    for (std::uint64_t p = hash & mask;; p = (p + 1) & mask) {
      const entry& e = slots_[static_cast<int>(p)];
      if (e.index < 0) return -1;
      if (e.hash == hash && same(e.index)) return e.index;
    }
  }
  constexpr void insert(std::uint64_t hash, int index) {
    if (2 * size_ >= slots_.size()) grow();
    place({hash, index});
    ++size_;
  }

 private:
  struct entry {
    std::uint64_t hash = 0;
    int index = -1;
  };
  constexpr void place(entry e) {
    const std::uint64_t mask = static_cast<std::uint64_t>(slots_.size()) - 1;
    std::uint64_t p = e.hash & mask;
    while (slots_[static_cast<int>(p)].index >= 0) p = (p + 1) & mask;
    slots_[static_cast<int>(p)] = e;
  }
  constexpr void grow() {
    buffer<entry> old;
    for (int i = 0; i < slots_.size(); ++i)
      if (slots_[i].index >= 0) old.push(slots_[i]);
    const int n = slots_.size() == 0 ? 64 : 4 * slots_.size();
    slots_.resize(0);
    slots_.resize(n);
    for (int i = 0; i < old.size(); ++i) place(old[i]);
  }
  buffer<entry> slots_;
  int size_ = 0;
};

}  // namespace detail

/// Vertices under construction. With `simplify` every vertex is first offered to its operation's rewriting rules.
class arena {
 public:
  constexpr explicit arena(bool simplify = true) : simplify_(simplify) {}

  constexpr int size() const { return vertices_.size(); }
  constexpr const vertex& operator[](int i) const { return vertices_[i]; }
  constexpr int operand(const vertex& v, int k) const { return v.count <= 3 ? v.arg[k] : list_[v.list + k]; }
  constexpr const detail::buffer<int>& list() const { return list_; }
  constexpr void label(int i, const char* name) {
    if (vertices_[i].label == nullptr) vertices_[i].label = name;
  }

  /// The vertex `op(arg...)`; its shape is the operation's unless one is given.
  constexpr int make(const operation& op, const int* arg, int count, number value = {}, extent shape = no_shape) {
    if (shape.rank < 0) {
      extent shapes[3];
      detail::buffer<extent> many(count > 3 ? count : 0);
      for (int k = 0; k < count; ++k) (count > 3 ? many[k] : shapes[k]) = vertices_[arg[k]].shape;
      shape = op.shape(count > 3 ? many.data() : shapes, count, value);
    }
    if (simplify_ && op.rewrite != nullptr) {
      const int simpler = op.rewrite({this, arg, count, value, shape});
      if (simpler >= 0) return simpler;
    }
    return intern(op, arg, count, value, shape, nullptr);
  }

  /// The vertex without any rewriting; found again if it exists.
  constexpr int intern(const operation& op, const int* arg, int count, number value, extent shape, const symbol_info* symbol) {
    std::uint64_t h = detail::mix(op.id, static_cast<std::uint64_t>(value.num) * 31 + static_cast<std::uint64_t>(value.den) * 7 +
                                             static_cast<std::uint64_t>(value.exponent) + static_cast<std::uint64_t>(shape.size()) * 1031);
    if (symbol != nullptr) h = detail::mix(h, symbol->hash);
    if (op.commutative) h += vertices_[arg[0]].hash * vertices_[arg[1]].hash + vertices_[arg[0]].hash + vertices_[arg[1]].hash;
    else for (int k = 0; k < count; ++k) h = detail::mix(h, vertices_[arg[k]].hash);
    h = detail::mix(h, static_cast<std::uint64_t>(count));
    const int known = table_.find(h, [&](int i) {
      const vertex& v = vertices_[i];
      if (v.op != &op || v.count != count || v.value != value || v.shape != shape) return false;
      if (symbol != nullptr) return v.symbol->hash == symbol->hash;
      if (op.commutative && v.arg[0] == arg[1] && v.arg[1] == arg[0]) return true;
      for (int k = 0; k < count; ++k)
        if (operand(v, k) != arg[k]) return false;
      return true;
    });
    if (known >= 0) return known;
    vertex v{&op, shape, {-1, -1, -1}, count, -1, value, symbol, nullptr, h};
    if (count > 3) {
      v.list = list_.size();
      for (int k = 0; k < count; ++k) list_.push(arg[k]);
    } else {
      for (int k = 0; k < count; ++k) v.arg[k] = arg[k];
    }
    table_.insert(h, vertices_.size());
    vertices_.push(v);
    return vertices_.size() - 1;
  }

 private:
  detail::buffer<vertex> vertices_;
  detail::buffer<int> list_;
  detail::index_table table_;
  bool simplify_;
};

/// A vertex in its arena: the form in which rules are written. Operators are found with the operations in op/.
struct term {
  arena* graph;
  int index;

  constexpr const vertex& node() const { return (*graph)[index]; }
  constexpr extent shape() const { return node().shape; }
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
