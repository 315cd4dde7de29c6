// SPDX-License-Identifier: BSL-1.0
#pragma once
#include "../../tools/typegrad.hpp"
#include "formula.hpp"

namespace small {

template <>
struct by_typegrad<mlp> {
  static constexpr auto weight = tg::parameter<"weight", tg::matrix<8, 4>>;
  static constexpr auto bias = tg::parameter<"bias", tg::vector<8>>;
  static constexpr auto out = tg::parameter<"out", tg::vector<8>>;
  static constexpr auto shift = tg::parameter<"shift">;
  static constexpr auto sample = tg::variable<"sample", tg::vector<4>>;
  static constexpr auto f = dot(out, tanh(weight* sample + bias)) + shift;
  static void solve(const double* p, double* y) {
    const auto result =
        tg::value_and_gradient(f)(weight = numbers<32>(p), bias = numbers<8>(p + 32), out = numbers<8>(p + 40), shift = p[48], sample = mlp::sample);
    const auto& g = result.gradient;
    y[0] = result.value;
    y = store(g[out], store(g[bias], store(g[weight], y + 1)));
    y[0] = g[shift];
  }
};

}  // namespace small
