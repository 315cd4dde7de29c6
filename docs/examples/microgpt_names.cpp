// SPDX-License-Identifier: BSL-1.0
// Makes up names with weights that are constants of the program: those of a header written by `microgpt --export trained.hpp`. No heap, no
// exceptions, no streams; `-Os -fno-exceptions -fno-rtti`.
#include "microgpt_sample.hpp"

#include <trained.hpp>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

/// The number that the whole text is; true if it is one.
bool read(const char* text, std::uint64_t& value) {
  const auto [end, error] = std::from_chars(text, text + std::strlen(text), value);
  return error == std::errc() && *end == '\0';
}
bool read(const char* text, float& value) {
  char* end = nullptr;
  value = std::strtof(text, &end);
  return end != text && *end == '\0' && value >= 0.01f && value <= 10;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t count = 20, seed = 42;
  float temperature = 0.5f;
  if (argc > 4 || (argc > 1 && !read(argv[1], count)) || (argc > 2 && !read(argv[2], seed)) || (argc > 3 && !read(argv[3], temperature)))
    return std::fputs("usage: microgpt_names [COUNT [SEED [TEMPERATURE]]], the last from 0.01 to 10\n", stderr), 2;
  tg::nn::generator random(seed);
  for (std::uint64_t k = 0; k < count; ++k) {
    sampled one;
    one.make_up(0, random, temperature, wte = trained::wte, wpe = trained::wpe, lm_head = trained::lm_head, wq = trained::wq, wk = trained::wk,
                wv = trained::wv, wo = trained::wo, fc1 = trained::fc1, fc2 = trained::fc2);
    if (std::puts(one.name.data()) < 0) return 1;
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
