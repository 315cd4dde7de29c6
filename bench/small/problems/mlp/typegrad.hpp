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
    y[0] = tg::value_and_gradient(f, tg::wrt(weight, bias, out, shift))(weight = numbers<32>(p), bias = numbers<8>(p + 32), out = numbers<8>(p + 40),
                                                                        shift = p[48], sample = mlp::sample, tg::into(written<49>(y + 1)));
  }
};

}  // namespace small
