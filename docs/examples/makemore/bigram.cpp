// SPDX-License-Identifier: BSL-1.0
// A row of logits for each letter. What it can reach is known: it is what counting gives.
#include "train.hpp"

#include <cmath>

namespace makemore {
namespace {

// [bigram]
struct bigram_model : model {
  static constexpr const char* name = "bigram";
  static constexpr int width = 1, labels = 1, steps = 20'000;
  static constexpr double rate = 20;
  static double spread(std::string_view, bool) { return 0; }

  template <auto N>
  struct over {
    static constexpr auto token = tg::index<"token", v, tg::axes<N>>;
    static constexpr auto next = tg::index<"next", v, tg::axes<N>>;
    static constexpr auto follower = tg::axis<"follower", 27>;
    static constexpr auto W = tg::parameter<"W", tg::axes<v, follower>>;
    static constexpr auto logits = tg::rename<follower, v>(tg::take<v>(W, token));
    static constexpr auto loss = tg::mean<N>(tg::nn::softmax_cross_entropy(logits, next));
  };
};
// [bigram]

}  // namespace

int bigram(const settings& given) {
  const split names = read_names(given, 1, 1);
  double count[27][28] = {};
  for (std::size_t i = 0; i < names.training.token.size(); ++i)
    ++count[names.training.token[i]][names.training.next[i]], ++count[names.training.token[i]][27];
  const auto loss = [&](const rows& r, double added) {
    double sum = 0;
    for (std::size_t i = 0; i < r.token.size(); ++i) sum -= std::log((count[r.token[i]][r.next[i]] + added) / (count[r.token[i]][27] + 27 * added));
    return sum / r.count();
  };
  fmt::print("by counting: loss: training {:.4f}; with 1 added to each count: training {:.4f}, development {:.4f}, test {:.4f}\n",
             loss(names.training, 0), loss(names.training, 1), loss(names.development, 1), loss(names.test, 1));
  return train<bigram_model>(given);
}

}  // namespace makemore
