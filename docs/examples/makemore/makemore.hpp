// SPDX-License-Identifier: BSL-1.0
// What the models of makemore share apart from formulas: settings, names as rows of integers, the pick of a letter.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace makemore {

constexpr int mark = 26;  // begins and ends a name; 0 to 25 are a to z

struct settings {
  std::string data = "docs/data/names.txt", out = "build/makemore";
  int steps = 0, batch = 32, samples = 20;  // 0 steps, rate 0: those of the model
  double rate = 0;
  std::uint64_t seed = 42;
  bool plain_start = false;
};

/// Rows of `width` letters, and what comes next: after all of them (labels = 1), or after each (labels = width).
struct rows {
  int width, labels;
  std::vector<std::uint8_t> token{}, next{};

  int count() const { return static_cast<int>(token.size()) / width; }
  void add(const rows& from, int row);
  void clear() { token.clear(), next.clear(); }
  /// The row that a name is in after its letters so far; with one label, each start of a name has a row.
  void add_after(const std::string& letters, int following);
};

/// The rows of eight tenths of the names, a tenth, a tenth, in an order that the seed decides.
struct split {
  rows training, development, test;
};
split read_names(const settings& given, int width, int labels);

/// A name, letter by letter; the logits of what comes after some letters are those of a model.
std::string make_up(std::uint64_t random_state, int longest, const std::function<std::vector<float>(const std::string&)>& logits);

int bigram(const settings&);
int mlp(const settings&);
int batchnorm(const settings&);
int wavenet(const settings&);
int gpt(const settings&);

}  // namespace makemore
