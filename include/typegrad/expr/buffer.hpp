// SPDX-License-Identifier: BSL-1.0
// The two containers of constant evaluation: a growable array and a hash table of indices.
#pragma once

#include <typegrad/version.hpp>

#include <cstdint>

namespace typegrad::detail {

/// A growable array for constant evaluation. Hot loops read `items` itself: compilers count calls, and clang gives up
/// after a million statements.
template <class T>
class buffer {
 public:
  T* items = nullptr;

  constexpr buffer() = default;
  constexpr explicit buffer(int n, T fill = {}) { resize(n, fill); }
  constexpr buffer(buffer&& other) noexcept : items(other.items), size_(other.size_), capacity_(other.capacity_) { other.items = nullptr; }
  constexpr buffer& operator=(buffer&& other) noexcept {
    delete[] items;
    items = other.items, size_ = other.size_, capacity_ = other.capacity_;
    other.items = nullptr;
    return *this;
  }
  constexpr ~buffer() { delete[] items; }

  constexpr int size() const { return size_; }
  constexpr T& operator[](int i) { return items[i]; }
  constexpr const T& operator[](int i) const { return items[i]; }
  constexpr const T* data() const { return items; }
  constexpr void push(const T& value) {
    if (size_ == capacity_) reserve(capacity_ == 0 ? 64 : 2 * capacity_);
    items[size_++] = value;
  }
  constexpr T pop() { return items[--size_]; }
  constexpr void resize(int n, T fill = {}) {
    if (n > capacity_) reserve(n);
    for (int i = size_; i < n; ++i) items[i] = fill;
    size_ = n;
  }

 private:
  constexpr void reserve(int n) {
    T* next = new T[static_cast<unsigned>(n)];
    for (int i = 0; i < size_; ++i) next[i] = items[i];
    delete[] items;
    items = next;
    capacity_ = n;
  }
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
      const int index = slots_.items[p].index;
      if (index < 0 || (slots_.items[p].hash == hash && same(index))) return index;
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
    while (slots_.items[p].index >= 0) p = (p + 1) & mask;
    slots_.items[p] = e;
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

}  // namespace typegrad::detail
