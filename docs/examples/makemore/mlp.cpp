// SPDX-License-Identifier: BSL-1.0
// Three letters, embedded, through 200 hidden units (Bengio et al., 2003); the same with batch normalisation.
#include "train.hpp"

#include <cmath>

namespace makemore {
namespace {

// [mlp]
constexpr auto t = tg::axis<"t", 3>;  // letters read
constexpr auto c = tg::axis<"c", 10>;
constexpr auto h = tg::axis<"h", 200>;
constexpr auto C = tg::parameter<"C", tg::axes<v, c>>;
constexpr auto W1 = tg::parameter<"W1", tg::axes<h, t, c>>;
constexpr auto b1 = tg::parameter<"b1", tg::axes<h>>;
constexpr auto W2 = tg::parameter<"W2", tg::axes<v, h>>;
constexpr auto b2 = tg::parameter<"b2", tg::axes<v>>;

template <bool Normalised>
struct mlp_model : model {
  static constexpr const char* name = Normalised ? "batchnorm" : "mlp";
  static constexpr int width = 3, labels = 1, steps = 200'000;
  static constexpr double rate = 0.1;
  static double spread(std::string_view parameter, bool plain) {
    if (parameter == "C" || (plain && parameter != "1.bias")) return 1;
    return parameter == "W1" ? 5 / 3.0 / std::sqrt(30.0) : parameter == "b1" || parameter == "W2" ? 0.01 : 0;
  }

  template <auto N>
  struct over {
    static constexpr auto token = tg::index<"token", v, tg::axes<N, t>>;
    static constexpr auto next = tg::index<"next", v, tg::axes<N>>;
    static constexpr auto sums = dot<t, c>(W1, tg::take<v>(C, token));
    static constexpr auto statistics = tg::tuple(tg::mean<N>(sums), tg::nn::variance<N>(sums));
    static constexpr auto hidden = [] {
      if constexpr (Normalised) return tanh(normal<"1", h, N>{}(sums));
      else return tanh(sums + b1);
    }();
    static constexpr auto logits = dot<h>(W2, hidden) + b2;
    static constexpr auto loss = tg::mean<N>(tg::nn::softmax_cross_entropy(logits, next));
  };
  using seen = std::conditional_t<Normalised, averages<normal<"1", h, some<32>>::mean, normal<"1", h, some<32>>::variance>, tg::point<float>>;
};
// [mlp]

}  // namespace

int mlp(const settings& given) { return train<mlp_model<false>>(given); }
int batchnorm(const settings& given) { return train<mlp_model<true>>(given); }

}  // namespace makemore
