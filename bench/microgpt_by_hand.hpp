// SPDX-License-Identifier: BSL-1.0
// One training step of microgpt by hand: forward, backward and Adam in vector code for AVX-512 (measured on Zen 4).
//
// Forward, an activation is kept as [channel][position]: the positions of a name are the lanes of a vector (8 of them, or 16), and a weight
// is broadcast to all of them; thus softmax and normalization need no sums across lanes. Backward, it is kept as [position][channel]:
// a row of weights or of its gradient is a vector, as it lies in memory, and the work is exactly that of the positions there are.
// In between, activations (not weights) are transposed.
#pragma once

#include <immintrin.h>

#include <cmath>

#if !defined(__AVX512F__) || !defined(__AVX512VL__) || !defined(__AVX512DQ__)
#error "microgpt_by_hand.hpp needs AVX-512 (F, VL, DQ): compile with -march=native on a machine that has it"
#endif

namespace by_hand {

constexpr int vocabulary = 27, channels = 16, heads = 4, head = 4, units = 64, longest = 16;

/// All weights, or one number for each of them; every matrix row after row.
struct weights {
  alignas(64) float wte[27 * 16], wpe[16 * 16], lm_head[27 * 16], wq[256], wk[256], wv[256], wo[256], fc1[1024], fc2[1024];

  float* data() { return reinterpret_cast<float*>(this); }  // all 4,192 as one row
  const float* data() const { return reinterpret_cast<const float*>(this); }
};
constexpr int number_of_weights = sizeof(weights) / sizeof(float);
static_assert(number_of_weights == 4192);

namespace detail {

#define BY_HAND_INLINE inline __attribute__((always_inline))

template <int Lanes>
struct vector_of {
  using type = __m512;
  typedef int whole __attribute__((vector_size(64)));
};
template <>
struct vector_of<8> {
  using type = __m256;
  typedef int whole __attribute__((vector_size(32)));
};
template <int Lanes>
using vec = typename vector_of<Lanes>::type;
using vec16 = vec<16>;

template <int Lanes = 16>
BY_HAND_INLINE vec<Lanes> load(const float* from) {
  if constexpr (Lanes == 8) return _mm256_load_ps(from);
  else return _mm512_load_ps(from);
}
BY_HAND_INLINE void store(float* to, vec<8> value) { _mm256_store_ps(to, value); }
BY_HAND_INLINE void store(float* to, vec16 value) { _mm512_store_ps(to, value); }

BY_HAND_INLINE vec<8> max(vec<8> a, vec<8> b) { return _mm256_max_ps(a, b); }
BY_HAND_INLINE vec16 max(vec16 a, vec16 b) { return _mm512_maskz_max_ps(0xffff, a, b); }
BY_HAND_INLINE vec<8> square_root(vec<8> x) { return _mm256_sqrt_ps(x); }
BY_HAND_INLINE vec16 square_root(vec16 x) { return _mm512_maskz_sqrt_ps(0xffff, x); }
BY_HAND_INLINE vec<8> fraction(vec<8> x) { return _mm256_reduce_ps(x, 8); }  // x minus the nearest whole number
BY_HAND_INLINE vec16 fraction(vec16 x) { return _mm512_maskz_reduce_ps(0xffff, x, 8); }
BY_HAND_INLINE vec<8> scale(vec<8> x, vec<8> exponent) { return _mm256_scalef_ps(x, exponent); }  // x 2^exponent
BY_HAND_INLINE vec16 scale(vec16 x, vec16 exponent) { return _mm512_maskz_scalef_ps(0xffff, x, exponent); }

/// 2^x within 1e-7 of it, and 0 below the range of float.
template <class V>
BY_HAND_INLINE V exp2(V x) {
  const V r = fraction(x);
  V p = r * 1.3276472168e-03f + 9.6755413310e-03f;
  p = p * r + 5.5507132729e-02f;
  p = p * r + 2.4022119724e-01f;
  p = p * r + 6.9314696707e-01f;
  p = p * r + 1.0000000717e+00f;
  return scale(p, x - r);
}
constexpr float log2e = 1.44269504f, ln2 = 0.693147181f;

/// Four rows of Lanes numbers from Lanes rows of four.
template <int Lanes>
BY_HAND_INLINE void transpose_four(const float* from, int from_stride, float* to, int to_stride) {
  const auto quarter = [&](int row) { return _mm_load_ps(from + row * from_stride); };
  if constexpr (Lanes == 16) {
    __m512 z[4];
    for (int j = 0; j < 4; ++j) {
      const __m512 low = _mm512_insertf32x4(_mm512_castps128_ps512(quarter(j)), quarter(j + 4), 1);
      z[j] = _mm512_insertf32x4(_mm512_insertf32x4(low, quarter(j + 8), 2), quarter(j + 12), 3);
    }
    const __m512 a = _mm512_maskz_unpacklo_ps(0xffff, z[0], z[1]), b = _mm512_maskz_unpackhi_ps(0xffff, z[0], z[1]);
    const __m512 c = _mm512_maskz_unpacklo_ps(0xffff, z[2], z[3]), d = _mm512_maskz_unpackhi_ps(0xffff, z[2], z[3]);
    store(to, _mm512_shuffle_ps(a, c, 0x44)), store(to + to_stride, _mm512_shuffle_ps(a, c, 0xee));
    store(to + 2 * to_stride, _mm512_shuffle_ps(b, d, 0x44)), store(to + 3 * to_stride, _mm512_shuffle_ps(b, d, 0xee));
  } else {
    __m256 z[4];
    for (int j = 0; j < 4; ++j) z[j] = _mm256_insertf128_ps(_mm256_castps128_ps256(quarter(j)), quarter(j + 4), 1);
    const __m256 a = _mm256_unpacklo_ps(z[0], z[1]), b = _mm256_unpackhi_ps(z[0], z[1]);
    const __m256 c = _mm256_unpacklo_ps(z[2], z[3]), d = _mm256_unpackhi_ps(z[2], z[3]);
    store(to, _mm256_shuffle_ps(a, c, 0x44)), store(to + to_stride, _mm256_shuffle_ps(a, c, 0xee));
    store(to + 2 * to_stride, _mm256_shuffle_ps(b, d, 0x44)), store(to + 3 * to_stride, _mm256_shuffle_ps(b, d, 0xee));
  }
}

/// In each group of four lanes, the sum of the four.
BY_HAND_INLINE vec16 sum_of_four(vec16 x) {
  x += vec16(_mm512_maskz_permute_ps(0xffff, x, 0xb1));
  return x + vec16(_mm512_maskz_permute_ps(0xffff, x, 0x4e));
}
/// In every lane, the sum of all.
BY_HAND_INLINE vec16 sum_of_all(vec16 x) {
  x = sum_of_four(x);
  x += vec16(_mm512_maskz_shuffle_f32x4(0xffff, x, x, 0xb1));
  return x + vec16(_mm512_maskz_shuffle_f32x4(0xffff, x, x, 0x4e));
}

/// Rows products of 16 numbers at once: y[r] = dot(w[r], x), with the positions in lanes.
template <int Rows, class V>
BY_HAND_INLINE void products(const float* w, const V (&x)[16], V (&y)[Rows]) {
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) y[r] = x[0] * w[r * 16];
#pragma GCC unroll 16
  for (int i = 1; i < 16; ++i)
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) y[r] += x[i] * w[r * 16 + i];
}

/// For every position t: out[t] (+)= sum over Rows rows r of w[r] * g(r, t), with the channels in lanes; 16 rows stay in registers.
template <int Rows, bool Add>
BY_HAND_INLINE void back(const float* w, int w_stride, const float* g, int r_stride, int t_stride, int n, float* out, int out_stride) {
  vec16 row[Rows];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) row[r] = load(w + r * w_stride);
#pragma GCC unroll 1
  for (int t = 0; t < n; ++t) {
    const float* at = g + t * t_stride;
    vec16 part[4];
#pragma GCC unroll 4
    for (int r = 0; r < 4; ++r) part[r] = row[r] * at[r * r_stride];
    if constexpr (Add) part[3] += load(out + t * out_stride);
#pragma GCC unroll 16
    for (int r = 4; r < Rows; ++r) part[r % 4] += row[r] * at[r * r_stride];
    store(out + t * out_stride, (part[0] + part[1]) + (part[2] + part[3]));
  }
}

/// The gradient of Rows rows of weights: sum over positions t of g(r, t) * x[t]; each row is handed to take(its place, it).
template <int Rows, class Take>
BY_HAND_INLINE void outer(const float* g, int r_stride, int t_stride, const float* x, int x_stride, int n, int place, int place_stride, Take take) {
  vec16 sum[Rows];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) sum[r] = load(x) * g[r * r_stride];
#pragma GCC unroll 1
  for (int t = 1; t < n; ++t) {
    const vec16 row = load(x + t * x_stride);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) sum[r] += row * g[r * r_stride + t * t_stride];
  }
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) take(place + r * place_stride, sum[r]);
}

/// The same for a block of rows, four at a time: so that the square roots of Adam (take) and the products of the next rows overlap.
template <class Take>
BY_HAND_INLINE void outer(int rows, const float* g, int r_stride, int t_stride, const float* x, int x_stride, int n, int place, int place_stride,
                          Take take) {
#pragma GCC unroll 1
  for (int r = 0; r < rows; r += 4) outer<4>(g + r * r_stride, r_stride, t_stride, x, x_stride, n, place + r * place_stride, place_stride, take);
}

/// One name: activations, and gradients with respect to them. Lanes is 8 (for n <= 8) or 16.
template <int Lanes>
struct pass {
  using V = vec<Lanes>;
  using by_channel = float[16 * Lanes];  // [channel][position]
  using by_position = float[16 * 16];    // [position][channel]

  const weights& theta;
  const int* token;
  const int* next;
  const int n;

  pass(const weights& weights_, const int* token_, const int* next_, int n_) : theta(weights_), token(token_), next(next_), n(n_) {}

  alignas(64) float chance[Lanes * heads * Lanes];  // [position s][head][position t]: how much of s is seen at t
  alignas(64) float error[vocabulary * Lanes];      // [token][position]: logits, then the gradient with respect to them
  alignas(64) by_position embedded, first, q, k, v, attention, middle, second, final;  // first, second: what the two normalizations give
  alignas(64) float hidden[16 * units], g_hidden[16 * units];
  alignas(64) by_position g_final, g_middle, g_attention, g_q, g_k, g_v, g_embedded, g_in;
  alignas(64) float root0[Lanes], root1[Lanes], root2[Lanes];
  alignas(64) float top[Lanes], total[Lanes];

  BY_HAND_INLINE void to_positions(const float* from, float* to, int stride = 16) const {
    for (int t = 0; t < n; t += 4) transpose_four<16>(from + t, Lanes, to + t * stride, stride);
  }
  static BY_HAND_INLINE V inverse_root(V squares) { return 1.0f / square_root(squares * (1.0f / 16) + 1e-5f); }
  static BY_HAND_INLINE V squares(const V (&x)[16]) {
    V part[4] = {x[0] * x[0], x[1] * x[1], x[2] * x[2], x[3] * x[3]};
    for (int i = 4; i < 16; ++i) part[i % 4] += x[i] * x[i];
    return (part[0] + part[1]) + (part[2] + part[3]);
  }

  /// Attention of one head: rows of queries, keys and values, and of the result, by channel.
  BY_HAND_INLINE void attend(int h, const float* queries, const float* keys, const float* values, float* result) {
    typename vector_of<Lanes>::whole position;
    for (int t = 0; t < Lanes; ++t) position[t] = t;
    V query[4], out[4] = {}, largest = V{} - 1e30f, sum{};
    for (int d = 0; d < 4; ++d) query[d] = load<Lanes>(queries + d * Lanes) * (log2e / 2);
    float* seen = chance + h * Lanes;
    for (int s = 0; s < n; ++s) {
      const V score = (query[0] * keys[s] + query[1] * keys[s + Lanes]) + (query[2] * keys[s + 2 * Lanes] + query[3] * keys[s + 3 * Lanes]);
      store(seen + s * heads * Lanes, score);
      largest = max(largest, position >= s ? score : V{} - 1e30f);
    }
    for (int s = 0; s < n; ++s) {
      const V one = position >= s ? exp2(load<Lanes>(seen + s * heads * Lanes) - largest) : V{};
      store(seen + s * heads * Lanes, one);
      sum += one;
      for (int d = 0; d < 4; ++d) out[d] += one * values[s + d * Lanes];
    }
    const V inverse = 1.0f / sum;
    for (int s = 0; s < n; ++s) store(seen + s * heads * Lanes, load<Lanes>(seen + s * heads * Lanes) * inverse);
    for (int d = 0; d < 4; ++d) store(result + d * Lanes, out[d] * inverse);
  }

  /// The loss; leaves all activations by position, and the gradient with respect to the logits.
  float forward() {
    alignas(64) by_channel x, qs, ks, vs, os;
    alignas(64) float hs[units * Lanes];
    V in[16], now[16];

    // Embedding, two normalizations.
    for (int t = 0; t < n; ++t) store(embedded + t * 16, load(theta.wte + token[t] * 16) + load(theta.wpe + t * 16));
    for (int t = n; t < Lanes; ++t) store(embedded + t * 16, vec16{});
    for (int c = 0; c < 16; c += 4) transpose_four<Lanes>(embedded + c, 16, x + c * Lanes, Lanes);
    for (int c = 0; c < 16; ++c) in[c] = load<Lanes>(x + c * Lanes);
    const V sum0 = squares(in), r0 = inverse_root(sum0), r1 = inverse_root(sum0 * r0 * r0);
    store(root0, r0), store(root1, r1);
    for (int c = 0; c < 16; ++c) {
      in[c] *= r0, store(x + c * Lanes, in[c]);
      in[c] *= r1;
    }

    // Attention.
    for (int o = 0; o < 16; o += 8) {
      V y[8];
      products(theta.wq + o * 16, in, y);
      for (int r = 0; r < 8; ++r) store(qs + (o + r) * Lanes, y[r]);
      products(theta.wk + o * 16, in, y);
      for (int r = 0; r < 8; ++r) store(ks + (o + r) * Lanes, y[r]);
      products(theta.wv + o * 16, in, y);
      for (int r = 0; r < 8; ++r) store(vs + (o + r) * Lanes, y[r]);
    }
    for (int h = 0; h < heads; ++h) attend(h, qs + h * 4 * Lanes, ks + h * 4 * Lanes, vs + h * 4 * Lanes, os + h * 4 * Lanes);
    for (int c = 0; c < 16; ++c) in[c] = load<Lanes>(os + c * Lanes);
    for (int o = 0; o < 16; o += 8) {
      V y[8];
      products(theta.wo + o * 16, in, y);
      for (int r = 0; r < 8; ++r) store(x + (o + r) * Lanes, load<Lanes>(x + (o + r) * Lanes) + y[r]);
    }
    to_positions(qs, q), to_positions(ks, k), to_positions(vs, v), to_positions(os, attention);

    // Hidden units.
    for (int c = 0; c < 16; ++c) in[c] = load<Lanes>(x + c * Lanes);
    const V r2 = inverse_root(squares(in));
    store(root2, r2);
    for (int c = 0; c < 16; ++c) in[c] *= r2;
    for (int f = 0; f < units; f += 8) {
      V y[8];
      products(theta.fc1 + f * 16, in, y);
      for (int r = 0; r < 8; ++r) store(hs + (f + r) * Lanes, max(y[r], V{}));
    }
    to_positions(x, middle);
    for (int c = 0; c < 16; ++c) now[c] = load<Lanes>(x + c * Lanes);
    for (int f = 0; f < units; ++f) {
      const V one = load<Lanes>(hs + f * Lanes);
#pragma GCC unroll 16
      for (int c = 0; c < 16; ++c) now[c] += one * theta.fc2[c * units + f];
    }
    for (int c = 0; c < 16; ++c) store(x + c * Lanes, now[c]);
    for (int f = 0; f < units; f += 16) to_positions(hs + f * Lanes, hidden + f, units);

    // Logits, softmax and loss.
    V largest = V{} - 1e30f, sum{};
    for (int o = 0; o < vocabulary; o += 9) {
      V y[9];
      products(theta.lm_head + o * 16, now, y);
      for (int r = 0; r < 9; ++r) store(error + (o + r) * Lanes, y[r]), largest = max(largest, y[r]);
    }
    to_positions(x, final);
    store(top, largest);
    double loss = 0;
    for (int t = 0; t < n; ++t) loss += double(top[t] - error[next[t] * Lanes + t]);
    for (int o = 0; o < vocabulary; ++o) {
      const V one = exp2((load<Lanes>(error + o * Lanes) - largest) * log2e);
      store(error + o * Lanes, one), sum += one;
    }
    store(total, sum);
    const float share = 1.0f / static_cast<float>(n);
    const V inverse = share / sum;
    for (int o = 0; o < vocabulary; ++o) store(error + o * Lanes, load<Lanes>(error + o * Lanes) * inverse);
    for (int t = 0; t < n; ++t) error[next[t] * Lanes + t] -= share;
    double product = 1;  // each factor is between 1 and 27
    for (int t = 0; t < n; ++t) product *= double(total[t]);
    return static_cast<float>((loss + std::log(product)) * double(share));
  }

  /// Through y = x r, the normalization of x: the gradient with respect to x from that with respect to y.
  static BY_HAND_INLINE vec16 normalized(vec16 gradient, vec16 y, float r) { return (gradient - y * (sum_of_all(gradient * y) * (1.0f / 16))) * r; }

  /// Gradients with respect to queries, keys and values from that with respect to the result of attention.
  BY_HAND_INLINE void attend_back() {
    __m512i lane;  // the chances of two heads, each for all four channels of the head
    for (int t = 0; t < n; ++t) store(g_q + t * 16, vec16{});
    for (int s = 0; s < n; ++s) {
      const vec16 key = load(k + s * 16), value = load(v + s * 16);
      const float* seen = chance + s * heads * Lanes;
      vec16 to_key{}, to_value{};
      lane = _mm512_add_epi32(_mm512_setr_epi32(0, 0, 0, 0, Lanes, Lanes, Lanes, Lanes, 2 * Lanes, 2 * Lanes, 2 * Lanes, 2 * Lanes, 3 * Lanes,
                                                3 * Lanes, 3 * Lanes, 3 * Lanes),
                              _mm512_set1_epi32(s));
      for (int t = s; t < n; ++t) {
        vec16 p;
        if constexpr (Lanes == 8) {
          p = _mm512_permutex2var_ps(load(seen), lane, load(seen + 16));
        } else {
          p = _mm512_permutex2var_ps(load(seen), lane, load(seen + 16));
          p = _mm512_mask_mov_ps(p, 0xff00, _mm512_permutex2var_ps(load(seen + 32), lane, load(seen + 48)));
        }
        lane = _mm512_add_epi32(lane, _mm512_set1_epi32(1));
        const vec16 above = load(g_attention + t * 16);
        const vec16 score = p * sum_of_four(above * (value - load(attention + t * 16))) * 0.5f;
        store(g_q + t * 16, load(g_q + t * 16) + score * key);
        to_key += score * load(q + t * 16);
        to_value += p * above;
      }
      store(g_k + s * 16, to_key), store(g_v + s * 16, to_value);
    }
  }

  /// Gradients with respect to all activations.
  void backward() {
    back<16, false>(theta.lm_head, 16, error, Lanes, 1, n, g_final, 16);
    back<11, true>(theta.lm_head + 256, 16, error + 16 * Lanes, Lanes, 1, n, g_final, 16);
    for (int f = 0; f < units; f += 16) {
      back<16, false>(theta.fc2 + f, units, g_final, 1, 16, n, g_hidden + f, units);
      for (int t = 0; t < n; ++t) {
        const __mmask16 on = _mm512_cmp_ps_mask(load(hidden + t * units + f), _mm512_setzero_ps(), _CMP_GT_OQ);
        store(g_hidden + t * units + f, vec16(_mm512_maskz_mov_ps(on, load(g_hidden + t * units + f))));
      }
    }
    back<16, false>(theta.fc1, 16, g_hidden, 1, units, n, g_in, 16);
    for (int f = 16; f < units; f += 16) back<16, true>(theta.fc1 + f * 16, 16, g_hidden + f, 1, units, n, g_in, 16);
    for (int t = 0; t < n; ++t) {
      const vec16 y = load(middle + t * 16) * root2[t];
      store(second + t * 16, y);
      store(g_middle + t * 16, load(g_final + t * 16) + normalized(load(g_in + t * 16), y, root2[t]));
    }
    back<16, false>(theta.wo, 16, g_middle, 1, 16, n, g_attention, 16);
    attend_back();
    back<16, false>(theta.wq, 16, g_q, 1, 16, n, g_in, 16);
    back<16, true>(theta.wk, 16, g_k, 1, 16, n, g_in, 16);
    back<16, true>(theta.wv, 16, g_v, 1, 16, n, g_in, 16);
    for (int t = 0; t < n; ++t) {
      const vec16 x = load(embedded + t * 16) * root0[t], y = x * root1[t];
      store(first + t * 16, y);
      const vec16 above = load(g_middle + t * 16) + normalized(load(g_in + t * 16), y, root1[t]);
      store(g_embedded + t * 16, normalized(above, x, root0[t]));
    }
  }

  /// Hands each vector of 16 numbers of the gradient with respect to the weights to take(its place in theta, it).
  template <class Take>
  void collect(Take take) const {
    const auto place = [&](const float* matrix) { return static_cast<int>(matrix - theta.data()); };
    outer(24, error, Lanes, 1, final, 16, n, place(theta.lm_head), 16, take);
    outer<3>(error + 24 * Lanes, Lanes, 1, final, 16, n, place(theta.lm_head + 24 * 16), 16, take);
    for (int f = 0; f < units; f += 16) outer(16, g_final, 1, 16, hidden + f, units, n, place(theta.fc2 + f), units, take);
    outer(units, g_hidden, 1, units, second, 16, n, place(theta.fc1), 16, take);
    outer(16, g_middle, 1, 16, attention, 16, n, place(theta.wo), 16, take);
    outer(16, g_q, 1, 16, first, 16, n, place(theta.wq), 16, take);
    outer(16, g_k, 1, 16, first, 16, n, place(theta.wk), 16, take);
    outer(16, g_v, 1, 16, first, 16, n, place(theta.wv), 16, take);
    for (int t = 0; t < longest; ++t) take(place(theta.wpe + t * 16), t < n ? load(g_embedded + t * 16) : vec16{});
    alignas(64) float g_wte[vocabulary * 16];
    for (int o = 0; o < vocabulary; ++o) store(g_wte + o * 16, vec16{});
    for (int t = 0; t < n; ++t) store(g_wte + token[t] * 16, load(g_wte + token[t] * 16) + load(g_embedded + t * 16));
    for (int o = 0; o < vocabulary; ++o) take(o * 16, load(g_wte + o * 16));
  }
};

template <int Lanes, class Take>
float run(const weights& theta, const int* token, const int* next, int n, Take take) {
  pass<Lanes> one(theta, token, next, n);
  const float loss = one.forward();
  one.backward();
  one.collect(take);
  return loss;
}

}  // namespace detail

/// The loss of a name of n positions (1 to 16), and its gradient: all of it is written.
inline float value_and_gradient(const weights& theta, const int* token, const int* next, int n, weights& gradient) {
  float* const to = gradient.data();
  const auto take = [to](int place, detail::vec16 g) __attribute__((always_inline)) { detail::store(to + place, g); };
  return n <= 8 ? detail::run<8>(theta, token, next, n, take) : detail::run<16>(theta, token, next, n, take);
}

/// Adam. The moments are kept without the factors 1 - beta, which are part of the numbers that are the same for the whole step.
struct adam {
  static constexpr float beta1 = 0.85f, beta2 = 0.99f, epsilon = 1e-8f;
  weights first{}, second{};
  int step = 0;

  /// What one step does, 16 numbers at a time.
  struct update {
    float *theta, *first, *second;
    float root_factor, epsilon_factor;

    BY_HAND_INLINE void operator()(int place, detail::vec16 g) const {
      using detail::load, detail::store;
      const detail::vec16 m = load(first + place) * beta1 + g, v = load(second + place) * beta2 + g * g;
      store(first + place, m), store(second + place, v);
      const detail::vec16 below = detail::square_root(v) * root_factor + epsilon_factor;
      const detail::vec16 inverse = _mm512_maskz_rcp14_ps(0xffff, below);  // then one step of Newton
      store(theta + place, load(theta + place) - (m * inverse) * (2.0f - below * inverse));
    }
  };
  /// Begins the next step.
  update begin(weights& theta, float rate) {
    ++step, power1 *= double(beta1), power2 *= double(beta2);
    const double factor = (1 - power1) / ((1 - double(beta1)) * (rate == 0 ? 1e-20 : double(rate)));
    const double root = std::sqrt((1 - double(beta2)) / (1 - power2));
    return {theta.data(), first.data(), second.data(), static_cast<float>(root * factor), static_cast<float>(double(epsilon) * factor)};
  }
  void operator()(weights& theta, const weights& gradient, float rate) {
    const update one = begin(theta, rate);
    for (int place = 0; place < number_of_weights; place += 16) one(place, detail::load(gradient.data() + place));
  }

 private:
  double power1 = 1, power2 = 1;  // of the betas
};

/// Loss and gradient of a name, and the step of Adam: the gradient goes from registers into the weights.
inline float training_step(weights& theta, adam& optimizer, const int* token, const int* next, int n, float rate) {
  const adam::update take = optimizer.begin(theta, rate);
  return n <= 8 ? detail::run<8>(theta, token, next, n, take) : detail::run<16>(theta, token, next, n, take);
}

}  // namespace by_hand
#undef BY_HAND_INLINE
