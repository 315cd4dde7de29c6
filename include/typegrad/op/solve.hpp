// SPDX-License-Identifier: BSL-1.0
// solve(A, b): the vector x with A x = b, by elimination.
#pragma once

#include <typegrad/op/align.hpp>
#include <typegrad/op/piecewise.hpp>
#include <typegrad/op/product.hpp>

namespace typegrad {

namespace detail {
constexpr term solve_term(term a, term b, bool transposed);

template <class V>
TYPEGRAD_INLINE constexpr void exchange_where(const auto& condition, V& a, V& b) {
  const V kept = a;
  a = math::select(condition, b, a), b = math::select(condition, kept, b);
}
}  // namespace detail

namespace op {

/// The solution of a system of linear equations, or with the payload's pick 1 of that of the transposed matrix.
struct solve {
  static constexpr char name[] = "solve";
  static constexpr growth grows = growth::singular;
  static constexpr notation form = notation::contraction;
  static constexpr payload payload_is = payload::contraction;
  static constexpr bool is_nest = true;
  static constexpr bool is_entangled = true;
  /// Elimination; of each column the largest number is brought to the diagonal, by exchanges that each lane decides for itself.
  template <detail::nest N, class V, class A, class B>
  static constexpr void run(V* y, const A* a, const B* b) {
    constexpr int n = N.results;
    V m[detail::bound(n)][detail::bound(n)];
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) m[i][j] = V(N.pick == 0 ? a[i * n + j] : a[j * n + i]);
      y[i] = V(b[i]);
    }
    for (int c = 0; c < n; ++c) {
      for (int i = c + 1; i < n; ++i) {
        const auto larger = abs::value(m[c][c]) < abs::value(m[i][c]);
        for (int j = c; j < n; ++j) detail::exchange_where(larger, m[c][j], m[i][j]);
        detail::exchange_where(larger, y[c], y[i]);
      }
      for (int i = c + 1; i < n; ++i) {
        const V factor = m[i][c] / m[c][c];
        for (int j = c + 1; j < n; ++j) m[i][j] -= factor * m[c][j];
        y[i] -= factor * y[c];
      }
    }
    for (int i = n - 1; i >= 0; --i) {
      for (int j = i + 1; j < n; ++j) y[i] -= m[i][j] * y[j];
      y[i] /= m[i][i];
    }
  }
  static constexpr bool is_transposed(term y) { return y.graph->contraction_of(y.node()).pick != 0; }
  // A x = b: the adjoint of b is h = A'^-1 g, that of A is -h x'
  static constexpr term pullback(term y, int k, term g) {
    const term h = detail::solve_term(y[0], g, !is_transposed(y));
    if (k == 1) return h;
    return -(is_transposed(y) ? make<outer>({}, y, h) : make<outer>({}, h, y));
  }
  // dx = A^-1 (db - dA x)
  static constexpr term pushforward(term y, int k, term d) {
    if (k == 1) return detail::solve_term(y[0], d, is_transposed(y));
    return -detail::solve_term(y[0], make<matmul>(matmul::flags(is_transposed(y), false), d, y), is_transposed(y));
  }
  static constexpr int rewrite(const request& r) { return is_constant(*r.graph, r.arg[1], 0) ? r.arg[1] : -1; }
};

}  // namespace op

namespace detail {

constexpr contraction solve_payload(int size, bool transposed) {
  contraction made;
  made.operands = 2, made.result = size, made.operand[0] = size * size, made.operand[1] = size;
  made.pick = transposed ? 1 : 0;
  if (transposed) made.name = "solve_transposed";
  return made;
}
/// The solution of A x = b or A' x = b.
constexpr term solve_term(term a, term b, bool transposed) {
  const int arg[] = {a.index, b.index};
  return {a.graph, a.graph->make(describe<op::solve>, arg, 2, a.graph->number_of(solve_payload(b.shape().size(), transposed)), b.shape())};
}

template <class A, class B>
struct linear_system {
  using shape = B;
  static constexpr extent matrix = A::value, vector = B::value;
  static constexpr bool is_square =
      !is_named<A> && !is_named<B> && matrix.rank == 2 && vector.rank == 1 && matrix.rows == matrix.cols && matrix.rows == vector.rows;
  static constexpr contraction value = solve_payload(vector.size(), false);
};

}  // namespace detail

/// The vector x with A x = b, for a square matrix A, by elimination with pivots. Of a singular matrix it is infinite or NaN.
template <Expression A, Expression B>
constexpr auto solve(A, B) {
  using system = detail::linear_system<typename A::shape, typename B::shape>;
  static_assert(system::is_square, "typegrad: solve(A, b): A is a square matrix, matrix<n, n>, and b a vector of as many numbers, vector<n>");
  if constexpr (system::is_square) return detail::nest_expression<op::solve, system, A, B>();
  else return constant<0>;
}

}  // namespace typegrad
