// SPDX-License-Identifier: BSL-1.0
// The same training steps with libtorch, PyTorch's C++ library: libtorch DIR NETWORK... prints what peer.py prints.
#include <torch/torch.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

namespace {

std::vector<float> read(const std::string& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::vector<float> values(static_cast<std::size_t>(in.tellg()) / sizeof(float));
  in.seekg(0);
  in.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(float)));
  return values;
}

void run(const std::string& folder, const std::string& name, const std::vector<long>& widths, long rows) {
  const std::string base = folder + "/" + name + ".";
  std::vector<float> parameters = read(base + "parameters"), xs = read(base + "x"), ys = read(base + "y"), expected = read(base + "gradient");
  const torch::Tensor x = torch::from_blob(xs.data(), {rows, widths.front()}).clone(), y = torch::from_blob(ys.data(), {rows, widths.back()}).clone();
  const torch::Tensor classes = y.argmax(1);
  std::vector<torch::Tensor> theta;
  float* at = parameters.data();
  for (std::size_t l = 0; l + 1 < widths.size(); ++l) {
    theta.push_back(torch::from_blob(at, {widths[l + 1], widths[l]}).clone().requires_grad_());
    at += widths[l + 1] * widths[l];
    theta.push_back(torch::from_blob(at, {widths[l + 1]}).clone().requires_grad_());
    at += widths[l + 1];
  }
  const auto forward = [&] {
    torch::Tensor h = x;
    for (std::size_t l = 0; 2 * l < theta.size(); ++l) {
      h = torch::nn::functional::linear(h, theta[2 * l], theta[2 * l + 1]);
      if (2 * l + 2 < theta.size()) h = torch::tanh(h);
    }
    return widths.back() == 1 ? torch::mse_loss(h, y) : torch::nn::functional::cross_entropy(h, classes);
  };
  torch::optim::SGD descend(theta, torch::optim::SGDOptions(1e-4));
  torch::Tensor loss = forward();
  loss.backward();
  double worst = std::abs(loss.item<float>() - read(base + "loss")[0]);
  std::size_t i = 0;
  for (const torch::Tensor& p : theta) {
    const torch::Tensor g = p.grad().contiguous().flatten();
    for (long k = 0; k < g.numel(); ++k, ++i)
      worst = std::max<double>(worst, std::abs(g.data_ptr<float>()[k] - expected[i]) / std::max(1.f, std::abs(expected[i])));
  }
  if (!(worst < 1e-5)) std::fprintf(stderr, "libtorch, %s: loss or gradients differ from typegrad's by %.1e\n", name.c_str(), worst), std::exit(1);
  const auto step = [&] {
    descend.zero_grad();
    const torch::Tensor l = forward();
    l.backward();
    descend.step();
  };
  for (int k = 0; k < 50; ++k) step();
  std::vector<double> times;
  for (int r = 0; r < 15; ++r) {
    const auto start = std::chrono::steady_clock::now();
    for (int k = 0; k < 100; ++k) step();
    times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / 100);
  }
  std::sort(times.begin(), times.end());
  std::printf("%s %.1e %.0f\n", name.c_str(), worst, times[7] * 1e9);
}

}  // namespace

int main(int argc, char** argv) {
  torch::set_num_threads(1);
  for (int k = 2; k < argc; ++k) {
    const std::string name = argv[k];
    if (name == "moons") run(argv[1], name, {2, 16, 16, 1}, 100);
    if (name == "digits") run(argv[1], name, {64, 32, 10}, 128);
    if (name == "images") run(argv[1], name, {784, 128, 64, 10}, 128);
  }
}
