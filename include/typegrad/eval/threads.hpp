// SPDX-License-Identifier: BSL-1.0
// A fixed pool of threads for batches: `tg::thread_pool pool(2); tg::value_and_gradient(loss).on(pool)(theta, tg::batch(...))`.
// Not part of typegrad.hpp: who does not include it links no thread library.
#pragma once

#include <typegrad/version.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <thread>
#include <vector>

namespace typegrad {

/// Threads that live as long as the pool. One call uses it at a time.
class thread_pool {
 public:
  /// So many threads in all, the calling one included.
  explicit thread_pool(int threads = static_cast<int>(std::thread::hardware_concurrency())) : size_(threads < 1 ? 1 : threads) {
    for (int t = 1; t < size_; ++t) workers_.emplace_back([this, t] { work(t); });
  }
  ~thread_pool() {
    stop_ = true;
    start();
  }
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  int size() const { return size_; }

  /// f(0), ..., f(n - 1), dealt to the threads in turn; returns when all are done.
  template <class F>
  void run(int n, const F& f) {
    count_ = n;
    task_ = &f;
    call_ = [](const void* task, int shard) { (*static_cast<const F*>(task))(shard); };
    waiting_ = size_ - 1;
    start();
    for (int k = 0; k < n; k += size_) f(k);
    for (int spins = 0, left = waiting_; left > 0; left = waiting_) pause(waiting_, left, ++spins);
  }

  /// Memory that stays until the pool ends or more is asked for; aligned to 64 bytes.
  void* scratch(std::size_t bytes) {
    if (bytes > scratch_size_) {
      scratch_.reset();
      scratch_.reset(static_cast<std::byte*>(::operator new(bytes, std::align_val_t{64})));
      scratch_size_ = bytes;
    }
    return scratch_.get();
  }

 private:
  /// Between two looks at a value: at first nothing, now and then the processor is offered to others, in the end sleep.
  static void pause(const std::atomic<int>& value, int old, int looks) {
    constexpr int patience = 200'000, generosity = 2'000;
    if (looks > patience) value.wait(old);
    else if (looks % generosity == 0) std::this_thread::yield();
  }

  void start() {
    ++round_;
    round_.notify_all();
  }
  void work(int t) {
    for (int seen = 0;;) {
      for (int spins = 0; round_ == seen;) pause(round_, seen, ++spins);
      ++seen;
      if (stop_) return;
      for (int k = t; k < count_; k += size_) call_(task_, k);
      if (--waiting_ == 0) waiting_.notify_one();
    }
  }

  struct free_scratch {
    void operator()(std::byte* p) const { ::operator delete(p, std::align_val_t{64}); }
  };
  int size_;
  int count_ = 0;
  const void* task_ = nullptr;
  void (*call_)(const void*, int) = nullptr;
  std::atomic<int> round_ = 0, waiting_ = 0;
  std::atomic<bool> stop_ = false;
  std::unique_ptr<std::byte, free_scratch> scratch_;
  std::size_t scratch_size_ = 0;
  std::vector<std::jthread> workers_;  // last: joined before the rest goes
};

}  // namespace typegrad
