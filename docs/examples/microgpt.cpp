// SPDX-License-Identifier: BSL-1.0
// Trains the GPT of microgpt.hpp on names, then makes up new ones.
#include "microgpt_sample.hpp"

#include <support/constants.hpp>
#include <support/csv.hpp>
#include <support/options.hpp>
#include <support/plot.hpp>
#include <support/words.hpp>

#include <typegrad/io/safetensors.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace {

/// The weights as constants of C++, and what they are weights of.
template <class Point>
std::string as_header(Point& theta) {
  std::string text = "// The weights of a GPT of names, written by `microgpt --export`.\n#pragma once\n\nnamespace trained {\n\n";
  text += fmt::format("inline constexpr char alphabet[] = \"abcdefghijklmnopqrstuvwxyz\";  // token {} begins and ends a name\n", mark);
  tg::for_each_parameter(theta, [&](std::string_view name, tg::extent shape, const float* values) {
    text += support::as_constant(std::string(name), values, static_cast<std::size_t>(shape.size()));
  });
  return text + "\n}  // namespace trained\n";
}

/// Trains from given weights on given names in double, and compares every loss.
int compare(const std::string& folder, int steps) {
  const auto names = support::read_words(folder + "/docs.txt");
  auto theta = tg::nn::initialize<double>(gpt<16>::loss, 1);
  auto expected = theta;
  const auto fill = [](auto& point, const std::vector<support::named_matrix>& from) {
    tg::for_each_parameter(point, [&](std::string_view name, tg::extent shape, double* values) {
      for (const auto& one : from)
        if (one.name == name && static_cast<int>(one.values.size()) == shape.size())
          return void(std::copy(one.values.begin(), one.values.end(), values));
      throw support::input_error(fmt::format("weights.txt or gradient0.txt: '{}' is missing, or has another size", name));
    });
  };
  fill(theta, support::read_matrices(folder + "/weights.txt")), fill(expected, support::read_matrices(folder + "/gradient0.txt"));
  const auto losses = support::read_list(folder + "/losses.json");
  steps = std::min(steps, static_cast<int>(losses.size()));
  tg::optim::adam update(theta, {.learning_rate = 0.01, .beta1 = 0.85, .beta2 = 0.99});
  double worst_gradient = 0, worst_early = 0, worst = 0;
  for (int k = 0; k < steps; ++k) {
    const auto result = step<16>(theta, tokens<double>(names[static_cast<std::size_t>(k) % names.size()]));
    double largest = 0, apart = 0;
    for (std::size_t i = 0; k == 0 && i < theta.size(); ++i) {
      largest = std::max(largest, std::abs(expected.data()[i]));
      apart = std::max(apart, std::abs(expected.data()[i] - result.gradient.data()[i]));
    }
    if (k == 0) worst_gradient = apart / largest;
    const double off = std::abs(result.value - losses[static_cast<std::size_t>(k)]);
    worst = std::max(worst, off), worst_early = k < 100 ? worst : worst_early;
    fmt::print("step {:4}  loss {:.4f}\n", k + 1, result.value);
    update.learning_rate = 0.01 * (1 - k / 1000.0);
    update(theta, result.gradient);
  }
  fmt::print("first gradient: {:.1e} apart, losses: {:.1e} (first 100), {:.1e} (all)\n", worst_gradient, worst_early, worst);
  return worst_gradient < 1e-12 && worst_early < 1e-9 && worst < 1e-6 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::string data = "docs/data/names.txt", reference, prefix, out = "build/microgpt", save, load, header;
  int steps = 1000, batch = 1, generate = 20;
  double temperature = 0.5;
  std::uint64_t seed = 42;
  support::options options("Trains a GPT on names, then makes up new ones.", "microgpt");
  options.number("--steps", steps, "training steps", 1, 1'000'000), options.number("--batch", batch, "names in a step", 1, 1024);
  options.number("--generate", generate, "names to make up", 0, 100'000), options.number("--temperature", temperature, "of their letters", 0.01, 10);
  options.seed("--seed", seed, "of weights, order and names"), options.text("--data", data, "file with one word a line");
  options.text("--prefix", prefix, "how made-up names begin"), options.text("--out", out, "folder for the picture of the loss");
  options.text("--save", save, "file for the state, written every 500 steps and in the end"), options.text("--load", load, "file to go on from");
  options.text("--export", header, "C++ header for the trained weights, from which docs/examples/microgpt_names.cpp makes up names");
  options.text("--reference", reference, "folder with weights, names and losses to compare with");
  return options.run(argc, argv, [&] {
    if (!reference.empty()) return compare(reference, steps);
    if (prefix.size() >= longest || !std::all_of(prefix.begin(), prefix.end(), [](char one) { return one >= 'a' && one <= 'z'; }))
      throw support::input_error(fmt::format("--prefix: up to {} letters a to z expected", longest - 1));
    auto names = support::read_words(data);
    auto theta = tg::nn::initialize<float>(gpt<16>::loss, seed);
    tg::nn::generator random(seed), letters(seed);
    for (float& one : theta) one = static_cast<float>(0.08 * random.normal());
    tg::optim::adam update(theta, {.learning_rate = 0.01, .beta1 = 0.85, .beta2 = 0.99});
    const auto state = [&](auto act) {
      const auto outcome = act(tg::io::tensors("", theta), tg::io::tensors("adam.first.", update.first),
                               tg::io::tensors("adam.second.", update.second), tg::io::number("adam.power1", update.power1),
                               tg::io::number("adam.power2", update.power2), tg::io::number("adam.step", update.step), tg::io::number("seed", seed));
      if (!outcome) throw support::input_error(outcome.error);
    };
    if (!load.empty()) state([&](const auto&... part) { return tg::io::load(load, part...); });
    support::require_writable(out);
    tg::nn::generator order(seed + 1);
    for (std::size_t i = names.size() - 1; i > 0; --i) std::swap(names[i], names[order() % (i + 1)]);

    support::plot picture(800, 500);
    picture("set title 'microgpt: {} parameters'; set xlabel 'step'; set ylabel 'loss'\n$loss << end", theta.size());
    const support::progress report(100);
    const double start = support::now();
    double mean = 0;
    for (int k = update.step, at = k * batch; k < steps; ++k) {
      auto gradient = 0.0f * theta;
      double loss = 0;
      for (int b = 0; b < batch; ++b, ++at) {
        const auto result = step(theta, tokens<float>(names[static_cast<std::size_t>(at) % names.size()]));
        gradient += result.gradient, loss += double(result.value) / batch;
      }
      update.learning_rate = 0.01 * (1 - double(k) / steps);
      update(theta, gradient *= 1 / static_cast<float>(batch));
      if (!save.empty() && (k + 1 == steps || (k + 1) % 500 == 0)) state([&](const auto&... part) { return tg::io::save(save, part...); });
      mean = mean > 0 ? 0.98 * mean + 0.02 * loss : loss;
      picture("{} {} {}", k + 1, loss, mean);
      report(k + 1, fmt::format("step {:5}  loss {:.4f}", k + 1, mean), k + 1 == steps);
    }
    const double seconds = support::now() - start;
    if (mean > 0)
      picture("end\nplot $loss using 1:2 with dots title 'of a step', $loss using 1:3 with lines lw 2 title 'mean of the last ones'\n")
          .write(out, "loss");
    if (mean > 0) fmt::print("{} parameters, {} steps in {:.3f} s; picture: {}/loss.png\n", theta.size(), steps, seconds, out);
    else fmt::print("{} is of step {}: nothing is left to train; --steps for more\n", load, update.step);
    if (!header.empty()) support::write_file(header, as_header(theta));
    for (int k = 0; k < generate; ++k) {
      sampled one;
      std::copy(prefix.begin(), prefix.end(), one.name.begin());
      one.make_up(prefix.size(), letters, static_cast<float>(temperature), theta);
      fmt::print("{}\n", one.name.data());
    }
    return 0;
  });
}
