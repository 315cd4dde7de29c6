// SPDX-License-Identifier: BSL-1.0
// One formula in a header, used in two translation units.
#pragma once

#include <typegrad/typegrad.hpp>

namespace odr {
namespace tg = typegrad;
inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto f = tanh(w * x) * tg::let<"scale">(exp(w));
inline constexpr auto g = tg::gradient(f);
double first(double at);
double second(double at);
const void* first_type();
const void* second_type();
template <class E>
inline constexpr int identity = 0;
}  // namespace odr
