// SPDX-License-Identifier: BSL-1.0
#include <support/csv.hpp>
#include <support/text.hpp>
#include <support/words.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace support {

namespace {
std::ifstream opened(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw input_error(fmt::format("{}: cannot be read", file));
  return in;
}
}  // namespace

std::vector<std::string> read_words(const std::string& file) {
  std::ifstream in = opened(file);
  std::vector<std::string> words;
  std::string word;
  for (int line = 1; std::getline(in, word); ++line) {
    if (!word.empty() && word.back() == '\r') word.pop_back();
    if (word.empty()) continue;
    const auto wrong = std::find_if(word.begin(), word.end(), [](char c) { return c < 'a' || c > 'z'; });
    if (wrong != word.end())
      throw input_error(
          fmt::format("{}:{}:{}: {} found, a word of the letters a to z expected", file, line, wrong - word.begin() + 1, in_quotes(word)));
    words.push_back(word);
  }
  if (words.empty()) throw input_error(fmt::format("{}: no words", file));
  return words;
}

std::vector<named_matrix> read_matrices(const std::string& file) {
  std::ifstream in = opened(file);
  std::vector<named_matrix> all;
  std::string name;
  for (std::size_t rows = 0, columns = 0; in >> name >> rows >> columns;) {
    if (rows > 1'000'000 || columns > 1'000'000 / (rows + 1))
      throw input_error(fmt::format("{}: '{}' has {} by {} numbers, a million at most expected", file, name, rows, columns));
    named_matrix one{name, std::vector<double>(rows * columns)};
    for (std::size_t k = 0; k < one.values.size(); ++k) {
      std::string text;
      in >> text;
      const auto value = number_in<double>(text);
      if (!value) throw input_error(fmt::format("{}: number {} of '{}' is {}", file, k + 1, name, in_quotes(text)));
      one.values[k] = *value;
    }
    all.push_back(std::move(one));
  }
  if (all.empty()) throw input_error(fmt::format("{}: no matrix; a line 'name rows columns' expected", file));
  return all;
}

std::vector<double> read_list(const std::string& file) {
  std::ifstream in = opened(file);
  std::stringstream all;
  all << in.rdbuf();
  std::string text = all.str();
  const std::size_t begin = text.find('['), end = text.find(']');
  if (begin == std::string::npos || end == std::string::npos) throw input_error(fmt::format("{}: no list", file));
  std::replace(text.begin(), text.end(), ',', ' ');
  std::istringstream list(text.substr(begin + 1, end - begin - 1));
  std::vector<double> values;
  for (double value = 0; list >> value;) values.push_back(value);
  return values;
}

}  // namespace support
