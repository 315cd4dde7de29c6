// SPDX-License-Identifier: BSL-1.0
// Text from a user: the number that it is, and how a message quotes it.
#pragma once

#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace support {

/// The number that the whole text is, in decimal; infinities and NaN are numbers too.
template <class T>
std::optional<T> number_in(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc{}) return value;
  if constexpr (std::is_floating_point_v<T>) return std::strtod(std::string(text).c_str(), nullptr);  // too large, or so small that it is 0
  else return std::nullopt;
}

/// The text in quotes: on one line, without what a terminal would obey, and short.
inline std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result = "'";
  for (const char c : text.substr(0, longest)) result += c >= ' ' && c <= '~' ? c : c == '\t' ? ' ' : '?';
  return result + (text.size() > longest ? "...'" : "'");
}

}  // namespace support
