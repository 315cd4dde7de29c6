// SPDX-License-Identifier: BSL-1.0
// Value and gradient of a batch: the library against plain loops written by hand for the same network (2-16-16-1, tanh,
// mean squared error, 100 samples, float), after a check that both agree.
#include <typegrad/typegrad.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdio>
#include <vector>

namespace tg = typegrad;

namespace {

constexpr tg::nn::mlp<2, 16, 16, 1> model{};
constexpr auto x = tg::variable<"x", tg::vector<2>>;
constexpr auto y = tg::variable<"y", tg::vector<1>>;
constexpr auto loss = tg::nn::mean_squared_error(model(x), y);
constexpr auto unrolled = tg::nn::mean_squared_error(model.scalar_view(x), y);
using parameters = decltype(tg::nn::initialize<float>(model, 0));

/// One affine layer: out = W in + b, weights row after row.
template <int In, int Out>
void affine(const float* w, const float* b, const float* in, float* out) {
  for (int i = 0; i < Out; ++i) {
    out[i] = b[i];
    for (int k = 0; k < In; ++k) out[i] += w[i * In + k] * in[k];
  }
}

/// The adjoints of one affine layer: dw += g in', db += g, and back = W' g if it is wanted.
template <int In, int Out>
void affine_back(const float* w, const float* in, const float* g, float* dw, float* db, float* back) {
  for (int i = 0; i < Out; ++i) {
    db[i] += g[i];
    for (int k = 0; k < In; ++k) dw[i * In + k] += g[i] * in[k];
  }
  if (back == nullptr) return;
  for (int k = 0; k < In; ++k) back[k] = 0;
  for (int i = 0; i < Out; ++i)
    for (int k = 0; k < In; ++k) back[k] += w[i * In + k] * g[i];
}

/// By hand; parameters in the order W1, b1, W2, b2, W3, b3.
template <class Tanh>
float by_hand(const float* p, const std::vector<float>& xs, const std::vector<float>& ys, float* grad, Tanh tanh) {
  const float *w1 = p, *b1 = p + 32, *w2 = p + 48, *b2 = p + 304, *w3 = p + 320, *b3 = p + 336;
  for (int i = 0; i < 337; ++i) grad[i] = 0;
  float total = 0;
  for (std::size_t n = 0; n < ys.size(); ++n) {
    float h1[16], h2[16], out, back[16];
    affine<2, 16>(w1, b1, &xs[2 * n], h1);
    for (float& h : h1) h = tanh(h);
    affine<16, 16>(w2, b2, h1, h2);
    for (float& h : h2) h = tanh(h);
    affine<16, 1>(w3, b3, h2, &out);
    const float error = out - ys[n], g = 2 * error;
    total += error * error;
    affine_back<16, 1>(w3, h2, &g, grad + 320, grad + 336, back);
    for (int i = 0; i < 16; ++i) h2[i] = back[i] * (1 - h2[i] * h2[i]);
    affine_back<16, 16>(w2, h1, h2, grad + 48, grad + 304, back);
    for (int i = 0; i < 16; ++i) h1[i] = back[i] * (1 - h1[i] * h1[i]);
    affine_back<2, 16>(w1, &xs[2 * n], h1, grad, grad + 32, nullptr);
  }
  const float scale = 1 / static_cast<float>(ys.size());
  for (int i = 0; i < 337; ++i) grad[i] *= scale;
  return total * scale;
}

struct data {
  parameters theta = tg::nn::initialize<float>(model, 1);
  std::vector<float> xs, ys;
  data() {
    tg::nn::generator next(2);
    for (int i = 0; i < 100; ++i)
      xs.push_back(static_cast<float>(next.normal())), xs.push_back(static_cast<float>(next.normal())), ys.push_back(i % 2 == 0 ? 1.f : -1.f);
  }
};

float library_tanh(float v) { return std::tanh(v); }
float our_tanh(float v) { return tg::math::tanh(v); }

template <float (*Tanh)(float)>
void hand(benchmark::State& state) {
  data d;
  alignas(64) float grad[337];
  for (auto _ : state) {
    benchmark::DoNotOptimize(by_hand(d.theta.data(), d.xs, d.ys, grad, Tanh));
    benchmark::ClobberMemory();
  }
}

template <auto Loss>
void library(benchmark::State& state) {
  data d;
  for (auto _ : state) {
    auto step = tg::value_and_gradient(Loss)(d.theta, tg::batch(x = d.xs, y = d.ys));
    benchmark::DoNotOptimize(step);
  }
}

BENCHMARK(hand<library_tanh>)->Name("by hand, plain loops, std::tanh");
BENCHMARK(hand<our_tanh>)->Name("by hand, plain loops, typegrad's tanh");
BENCHMARK(library<loss>)->Name("typegrad, tensor view");
BENCHMARK(library<unrolled>)->Name("typegrad, scalar view");

/// All contenders compute the same, to 1e-5.
bool agree() {
  data d;
  float grad[337];
  const float value = by_hand(d.theta.data(), d.xs, d.ys, grad, library_tanh);
  const auto a = tg::value_and_gradient(loss)(d.theta, tg::batch(x = d.xs, y = d.ys)),
             b = tg::value_and_gradient(unrolled)(d.theta, tg::batch(x = d.xs, y = d.ys));
  float worst = std::fmax(std::fabs(a.value - value), std::fabs(b.value - value)) / value;
  for (int i = 0; i < 337; ++i) {
    const float size = std::fmax(1.f, std::fabs(grad[i]));
    worst = std::fmax(worst, std::fmax(std::fabs(a.gradient.data()[i] - grad[i]), std::fabs(b.gradient.data()[i] - grad[i])) / size);
  }
  std::printf("largest difference between the contenders: %.1e\n", static_cast<double>(worst));
  return worst < 1e-5f;
}

}  // namespace

int main(int argc, char** argv) {
  if (!agree()) return std::fprintf(stderr, "the contenders disagree\n"), 1;
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
