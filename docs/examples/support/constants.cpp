// SPDX-License-Identifier: BSL-1.0
#include <support/constants.hpp>
#include <support/csv.hpp>

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace support {

std::string as_constant(const std::string& name, const float* values, std::size_t count) {
  std::string text = fmt::format("inline constexpr float {}[{}] = {{", name, count);
  for (std::size_t k = 0; k < count; ++k) {
    if (!std::isfinite(values[k])) throw input_error(fmt::format("'{}' has a number that is not finite, and cannot be exported", name));
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, values[k], std::chars_format::scientific).ptr;
    text.append(k == 0 ? "" : ",").append(k % 8 == 0 ? "\n  " : " ").append(digits, end).append("f");
  }
  return text + "};\n";
}

}  // namespace support
