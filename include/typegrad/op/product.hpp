// SPDX-License-Identifier: BSL-1.0
// a * b: scaling and the matrix product; dot, outer, transpose.
#pragma once

#include <typegrad/op/reduce.hpp>

namespace typegrad {

namespace detail {
constexpr int drop_zeros(const request& r);  // op/stack.hpp
}  // namespace detail

namespace op {

/// Matrix times matrix or vector; the payload's bits say which operand is to be read transposed.
struct matmul {
  static constexpr char name[] = "*";
  static constexpr char id[] = "matmul";
  static constexpr growth grows = growth::product;
  static constexpr slopes slope_from = slopes::others;
  static constexpr notation form = notation::infix;
  static constexpr int binding = precedence::product;
  static constexpr bool left_transposed(number v) { return v.num % 2 != 0; }
  static constexpr bool right_transposed(number v) { return v.num / 2 != 0; }
  static constexpr number flags(bool left, bool right) { return {(left ? 1 : 0) + (right ? 2 : 0), 1, 0}; }
  static constexpr extent turned(extent e, bool yes) { return yes ? extent{e.rank, e.cols, e.rows} : e; }

  static constexpr extent shape(const extent* arg, int, number v) {
    const extent a = turned(arg[0], left_transposed(v)), b = turned(arg[1], right_transposed(v));
    return a.rank == 2 && b.rank >= 1 && a.cols == b.rows ? extent{b.rank, a.rows, b.cols} : no_shape;
  }
  template <class T>
  static constexpr void compute(T* y, extent ys, const T* a, extent as, const T* b, extent bs, number v) {
    const bool left = left_transposed(v), right = right_transposed(v);
    const int inner = left ? as.rows : as.cols;
    const int a_row = left ? 1 : as.cols, a_col = left ? as.cols : 1;
    const int b_row = right ? 1 : bs.cols, b_col = right ? bs.cols : 1;
    if (b_row == 1 && a_col == 1) {  // rows of a against columns of b, both contiguous
      for (int i = 0; i < ys.rows; ++i)
        for (int j = 0; j < ys.cols; ++j) {
          const T *p = a + i * a_row, *q = b + j * b_col;
          y[i * ys.cols + j] = detail::ordered_sum(inner, p, q);
        }
    } else if (ys.cols == 1) {  // transposed matrix times vector: a weighted sum of rows
      for (int i = 0; i < ys.rows; ++i) y[i] = a[i * a_row] * b[0];
      for (int k = 1; k < inner; ++k)
        for (int i = 0; i < ys.rows; ++i) y[i] += a[i * a_row + k * a_col] * b[k * b_row];
    } else {
      for (int i = 0; i < ys.rows; ++i) {
        for (int j = 0; j < ys.cols; ++j) y[i * ys.cols + j] = a[i * a_row] * b[j * b_col];
        for (int k = 1; k < inner; ++k)
          for (int j = 0; j < ys.cols; ++j) y[i * ys.cols + j] += a[i * a_row + k * a_col] * b[k * b_row + j * b_col];
      }
    }
  }
  static constexpr term pullback(term y, int k, term g);
  static constexpr term pushforward(term y, int k, term d) {
    return k == 0 ? make<op::matmul>(y.node().value, d, y[1]) : make<op::matmul>(y.node().value, y[0], d);
  }
  static constexpr int rewrite(const request& r);
};

/// u v'
struct outer {
  static constexpr char name[] = "outer";
  static constexpr growth grows = growth::product;
  static constexpr slopes slope_from = slopes::others;
  static constexpr extent shape(const extent* arg, int, number) {
    return arg[0].rank == 1 && arg[1].rank == 1 ? extent{2, arg[0].rows, arg[1].rows} : no_shape;
  }
  template <class T>
  static constexpr void compute(T* y, extent ys, const T* a, extent, const T* b, extent) {
    for (int i = 0; i < ys.rows; ++i)
      for (int j = 0; j < ys.cols; ++j) y[i * ys.cols + j] = a[i] * b[j];
  }
  // d(u v') = du v' + u dv'
  static constexpr term pullback(term y, int k, term g) { return make<op::matmul>(op::matmul::flags(k == 1, false), g, y[1 - k]); }
  static constexpr term pushforward(term y, int k, term d) { return k == 0 ? make<op::outer>({}, d, y[1]) : make<op::outer>({}, y[0], d); }
  static constexpr int rewrite(const request& r) {
    const bool zero = is_constant(*r.graph, r.arg[0], 0) || is_constant(*r.graph, r.arg[1], 0);
    return zero ? constant_term(*r.graph, {}, r.shape).index : -1;
  }
};

/// u . v = sum of u_i v_i
struct dot {
  static constexpr char name[] = "dot";
  static constexpr growth grows = growth::product;
  static constexpr slopes slope_from = slopes::others;
  static constexpr bool commutative = true;
  static constexpr extent shape(const extent* arg, int, number) { return arg[0].rank == 1 && arg[0] == arg[1] ? extent{} : no_shape; }
  template <class T>
  TYPEGRAD_INLINE static constexpr void compute(T* y, extent, const T* a, extent shape, const T* b, extent) {
    y[0] = detail::ordered_sum(shape.size(), a, b);
  }
  // d(u . v) = v . du + u . dv
  static constexpr term pullback(term y, int k, term g) { return g * y[1 - k]; }
  static constexpr term pushforward(term y, int k, term d) { return make<op::dot>({}, d, y[1 - k]); }
  static constexpr int rewrite(const request& r) {
    const bool zero = is_constant(*r.graph, r.arg[0], 0) || is_constant(*r.graph, r.arg[1], 0);
    return zero ? constant_term(*r.graph, {}).index : detail::drop_zeros(r);
  }
};

struct transpose {
  static constexpr char name[] = "transpose";
  static constexpr slopes slope_from = slopes::constant;
  static constexpr extent shape(const extent* arg, int, number) { return arg[0].rank == 2 ? extent{2, arg[0].cols, arg[0].rows} : no_shape; }
  template <class T>
  static constexpr void compute(T* y, extent ys, const T* a, extent) {
    for (int i = 0; i < ys.rows; ++i)
      for (int j = 0; j < ys.cols; ++j) y[i * ys.cols + j] = a[j * ys.rows + i];
  }
  static constexpr term pullback(term, int, term g) { return make<op::transpose>({}, g); }
  static constexpr term pushforward(term, int, term d) { return make<op::transpose>({}, d); }
  static constexpr int rewrite(const request& r) {
    const vertex v = (*r.graph)[r.arg[0]];
    if (v.op == &describe<op::transpose>) return v.arg[0];
    return v.op == &describe<op::constant> ? constant_term(*r.graph, v.value, r.shape).index : -1;
  }
};

constexpr term matmul::pullback(term y, int k, term g) {
  const term a = y[0], b = y[1];
  const bool left = left_transposed(y.node().value), right = right_transposed(y.node().value);
  if (k == 1) return right ? make<op::matmul>(flags(true, left), g, a) : make<op::matmul>(flags(!left, false), a, g);
  if (b.shape().rank == 1) return left ? make<op::outer>({}, b, g) : make<op::outer>({}, g, b);
  return left ? make<op::matmul>(flags(right, true), b, g) : make<op::matmul>(flags(false, !right), g, b);
}

constexpr int matmul::rewrite(const request& r) {
  const vertex a = (*r.graph)[r.arg[0]], b = (*r.graph)[r.arg[1]];
  if (is_constant(*r.graph, r.arg[0], 0) || is_constant(*r.graph, r.arg[1], 0)) return constant_term(*r.graph, {}, r.shape).index;
  const bool left = a.op == &describe<op::transpose>, right = b.op == &describe<op::transpose>;
  if (!left && !right) return -1;
  const number turned = flags(left_transposed(r.value) != left, right_transposed(r.value) != right);
  return make<op::matmul>(turned, term{r.graph, left ? a.arg[0] : r.arg[0]}, term{r.graph, right ? b.arg[0] : r.arg[1]}).index;
}

}  // namespace op

namespace detail {
template <class T>
inline constexpr int rank = 0;
template <Expression E>
inline constexpr int rank<E> = E::shape::value.rank;
}  // namespace detail

/// Scalar times anything, matrix times vector, matrix times matrix. For two vectors say `dot`, `outer` or `hadamard`.
template <class A, class B>
  requires detail::AnyExpression<A, B>
constexpr auto operator*(A, B) {
  if constexpr (detail::rank<A> == 0 || detail::rank<B> == 0 || !(detail::Positional<A> && detail::Positional<B>))
    return typename detail::composite<op::multiply, A, B>::type{};
  else return typename detail::composite<op::matmul, A, B>::type{};
}

/// u . v, the sum of products of two vectors of the same length.
template <class U, class V>
  requires detail::AnyExpression<U, V>
constexpr auto dot(U, V) {
  return typename detail::composite<op::dot, U, V>::type{};
}
/// u v', the matrix of all products of two vectors.
template <class U, class V>
  requires detail::AnyExpression<U, V>
constexpr auto outer(U, V) {
  return typename detail::composite<op::outer, U, V>::type{};
}
/// The transposed matrix.
template <Expression A>
constexpr auto transpose(A) {
  return typename detail::composite<op::transpose, A>::type{};
}

}  // namespace typegrad
