// SPDX-License-Identifier: BSL-1.0
// Numbers as C++ text.
#pragma once

#include <cstddef>
#include <string>

namespace support {

/// `inline constexpr float name[count] = {...};`, each number in the fewest digits that give it back; an input_error for what is no number.
std::string as_constant(const std::string& name, const float* values, std::size_t count);

}  // namespace support
