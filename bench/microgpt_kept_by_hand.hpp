// SPDX-License-Identifier: BSL-1.0
// One token with kept keys and values by hand: plain loops, as one would write them at once. Each matrix is kept with its inputs outside, so
// that the inner loops run along the outputs and the compiler makes vector code of them.
#pragma once

#include <cmath>

namespace by_hand {

struct plain_weights {
  float wte[27][16], wpe[16][16], wq[16][16], wk[16][16], wv[16][16], wo[16][16], fc1[16][64], fc2[64][16], lm_head[16][27];
};
struct kept_rows {
  float keys[16][16], values[16][16];
};

template <int In, int Out>
void product(const float (&w)[In][Out], const float* x, float* y) {
  float sum[Out] = {};
  for (int i = 0; i < In; ++i)
    for (int k = 0; k < Out; ++k) sum[k] += x[i] * w[i][k];
  for (int k = 0; k < Out; ++k) y[k] = sum[k];
}
inline void norm(const float* x, float* y) {
  float squares = 0;
  for (int k = 0; k < 16; ++k) squares += x[k] * x[k];
  const float factor = 1 / std::sqrt(squares / 16 + 1e-5f);
  for (int k = 0; k < 16; ++k) y[k] = x[k] * factor;
}

/// The scores of all letters after the token at this position.
inline void next_letter(const plain_weights& w, int token, int position, kept_rows& kept, float* logits) {
  float x[16], y[16], query[16], mixed[16], inner[64];
  for (int k = 0; k < 16; ++k) x[k] = w.wte[token][k] + w.wpe[position][k];
  norm(x, x), norm(x, y);
  product(w.wq, y, query), product(w.wk, y, kept.keys[position]), product(w.wv, y, kept.values[position]);
  for (int head = 0; head < 16; head += 4) {
    float share[16], largest = -INFINITY, total = 0;
    for (int s = 0; s <= position; ++s) {
      float score = 0;
      for (int k = head; k < head + 4; ++k) score += query[k] * kept.keys[s][k];
      share[s] = score / 2;
      largest = share[s] > largest ? share[s] : largest;
    }
    for (int s = 0; s <= position; ++s) total += share[s] = std::exp(share[s] - largest);
    for (int k = head; k < head + 4; ++k) {
      mixed[k] = 0;
      for (int s = 0; s <= position; ++s) mixed[k] += share[s] * kept.values[s][k];
      mixed[k] /= total;
    }
  }
  product(w.wo, mixed, y);
  for (int k = 0; k < 16; ++k) x[k] += y[k];
  norm(x, y), product(w.fc1, y, inner);
  for (float& one : inner) one = one > 0 ? one : 0;
  product(w.fc2, inner, y);
  for (int k = 0; k < 16; ++k) x[k] += y[k];
  product(w.lm_head, x, logits);
}

}  // namespace by_hand
