// SPDX-License-Identifier: BSL-1.0
// The kernels of regions over packs: rows in lanes. Blocks of results stay in registers; block sizes follow the shapes and
// the number of registers.
#pragma once

#include <typegrad/math/lanes.hpp>

namespace typegrad::detail {

template <int N>
using up_to = std::make_index_sequence<static_cast<std::size_t>(N)>;

/// f(constant 0), f(constant 1), ...: a loop that is always unrolled.
template <int N, class F>
[[gnu::always_inline]] inline void unroll(F f) {
  [&]<std::size_t... I>(std::index_sequence<I...>)
      __attribute__((always_inline)) { (f(std::integral_constant<int, static_cast<int>(I)>{}), ...); }(up_to<N>{});
}

/// `total` in as few blocks of at most `largest` as possible, of nearly equal size.
constexpr int block_size(int total, int largest) {
  const int blocks = (total + largest - 1) / largest;
  return (total + blocks - 1) / blocks;
}

/// Register blocks of a matrix product: rows times packs of accumulators.
constexpr int product_rows(int rows) { return block_size(rows, math::register_count == 32 ? 12 : 6); }
constexpr int product_packs(int rows) { return rows > 5 ? 2 : math::register_count == 32 ? 4 : rows > 2 ? 2 : 4; }

/// y[j] (+)= sum of a[j, k] x[k] for J rows and P packs; `row` and `column` are the distances of a's elements.
template <int J, int P, bool Add, class T, int L>
[[gnu::always_inline]] inline void product_block(math::lanes<T, L>* y, const T* a, int row, int column, const math::lanes<T, L>* x, int pack,
                                                 int inner) {
  using V = typename math::lanes<T, L>::native;
  V sum[J * P];
  unroll<J * P>([&](auto i) __attribute__((always_inline)) {
    if constexpr (Add) sum[i] = y[i % P * pack + i / P].v;
    else sum[i] = V{};
  });
  for (int k = 0; k < inner; ++k) {
    V b[P];
    unroll<P>([&](auto p) __attribute__((always_inline)) { b[p] = x[p * pack + k].v; });
    unroll<J>([&](auto j) __attribute__((always_inline)) {
      const V weight = a[j * row + k * column] - V{};
      unroll<P>([&](auto p) __attribute__((always_inline)) { sum[j * P + p] += weight * b[p]; });
    });
  }
  unroll<J * P>([&](auto i) __attribute__((always_inline)) { y[i % P * pack + i / P].v = sum[i]; });
}

// ---- lanes against each other

/// Lanes whose number lacks bit D from a, the others from b: of the same place (Low), or of the place D further.
template <int D, bool Low, class V, std::size_t... I>
[[gnu::always_inline]] inline V interleave(V a, V b, std::index_sequence<I...>) {
  constexpr int n = sizeof...(I);
  if constexpr (Low) return __builtin_shufflevector(a, b, ((static_cast<int>(I) & D) == 0 ? static_cast<int>(I) : static_cast<int>(I) - D + n)...);
  else return __builtin_shufflevector(a, b, ((static_cast<int>(I) & D) == 0 ? static_cast<int>(I) + D : static_cast<int>(I) + n)...);
}

/// The L by L matrix with these rows, transposed in place.
template <class T, int L>
[[gnu::always_inline]] inline void transpose(math::lanes<T, L> (&x)[L]) {
  const auto stage = [&](auto distance) __attribute__((always_inline)) {
    constexpr int d = distance;
    if constexpr (d < L)
      unroll<L>([&](auto i) __attribute__((always_inline)) {
        if constexpr ((i & d) == 0) {
          const auto a = x[i].v, b = x[i + d].v;
          x[i].v = interleave<d, true>(a, b, up_to<L>{});
          x[i + d].v = interleave<d, false>(a, b, up_to<L>{});
        }
      });
  };
  unroll<6>([&](auto k) __attribute__((always_inline)) { stage(std::integral_constant<int, 1 << k>{}); });
}

/// Lane i of the result is the sum of all lanes of x[i], added in pairs of neighbours.
template <class T, int L>
[[gnu::always_inline]] inline math::lanes<T, L> sum_lanes(math::lanes<T, L> (&x)[L]) {
  unroll<6>([&](auto k) __attribute__((always_inline)) {
    constexpr int d = 1 << k;
    if constexpr (d < L)
      unroll<L / 2 / d>([&](auto i) __attribute__((always_inline)) {
        const auto a = x[2 * i * d].v, b = x[(2 * i + 1) * d].v;
        x[2 * i * d].v = interleave<d, true>(a, b, up_to<L>{}) + interleave<d, false>(a, b, up_to<L>{});
      });
  });
  return x[0];
}

template <class T, int L>
[[gnu::always_inline]] inline math::lanes<T, L> only(math::lanes<T, L> x, typename math::lanes<T, L>::mask keep) {
  return __builtin_bit_cast(typename math::lanes<T, L>::native, __builtin_bit_cast(decltype(keep.v), x.v) & keep.v);
}

/// to[0..n) += x, n <= L; if nothing is there yet, = x.
template <class T, int L>
[[gnu::always_inline]] inline void add_to(T* to, math::lanes<T, L> x, int n, bool fresh) {
  if (n >= L) return (fresh ? x : math::lanes<T, L>::load(to) + x).store(to);
  for (int i = 0; i < n; ++i) to[i] = fresh ? x.v[i] : to[i] + x.v[i];
}

/// The rows of a tile: so many packs, and the lanes of the last that are rows.
template <class T, int L>
struct tile {
  int packs;
  int rows;
  bool fresh;  // the first one: sums start with it
  typename math::lanes<T, L>::mask last;
};

/// to[i] += sum over rows of u[i / K] v[i % K] for i < n; with K = 0 of u[i]. Lanes are summed last.
template <int N, int K, class T, int L>
inline void add_lane_sums(T* to, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack, const tile<T, L>& rows) {
  using V = math::lanes<T, L>;
  constexpr int width = K == 0 ? 1 : K;
  const auto block = [&](int first) __attribute__((always_inline)) {
    V sum[L];
    unroll<L>([&](auto i) __attribute__((always_inline)) { sum[i].v = typename V::native{}; });
    const auto add = [&](int p, auto keep) __attribute__((always_inline)) {
      unroll<L>([&](auto i) __attribute__((always_inline)) {
        const int at = N % L == 0 || first + i < N ? first + i : N - 1;
        const V a = keep(u[p * pack + at / width]);
        if constexpr (K == 0) sum[i].v += a.v;
        else sum[i].v += a.v * keep(v[p * pack + at % width]).v;
      });
    };
    const int full = rows.rows % L == 0 ? rows.packs : rows.packs - 1;
    for (int p = 0; p < full; ++p) add(p, [](V all) __attribute__((always_inline)) { return all; });
    if (full < rows.packs) add(full, [&](V all) __attribute__((always_inline)) { return only(all, rows.last); });
    add_to(to + first, sum_lanes(sum), N - first, rows.fresh);
  };
  constexpr int blocks = (N + L - 1) / L;
  if constexpr (blocks <= 4) unroll<blocks>([&](auto b) __attribute__((always_inline)) { block(std::integral_constant<int, b * L>{}); });
  else
    for (int b = 0; b < blocks; ++b) block(b * L);
}

/// J rows of to += sum over rows of u[j] v', for Q registers of columns; v is given row after row, `row` apart, u in packs.
template <int J, int Q, class T, int L>
[[gnu::always_inline]] inline void outer_block(T* to, int stride, int columns, const math::lanes<T, L>* u, int pack, const T* v, std::ptrdiff_t row,
                                               const tile<T, L>& rows) {
  using V = typename math::lanes<T, L>::native;
  V sum[J * Q];
  unroll<J * Q>([&](auto i) __attribute__((always_inline)) { sum[i] = V{}; });
  for (int p = 0; p < rows.packs; ++p) {
    const T* const g = reinterpret_cast<const T*>(u + p * pack);
    const int count = p + 1 < rows.packs ? L : rows.rows - p * L;
    for (int l = 0; l < count; ++l) {
      V b[Q];
      unroll<Q>([&](auto q) __attribute__((always_inline)) { b[q] = math::lanes<T, L>::load(v + q * L).v; });
      unroll<J>([&](auto j) __attribute__((always_inline)) {
        const V a = g[j * L + l] - V{};
        unroll<Q>([&](auto q) __attribute__((always_inline)) { sum[j * Q + q] += a * b[q]; });
      });
      v += row;
    }
  }
  unroll<J * Q>([&](auto i)
                    __attribute__((always_inline)) { add_to<T, L>(to + i / Q * stride + i % Q * L, sum[i], columns - i % Q * L, rows.fresh); });
}

/// All blocks of Q registers of columns, from column `first` on.
template <int J, int K, int Q, class T, int L>
[[gnu::always_inline]] inline void outer_columns(T* to, int first, const math::lanes<T, L>* u, int pack, const T* v, std::ptrdiff_t row,
                                                 const tile<T, L>& rows) {
  constexpr int block = block_size(J, (math::register_count == 32 ? 24 : 12) / Q), rest = J % block;
  for (int j = 0; j + block <= J; j += block) outer_block<block, Q, T, L>(to + j * K + first, K, K - first, u + j, pack, v, row, rows);
  if constexpr (rest > 0) outer_block<rest, Q, T, L>(to + (J - rest) * K + first, K, K - first, u + J - rest, pack, v, row, rows);
}

/// to (J by K) += sum over rows of u v', K at least one register wide: columns are lanes. v is turned for that, or taken from
/// the rows of the data as they stand in memory.
template <int J, int K, int MaxRows, class T, int L>
inline void add_outer(T* to, const math::lanes<T, L>* u, const math::lanes<T, L>* v, int pack, const T* data, std::ptrdiff_t data_row,
                      const tile<T, L>& rows) {
  using V = math::lanes<T, L>;
  const auto columns = [&](auto registers, int first) __attribute__((always_inline)) {
    constexpr int q_count = registers, width = q_count * L;
    if constexpr (K % L == 0)
      if (data != nullptr) return outer_columns<J, K, q_count>(to, first, u, pack, data + first, data_row, rows);
    alignas(64) T turned[MaxRows * width];
    for (int p = 0; p < rows.packs; ++p)
      unroll<q_count>([&](auto q) __attribute__((always_inline)) {
        V block[L];
        const int k = first + q * L;
        const V* const from = v + p * pack + k;
        if (k + L <= K) unroll<L>([&](auto i) __attribute__((always_inline)) { block[i] = from[i]; });
        else unroll<L>([&](auto i) __attribute__((always_inline)) { block[i] = k + i < K ? from[i] : V(T(0)); });
        transpose(block);
        unroll<L>([&](auto i) __attribute__((always_inline)) { block[i].store(turned + (p * L + i) * width + q * L); });
      });
    outer_columns<J, K, q_count>(to, first, u, pack, turned, width, rows);
  };
  constexpr int pairs = (K + L - 1) / L / 2;
  for (int b = 0; b < pairs; ++b) columns(std::integral_constant<int, 2>{}, 2 * b * L);
  if constexpr ((K + L - 1) / L % 2 != 0) columns(std::integral_constant<int, 1>{}, 2 * pairs * L);
}

}  // namespace typegrad::detail
