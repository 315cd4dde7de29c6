// SPDX-License-Identifier: BSL-1.0
// title: Two memories for one call
// expect: one into(memory) a call
#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto x = tg::variable<"x">;
inline constexpr auto program = tg::value_and_gradient(tanh(w * x));

auto memory = program.storage(w = 0.5, x = 2.0);
auto other = program.storage(w = 0.5, x = 2.0);
#ifdef FIXED
const auto& result = program(w = 0.5, x = 2.0, tg::into(memory));
#else
const auto& result = program(w = 0.5, x = 2.0, tg::into(memory), tg::into(other));
#endif
