// SPDX-License-Identifier: BSL-1.0
// title: A gradient goes to characters
// expect: into(y) writes to float, double or long double
// names: char
#include <typegrad/typegrad.hpp>

#include <vector>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;

#ifdef FIXED
std::vector<float> slopes(1);
#else
std::vector<char> slopes(1);
#endif
const auto value = tg::value_and_gradient(tanh(w))(w = 0.5, tg::into(slopes));
