// SPDX-License-Identifier: BSL-1.0
// Small gradients in double at one point: the library against the derivatives written by hand with <cmath>.
#include <typegrad/typegrad.hpp>

#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <cstdio>

namespace tg = typegrad;
using namespace tg::literals;

namespace {

/// A problem: n inputs, the value and n partial derivatives.
template <int N>
struct answer {
  double value;
  double gradient[N];
};

// ---- a neuron: tanh(w . v + b), derivatives with respect to w and b

struct neuron {
  static constexpr int inputs = 4;
  static constexpr std::array<double, 4> at{0.5, -0.25, 0.125, 0.1};
  static constexpr auto w = tg::parameter<"w", tg::vector<3>>;
  static constexpr auto b = tg::parameter<"b">;
  static constexpr auto v = tg::variable<"v", tg::vector<3>>;
  static constexpr auto formula = tanh(dot(w, v) + b);
  [[gnu::always_inline]] static auto library(const double* p) {
    static constexpr std::array<double, 3> input{1.0, 2.0, -1.0};
    return tg::value_and_gradient(formula, tg::wrt(w, b))(w = tg::tensor_view<const double, tg::vector<3>>(p), b = p[3], v = input);
  }
  [[gnu::always_inline]] static answer<4> by_hand(const double* p) {
    const double t = std::tanh(p[0] * 1.0 + p[1] * 2.0 + p[2] * -1.0 + p[3]), d = 1 - t * t;
    return {t, {d, 2 * d, -d, d}};
  }
};

// ---- Rosenbrock's function of ten variables

struct rosenbrock {
  static constexpr int inputs = 10;
  static constexpr std::array<double, 10> at{-1.2, 1, 0.5, 0.8, -0.3, 1.1, 0.9, -0.7, 0.2, 1.3};
  static constexpr auto x = tg::parameter<"x", tg::vector<10>>;
  static constexpr auto formula = []<int... I>(std::integer_sequence<int, I...>) {
    return (... + (100_c * square(tg::at<I + 1>(x) - square(tg::at<I>(x))) + square(1_c - tg::at<I>(x))));
  }(std::make_integer_sequence<int, 9>{});
  [[gnu::always_inline]] static auto library(const double* p) {
    return tg::value_and_gradient(formula)(x = tg::tensor_view<const double, tg::vector<10>>(p));
  }
  [[gnu::always_inline]] static answer<10> by_hand(const double* p) {
    answer<10> r{0, {}};
    for (int i = 0; i < 9; ++i) {
      const double a = p[i + 1] - p[i] * p[i], b = 1 - p[i];
      r.value += 100 * a * a + b * b;
      r.gradient[i] += -400 * a * p[i] - 2 * b;
      r.gradient[i + 1] += 200 * a;
    }
    return r;
  }
};

// ---- the price of a European call (Black and Scholes) and its derivatives with respect to S, K, T, r, sigma

struct black_scholes {
  static constexpr int inputs = 5;
  static constexpr std::array<double, 5> at{100, 105, 0.75, 0.03, 0.25};
  static constexpr auto p = tg::parameter<"p", tg::vector<5>>;
  static constexpr auto s = tg::at<0>(p);
  static constexpr auto k = tg::at<1>(p);
  static constexpr auto t = tg::at<2>(p);
  static constexpr auto r = tg::at<3>(p);
  static constexpr auto sigma = tg::at<4>(p);
  static constexpr auto width = sigma * sqrt(t);
  static constexpr auto d1 = (log(s / k) + (r + 0.5_c * square(sigma)) * t) / width;
  static constexpr auto formula = s * normal_cdf(d1) - k * exp(-(r * t)) * normal_cdf(d1 - width);
  [[gnu::always_inline]] static auto library(const double* q) {
    return tg::value_and_gradient(formula)(p = tg::tensor_view<const double, tg::vector<5>>(q));
  }
  [[gnu::always_inline]] static answer<5> by_hand(const double* q) {
    const double S = q[0], K = q[1], T = q[2], R = q[3], v = q[4];
    const double root = std::sqrt(T), d = (std::log(S / K) + (R + 0.5 * v * v) * T) / (v * root), e = d - v * root;
    const double n1 = 0.5 * std::erfc(-d * 0.70710678118654752), n2 = 0.5 * std::erfc(-e * 0.70710678118654752);
    const double discount = std::exp(-R * T), density = 0.39894228040143268 * std::exp(-0.5 * d * d);
    return {S * n1 - K * discount * n2,
            {n1, -discount * n2, S * density * v / (2 * root) + R * K * discount * n2, K * T * discount * n2, S * density * root}};
  }
};

// ---- Snavely's reprojection error: camera (angle-axis w, translation t, focal length f, distortion k1, k2) and point;
// two residuals and their 2 x 12 Jacobian

struct snavely {
  static constexpr int inputs = 12;
  static constexpr std::array<double, 12> at{0.1, -0.2, 0.3, 0.5, -0.4, -5.0, 500, -0.1, 0.02, 0.7, -0.6, 0.9};
  static constexpr double seen[2] = {30, -20};
  static constexpr auto q = tg::parameter<"q", tg::vector<12>>;
  template <int I>
  static constexpr auto c = tg::at<I>(q);
  static constexpr auto angle2 = square(c<0>) + square(c<1>) + square(c<2>);
  static constexpr auto angle = sqrt(angle2);
  static constexpr auto sine = sin(angle) / angle;
  static constexpr auto versine = (1_c - cos(angle)) / angle2;
  static constexpr auto along = versine * (c<0> * c<9> + c<1> * c<10> + c<2> * c<11>);
  static constexpr auto cosine = cos(angle);
  static constexpr auto px = c<9> * cosine + (c<1> * c<11> - c<2> * c<10>)*sine + c<0> * along + c<3>;
  static constexpr auto py = c<10> * cosine + (c<2> * c<9> - c<0> * c<11>)*sine + c<1> * along + c<4>;
  static constexpr auto pz = c<11> * cosine + (c<0> * c<10> - c<1> * c<9>)*sine + c<2> * along + c<5>;
  static constexpr auto u = -px / pz;
  static constexpr auto v = -py / pz;
  static constexpr auto r2 = square(u) + square(v);
  static constexpr auto scale = c<6> * (1_c + r2 * (c<7> + c<8> * r2));
  static constexpr auto residuals = tg::stack(scale * u - 30_c, scale* v + 20_c);
  static constexpr auto jacobian = tg::jacobian(residuals, q);
  using result = tg::tensor<double, tg::matrix<2, 12>>;
  [[gnu::always_inline]] static result library(const double* p) {
    return tg::evaluate(jacobian, q = tg::tensor_view<const double, tg::vector<12>>(p));
  }
  [[gnu::always_inline]] static result by_hand(const double* p) {
    const double *w = p, *X = p + 9;
    const double t2 = w[0] * w[0] + w[1] * w[1] + w[2] * w[2], t = std::sqrt(t2), S = std::sin(t), C = std::cos(t);
    const double a = S / t, b = (1 - C) / t2, da = (C - a) / t2, db = (a - 2 * b) / t2;  // d a = da (w . dw), and so on
    const double cross[3] = {w[1] * X[2] - w[2] * X[1], w[2] * X[0] - w[0] * X[2], w[0] * X[1] - w[1] * X[0]};
    const double dotted = w[0] * X[0] + w[1] * X[1] + w[2] * X[2], bd = b * dotted;
    double P[3], dP[3][6];  // derivatives with respect to w and X
    for (int i = 0; i < 3; ++i) P[i] = X[i] * C + cross[i] * a + w[i] * bd + p[3 + i];
    for (int k = 0; k < 3; ++k)
      for (int i = 0; i < 3; ++i) {
        const int j = 3 - i - k;  // the third index where i and k differ
        const double sign = (i + 1) % 3 == k ? 1 : -1;
        dP[i][k] = -X[i] * a * w[k] + cross[i] * da * w[k] + w[i] * (db * w[k] * dotted + b * X[k]) + (i == k ? bd : sign * X[j] * a);
        dP[i][3 + k] = w[i] * b * w[k] + (i == k ? C : -sign * w[j] * a);
      }
    const double z = 1 / P[2], U = -P[0] * z, V = -P[1] * z, R = U * U + V * V, f = p[6];
    const double g = 1 + R * (p[7] + p[8] * R), dg = p[7] + 2 * p[8] * R;  // d g / d R
    const double rU[2] = {f * (g + 2 * U * U * dg), f * 2 * U * V * dg}, rV[2] = {f * 2 * U * V * dg, f * (g + 2 * V * V * dg)};
    result r;
    for (int n = 0; n < 2; ++n) {
      const double own = n == 0 ? U : V;
      const double gx = -rU[n] * z, gy = -rV[n] * z, gz = -(rU[n] * U + rV[n] * V) * z;
      double* const row = r.data() + 12 * n;
      for (int k = 0; k < 3; ++k) {
        row[k] = gx * dP[0][k] + gy * dP[1][k] + gz * dP[2][k];
        row[9 + k] = gx * dP[0][3 + k] + gy * dP[1][3 + k] + gz * dP[2][3 + k];
      }
      row[3] = gx, row[4] = gy, row[5] = gz, row[6] = g * own, row[7] = f * R * own, row[8] = f * R * R * own;
    }
    return r;
  }
};

template <class Problem, auto Solve>
void run(benchmark::State& state) {
  auto at = Problem::at;
  for (auto _ : state) {
    benchmark::DoNotOptimize(at);
    auto result = Solve(at.data());
    benchmark::DoNotOptimize(result);
  }
}

/// The value (i = 0) and the derivatives of a result, whatever its type.
template <class Result>
double number_of(const Result& r, std::size_t i) {
  if constexpr (requires { r.data(); }) return r.data()[i];
  else if constexpr (requires { r.gradient.data(); }) return i == 0 ? r.value : r.gradient.data()[i - 1];
  else return i == 0 ? r.value : r.gradient[i - 1];
}

template <class Problem>
bool agrees(const char* name) {
  const auto a = Problem::library(Problem::at.data());
  const auto b = Problem::by_hand(Problem::at.data());
  double worst = 0;
  for (std::size_t i = 0; i < sizeof b / sizeof(double); ++i)
    worst = std::fmax(worst, std::fabs(number_of(a, i) - number_of(b, i)) / std::fmax(1, std::fabs(number_of(b, i))));
  std::fprintf(stderr, "%-28s differs from typegrad by %.1e\n", name, worst);
  return worst < 1e-12;
}

#define PROBLEM(name)                                           \
  BENCHMARK(run<name, name::library>)->Name(#name "/typegrad"); \
  BENCHMARK(run<name, name::by_hand>)->Name(#name "/by hand");
PROBLEM(neuron)
PROBLEM(rosenbrock)
PROBLEM(black_scholes)
PROBLEM(snavely)

}  // namespace

int main(int argc, char** argv) {
  if (!(agrees<neuron>("neuron") && agrees<rosenbrock>("rosenbrock") && agrees<black_scholes>("black_scholes") && agrees<snavely>("snavely")))
    return std::fprintf(stderr, "the contenders disagree\n"), 1;
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
