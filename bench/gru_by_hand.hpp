// SPDX-License-Identifier: BSL-1.0
// A GRU over 16 steps by hand, value and gradient: 16 inputs, 16 states, vector code for AVX-512 (measured on Zen 4).
//
// The hidden units are the lanes of a vector throughout: a row of weights is a vector, a number of x, h or d is broadcast to it. Forward, the weights
// are transposed once; activations never are. Products take 8 sequences at once, so a row of weights that is loaded is used 8 times.
#pragma once

#include <immintrin.h>

#include <cmath>
#include <cstring>

#if !defined(__AVX512F__) || !defined(__AVX512DQ__)
#error "gru_by_hand.hpp needs AVX-512 (F, DQ): compile with -march=native on a machine that has it"
#endif

namespace by_hand {

/// sum over units of (last state - y)^2, mean over the sequences, and its gradient. Parameters, and the gradient, as in typegrad's point:
/// for each of new, reset and update, in this order, [bias 16, state 16 x 16, weight 16 x 16]; rows are units.
template <int Sequences, int Together = (Sequences < 32 ? Sequences : 32)>
class gru {
  static_assert(Sequences % Together == 0 && (Together == 1 || Together % 8 == 0));

 public:
  static constexpr int size = 3 * (16 + 2 * 256);

  gru() : kept_{}, d_{}, spare_{} {
    for (int i = 0; i < 32; ++i) {
      const float power = static_cast<float>(quadratic * std::exp2(i / 32.0));
      std::memcpy(powers_ + i, &power, sizeof power);
      powers_[i] -= i << 18;  // logistic adds i << 18 back
    }
  }

  /// x is [sequence][step][input], y is [sequence][unit].
  float operator()(const float* parameters, const float* x, const float* y, float* gradient) {
    prepare(parameters);
    vec loss{};
    for (int first = 0; first < Sequences; first += Together) {
      const float* from = x + first * 256;
      if constexpr (Together == 1) forward_alone(from);
      else forward(from);
      loss += seed(y + first * 16);
      if constexpr (Together == 1) {
        backward_alone();
        outer<false, true>(0, gradient);
      } else {
        for (int t = 15; t > 0; --t) {
          backward<false>(t);
          if (first == 0 && t == 15) outer<false, true>(t, sum_);
          else outer<false, false>(t, sum_);
        }
        backward<true>(0);
        outer<true, false>(0, first + Together == Sequences ? gradient : sum_);
      }
    }
    for (int g = 0; g < 3; ++g) _mm512_storeu_ps(gradient + at(g), load(sum_ + at(g)));
    float total = 0;
    for (int i = 0; i < 16; ++i) total += loss[i];
    return total / Sequences;
  }

 private:
  using vec = __m512;
  static constexpr int rows = Together == 1 ? 16 : Together;  // a sum over sequences, or over the steps of the only one
  static constexpr int block = Together < 8 ? Together : 8;
  static constexpr float log2e = 1.44269504f;
  static constexpr double quadratic = 0.240226507, linear = 0.69315734;  // 2^r = 1 + linear r + quadratic r^2, if |r| < 1 / 64
  static constexpr float centre = static_cast<float>(linear / (2 * quadratic));
  static constexpr float height = static_cast<float>(1 / quadratic - linear * linear / (4 * quadratic * quadratic));

  enum kept { input, before, gated, reset, update, fresh, number_kept };  // gated is reset * before

  alignas(64) float kept_[17][Together][number_kept][16];
  alignas(64) float d_[3][rows][16], dh_[Together][16];
  alignas(64) float wt_[3][16][16], ut_[3][16][16], bias_[3][16];  // transposed, scaled for exp2
  alignas(64) float u_[3][16][16];
  alignas(64) float sum_[size];  // the gradient so far
  alignas(64) int powers_[32];
  alignas(64) float spare_[block][number_kept][16];
  struct {
    float (*here)[number_kept][16], (*next)[number_kept][16];
  } pending_;  // a block whose step is to be finished

  static constexpr int at(int gate) { return (gate + 1) % 3 * 528; }  // here the gates are reset, update, new
  [[gnu::always_inline]] static vec load(const float* from) { return _mm512_load_ps(from); }
  [[gnu::always_inline]] static void store(float* to, vec value) { _mm512_store_ps(to, value); }

  /// 1 / (half + 2^v), where 2^v is a power from the table of 32, by the last bits of v + magic, times a polynomial within 5e-8. The polynomial is
  /// a square plus a constant, the division no approximation with two corrections: both leave multipliers, the bottleneck, to the products.
  [[gnu::always_inline]] vec logistic(vec v, float half = 1) const {
    v = _mm512_maskz_range_ps(0xffff, v, _mm512_set1_ps(126), 2);  // |v| <= 126
    const vec magic = _mm512_set1_ps(393216), shifted = v + magic, u = (v - (shifted - magic)) + centre;
    const __m512i bits = _mm512_castps_si512(shifted);
    const __m512i power = _mm512_permutex2var_epi32(_mm512_load_si512(powers_), bits, _mm512_load_si512(powers_ + 16));
    const vec scale = _mm512_castsi512_ps(_mm512_add_epi32(power, _mm512_maskz_slli_epi32(0xffff, bits, 18)));
    return 1.0f / (scale * (u * u + height) + half);
  }

  /// to[j][i] = factor * from[i][j].
  static void transpose(const float* from, float factor, float* to) {
    vec a[16], b[16];
    for (int i = 0; i < 16; ++i) a[i] = _mm512_loadu_ps(from + 16 * i) * factor;
    for (int i = 0; i < 16; i += 2)
      b[i] = _mm512_maskz_unpacklo_ps(0xffff, a[i], a[i + 1]), b[i + 1] = _mm512_maskz_unpackhi_ps(0xffff, a[i], a[i + 1]);
    for (int i = 0; i < 16; i += 4) {
      a[i] = _mm512_shuffle_ps(b[i], b[i + 2], 0x44), a[i + 1] = _mm512_shuffle_ps(b[i], b[i + 2], 0xee);
      a[i + 2] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0x44), a[i + 3] = _mm512_shuffle_ps(b[i + 1], b[i + 3], 0xee);
    }
    const auto even = [](vec p, vec q) { return _mm512_maskz_shuffle_f32x4(0xffff, p, q, 0x88); };
    const auto odd = [](vec p, vec q) { return _mm512_maskz_shuffle_f32x4(0xffff, p, q, 0xdd); };
    for (int k = 0; k < 4; ++k, to += 16) {
      const vec e = even(a[k], a[k + 4]), e8 = even(a[k + 8], a[k + 12]), o = odd(a[k], a[k + 4]), o8 = odd(a[k + 8], a[k + 12]);
      store(to, even(e, e8)), store(to + 64, even(o, o8)), store(to + 128, odd(e, e8)), store(to + 192, odd(o, o8));
    }
  }

  void prepare(const float* parameters) {
    for (int g = 0; g < 3; ++g) {
      const float factor = g < 2 ? -log2e : 2 * log2e;  // sigmoid(a) = 1 / (1 + e^-a), tanh(a) = 1 - 2 / (1 + e^2a)
      const float *bias = parameters + at(g), *u = bias + 16, *w = u + 256;
      transpose(w, factor, wt_[g][0]), transpose(u, factor, ut_[g][0]);
      store(bias_[g], _mm512_loadu_ps(bias) * factor - (g < 2 ? 0.0f : 1.0f)), store(sum_ + at(g), vec{});
      for (int i = 0; i < 16; ++i) store(u_[g][i], _mm512_loadu_ps(u + 16 * i));
    }
  }

  struct nothing {
    void operator()(int) const {}
  };
  /// y[g][s] += sum over j of w[g][j] * x[s][j]: 16 numbers x for each of Rows, a vector w for each. Meanwhile, other work: one of 8 pieces every
  /// other j, for the units that additions and divisions leave idle otherwise.
  template <int Gates, int Rows, class F = nothing>
  [[gnu::always_inline]] static void products(vec (&y)[Gates][Rows], const float* w, const float* x, int stride, F meanwhile = {}) {
    asm("" : "+r"(x) : : "memory");  // from memory, even what was stored just now: a broadcast from there is free
#pragma GCC unroll 16
    for (int j = 0; j < 16; ++j) {
#pragma GCC unroll 8
      for (int g = 0; g < Gates; ++g) {
        const vec row = load(w + 256 * g + 16 * j);
#pragma GCC unroll 8
        for (int s = 0; s < Rows; ++s) y[g][s] += row * x[s * stride + j];
      }
      if (j % 2 == 0 && j / 2 < Rows) meanwhile(j / 2);
    }
  }

  /// y + sum over j of w[j] * x[j] for one x, in a register: there the time from x to the sum counts, so a shorter chain and no way through memory.
  [[gnu::always_inline]] static vec product(vec y, const float* w, vec x) {
    vec part[4] = {y};
    for (int j = 0; j < 16; ++j) part[j % 4] += load(w + 16 * j) * vec(_mm512_maskz_permutexvar_ps(0xffff, _mm512_set1_epi32(j), x));
    return (part[0] + part[1]) + (part[2] + part[3]);
  }

  /// The last of a step: from what tanh is of, in the place of fresh, to the next state.
  [[gnu::always_inline]] void finish(float (*here)[16], float* next) const {
    const vec f = 1.0f - logistic(load(here[fresh]), 0.5f), z = load(here[update]);
    store(here[fresh], f), store(next, f + z * (load(here[before]) - f));
  }

  void forward(const float* x) {
    pending_ = {spare_, spare_};
    step<true>(x, 0);
    for (int t = 1; t < 16; ++t) step<false>(x, t);
    for (int s = 0; s < block; ++s) finish(pending_.here[s], pending_.next[s][before]);
  }

  /// A step, but for the tanh of the last block: that is done meanwhile by the next one.
  template <bool First>
  [[gnu::noinline]] void step(const float* x, int t) {
    constexpr int stride = number_kept * 16;
    for (int s0 = 0; s0 < Together; s0 += block) {
      auto* here = kept_[t] + s0;
      const float* from = x + s0 * 256 + t * 16;
      const auto last = pending_;
      vec a[2][block], n[1][block];
      for (int s = 0; s < block; ++s) a[0][s] = load(bias_[0]), a[1][s] = load(bias_[1]), n[0][s] = load(bias_[2]);
      products(a, wt_[0][0], from, 256, [&](int s) __attribute__((always_inline)) { finish(last.here[s], last.next[s][before]); });
      if constexpr (!First) products(a, ut_[0][0], here[0][before], stride);
      products(n, wt_[2][0], from, 256, [&](int s) __attribute__((always_inline)) {
        store(here[s][input], _mm512_loadu_ps(from + 256 * s));
        if constexpr (First) {
          store(here[s][update], logistic(a[1][s]));
        } else {
          const vec r = logistic(a[0][s]);
          store(here[s][gated], r * load(here[s][before]));
          store(here[s][reset], r);
        }
      });
      if constexpr (!First) {
        products(n, ut_[2][0], here[0][gated], stride, [&](int s) __attribute__((always_inline)) { store(here[s][update], logistic(a[1][s])); });
      }
      for (int s = 0; s < block; ++s) store(here[s][fresh], n[0][s]);
      pending_ = {here, kept_[t + 1] + s0};
    }
  }

  /// For one sequence, in steps that wait for each other: what depends on the next x alone fills the time.
  void forward_alone(const float* x) {
    vec a[3][1], h{};
    from_input(a, x);
#pragma GCC unroll 1
    for (int t = 0; t < 16; ++t) {
      auto& here = kept_[t][0];
      const vec r = logistic(product(a[0][0], ut_[0][0], h)), rh = r * h, z_of = product(a[1][0], ut_[1][0], h), n_of_x = a[2][0];
      from_input(a, x + 16 * (t < 15 ? t + 1 : 15));
      const vec n_of = product(n_of_x, ut_[2][0], rh), z = logistic(z_of), n = 1.0f - logistic(n_of, 0.5f);
      store(here[input], _mm512_loadu_ps(x + 16 * t)), store(here[before], h);
      store(here[reset], r), store(here[gated], rh), store(here[update], z), store(here[fresh], n);
      h = n + z * (h - n);
    }
    store(kept_[16][0][before], h);
  }
  [[gnu::always_inline]] void from_input(vec (&a)[3][1], const float* x) const {
    for (int g = 0; g < 3; ++g) a[g][0] = load(bias_[g]);
    products(a, wt_[0][0], x, 16);
  }

  vec seed(const float* y) {
    vec loss{};
    for (int s = 0; s < Together; ++s) {
      const vec apart = load(kept_[16][s][before]) - _mm512_loadu_ps(y + 16 * s);
      loss += apart * apart;
      store(dh_[s], apart * (2.0f / Sequences));
    }
    return loss;
  }

  /// For one sequence: the factors of the chain first, then the chain.
  void backward_alone() {
    vec db[3] = {}, d = load(dh_[0]);
#pragma GCC unroll 1
    for (int t = 15; t >= 0; --t) {
      const auto& here = kept_[t][0];
      const vec z = load(here[update]), f = load(here[fresh]), r = load(here[reset]), rh = load(here[gated]), rest = 1.0f - z;
      const vec to_n = rest - rest * (f * f), to_z = (load(here[before]) - f) * z * rest, to_r = rh - rh * r;
      const vec dn = d * to_n, dz = d * to_z;
      const vec dg = product(vec{}, u_[2][0], dn), dr = dg * to_r;
      d = product(product(d * z, u_[1][0], dz) + dg * r, u_[0][0], dr);
      store(d_[0][t], dr), store(d_[1][t], dz), store(d_[2][t], dn);
      db[0] += dr, db[1] += dz, db[2] += dn;
    }
    for (int g = 0; g < 3; ++g) store(sum_ + at(g), db[g]);
  }

  template <bool First>
  [[gnu::noinline]] void backward(int t) {
    vec db[3];
    for (int g = 0; g < 3; ++g) db[g] = load(sum_ + at(g));
    for (int s0 = 0; s0 < Together; s0 += block) {
      auto* here = kept_[t] + s0;
      vec dh[1][block], dg[1][block] = {};
      for (int s = 0; s < block; ++s) {
        const vec z = load(here[s][update]), f = load(here[s][fresh]), d = load(dh_[s0 + s]);
        dh[0][s] = d * z;
        const vec rest = d - dh[0][s], dn = rest - rest * (f * f);
        const vec dz = First ? -f * z * rest : (load(here[s][before]) - f) * z * rest;
        store(d_[2][s0 + s], dn), store(d_[1][s0 + s], dz);
        db[2] += dn, db[1] += dz;
      }
      if constexpr (!First) {
        products(dg, u_[2][0], d_[2][s0], 16);
        for (int s = 0; s < block; ++s) {
          const vec r = load(here[s][reset]), rh = load(here[s][gated]);
          const vec dr = dg[0][s] * (rh - rh * r);
          store(d_[0][s0 + s], dr);
          db[0] += dr;
          dh[0][s] += dg[0][s] * r;
        }
        products(dh, u_[1][0], d_[1][s0], 16);
        products(dh, u_[0][0], d_[0][s0], 16);
        for (int s = 0; s < block; ++s) store(dh_[s0 + s], dh[0][s]);
      }
    }
    for (int g = 0; g < 3; ++g) store(sum_ + at(g), db[g]);
  }

  /// The gradients of the matrices: the sum over rows of d times x, d times what the state matrix saw.
  template <bool First, bool Set>
  [[gnu::noinline]] void outer(int t, float* to) const {
    for (int g = 0; g < 3; ++g)
      for (int i0 = 0; i0 < 16; i0 += 8) {
        const int first = at(g) + 16 + 16 * i0;
        const float *x = kept_[t][0][input], *h = kept_[t][0][g == 2 ? gated : before], *d = d_[g][0] + i0;
        vec w[8], u[8];
        for (int i = 0; i < 8; ++i) u[i] = Set ? vec{} : load(sum_ + first + 16 * i), w[i] = Set ? vec{} : load(sum_ + first + 256 + 16 * i);
        if (!First || g > 0)
#pragma GCC unroll 1
          for (int s = 0; s < rows; ++s, x += 16 * number_kept, h += 16 * number_kept, d += 16) {
            asm("" : "+r"(d));  // one pointer, not eight
            const vec one = load(x), other = load(h);
            for (int i = 0; i < 8; ++i) {
              w[i] += d[i] * one;
              if constexpr (!First) u[i] += d[i] * other;
            }
          }
        for (int i = 0; i < 8; ++i) _mm512_storeu_ps(to + first + 16 * i, u[i]), _mm512_storeu_ps(to + first + 256 + 16 * i, w[i]);
      }
  }
};

}  // namespace by_hand
