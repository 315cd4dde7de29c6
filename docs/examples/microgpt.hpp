// SPDX-License-Identifier: BSL-1.0
// A GPT of 4,192 parameters as one formula, whose gradient is a type. (The model, its sizes and its training are those of Andrej Karpathy's
// microgpt, 2026.)
#pragma once

#include <typegrad/typegrad.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace {

// [microgpt]
namespace tg = typegrad;
using namespace tg::literals;

constexpr int longest = 16, mark = 26;  // positions; the token that begins and ends a name
constexpr auto p = tg::axis<"p", 16>;   // positions that have an embedding
constexpr auto c = tg::axis<"c", 16>;   // channels
constexpr auto h = tg::axis<"h", 4>;    // heads
constexpr auto d = tg::axis<"d", 4>;    // channels of a head
constexpr auto f = tg::axis<"f", 64>;   // hidden units
constexpr auto v = tg::axis<"v", 27>;   // vocabulary: a to z, and the mark

constexpr auto wte = tg::parameter<"wte", tg::axes<v, c>>;
constexpr auto wpe = tg::parameter<"wpe", tg::axes<p, c>>;
constexpr auto lm_head = tg::parameter<"lm_head", tg::axes<v, c>>;
constexpr auto wq = tg::parameter<"wq", tg::axes<h, d, c>>;
constexpr auto wk = tg::parameter<"wk", tg::axes<h, d, c>>;
constexpr auto wv = tg::parameter<"wv", tg::axes<h, d, c>>;
constexpr auto wo = tg::parameter<"wo", tg::axes<c, h, d>>;
constexpr auto fc1 = tg::parameter<"fc1", tg::axes<f, c>>;
constexpr auto fc2 = tg::parameter<"fc2", tg::axes<c, f>>;

constexpr auto norm(auto x) { return x / sqrt(tg::mean<c>(square(x)) + 1e-5_c); }
constexpr auto score(auto query, auto key) { return dot<d>(key, query) / sqrt(4_c); }
template <auto s>  // the positions attended to
constexpr auto attend(auto scores, auto value) {
  return dot<h, d>(wo, dot<s>(tg::softmax<s>(scores), value));
}
constexpr auto logits_of(auto attended) {
  const auto hidden = attended + dot<f>(fc2, relu(dot<c>(fc1, norm(attended))));
  return dot<c>(lm_head, hidden);
}

template <int Positions>
struct gpt {
  static constexpr auto t = tg::axis<"t", Positions>;  // position
  static constexpr auto s = tg::axis<"s", Positions>;  // position attended to
  static constexpr auto token = tg::index<"token", v, tg::axes<t>>;
  static constexpr auto next = tg::index<"next", v, tg::axes<t>>;
  static constexpr auto weight = tg::variable<"weight", tg::axes<t>>;  // 1/n for the n positions of a name, then 0

  static constexpr auto embedded = norm(tg::take<v>(wte, token) + tg::rename<tg::axis<"p", Positions>, t>(tg::slice<p, 0, Positions>(wpe)));
  static constexpr auto query = dot<c>(wq, norm(embedded));
  static constexpr auto key = tg::rename<t, s>(dot<c>(wk, norm(embedded)));
  static constexpr auto value = tg::rename<t, s>(dot<c>(wv, norm(embedded)));
  static constexpr auto scores = tg::select(tg::position<s> <= tg::position<t>, score(query, key), tg::minus_infinity);
  static constexpr auto logits = logits_of(embedded + attend<s>(scores, value));
  static constexpr auto loss = tg::sum(weight * (tg::logsumexp<v>(logits) - tg::take<v>(logits, next)));
};
// [microgpt]

// [kept]
struct kept {
  static constexpr auto token = tg::index<"token", v>;        // one token,
  static constexpr auto position = tg::index<"position", p>;  // and where it stands
  static constexpr auto keys = tg::variable<"keys", tg::axes<p, h, d>>;
  static constexpr auto values = tg::variable<"values", tg::axes<p, h, d>>;
  static constexpr auto temperature = tg::variable<"temperature">;

  static constexpr auto here = tg::take<p>(tg::position<p>, position);  // the position, as a number
  static constexpr auto embedded = norm(tg::take<v>(wte, token) + tg::take<p>(wpe, position));
  static constexpr auto query = dot<c>(wq, norm(embedded));
  static constexpr auto key = dot<c>(wk, norm(embedded));
  static constexpr auto value = dot<c>(wv, norm(embedded));
  static constexpr auto mask = tg::select(tg::position<p> <= here, 0_c, tg::minus_infinity);
  static constexpr auto scores = tg::select(tg::position<p> < here, score(query, keys), score(query, key)) + mask;
  static constexpr auto all_values = tg::select(tg::position<p> < here, values, value);
  static constexpr auto logits = logits_of(embedded + attend<p>(scores, all_values));
  static constexpr auto chance = tg::softmax<v>(logits / temperature);
};
// [kept]

/// A name as tokens: what is read, what comes next, and how much each position counts.
template <class T>
struct tokens {
  std::array<int, longest> token{}, next{};
  std::array<T, longest> weight{};
  int count;

  explicit tokens(const std::string& name) : count(std::min(longest, static_cast<int>(name.size()) + 1)) {
    const auto at = [&](int k) { return k < 0 || k >= static_cast<int>(name.size()) ? mark : name[static_cast<std::size_t>(k)] - 'a'; };
    for (int k = 0; k < count; ++k) {
      const auto i = static_cast<std::size_t>(k);
      token[i] = at(k - 1), next[i] = at(k), weight[i] = T(1) / static_cast<T>(count);
    }
  }
};

/// Loss and gradient of one name: of so many positions as it has room for.
template <int Positions, class Point, class T>
auto step(const Point& theta, const tokens<T>& name) {
  using model = gpt<Positions>;
  constexpr std::size_t n = Positions;
  std::array<int, n> token, next;
  std::array<T, n> weight;
  std::copy_n(name.token.begin(), n, token.begin()), std::copy_n(name.next.begin(), n, next.begin()),
      std::copy_n(name.weight.begin(), n, weight.begin());
  return tg::value_and_gradient(model::loss)(theta, model::token = token, model::next = next, model::weight = weight);
}
template <class Point, class T>
auto step(const Point& theta, const tokens<T>& name) {
  return name.count <= 8 ? step<8>(theta, name) : step<16>(theta, name);
}

}  // namespace
