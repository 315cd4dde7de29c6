// SPDX-License-Identifier: BSL-1.0
#include <support/csv.hpp>
#include <support/text.hpp>

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace support {

namespace {

struct field {
  std::string_view text;
  std::size_t column;  // in characters, from 1
};

std::vector<field> fields_of(std::string_view row) {
  std::vector<field> result;
  for (std::size_t from = 0; from <= row.size();) {
    const std::size_t comma = std::min(row.find(',', from), row.size());
    result.push_back({row.substr(from, comma - from), from + 1});
    from = comma + 1;
  }
  return result;
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<double> number_of(const field& f) { return number_in<double>(without_blanks(f.text)); }

bool is_header(const std::vector<field>& fields) {
  for (const auto& f : fields)
    if (number_of(f)) return false;
  return true;
}

}  // namespace

std::string read_bytes(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream all;
  if (!in || !(all << in.rdbuf())) throw input_error(fmt::format("{}: cannot be opened for reading, or is empty", file));
  return all.str();
}

table read_csv(const std::string& file, int columns) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) throw input_error(fmt::format("{}: is a folder, expected a file", file));
  std::ifstream in(file);
  if (!in) throw input_error(fmt::format("{}: cannot be opened for reading", file));
  table result{columns, {}, {}};
  const auto count = static_cast<std::size_t>(columns);
  bool first = true;
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (line == 1 && text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    if (text.ends_with('\r')) text.pop_back();
    if (without_blanks(text).empty()) continue;
    const auto fields = fields_of(text);
    if (std::exchange(first, false) && is_header(fields)) continue;
    for (const auto& f : fields) {
      if (&f - fields.data() == columns)
        throw input_error(fmt::format("{}:{}:{}: expected {} columns, found more: {}", file, line, f.column, columns, in_quotes(text)));
      const auto value = number_of(f);
      if (!value || !std::isfinite(*value))
        throw input_error(fmt::format("{}:{}:{}: expected a finite number, found {}", file, line, f.column, in_quotes(f.text)));
      result.values.push_back(*value);
    }
    if (fields.size() < count)
      throw input_error(
          fmt::format("{}:{}:{}: expected {} columns, found {}: {}", file, line, text.size() + 1, columns, fields.size(), in_quotes(text)));
    result.lines.push_back(line);
  }
  if (in.bad()) throw input_error(fmt::format("{}: reading failed", file));
  if (result.lines.empty()) throw input_error(fmt::format("{}:1:1: expected rows of {} numbers, found none", file, columns));
  return result;
}

}  // namespace support
