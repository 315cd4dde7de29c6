// SPDX-License-Identifier: BSL-1.0
// [training]
#include <typegrad/eval/threads.hpp>  // thread_pool
#include <typegrad/nn/loader.hpp>     // mini-batches
#include <typegrad/typegrad.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace tg = typegrad;
inline constexpr auto x = tg::variable<"x", tg::vector<2>>;
inline constexpr auto y = tg::variable<"y">;
inline constexpr tg::nn::mlp<2, 16, 1> model{};
inline constexpr auto loss = square(sum(model(x)) - y);  // of one row; a batch takes the mean

void save(const auto& theta, const std::string& file) {
  std::ofstream out(file + ".part");
  out.precision(17), out << model;  // 17 digits give every double back
  for (double number : theta) out << '\n' << number;
  if (!out.flush()) throw std::runtime_error("cannot write " + file);
  std::filesystem::rename(file + ".part", file);  // the old file or the new one, never half of it
}

void load(auto& theta, const std::string& file) {
  std::ifstream in(file);
  std::string network;
  for (std::getline(in, network); double& number : theta) in >> number;
  if (!in || !(in >> std::ws).eof() || network != to_string(model)) throw std::runtime_error(file + " does not hold this network");
}

int main() {
  std::vector<std::array<double, 2>> xs(1024);  // pairs of numbers
  std::vector<double> ys;                       // and their products
  for (tg::nn::generator next(1); auto& [a, b] : xs) a = next.uniform(), b = next.uniform(), ys.push_back(a * b);
  auto theta = tg::nn::initialize<double>(model, 1, tg::nn::xavier{});
  tg::optim::adam step(theta, {.learning_rate = 0.01, .beta1 = 0.85});
  tg::nn::loader batches(128, 1, x = xs, y = ys);
  tg::thread_pool threads(2);
  for (int epoch = 0; epoch < 100; ++epoch)  // shuffled anew in each
    for (const auto& rows : batches) step(theta, tg::value_and_gradient(loss).on(threads)(theta, rows).gradient);
  save(theta, "product.txt");
  auto again = tg::nn::initialize<double>(model, 2);
  load(again, "product.txt");
  std::cout << "loss = " << tg::evaluate(loss, again, tg::batch(x = xs, y = ys)) << "\n";
  std::cout << "0.5 * 0.5 = " << tg::evaluate(sum(model(x)), again, x = std::array{0.5, 0.5}) << "\n";
}
// [training]
