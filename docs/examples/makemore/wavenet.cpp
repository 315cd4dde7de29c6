// SPDX-License-Identifier: BSL-1.0
// Eight letters, fused two by two, and again, and again (after van den Oord et al., 2016).
#include "train.hpp"

#include <cmath>

namespace makemore {
namespace {

// [wavenet]
constexpr auto t8 = tg::axis<"t8", 8>;  // letters read, then pairs, then pairs of pairs, then all
constexpr auto t4 = tg::axis<"t4", 4>;
constexpr auto t2 = tg::axis<"t2", 2>;
constexpr auto side = tg::axis<"side", 2>;  // left and right of a pair
constexpr auto c = tg::axis<"c", 24>;
constexpr auto h1 = tg::axis<"h1", 128>;
constexpr auto h2 = tg::axis<"h2", 128>;
constexpr auto h3 = tg::axis<"h3", 128>;
constexpr auto C = tg::parameter<"C", tg::axes<v, c>>;
constexpr auto W1 = tg::parameter<"W1", tg::axes<h1, side, c>>;
constexpr auto W2 = tg::parameter<"W2", tg::axes<h2, side, h1>>;
constexpr auto W3 = tg::parameter<"W3", tg::axes<h3, side, h2>>;
constexpr auto W4 = tg::parameter<"W4", tg::axes<v, h3>>;
constexpr auto b4 = tg::parameter<"b4", tg::axes<v>>;

struct wavenet_model : model {
  static constexpr const char* name = "wavenet";
  static constexpr int width = 8, labels = 1, steps = 200'000;
  static constexpr double rate = 0.1;
  static double spread(std::string_view parameter, bool plain) {
    if (parameter == "C" || (plain && parameter.starts_with("W"))) return 1;
    return parameter == "W1" ? 1 / std::sqrt(48.0) : parameter == "W4" ? 0.1 / std::sqrt(128.0) : parameter.starts_with("W") ? 1 / 16.0 : 0;
  }

  template <auto N>
  struct over {
    static constexpr auto token = tg::index<"token", v, tg::axes<N, t8>>;
    static constexpr auto next = tg::index<"next", v, tg::axes<N>>;
    static constexpr auto one = dot<side, c>(W1, tg::split<t8, t4, side>(tg::take<v>(C, token)));
    static constexpr auto two = dot<side, h1>(W2, tg::split<t4, t2, side>(tanh(normal<"1", h1, N, t4>{}(one))));
    static constexpr auto three = dot<side, h2>(W3, tg::rename<t2, side>(tanh(normal<"2", h2, N, t2>{}(two))));
    static constexpr auto logits = dot<h3>(W4, tanh(normal<"3", h3, N>{}(three))) + b4;
    static constexpr auto loss = tg::mean<N>(tg::nn::softmax_cross_entropy(logits, next));
    static constexpr auto statistics = tg::tuple(tg::mean<N, t4>(one), tg::nn::variance<N, t4>(one), tg::mean<N, t2>(two),
                                                 tg::nn::variance<N, t2>(two), tg::mean<N>(three), tg::nn::variance<N>(three));
  };
  template <tg::fixed_string Name, auto H>
  using by = normal<Name, H, some<32>>;
  using seen = averages<by<"1", h1>::mean, by<"1", h1>::variance, by<"2", h2>::mean, by<"2", h2>::variance, by<"3", h3>::mean, by<"3", h3>::variance>;
};
// [wavenet]

}  // namespace

int wavenet(const settings& given) { return train<wavenet_model>(given); }

}  // namespace makemore
