// SPDX-License-Identifier: BSL-1.0
// Contractions in constant expressions.
#pragma once

#include <typegrad/op/terms.hpp>

namespace typegrad::detail {

/// A contraction in a constant expression, number by number. Its loops are values: no code is made for each of those that run time does in registers.
template <class V>
class constant_nest {
 public:
  constexpr explicit constant_nest(const nest& n) : n_(n) {}
  constexpr void run(V* y, const V* a, const V* b) const {
    if (n_.direct) return run_direct(y, a + n_.a0, b + n_.b0, 0);
    for (int i = 0; i < n_.results && !n_.shares; ++i) y[i] = 0;
    run_points(y + n_.to0, a + n_.a0, b + n_.b0, 0);
  }

 private:
  constexpr V term(const V* a, const V* b) const { return n_.operands == 2 ? *a * *b : *a; }
  constexpr void run_direct(V* y, const V* a, const V* b, int l) const {
    if (l == n_.outer) *y = number(a, b);
    else
      for (int i = 0; i < n_.size[l]; ++i) run_direct(y + i * n_.to[l], a + i * n_.a[l], b + i * n_.b[l], l + 1);
  }
  constexpr void run_points(V* y, const V* a, const V* b, int l) const {
    if (l == n_.count) *y = n_.once ? term(a, b) : *y + term(a, b);
    else
      for (int i = 0; i < n_.size[l]; ++i) run_points(y + i * n_.to[l], a + i * n_.a[l], b + i * n_.b[l], l + 1);
  }
  constexpr void add_terms(V& all, const V* a, const V* b, int l) const {
    if (l == n_.count) all += term(a, b);
    else
      for (int i = 0; i < n_.size[l]; ++i) add_terms(all, a + i * n_.a[l], b + i * n_.b[l], l + 1);
  }
  constexpr V number(const V* a, const V* b) const {
    if (n_.count == n_.outer) return term(a, b);
    if (const int terms = n_.size[n_.count - 1]; meets_side_by_side<meet_by_sum>(n_))
      return n_.operands == 2 ? meet_one_by_one<meet_by_sum, V>(terms, a, b) : meet_one_by_one<meet_by_sum, V>(terms, a);
    V all = 0;
    add_terms(all, a, b, n_.outer);
    return all;
  }

  const nest& n_;
};

}  // namespace typegrad::detail
