// SPDX-License-Identifier: BSL-1.0
// A GPT over bytes, as GPT-2 has it: layer norms with gain and bias in front, GELU, biases. Radford et al., 2019; its sizes are template constants.
#pragma once

#include <typegrad/typegrad.hpp>

#include <cstdint>
#include <string>

namespace {

// [textgpt]
namespace tg = typegrad;
using namespace tg::literals;

template <int Layers, int Heads, int Width, int Block, int Vocabulary>
struct gpt {
  static constexpr auto t = tg::axis<"t", Block>;          // position
  static constexpr auto s = tg::axis<"s", Block>;          // position attended to
  static constexpr auto c = tg::axis<"c", Width>;          // channel
  static constexpr auto h = tg::axis<"h", Heads>;          // head
  static constexpr auto d = tg::axis<"d", Width / Heads>;  // channel of a head
  static constexpr auto f = tg::axis<"f", 4 * Width>;      // hidden unit
  static constexpr auto v = tg::axis<"v", Vocabulary>;     // byte
  static constexpr auto token = tg::index<"token", v, tg::axes<t>>;
  static constexpr auto next = tg::index<"next", v, tg::axes<t>>;

  template <int L, tg::fixed_string Name, class Axes>
  static constexpr auto weight = tg::parameter<tg::join_names<tg::numbered<"block", L>(), Name>(), Axes>;

  template <int L, tg::fixed_string Name>
  static constexpr auto norm(auto x) {
    return tg::nn::layer_norm<c>(x, weight<L, tg::join_names<Name, ".gain">(), tg::axes<c>>, weight<L, tg::join_names<Name, ".bias">(), tg::axes<c>>);
  }
  template <int L>
  static constexpr auto attend(auto x) {
    const auto query = dot<c>(weight<L, ".query", tg::axes<h, d, c>>, x) + weight<L, ".query.bias", tg::axes<h, d>>;
    const auto key = dot<c>(weight<L, ".key", tg::axes<h, d, c>>, x) + weight<L, ".key.bias", tg::axes<h, d>>;
    const auto value = dot<c>(weight<L, ".value", tg::axes<h, d, c>>, x) + weight<L, ".value.bias", tg::axes<h, d>>;
    const auto heard = tg::nn::causal_attention<t, s, d>(query, tg::rename<t, s>(key), tg::rename<t, s>(value));
    return dot<h, d>(weight<L, ".output", tg::axes<c, h, d>>, heard) + weight<L, ".output.bias", tg::axes<c>>;
  }
  template <int L>
  static constexpr auto think(auto x) {
    const auto inner = dot<c>(weight<L, ".inner", tg::axes<f, c>>, x) + weight<L, ".inner.bias", tg::axes<f>>;
    return dot<f>(weight<L, ".outer", tg::axes<c, f>>, gelu(inner)) + weight<L, ".outer.bias", tg::axes<c>>;
  }
  template <int L>
  static constexpr auto blocks(auto x) {
    if constexpr (L == Layers) return x;
    else {
      const auto attended = x + attend<L>(norm<L, ".norm1">(x));
      return blocks<L + 1>(attended + think<L>(norm<L, ".norm2">(attended)));
    }
  }
  static constexpr auto embedded = tg::take<v>(tg::parameter<"token.table", tg::axes<v, c>>, token) + tg::parameter<"position.table", tg::axes<t, c>>;
  static constexpr auto logits = dot<c>(tg::parameter<"head", tg::axes<v, c>>, norm<Layers, ".norm">(blocks<0>(embedded)));
  static constexpr auto loss = tg::mean(tg::nn::softmax_cross_entropy(logits, next));
};
// [textgpt]

}  // namespace

/// What a run is asked for.
struct textgpt_options {
  std::string data, out = "build/textgpt", save, load, prompt = "\n";
  int steps = 2000, batch = 12, every = 250, sample = 500, threads = 1;
  double rate = 1e-3, temperature = 0.8;
  std::uint64_t seed = 1337;
};
int train_small(const textgpt_options& ask);  // 4 layers, 4 heads, 64 channels, 32 positions
int train_cpu(const textgpt_options& ask);    // 4 layers, 4 heads, 128 channels, 64 positions
