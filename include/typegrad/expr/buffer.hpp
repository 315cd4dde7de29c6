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

/// Open addressing from a hash to an index. (Called for every vertex, so it calls nothing itself.)
class index_table {
 public:
  constexpr index_table() = default;
  constexpr index_table(index_table&& other) noexcept
      : hashes_(other.hashes_), indices_(other.indices_), capacity_(other.capacity_), size_(other.size_) {
    other.hashes_ = nullptr, other.indices_ = nullptr;
  }
  constexpr index_table& operator=(index_table&&) = delete;
  constexpr ~index_table() { delete[] hashes_, delete[] indices_; }

  /// The index with this hash, or -1.
  constexpr int find(std::uint64_t hash) const {
    for (unsigned p = static_cast<unsigned>(hash) & (capacity_ - 1); size_ > 0 && indices_[p] != 0; p = (p + 1) & (capacity_ - 1))
      if (hashes_[p] == hash) return indices_[p] - 1;
    return -1;
  }
  /// The first index with this hash for which `same(index)`, or -1.
  template <class Same>
  constexpr int find(std::uint64_t hash, Same same) const {
    for (unsigned p = static_cast<unsigned>(hash) & (capacity_ - 1); size_ > 0 && indices_[p] != 0; p = (p + 1) & (capacity_ - 1))
      if (hashes_[p] == hash && same(indices_[p] - 1)) return indices_[p] - 1;
    return -1;
  }
  constexpr void insert(std::uint64_t hash, int index) {
    if (2 * size_ >= capacity_) grow();
    unsigned p = static_cast<unsigned>(hash) & (capacity_ - 1);
    while (indices_[p] != 0) p = (p + 1) & (capacity_ - 1);
    hashes_[p] = hash, indices_[p] = index + 1;
    ++size_;
  }

 private:
  constexpr void grow() {
    const unsigned capacity = capacity_ == 0 ? 256 : 4 * capacity_;
    std::uint64_t* const hashes = new std::uint64_t[capacity]{};
    int* const indices = new int[capacity]{};
    for (unsigned i = 0; i < capacity_; ++i) {
      if (indices_[i] == 0) continue;
      unsigned p = static_cast<unsigned>(hashes_[i]) & (capacity - 1);
      while (indices[p] != 0) p = (p + 1) & (capacity - 1);
      hashes[p] = hashes_[i], indices[p] = indices_[i];
    }
    delete[] hashes_, delete[] indices_;
    hashes_ = hashes, indices_ = indices, capacity_ = capacity;
  }

  std::uint64_t* hashes_ = nullptr;
  int* indices_ = nullptr;  // and 1; 0 where there is none
  unsigned capacity_ = 0, size_ = 0;
};

}  // namespace typegrad::detail
