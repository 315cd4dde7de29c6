// SPDX-License-Identifier: BSL-1.0
// The examples of docs/reference/files.md.
#include <catch.hpp>

#include <typegrad/io/safetensors.hpp>
#include <typegrad/typegrad.hpp>

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

namespace {

// [names]
namespace tg = typegrad;

constexpr auto W = tg::parameter<"W", tg::matrix<2, 2>>;
constexpr auto b = tg::parameter<"b">;
using point = tg::parameter_point<double, decltype(sum(W) * b)>;
// [names]

/// A file that goes in the end.
struct temporary {
  std::string path =
      (std::filesystem::temp_directory_path() / ("typegrad-reference-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))).string();
  ~temporary() { std::filesystem::remove(path); }
};

TEST_CASE("reference: save, load, outcome, tensors, number") {
  const temporary here;
  const std::string& file = here.path;
  // [save]
  point theta;
  theta[b] = 0.5;
  int epoch = 3;
  const tg::io::outcome saved = tg::io::save(file, tg::io::tensors("model.", theta), tg::io::number("epoch", epoch));
  CHECK(saved.error == "");
  // [save]
  // [load]
  point again;
  int reached = 0;
  CHECK(tg::io::load(file, tg::io::number("epoch", reached), tg::io::tensors("model.", again)));
  CHECK((again[b] == 0.5 && reached == 3));
  const auto failed = tg::io::load("nowhere", tg::io::tensors("model.", again));
  CHECK(!failed);
  CHECK(failed.error == "nowhere: cannot be read");
  // [load]
  // [parts]
  const auto other = tg::io::load(file, tg::io::tensors("", again), tg::io::number("epoch", reached));  // W and b, not model.W and model.b
  CHECK(!other);
  CHECK(again[b] == 0.5);  // nothing was changed
  // [parts]
}

TEST_CASE("reference: generator::state") {
  // [state]
  tg::nn::generator random(1);
  (void)random.uniform();
  const std::uint64_t state = random.state();  // to be saved: number("state", state)
  tg::nn::generator same(state);
  CHECK(same() == random());
  // [state]
}

}  // namespace
