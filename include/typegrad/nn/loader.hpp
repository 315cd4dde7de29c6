// SPDX-License-Identifier: BSL-1.0
// Mini-batches in an order that a seed decides. Not part of typegrad.hpp: it owns memory, and includes what that needs.
#pragma once

#include <typegrad/eval/rows.hpp>
#include <typegrad/nn/initialize.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

namespace typegrad::nn {

/// Rows of data in mini-batches: `loader data(32, seed, x = xs, y = ys); for (auto rows : data) program(theta, rows);`
/// Every loop over it is an epoch: all rows once, shuffled anew, the last batch smaller if need be, and no batch larger
/// than all rows. The ranges are referred to, not copied; the rows of a batch are copied into buffers that are made once.
template <class... Binding>
class loader;

template <class... S, class... V>
class loader<binding<S, V>...> {
  static_assert((typegrad::detail::outlives_call<V> && ...),
                "typegrad: a loader refers to its data, which must outlive it: give the range a name, loader data(32, seed, x = xs)");

 public:
  loader(int rows_per_batch, std::uint64_t seed, binding<S, V>... data)
      : rows_(typegrad::detail::row_count(batch_type<binding<S, V>...>{static_cast<binding<S, V>&&>(data)...})),
        batch_(static_cast<int>(std::clamp<std::int64_t>(rows_per_batch, 1, rows_))),
        next_(seed),
        columns_(column<S, V>(data, batch_)...),
        order_(static_cast<std::size_t>(rows_)) {
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::int64_t>(i);
  }

  std::int64_t rows() const { return rows_; }
  /// How many batches an epoch has.
  std::int64_t batches() const { return (rows_ + batch_ - 1) / batch_; }

  struct end_of_epoch {};
  class iterator {
   public:
    explicit iterator(loader& all) : all_(all) { all_.fill(0); }
    auto operator*() const { return all_.current(count()); }
    iterator& operator++() {
      first_ += all_.batch_;
      if (first_ < all_.rows_) all_.fill(first_);
      return *this;
    }
    bool operator!=(end_of_epoch) const { return first_ < all_.rows_; }
    std::int64_t count() const { return all_.rows_ - first_ < all_.batch_ ? all_.rows_ - first_ : all_.batch_; }

   private:
    loader& all_;
    std::int64_t first_ = 0;
  };
  iterator begin() {
    for (std::size_t i = order_.size() - 1; i > 0; --i) {  // Fisher and Yates
      const std::size_t j = next_() % (i + 1);
      const std::int64_t row = order_[i];
      order_[i] = order_[j], order_[j] = row;
    }
    return iterator(*this);
  }
  end_of_epoch end() const { return {}; }

 private:
  template <class X, class W>
  struct column {
    using source = decltype(typegrad::detail::source_of_rows(std::declval<binding<X, W>>()));
    using number = std::remove_const_t<std::remove_pointer_t<decltype(source::first)>>;
    static constexpr int width = X::shape::value.size();
    source from;
    std::vector<number> rows;
    column(const binding<X, W>& data, int batch) : from(typegrad::detail::source_of_rows(data)), rows(static_cast<std::size_t>(batch) * width) {}
    void copy(std::size_t to, std::int64_t row) {
      for (int k = 0; k < width; ++k) rows[to * width + static_cast<std::size_t>(k)] = from(row, k);
    }
    auto view(std::int64_t n) const {
      return binding<X, std::span<const number>>{std::span<const number>(rows).first(static_cast<std::size_t>(n * width))};
    }
  };
  void fill(std::int64_t first) {
    const std::int64_t last = first + batch_ < rows_ ? first + batch_ : rows_;
    for (std::int64_t i = first; i < last; ++i)
      std::apply([&](auto&... c) { (c.copy(static_cast<std::size_t>(i - first), order_[static_cast<std::size_t>(i)]), ...); }, columns_);
  }
  auto current(std::int64_t n) const {
    return std::apply([n](const auto&... c) { return typegrad::batch(c.view(n)...); }, columns_);
  }

  std::int64_t rows_;
  int batch_;
  generator next_;
  std::tuple<column<S, V>...> columns_;
  std::vector<std::int64_t> order_;
};

template <class... S, class... V>
loader(int, std::uint64_t, binding<S, V>...) -> loader<binding<S, V>...>;

}  // namespace typegrad::nn
