// SPDX-License-Identifier: BSL-1.0
// Places of a workspace: taken, given back, taken again.
#pragma once

#include <typegrad/expr/buffer.hpp>

namespace typegrad::detail {

/// Free places of the workspace by size; last in, first out.
class workspace_allocator {
 public:
  /// Places of at least so many numbers start at a multiple of it: loads across two cache lines cost twice.
  explicit constexpr workspace_allocator(int aligned = 1) : aligned_(aligned) {}
  constexpr int take(int size) {
    for (int i = free_.size() - 1; i >= 0 && i >= free_.size() - 32; --i)
      if (free_[i].size == size) {
        const int offset = free_[i].offset;
        free_[i] = free_[free_.size() - 1];
        free_.pop();
        return offset;
      }
    if (size >= aligned_) total_ = (total_ + aligned_ - 1) / aligned_ * aligned_;
    const int offset = total_;
    total_ += size;
    return offset;
  }
  constexpr void give(int offset, int size) { free_.push({offset, size}); }
  constexpr int total() const { return total_; }

 private:
  struct hole {
    int offset = 0;
    int size = 0;
  };
  buffer<hole> free_;
  int aligned_;
  int total_ = 0;
};

}  // namespace typegrad::detail
