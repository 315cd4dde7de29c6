// SPDX-License-Identifier: BSL-1.0
// The reference: training steps as an expert writes them by hand for one network, one batch size and one machine, with the
// compilers' vector extensions. Rows are lanes; data stand in columns, padded to whole registers before the clock starts.
#pragma once

#include <cstddef>
#include <vector>

namespace expert {

constexpr int lanes = 16;
typedef float vec __attribute__((vector_size(64)));
typedef int ivec __attribute__((vector_size(64)));

[[gnu::always_inline]] inline vec all(float a) { return a - vec{}; }
[[gnu::always_inline]] inline vec load(const float* a) {
  vec v;
  __builtin_memcpy(&v, a, sizeof v);
  return v;
}
[[gnu::always_inline]] inline void store(float* a, vec v) { __builtin_memcpy(a, &v, sizeof v); }

/// x P(x^2) / Q(x^2): five units in the last place, and the fewest instructions.
[[gnu::always_inline]] inline vec tanh(vec x) {
  const vec limit = all(9.02f);
  x = x < limit ? x : limit;
  x = x > -limit ? x : -limit;
  const vec z = x * x;
  const vec p = (((1.3383152689826069e-8f * z + 2.0634995556882997e-5f) * z + 0.003497407799422179f) * z + 0.13382645614234057f) * z + 1.f;
  const vec q = (((7.78978079037e-7f * z + 0.000328843538408f) * z + 0.0258841721238f) * z + 0.467159668899f) * z + 1.f;
  return x * p / q;
}

/// 2^n (1 + polynomial), for x <= 0.
[[gnu::always_inline]] inline vec exp(vec x) {
  x = x > all(-87.f) ? x : all(-87.f);
  const vec shifted = x * 1.44269504088896341f + 12582912.f, n = shifted - 12582912.f;
  const vec r = x - n * 0.693147180559945309f;
  const vec p = 1.f + r * (1.f + r * (0.5f + r * (0.166666667f + r * (0.0416666667f + r * (0.00833333333f + r * 0.00138888889f)))));
  const ivec bits = (ivec)shifted << 23;
  return (vec)((ivec)p + bits);
}

template <int D>
[[gnu::always_inline]] inline void stage(vec (&x)[16]) {
#pragma GCC unroll 16
  for (int i = 0; i < 16; ++i)
    if ((i & D) == 0) {
      const vec a = x[i], b = x[i + D];
#define TAKE(m) ((m & D) == 0 ? m : m - D + 16)
#define MOVE(m) ((m & D) == 0 ? m + D : m + 16)
      x[i] = __builtin_shufflevector(a, b, TAKE(0), TAKE(1), TAKE(2), TAKE(3), TAKE(4), TAKE(5), TAKE(6), TAKE(7), TAKE(8), TAKE(9), TAKE(10),
                                     TAKE(11), TAKE(12), TAKE(13), TAKE(14), TAKE(15));
      x[i + D] = __builtin_shufflevector(a, b, MOVE(0), MOVE(1), MOVE(2), MOVE(3), MOVE(4), MOVE(5), MOVE(6), MOVE(7), MOVE(8), MOVE(9), MOVE(10),
                                         MOVE(11), MOVE(12), MOVE(13), MOVE(14), MOVE(15));
#undef TAKE
#undef MOVE
    }
}
[[gnu::always_inline]] inline void transpose(vec (&x)[16]) { stage<1>(x), stage<2>(x), stage<4>(x), stage<8>(x); }
/// Lane i: the sum of all lanes of x[i].
[[gnu::always_inline]] inline vec sums(vec (&x)[16]) {
  transpose(x);
#pragma GCC unroll 4
  for (int half = 8; half > 0; half /= 2)
#pragma GCC unroll 8
    for (int i = 0; i < half; ++i) x[i] += x[i + half];
  return x[0];
}

/// y[j][P registers] = b[j] + sum of w[j][k] x[k][P], for J of the rows of y; x and y are `stride` floats a row.
template <int J, int P>
[[gnu::always_inline]] inline void affine(float* y, const float* w, int row, int column, const float* b, const float* x, int inner, int stride) {
  vec sum[J][P];
#pragma GCC unroll 16
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
    for (int p = 0; p < P; ++p) sum[j][p] = b == nullptr ? vec{} : all(b[j]);
  for (int k = 0; k < inner; ++k) {
    vec in[P];
#pragma GCC unroll 4
    for (int p = 0; p < P; ++p) in[p] = load(x + k * stride + p * lanes);
#pragma GCC unroll 16
    for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
      for (int p = 0; p < P; ++p) sum[j][p] += w[j * row + k * column] * in[p];
  }
#pragma GCC unroll 16
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
    for (int p = 0; p < P; ++p) store(y + j * stride + p * lanes, sum[j][p]);
}

/// g[j][16 Q] = sum over n rows of a[j][row] h[row][16 Q], for J rows of g.
template <int J, int Q>
[[gnu::always_inline]] inline void outer(float* g, int columns, const float* a, int stride, const float* h, int width, int n) {
  vec sum[J][Q];
#pragma GCC unroll 16
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
    for (int q = 0; q < Q; ++q) sum[j][q] = vec{};
  for (int i = 0; i < n; ++i) {
    vec in[Q];
#pragma GCC unroll 4
    for (int q = 0; q < Q; ++q) in[q] = load(h + i * width + q * lanes);
#pragma GCC unroll 16
    for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
      for (int q = 0; q < Q; ++q) sum[j][q] += a[j * stride + i] * in[q];
  }
#pragma GCC unroll 16
  for (int j = 0; j < J; ++j)
#pragma GCC unroll 4
    for (int q = 0; q < Q; ++q) store(g + j * columns + q * lanes, sum[j][q]);
}

/// h (`features` by rows) to rows by `features`.
template <int Packs>
[[gnu::always_inline]] inline void turn(float* to, const float* h, int features, int stride) {
  for (int k = 0; k < features; k += lanes)
    for (int p = 0; p < Packs; ++p) {
      vec block[16];
#pragma GCC unroll 16
      for (int i = 0; i < 16; ++i) block[i] = load(h + (k + i) * stride + p * lanes);
      transpose(block);
#pragma GCC unroll 16
      for (int i = 0; i < 16; ++i) store(to + (p * lanes + i) * features + k, block[i]);
    }
}

inline void descend(float* theta, const float* grad, int n, float rate) {
  int i = 0;
  for (; i + lanes <= n; i += lanes) store(theta + i, load(theta + i) - rate * load(grad + i));
  for (; i < n; ++i) theta[i] -= rate * grad[i];
}

/// 2-16-16-1, tanh, mean squared error, 100 rows. Parameters W1, b1, W2, b2, W3, b3, row after row.
class moons {
 public:
  static constexpr int rows = 100, packs = 7, stride = packs * lanes, parameters = 337;
  alignas(64) float gradient[parameters + 15] = {};

  moons(const std::vector<float>& xs, const std::vector<float>& ys) {
    for (int i = 0; i < rows; ++i) {
      const auto n = static_cast<std::size_t>(i);
      x_[0][i] = xs[2 * n], x_[1][i] = xs[2 * n + 1], y_[i] = ys[n], keep_[i] = 1;
    }
  }

  [[gnu::noinline]] float step(float* theta, float rate) {
    const float *w1 = theta, *b1 = theta + 32, *w2 = theta + 48, *b2 = theta + 304, *w3 = theta + 320, *b3 = theta + 336;
    float *g1 = gradient, *gb1 = gradient + 32, *g2 = gradient + 48, *gb2 = gradient + 304, *g3 = gradient + 320, *gb3 = gradient + 336;
    const auto forward = [&](auto count, int p) __attribute__((always_inline)) {
      constexpr int P = count;
      for (int j = 0; j < 16; ++j)
#pragma GCC unroll 2
        for (int q = 0; q < P; ++q) {
          const int at = (p + q) * lanes;
          store(h1_[j] + at, tanh(w1[2 * j] * load(x_[0] + at) + (w1[2 * j + 1] * load(x_[1] + at) + b1[j])));
        }
      for (int j = 0; j < 16; j += 8) {
        affine<8, P>(h2_[j] + p * lanes, w2 + 16 * j, 16, 1, b2 + j, h1_[0] + p * lanes, 16, stride);
        for (int i = j; i < j + 8; ++i)
#pragma GCC unroll 2
          for (int q = 0; q < P; ++q) store(h2_[i] + (p + q) * lanes, tanh(load(h2_[i] + (p + q) * lanes)));
      }
      vec a[P], b[P];
#pragma GCC unroll 2
      for (int q = 0; q < P; ++q) a[q] = all(b3[0]), b[q] = vec{};
#pragma GCC unroll 8
      for (int k = 0; k < 16; k += 2)
#pragma GCC unroll 2
        for (int q = 0; q < P; ++q) a[q] += w3[k] * load(h2_[k] + (p + q) * lanes), b[q] += w3[k + 1] * load(h2_[k + 1] + (p + q) * lanes);
#pragma GCC unroll 2
      for (int q = 0; q < P; ++q) {
        const int at = (p + q) * lanes;
        const vec e = (a[q] + b[q] - load(y_ + at)) * load(keep_ + at), d = e * (2.f / rows);
        error_ += e * e;
        store(d3_ + at, d);
        for (int k = 0; k < 16; ++k) {
          const vec h = load(h2_[k] + at);
          store(d2_[k] + at, w3[k] * d * (1.f - h * h));
        }
      }
      for (int k = 0; k < 16; k += 8) {
        affine<8, P>(d1_[k] + p * lanes, w2 + k, 1, 16, nullptr, d2_[0] + p * lanes, 16, stride);
        for (int i = k; i < k + 8; ++i)
#pragma GCC unroll 2
          for (int q = 0; q < P; ++q) {
            const int at = (p + q) * lanes;
            const vec h = load(h1_[i] + at);
            store(d1_[i] + at, load(d1_[i] + at) * (1.f - h * h));
          }
      }
    };
    error_ = vec{};
    for (int p = 0; p + 2 <= packs; p += 2) forward(std::integral_constant<int, 2>{}, p);
    forward(std::integral_constant<int, 1>{}, packs - 1);
    turn<packs>(turned_, h1_[0], 16, stride);
    outer<16, 1>(g2, 16, d2_[0], stride, turned_, 16, rows);
    // Sums along the lanes: 16 results at a time.
    const auto reduce = [&](float* to, auto term) __attribute__((always_inline)) {
      vec sum[16];
#pragma GCC unroll 16
      for (int i = 0; i < 16; ++i) sum[i] = vec{};
      for (int p = 0; p < packs; ++p)
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i) sum[i] += term(i, p * lanes);
      store(to, sums(sum));
    };
    reduce(g1, [&](int i, int at) __attribute__((always_inline)) { return load(d1_[i / 2] + at) * load(x_[i % 2] + at); });
    reduce(g1 + 16, [&](int i, int at) __attribute__((always_inline)) { return load(d1_[8 + i / 2] + at) * load(x_[i % 2] + at); });
    reduce(gb1, [&](int i, int at) __attribute__((always_inline)) { return load(d1_[i] + at); });
    reduce(gb2, [&](int i, int at) __attribute__((always_inline)) { return load(d2_[i] + at); });
    reduce(g3, [&](int i, int at) __attribute__((always_inline)) { return load(d3_ + at) * load(h2_[i] + at); });
    vec last[16] = {error_};
    for (int p = 0; p < packs; ++p) last[1] += load(d3_ + p * lanes);
    const vec two = sums(last);
    gb3[0] = two[1];
    descend(theta, gradient, parameters, rate);
    return two[0] / rows;
  }

 private:
  alignas(64) float x_[2][stride] = {}, y_[stride] = {}, keep_[stride] = {};
  alignas(64) float h1_[16][stride], h2_[16][stride], d1_[16][stride], d2_[16][stride], d3_[stride];
  alignas(64) float turned_[stride * 16];
  vec error_;
};

/// 64-32-10, tanh, softmax cross-entropy, 128 rows. Parameters W1, b1, W2, b2.
class digits {
 public:
  static constexpr int in = 64, hidden = 32, out = 10, rows = 128, packs = 8, stride = rows, parameters = in * hidden + hidden + hidden * out + out;
  alignas(64) float gradient[parameters + 15] = {};

  /// Rows of x and of one-hot y.
  digits(const std::vector<float>& xs, const std::vector<float>& ys) : rows_(xs) {
    for (int i = 0; i < rows; ++i) {
      for (int k = 0; k < in; ++k) x_[k][i] = xs[static_cast<std::size_t>(i * in + k)];
      for (int k = 0; k < out; ++k) y_[k][i] = ys[static_cast<std::size_t>(i * out + k)];
    }
  }

  [[gnu::noinline]] float step(float* theta, float rate) {
    const float *w1 = theta, *b1 = w1 + in * hidden, *w2 = b1 + hidden, *b2 = w2 + hidden * out;
    float *g1 = gradient, *gb1 = g1 + in * hidden, *g2 = gb1 + hidden, *gb2 = g2 + hidden * out;
    vec error = {};
    for (int p = 0; p < packs; p += 2) {
      const int at = p * lanes;
      for (int j = 0; j < hidden; j += 8) {
        affine<8, 2>(h_[j] + at, w1 + in * j, in, 1, b1 + j, x_[0] + at, in, stride);
        for (int i = j; i < j + 8; ++i) store(h_[i] + at, tanh(load(h_[i] + at))), store(h_[i] + at + lanes, tanh(load(h_[i] + at + lanes)));
      }
      affine<10, 2>(d2_[0] + at, w2, hidden, 1, b2, h_[0] + at, hidden, stride);
      for (int q = at; q < at + 2 * lanes; q += lanes) {
        vec z[out], largest = load(d2_[0] + q), total = {}, chosen = {};
#pragma GCC unroll 10
        for (int k = 0; k < out; ++k) z[k] = load(d2_[k] + q), largest = z[k] > largest ? z[k] : largest;
#pragma GCC unroll 10
        for (int k = 0; k < out; ++k) {
          const vec y = load(y_[k] + q), e = exp(z[k] - largest);
          chosen += y * (z[k] - largest);
          z[k] = e, total += e;
        }
        const vec scale = (1.f / rows) / total;
#pragma GCC unroll 10
        for (int k = 0; k < out; ++k) store(d2_[k] + q, z[k] * scale - load(y_[k] + q) * (1.f / rows));
        error -= chosen;
        for (int l = 0; l < lanes; ++l) error[l] += __builtin_logf(total[l]);
      }
      for (int k = 0; k < hidden; k += 8) {
        affine<8, 2>(d1_[k] + at, w2 + k, 1, hidden, nullptr, d2_[0] + at, out, stride);
        for (int i = k; i < k + 8; ++i)
          for (int q = at; q < at + 2 * lanes; q += lanes) {
            const vec h = load(h_[i] + q);
            store(d1_[i] + q, load(d1_[i] + q) * (1.f - h * h));
          }
      }
    }
    for (int j = 0; j < hidden; j += 4) outer<4, 4>(g1 + j * in, in, d1_[j], stride, rows_.data(), in, rows);
    turn<packs>(turned_, h_[0], hidden, stride);
    outer<10, 2>(g2, hidden, d2_[0], stride, turned_, hidden, rows);
    const auto reduce = [&](float* to, const float* from, int n) __attribute__((always_inline)) {
      vec sum[16];
#pragma GCC unroll 16
      for (int i = 0; i < 16; ++i) sum[i] = vec{};
      for (int p = 0; p < packs; ++p)
#pragma GCC unroll 16
        for (int i = 0; i < 16; ++i)
          if (i < n) sum[i] += load(from + i * stride + p * lanes);
      const vec s = sums(sum);
      for (int i = 0; i < n; ++i) to[i] = s[i];
    };
    reduce(gb1, d1_[0], 16);
    reduce(gb1 + 16, d1_[16], 16);
    reduce(gb2, d2_[0], 10);
    descend(theta, gradient, parameters, rate);
    float loss = 0;
    for (int l = 0; l < lanes; ++l) loss += error[l];
    return loss / rows;
  }

 private:
  std::vector<float> rows_;
  alignas(64) float x_[in][stride], y_[out][stride];
  alignas(64) float h_[hidden][stride], d1_[hidden][stride], d2_[out][stride], turned_[stride * hidden];
};

}  // namespace expert
