// SPDX-License-Identifier: BSL-1.0
// Integer powers where they are computed: products that share what they have in common.
#pragma once

#include <typegrad/graph/graph.hpp>
#include <typegrad/op/arithmetic.hpp>
#include <typegrad/op/power.hpp>

namespace typegrad::detail {

/// The integer powers of a graph: how many products they need at most, and whether any shares one with another.
struct power_count {
  int products = 0;
  bool shared = false;
};

/// Makes a graph again with products in place of integer powers. x^n is x^(n - p) x^p with p the largest power of two in n, as `math::power` has it:
/// the same bits, and x^6 shares x^4 with x^5. Powers that are computed in two pieces stay, unless a base has several of them: then they are the
/// members of a polynomial, and one product each.
class power_writer {
 public:
  constexpr explicit power_writer(const graph_view& from) : from_(from), powers_of_(from.size, 0), long_powers_of_(from.size, 0) {
    for (int i = 0; i < from.size; ++i)
      if (from.vertices[i].op == &describe<op::power> && from.vertices[i].value.is_integer()) {
        const std::int64_t n = from.vertices[i].value.num;
        ++(n >= -5 && n <= 8 ? powers_of_ : long_powers_of_).items[from.vertices[i].arg[0]];
      }
  }
  constexpr power_count count() const {
    power_count result;
    for (int i = 0; i < from_.size; ++i)
      if (is_product(i)) {
        std::int64_t n = from_.vertices[i].value.num;
        for (n = n < 0 ? 2 - n : n; n > 0; n /= 2) result.products += 2;
        result.shared = result.shared || powers_of_.items[from_.vertices[i].arg[0]] > 1 || from_.vertices[i].value.num > 8;
      }
    return result;
  }
  template <class Graph>
  constexpr int write(Graph& to) {
    buffer<int> where(from_.size, -1);
    vertex* const out = to.vertices;
    for (int i = 0; i < from_.size; ++i) {
      const vertex& v = from_.vertices[i];
      if (is_product(i)) {
        where.items[i] = power(out, where.items[v.arg[0]], v.value.num, v);
        continue;
      }
      vertex& made = out[size_] = v;
      if (v.count <= 3)
        for (int k = 0; k < v.count; ++k) made.arg[k] = where.items[v.arg[k]];
      where.items[i] = size_++;
    }
    for (int i = 0; i < size_; ++i)
      for (int k = 0; out[i].count > 3 && k < out[i].count; ++k) to.list[out[i].list + k] = where.items[from_.list[out[i].list + k]];
    for (int r = 0; r < from_.root_count; ++r) to.roots[r] = where.items[from_.roots[r]];
    for (int c = 0; c < from_.contraction_count; ++c) to.contractions[c] = from_.contractions[c];
    return size_;
  }

 private:
  static constexpr int several = 4;
  constexpr bool is_product(int i) const {
    const vertex& v = from_.vertices[i];
    if (v.op != &describe<op::power> || !v.value.is_integer()) return false;
    return (v.value.num >= -5 && v.value.num <= 8) || (v.value.num > 8 && long_powers_of_.items[v.arg[0]] >= several);
  }
  /// Vertex x to the n, with the shape of `like`.
  constexpr int power(vertex* out, int x, std::int64_t n, const vertex& like) {
    if (n == 1) return x;
    const std::uint64_t key = mix(static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(n));
    const int known = made_.find(key);
    if (known >= 0) return known;
    std::int64_t highest = 1;
    while (2 * highest <= n) highest *= 2;
    vertex made = like;
    made.hash = key;
    if (n < 0) {
      made.op = &describe<op::divide>, made.count = 2, made.value = {}, made.arg[1] = power(out, x, -n, like), made.arg[0] = one(out, like);
    } else if (n == highest) {
      made.value = {2, 1, 0}, made.arg[0] = power(out, x, n / 2, like);
    } else {
      made.op = &describe<op::multiply>, made.count = 2, made.value = {};
      made.arg[0] = power(out, x, n - highest, like), made.arg[1] = power(out, x, highest, like);
    }
    out[size_] = made;
    made_.insert(key, size_);
    return size_++;
  }
  constexpr int one(vertex* out, const vertex& like) {
    if (one_ >= 0) return one_;
    vertex made = like;
    made.op = &describe<op::constant>, made.count = 0, made.value = {1, 1, 0}, made.shape = {}, made.varies = false, made.after = false;
    out[size_] = made;
    return one_ = size_++;
  }

  const graph_view& from_;
  buffer<int> powers_of_, long_powers_of_;  // of each vertex
  index_table made_;
  int size_ = 0, one_ = -1;
};

template <class Before>
struct multiplied_out {
  static constexpr graph_size before = Before::size;
  static constexpr power_count powers = power_writer(Before::view).count();
  struct content {
    graph<before.vertices + powers.products, before.list, before.roots, before.contractions> made;
    int size;
  };
  static constexpr content value = [] {
    content result{};
    result.size = power_writer(Before::view).write(result.made);
    return result;
  }();
  static constexpr graph_size size{value.size, before.list, before.roots, before.contractions};
  static constexpr graph_view view{value.made.vertices,     value.size,         value.made.list, value.made.roots, before.roots,
                                   value.made.contractions, before.contractions};
};

/// Has a graph a base with several powers?
template <class Before>
constexpr bool has_powers() {
  const graph_view& graph = Before::view;
  for (int i = 0; i < graph.size; ++i) {
    const vertex& v = graph.vertices[i];
    if (v.op == &describe<op::power> && v.value.is_integer() && !v.value.is(2)) return power_writer(graph).count().shared;
  }
  return false;
}
/// The graph Before, powers multiplied out where they share something.
template <class Before, bool Powers = has_powers<Before>()>
struct multiplied : Before {};
template <class Before>
struct multiplied<Before, true> : multiplied_out<Before> {};

}  // namespace typegrad::detail
