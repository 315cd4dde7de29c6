// SPDX-License-Identifier: BSL-1.0
// Text that can be a template argument: the names of symbols, and the hash that stands for them.
#pragma once

#include <typegrad/version.hpp>

#include <cstddef>
#include <cstdint>

namespace typegrad {

/// A string whose characters are part of a type: `parameter<"w">`.
template <std::size_t N>
struct fixed_string {
  char text[N]{};

  constexpr fixed_string() = default;
  constexpr fixed_string(const char (&source)[N]) {
    for (std::size_t i = 0; i < N; ++i) text[i] = source[i];
  }
  /// `source` up to its end, at most N - 1 characters.
  static constexpr fixed_string from(const char* source) {
    fixed_string result{};
    for (std::size_t i = 0; i + 1 < N && source[i] != '\0'; ++i) result.text[i] = source[i];
    return result;
  }
  constexpr bool operator==(const fixed_string&) const = default;
};

/// `name` followed by a decimal number: "w" and 12 give "w12".
template <fixed_string Name, int Number>
consteval auto numbered() {
  constexpr int digits = [] {
    int n = 1;
    for (int rest = Number; rest >= 10; rest /= 10) ++n;
    return n;
  }();
  auto result = fixed_string<sizeof(Name.text) + digits>::from(Name.text);
  auto at = sizeof(Name.text) - 1 + digits;
  result.text[at] = '\0';
  for (int rest = Number, i = 0; i < digits; ++i, rest /= 10) result.text[--at] = static_cast<char>('0' + rest % 10);
  return result;
}

/// Two texts as one.
template <fixed_string A, fixed_string B>
consteval auto join_names() {
  auto result = fixed_string<sizeof(A.text) + sizeof(B.text) - 1>::from(A.text);
  for (std::size_t i = 0; i < sizeof(B.text); ++i) result.text[sizeof(A.text) - 1 + i] = B.text[i];
  return result;
}

namespace detail {

constexpr std::size_t length(const char* text) {
  std::size_t n = 0;
  while (text[n] != '\0') ++n;
  return n;
}

/// One step of a 64-bit hash; not symmetric in its arguments.
constexpr std::uint64_t mix(std::uint64_t seed, std::uint64_t value) {
  const std::uint64_t h = (seed ^ (value + 0x9e3779b97f4a7c15u + (seed << 6) + (seed >> 2))) * 0xff51afd7ed558ccdu;
  return h ^ (h >> 32);
}

constexpr std::uint64_t hash_text(const char* text) {
  std::uint64_t h = 0x243f6a8885a308d3u;
  for (; *text != '\0'; ++text) h = mix(h, static_cast<unsigned char>(*text));
  return h;
}

}  // namespace detail
}  // namespace typegrad
