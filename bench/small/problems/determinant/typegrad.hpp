// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <int N>
struct by_typegrad<determinant<N>> {
  static constexpr auto x = tg::parameter<"x", tg::matrix<N, N>>;
  template <int I, int J>
  static constexpr auto m = tg::at<I, J>(x);
  template <int Row, int I, int J>
  static constexpr auto minor = m<Row, I> * m<Row + 1, J> - m<Row, J> * m<Row + 1, I>;
  template <int K, int I, int J>
  static constexpr auto left() {  // entry I, J after K columns are eliminated
    if constexpr (K == 0) return m<I, J>;
    else return left<K - 1, I, J>() - left<K - 1, I, K - 1>() / left<K - 1, K - 1, K - 1>() * left<K - 1, K - 1, J>();
  }
  static constexpr auto formula() {
    if constexpr (N == 4)
      return minor<0, 0, 1> * minor<2, 2, 3> - minor<0, 0, 2> * minor<2, 1, 3> + minor<0, 0, 3> * minor<2, 1, 2> + minor<0, 1, 2> * minor<2, 0, 3> -
             minor<0, 1, 3> * minor<2, 0, 2> + minor<0, 2, 3> * minor<2, 0, 1>;
    else return []<int... K>(std::integer_sequence<int, K...>) { return (... * left<K, K, K>()); }(std::make_integer_sequence<int, N>{});
  }
  static constexpr auto f = formula();
  static void solve(const double* p, double* y) { y[0] = tg::value_and_gradient(f)(x = numbers<N * N>(p), tg::into(written<N * N>(y + 1))); }
};

}  // namespace small
