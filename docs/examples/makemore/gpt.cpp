// SPDX-License-Identifier: BSL-1.0
// A transformer: 4 layers of 4 heads, 64 channels, 16 positions (Vaswani et al., 2017; in the form of GPT-2). All layers are one step of a
// recurrence along the axis of layers, so it is compiled once.
#include "train.hpp"

#include <cmath>

namespace makemore {
namespace {

// [gpt]
constexpr auto t = tg::axis<"t", 16>;  // position
constexpr auto s = tg::axis<"s", 16>;  // position attended to
constexpr auto c = tg::axis<"c", 64>;  // channels
constexpr auto h = tg::axis<"h", 4>;   // heads
constexpr auto d = tg::axis<"d", 16>;  // channels of a head
constexpr auto f = tg::axis<"f", 256>;
constexpr auto l = tg::axis<"l", 4>;  // layers
template <tg::fixed_string Name, auto... Axis>
constexpr auto p = tg::parameter<Name, tg::axes<Axis...>>;

constexpr auto block = [](auto x, auto gain, auto bias, auto Wq, auto bq, auto Wk, auto bk, auto Wv, auto bv, auto Wo, auto bo, auto gain2,
                          auto bias2, auto W1, auto b1, auto W2, auto b2) {
  const auto y = tg::nn::layer_norm<c>(x, gain, bias);
  const auto query = dot<c>(Wq, y) + bq;
  const auto key = tg::rename<t, s>(dot<c>(Wk, y) + bk);
  const auto value = tg::rename<t, s>(dot<c>(Wv, y) + bv);
  const auto z = x + dot<h, d>(Wo, tg::nn::causal_attention<t, s, d>(query, key, value)) + bo;
  return z + dot<f>(W2, gelu(dot<c>(W1, tg::nn::layer_norm<c>(z, gain2, bias2)) + b1)) + b2;
};

struct gpt_model : model {
  static constexpr const char* name = "gpt";
  static constexpr int width = 16, labels = 16, steps = 10'000;
  static constexpr int at_once = 8;  // names; their activations in a layer are on the stack
  static constexpr double rate = 5e-4;
  static double spread(std::string_view parameter, bool) {  // 0.02, and less for what is added to a residual stream
    return parameter == "Wo" || parameter == "W2" ? 0.02 / std::sqrt(8.0) : parameter.starts_with("W") ? 0.02 : 0;
  }

  template <auto N>
  struct over {
    using letters = std::conditional_t<(N.size > 0), tg::axes<N, t>, tg::axes<t>>;  // of several names, or of one
    static constexpr auto token = tg::index<"token", v, letters>;
    static constexpr auto next = tg::index<"next", v, letters>;
    static constexpr auto embedded = tg::take<v>(p<"Wte", v, c>, token) + p<"Wpe", t, c>;
    static constexpr auto x =
        tg::scan<l>(embedded, block, p<"gain", l, c>, p<"bias", l, c>, p<"Wq", l, h, d, c>, p<"bq", l, h, d>, p<"Wk", l, h, d, c>, p<"bk", l, h, d>,
                    p<"Wv", l, h, d, c>, p<"bv", l, h, d>, p<"Wo", l, c, h, d>, p<"bo", l, c>, p<"2.gain", l, c>, p<"2.bias", l, c>, p<"W1", l, f, c>,
                    p<"b1", l, f>, p<"W2", l, c, f>, p<"b2", l, c>);
    static constexpr auto logits = dot<c>(p<"Whead", v, c>, tg::nn::layer_norm<c>(x, p<"last.gain", c>, p<"last.bias", c>));
    // A position counts unless it is after the end: there the mark is read again.
    static constexpr auto letter = tg::take<v>(tg::select(tg::position<v> < 26_c, 1_c, 0_c), token);
    static constexpr auto counts = tg::select(tg::position<t> < 1_c, 1_c, letter);
    static constexpr auto total = tg::sum(counts * tg::nn::softmax_cross_entropy(logits, next));
    static constexpr auto loss = total / tg::sum(counts);
    static constexpr auto judged = tg::tuple(total, tg::sum(counts), logits);
  };

  /// AdamW, with weight decay of 0.01 for the matrices.
  template <class Point>
  struct rule_type {
    tg::optim::adam<Point, tg::optim::cosine_schedule> adam;
    void operator()(Point& theta, const Point& gradient) {
      const auto kept = static_cast<float>(1 - 0.01 * adam.learning_rate(adam.step));
      tg::for_each_parameter(theta, [&](std::string_view parameter, tg::extent shape, float* values) {
        if (parameter.starts_with("W") && !parameter.ends_with("e"))
          for (int k = 0; k < shape.size(); ++k) values[k] *= kept;
      });
      adam(theta, gradient);
    }
  };
  template <class Point>
  static auto rule(const Point&, double first, int count) {
    return rule_type<Point>{{.learning_rate = tg::optim::cosine_schedule{first, 0, count}, .beta2 = 0.99}};
  }
};
// [gpt]

}  // namespace

int gpt(const settings& given) { return train<gpt_model>(given); }

}  // namespace makemore
