// SPDX-License-Identifier: BSL-1.0
// Training steps of docs/examples/textgpt.hpp over given windows of a text: the losses of the first ten, the time of a step, the memory.
// Usage: bench/textgpt small|cpu THREADS [FOLDER], which gets the weights of the start, the first gradient and the windows.
#include <textgpt_train.hpp>

#include <cstdio>
#include <fstream>

namespace {

constexpr std::size_t batches = 16;
constexpr int checked = 10, warm = 5, timed = 30;
constexpr double rate = 1e-3;

template <class Model>
int measure(std::size_t windows, int threads, const std::string& folder) {
  constexpr auto block = static_cast<std::size_t>(Model::t.size);
  using window = std::array<int, block>;
  const std::string text = support::read_bytes("docs/data/names.txt");
  tg::nn::generator random(1);
  std::array<std::vector<window>, batches> tokens, next;
  for (std::size_t k = 0; k < batches * windows; ++k) {
    const std::size_t at = random() % (text.size() - block);
    auto& from = tokens[k / windows].emplace_back();
    auto& to = next[k / windows].emplace_back();
    for (std::size_t i = 0; i < block; ++i) from[i] = static_cast<unsigned char>(text[at + i]), to[i] = static_cast<unsigned char>(text[at + i + 1]);
  }
  const auto theta = on_heap([] { return tg::nn::initialize<float>(Model::loss, 1); });
  start(*theta, random);
  const auto rows = [&](std::size_t k) { return tg::batch(Model::token = tokens[k % batches], Model::next = next[k % batches]); };
  const auto program = tg::value_and_gradient(Model::loss);
  const auto memory = on_heap([&] { return program.storage(*theta, rows(0)); });
  const auto update = on_heap([&] { return tg::optim::adam{.learning_rate = rate, .beta1 = 0.9, .beta2 = 0.99}(*theta); });
  tg::thread_pool pool(threads);

  if (!folder.empty()) {
    program.on(pool)(*theta, rows(0), tg::into(*memory));
    const auto weights = tg::io::save(folder + "/weights.safetensors", tg::io::tensors("", *theta));
    const auto gradient = tg::io::save(folder + "/gradient.safetensors", tg::io::tensors("", memory->result.gradient));
    std::ofstream file(folder + "/windows", std::ios::binary);
    for (const auto* part : {&tokens, &next})
      for (const auto& batch : *part) file.write(reinterpret_cast<const char*>(batch.data()), static_cast<std::streamsize>(windows * sizeof(window)));
    if (!weights || !gradient || !file.flush()) throw support::input_error(folder + ": cannot be written");
  }
  std::size_t step = 0;
  const auto one = [&] { return train(program.on(pool), *theta, rows(step++), *memory, *update, rate); };
  fmt::print("losses");
  for (int k = 0; k < checked; ++k) fmt::print(" {:.9g}", one());
  for (int k = 0; k < warm; ++k) one();
  std::vector<double> times;
  for (int k = 0; k < timed; ++k) {
    const double begin = support::now();
    one();
    times.push_back(support::now() - begin);
  }
  std::nth_element(times.begin(), times.begin() + timed / 2, times.end());
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  fmt::print("\nnanoseconds {:.0f}\nmegabytes {:.0f}\n", times[timed / 2] * 1e9, static_cast<double>(used.ru_maxrss) / 1024);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string preset = argc > 1 ? argv[1] : "", folder = argc > 3 ? argv[3] : "";
  const int threads = argc > 2 ? std::atoi(argv[2]) : 0;
  if ((preset != "small" && preset != "cpu") || threads < 1)
    return std::fputs("bench/textgpt: usage: bench/textgpt small|cpu THREADS [FOLDER]\n", stderr), 2;
  try {
    return preset == "small" ? measure<gpt<4, 4, 64, 32, 256>>(32, threads, folder) : measure<gpt<4, 4, 128, 64, 256>>(12, threads, folder);
  } catch (const support::input_error& error) { return std::fprintf(stderr, "bench/textgpt: %s\n", error.what()), 2; }
}
