// SPDX-License-Identifier: BSL-1.0
// One full training step (forward, backward, update): the library against code by hand and Eigen. --dump DIR writes
// parameters, data, loss and gradients for the peers in other processes.
#include "expert.hpp"
#include "networks.hpp"

#include <typegrad/eval/threads.hpp>

#include <benchmark/benchmark.h>
#ifdef WITH_OPENBLAS
#include <cblas.h>
#endif

#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

namespace {

constexpr float rate = 1e-4f;

template <class Net>
typename Net::point start() {
  return typegrad::nn::initialize<float>(Net::model, 1, typegrad::nn::xavier{});
}

template <class Net>
void run_ours(benchmark::State& state) {
  const data<Net> d;
  auto theta = std::make_unique<typename Net::point>(start<Net>());
  auto program = std::make_unique<ours<Net>>(d);
  for (auto _ : state) benchmark::DoNotOptimize(program->step(*theta, rate));
}

template <class Net, class Contender>
void run(benchmark::State& state) {
  const data<Net> d;
  auto theta = std::make_unique<typename Net::point>(start<Net>());
  auto contender = std::make_unique<Contender>(d);
  for (auto _ : state) benchmark::DoNotOptimize(contender->step(theta->data(), rate));
}

struct expert_moons : expert::moons {
  explicit expert_moons(const data<::moons>& d) : expert::moons(d.x, d.y) {}
};
struct expert_digits : expert::digits {
  explicit expert_digits(const data<::digits>& d) : expert::digits(d.x, d.y) {}
};

template <int Rows>
void run_rows(benchmark::State& state) {
  using net = network<loss_kind::squared_error, Rows, 2, 16, 16, 1>;
  run_ours<net>(state);
}

// The difference of a contender's loss and gradients from ours, relative to the largest gradient or 1.
template <class Net, class Contender>
bool agrees(const char* name) {
  const data<Net> d;
  auto theta = std::make_unique<typename Net::point>(start<Net>());
  auto reference = std::make_unique<ours<Net>>(d);
  const float loss = reference->observed(*theta);
  auto contender = std::make_unique<Contender>(d);
  float worst = std::fabs(contender->step(theta->data(), 0.f) - loss);
  for (int i = 0; i < Net::parameters; ++i) {
    const auto n = static_cast<std::size_t>(i);
    worst = std::fmax(worst,
                      std::fabs(contender->gradient[n] - reference->gradient.data()[i]) / std::fmax(1.f, std::fabs(reference->gradient.data()[i])));
  }
  std::fprintf(stderr, "%-28s differs from typegrad by %.1e\n", name, static_cast<double>(worst));
  return worst < 1e-5f;
}

template <class Net>
void dump(const std::string& folder, const char* name) {
  const data<Net> d;
  auto theta = std::make_unique<typename Net::point>(start<Net>());
  auto reference = std::make_unique<ours<Net>>(d);
  const float loss = reference->observed(*theta);
  const auto write = [&](const char* part, const float* from, std::size_t n) {
    std::ofstream(folder + "/" + name + "." + part, std::ios::binary)
        .write(reinterpret_cast<const char*>(from), static_cast<std::streamsize>(n * sizeof(float)));
  };
  write("parameters", theta->data(), theta->size());
  write("gradient", reference->gradient.data(), theta->size());
  write("x", d.x.data(), d.x.size());
  write("y", d.y.data(), d.y.size());
  write("loss", &loss, 1);
}

// ---- two threads

template <class Net>
void run_threads(benchmark::State& state) {
  const data<Net> d;
  auto theta = std::make_unique<typename Net::point>(start<Net>());
  typegrad::thread_pool pool(static_cast<int>(state.range(0)));
  const auto rows = typegrad::batch(Net::in = d.x, Net::out = d.y);
  static auto memory = typegrad::value_and_gradient(Net::loss).storage(*theta, rows);
  for (auto _ : state) {
    const auto& result = typegrad::value_and_gradient(Net::loss).on(pool)(*theta, rows, typegrad::into(memory));
    typegrad::optim::sgd{rate}(*theta, result.gradient);
    benchmark::DoNotOptimize(theta->data());
  }
}

// ---- a large product: 128 x 784 times 784 x 128, by the kernel of the executor and by OpenBLAS

constexpr int product_rows = 128, product_inner = 784, product_columns = 128;

void run_product(benchmark::State& state) {
  using lanes = typegrad::math::lanes<float, typegrad::math::native_lanes<float>>;
  constexpr int packs = product_columns / lanes::count;
  const std::vector<float> w(product_rows * product_inner, 0.5f);
  constexpr int pack = product_inner + product_rows;
  auto x = std::make_unique<lanes[]>(packs * pack);
  for (int i = 0; i < packs * pack; ++i) x[static_cast<std::size_t>(i)] = lanes(0.25f);
  for (auto _ : state) {
    typegrad::detail::product<product_rows, product_inner, product_inner, 1>(x.get() + product_inner, w.data(), x.get(), pack, packs);
    benchmark::DoNotOptimize(x.get());
    benchmark::ClobberMemory();
  }
}
#ifdef WITH_OPENBLAS
void run_openblas(benchmark::State& state) {
  const std::vector<float> w(product_rows * product_inner, 0.5f), x(product_inner * product_columns, 0.25f);
  std::vector<float> y(product_rows * product_columns);
  for (auto _ : state) {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, product_rows, product_columns, product_inner, 1, w.data(), product_inner, x.data(),
                product_columns, 0, y.data(), product_columns);
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
}
BENCHMARK(run_openblas)->Name("product/OpenBLAS");
#endif
BENCHMARK(run_product)->Name("product/typegrad");
BENCHMARK(run_threads<images>)->Name("threads/typegrad")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(run_ours<moons>)->Name("moons/typegrad");
BENCHMARK(run<moons, expert_moons>)->Name("moons/expert, by hand");
BENCHMARK(run<moons, plain_loops<moons>>)->Name("moons/plain loops");
BENCHMARK(run<moons, eigen<moons>>)->Name("moons/Eigen");
BENCHMARK(run_ours<digits>)->Name("digits/typegrad");
BENCHMARK(run<digits, expert_digits>)->Name("digits/expert, by hand");
BENCHMARK(run<digits, plain_loops<digits>>)->Name("digits/plain loops");
BENCHMARK(run<digits, eigen<digits>>)->Name("digits/Eigen");
BENCHMARK(run_ours<images>)->Name("images/typegrad");
BENCHMARK(run<images, plain_loops<images>>)->Name("images/plain loops");
BENCHMARK(run<images, eigen<images>>)->Name("images/Eigen");
BENCHMARK(run_rows<1>)->Name("rows/1");
BENCHMARK(run_rows<10>)->Name("rows/10");
BENCHMARK(run_rows<100>)->Name("rows/100");
BENCHMARK(run_rows<10'000>)->Name("rows/10000");

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::strcmp(argv[1], "--dump") == 0) {
    dump<moons>(argv[2], "moons"), dump<digits>(argv[2], "digits"), dump<images>(argv[2], "images");
    return 0;
  }
  const bool agree = agrees<moons, expert_moons>("moons, expert") && agrees<moons, plain_loops<moons>>("moons, plain loops") &&
                     agrees<moons, eigen<moons>>("moons, Eigen") && agrees<digits, expert_digits>("digits, expert") &&
                     agrees<digits, plain_loops<digits>>("digits, plain loops") && agrees<digits, eigen<digits>>("digits, Eigen") &&
                     agrees<images, plain_loops<images>>("images, plain loops") && agrees<images, eigen<images>>("images, Eigen");
  if (!agree) return std::fprintf(stderr, "the contenders disagree\n"), 1;
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
