// SPDX-License-Identifier: BSL-1.0
// Names, letter by letter, from the GPT of microgpt.hpp: each evaluates the formula of one position, with the keys and values of those before
// it. No heap, no exceptions.
#pragma once

#include "microgpt.hpp"

namespace {

/// A name, ended by '\0', and the keys and values of its positions.
struct sampled {
  std::array<char, longest + 1> name{};
  std::array<float, longest * 16> keys{}, values{};

  /// Goes on after the `given` letters that the name begins with. The weights are a point, or a binding of each parameter.
  template <class... Weights>
  constexpr void make_up(std::size_t given, tg::nn::generator& random, float temperature, const Weights&... weights) {
    using boost::hana::size_c;
    int token = mark;
    for (std::size_t at = 0; at < longest; ++at) {
      const auto now =
          tg::evaluate<float>(tg::tuple(kept::chance, kept::key, kept::value), weights..., kept::token = token, kept::position = static_cast<int>(at),
                              kept::keys = keys, kept::values = values, kept::temperature = temperature);
      for (std::size_t k = 0; k < 16; ++k) keys[16 * at + k] = now[size_c<1>].data()[k], values[16 * at + k] = now[size_c<2>].data()[k];
      token = at < given ? name[at] - 'a' : picked(now[size_c<0>], random.uniform());
      name[at] = token == mark ? '\0' : static_cast<char>('a' + token);
      if (token == mark) break;
    }
  }

 private:
  static constexpr int picked(const auto& chance, double left) {
    int k = 0;
    while (k < mark && (left -= static_cast<double>(chance[static_cast<std::size_t>(k)])) > 0) ++k;
    return k;
  }
};

}  // namespace
