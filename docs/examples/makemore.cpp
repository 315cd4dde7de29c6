// SPDX-License-Identifier: BSL-1.0
// From counting letters to a transformer, after Andrej Karpathy's makemore: five models learn from names, and make up new ones. The models are
// in makemore/, one file for each.
#include "makemore/makemore.hpp"

#include <support/csv.hpp>
#include <support/options.hpp>
#include <support/words.hpp>

#include <typegrad/nn/initialize.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace makemore {

void rows::add(const rows& from, int row) {
  token.insert(token.end(), from.token.begin() + row * width, from.token.begin() + (row + 1) * width);
  next.insert(next.end(), from.next.begin() + row * labels, from.next.begin() + (row + 1) * labels);
}

void rows::add_after(const std::string& letters, int following) {
  const int size = static_cast<int>(letters.size());
  const auto at = [&](int k) { return static_cast<std::uint8_t>(k < 0 || k >= size ? mark : letters[static_cast<std::size_t>(k)] - 'a'); };
  const int first = labels > 1 ? 0 : size + 1 - width;  // the whole name from its start, or the last letters
  for (int k = first; k < first + width; ++k) token.push_back(at(k - 1));
  for (int k = 0; k < labels; ++k) next.push_back(labels > 1 ? at(k) : static_cast<std::uint8_t>(following));
}

split read_names(const settings& given, int width, int labels) {
  auto words = support::read_words(given.data);
  if (words.size() < 10) throw support::input_error(fmt::format("{}: {} words, at least 10 expected", given.data, words.size()));
  typegrad::nn::generator order(given.seed + 1);
  for (std::size_t i = words.size() - 1; i > 0; --i) std::swap(words[i], words[order() % (i + 1)]);
  split all{{width, labels}, {width, labels}, {width, labels}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    rows& to = 10 * i < 8 * words.size() ? all.training : 10 * i < 9 * words.size() ? all.development : all.test;
    if (labels > 1) to.add_after(words[i], mark);
    else
      for (std::size_t k = 0; k <= words[i].size(); ++k) to.add_after(words[i].substr(0, k), k < words[i].size() ? words[i][k] - 'a' : mark);
  }
  return all;
}

std::string make_up(std::uint64_t random_state, int longest, const std::function<std::vector<float>(const std::string&)>& logits) {
  typegrad::nn::generator random(random_state);
  std::string name;
  while (static_cast<int>(name.size()) < longest) {
    std::vector<float> chance = logits(name);
    float total = 0;
    const float top = *std::max_element(chance.begin(), chance.end());
    for (float& one : chance) total += one = std::exp(one - top);
    double left = random.uniform() * static_cast<double>(total);
    std::size_t picked = 0;
    while (picked < mark && (left -= static_cast<double>(chance[picked])) > 0) ++picked;
    if (picked == mark) break;
    name += static_cast<char>('a' + picked);
  }
  return name;
}

}  // namespace makemore

int main(int argc, char** argv) {
  makemore::settings given;
  std::string model = "mlp";
  support::options options("Trains a model on names, then makes up new ones.", "makemore");
  options.choice("--model", model, "what to train", {"bigram", "mlp", "batchnorm", "wavenet", "gpt"});
  options.number("--steps", given.steps, "training steps; 0: as many as the model is to have", 0, 100'000'000);
  options.number("--batch", given.batch, "rows in a step, a multiple of 32", 32, 32'768);
  options.number("--rate", given.rate, "learning rate of the first step; 0: that of the model", 0, 1000);
  options.number("--samples", given.samples, "names to make up", 0, 100'000);
  options.seed("--seed", given.seed, "of weights, split, order and names");
  options.text("--data", given.data, "file with one word a line");
  options.text("--out", given.out, "folder for the picture of the loss");
  options.flag("--plain-start", given.plain_start, "start from standard normal weights instead of scaled ones");
  return options.run(argc, argv, [&] {
    if (given.batch % 32 != 0) throw support::input_error(fmt::format("makemore: --batch: a multiple of 32 expected, found {}", given.batch));
    const std::map<std::string, int (*)(const makemore::settings&)> models = {{"bigram", makemore::bigram},
                                                                              {"mlp", makemore::mlp},
                                                                              {"batchnorm", makemore::batchnorm},
                                                                              {"wavenet", makemore::wavenet},
                                                                              {"gpt", makemore::gpt}};
    return models.at(model)(given);
  });
}
