// SPDX-License-Identifier: BSL-1.0
// Counts are of type int; the bound of an array is not.
#pragma once

#include <typegrad/version.hpp>

#include <cstddef>

namespace typegrad::detail {

/// n as the bound of an array: in templates g++ warns of an int there (-Wsign-conversion).
constexpr std::size_t bound(int n) { return static_cast<std::size_t>(n); }

}  // namespace typegrad::detail
