// SPDX-License-Identifier: BSL-1.0
#include <odr/model.hpp>

namespace odr {
double second(double at) { return tg::evaluate(g[w], w = at, x = 2.0) + tg::value_and_gradient(f)(w = at, x = 2.0).gradient[w]; }
const void* second_type() { return &identity<std::remove_cvref_t<decltype(g[w])>>; }
}  // namespace odr
