// SPDX-License-Identifier: BSL-1.0
// Points in files: what is written is read back with the same bits; what is damaged or does not fit changes nothing.
#include <catch.hpp>

#include <typegrad/io/safetensors.hpp>
#include <typegrad/typegrad.hpp>

#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace {

namespace tg = typegrad;

constexpr auto row = tg::axis<"row", 2>;
constexpr auto column = tg::axis<"column", 3>;
constexpr auto depth = tg::axis<"depth", 2>;
constexpr auto A = tg::parameter<"A", tg::axes<row, column, depth>>;
constexpr auto b = tg::parameter<"b \"quoted\"\\\n">;
constexpr auto w = tg::parameter<"w", tg::vector<3>>;
constexpr auto loss = sum(A) * b + sum(w);

/// A folder of its own, which goes in the end.
struct folder {
  std::filesystem::path at = std::filesystem::temp_directory_path() / ("typegrad-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
  folder() { std::filesystem::create_directories(at); }
  ~folder() { std::filesystem::remove_all(at); }
  std::string operator()(const char* name) const { return (at / name).string(); }
};

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream all;
  all << in.rdbuf();
  return all.str();
}
void write(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

/// A file with this table and so many bytes after it.
std::string file_of(std::string table, std::size_t after) {
  std::string all(8, '\0');
  for (std::size_t k = 0; k < 8; ++k) all[k] = static_cast<char>(table.size() >> (8 * k) & 0xff);
  return all + table + std::string(after, 'x');
}

TEST_CASE("What is saved is loaded with the same bits") {
  const folder here;
  const std::string file = here("model.safetensors");
  auto theta = tg::nn::initialize<float>(loss, 1, tg::nn::xavier{});
  int step = 0;
  for (float& one : theta) one = 0.1f * static_cast<float>(++step);
  theta[b] = -0.0f;
  const std::uint64_t state = 0xfedcba9876543210u;
  REQUIRE(tg::io::save(file, tg::io::tensors("p.", theta), tg::io::number("step", step), tg::io::number("state", state)).error.empty());
  CHECK(bytes_of(file).find(R"("p.A":{"dtype":"F32","shape":[2,3,2],"data_offsets":[)") != std::string::npos);
  CHECK(static_cast<unsigned char>(bytes_of(file)[0]) % 8 == 0);             // data start at a multiple of 8,
  CHECK(bytes_of(file).find("\"state\"") < bytes_of(file).find("\"p.A\""));  // and wide numbers come first
  CHECK(!std::filesystem::exists(file + ".new"));
  auto again = 0.0f * theta;
  int steps = 0;
  std::uint64_t states = 0;
  REQUIRE(tg::io::load(file, tg::io::number("step", steps), tg::io::number("state", states), tg::io::tensors("p.", again)).error.empty());
  CHECK(std::memcmp(again.data(), theta.data(), sizeof(float) * theta.size()) == 0);
  CHECK(steps == step);
  CHECK(states == state);
}

TEST_CASE("A training goes on from a file") {
  const folder here;
  const std::string file = here("state.safetensors");
  auto theta = tg::nn::initialize<float>(loss, 1, tg::nn::xavier{});
  tg::optim::adam update(theta, 0.01);
  tg::nn::generator random(7);
  update(theta, theta), (void)random();
  // [files]
  std::uint64_t state = random.state();
  const auto saved = tg::io::save(file, tg::io::tensors("", theta), tg::io::tensors("first.", update.first),
                                  tg::io::tensors("second.", update.second), tg::io::number("step", update.step), tg::io::number("state", state));
  if (!saved) FAIL(saved.error);

  const auto loaded = tg::io::load(file, tg::io::tensors("", theta), tg::io::tensors("first.", update.first),
                                   tg::io::tensors("second.", update.second), tg::io::number("step", update.step), tg::io::number("state", state));
  if (!loaded) FAIL(loaded.error);  // one line: the file, and what is wrong with it
  tg::nn::generator same(state);    // goes on where the other one was
  // [files]
  CHECK(same() == random());
}

TEST_CASE("What does not fit is told in one line, and nothing is changed") {
  const folder here;
  const std::string file = here("model.safetensors");
  auto theta = tg::nn::initialize<double>(sum(w), 1);
  for (double& one : theta) one = 5;
  const auto before = theta;
  const auto error_of = [&](const std::string& bytes) {
    write(file, bytes);
    const auto out = tg::io::load(file, tg::io::tensors("", theta));
    CHECK(theta == before);
    CHECK(out.error.find('\n') == std::string::npos);
    return out.error.empty() ? std::string("none") : out.error.substr(file.size() + 2);
  };
  const std::string good = R"({"w":{"dtype":"F64","shape":[3],"data_offsets":[0,24]}})";
  const auto with = [&](const char* from, const char* to) {
    std::string text = good;
    text.replace(text.find(from), std::strlen(from), to);
    return text;
  };
  CHECK(tg::io::load(here("nowhere"), tg::io::tensors("", theta)).error == here("nowhere") + ": cannot be read");
  CHECK(error_of("") == "no safetensors file: shorter than 8 bytes");
  CHECK(error_of(file_of(good, 24).substr(0, 20)) == "no safetensors file, or the end is missing: the table is longer than the file");
  CHECK(error_of(std::string(8, '\xff') + good) == "no safetensors file, or the end is missing: the table is longer than the file");
  CHECK(error_of(file_of(good, 23)) == R"("w" lies outside of the file; the end may be missing)");
  CHECK(error_of(file_of(with("[3]", "[4]"), 24)) == R"("w" has the shape (4), (3) expected)");
  CHECK(error_of(file_of(with("[3]", "[3,1]"), 24)) == R"("w" has the shape (3, 1), (3) expected)");
  CHECK(error_of(file_of(with("F64", "F32"), 24)) == R"("w" is of type "F32", F64 expected)");
  CHECK(error_of(file_of(with("[0,24]", "[0,16]"), 24)) == R"("w" has 16 bytes, 24 expected)");
  CHECK(error_of(file_of(with("[0,24]", "[24,0]"), 24)) == R"("w" lies outside of the file; the end may be missing)");
  CHECK(error_of(file_of(with("[0,24]", "[0,24,1]"), 24)) == "data_offsets are not two numbers");
  CHECK(error_of(file_of(with("[0,24]", "[0,99999999999999999999]"), 24)) == "a size is no whole number");
  CHECK(error_of(file_of(with("\"w\"", "\"v\""), 24)) == R"("v" is in the file, and not expected)");
  CHECK(error_of(file_of("{}", 0)) == R"("w" is missing)");
  CHECK(error_of(file_of("", 0)) == "the table is no JSON of tensors");
  CHECK(error_of(file_of("[1]", 0)) == "the table is no JSON of tensors");
  CHECK(error_of(file_of("{\"w", 0)) == "the table ends within a text");
  CHECK(error_of(file_of("{\"\\x\":", 0)) == "a text has an escape that is unknown");
  CHECK(error_of(file_of(good + "x", 24)) == "something follows the table");
  CHECK(error_of(file_of(with("\"dtype\":\"F64\",", ""), 24)) == "a tensor lacks dtype, shape or data_offsets");
  CHECK(error_of(file_of(with("dtype", "kind"), 24)) == "a tensor has a field that is unknown");
  CHECK(error_of(file_of("{" + good.substr(1, good.size() - 2) + "," + good.substr(1), 24)) == "a name stands twice");
}

TEST_CASE("No damage to a file makes it crash or changes a number halfway") {
  const folder here;
  const std::string file = here("model.safetensors");
  auto theta = tg::nn::initialize<double>(sum(w), 1);
  REQUIRE(tg::io::save(file, tg::io::tensors("", theta)).error.empty());
  const std::string good = bytes_of(file);
  const auto before = theta;
  int refused = 0;
  for (std::size_t length = 0; length < good.size(); ++length) {
    write(file, good.substr(0, length));
    refused += tg::io::load(file, tg::io::tensors("", theta)) ? 0 : 1;
  }
  CHECK(refused == static_cast<int>(good.size()));
  CHECK(theta == before);
  for (std::size_t at = 0; at + 24 < good.size(); ++at)
    for (const char with : {'\0', '"', '{', '}', '9', '\xff'}) {
      std::string bad = good;
      bad[at] = with;
      write(file, bad);
      auto to = before;
      if (!tg::io::load(file, tg::io::tensors("", to))) CHECK(to == before);
    }
}

TEST_CASE("A file that cannot be written leaves the old one") {
  const folder here;
  auto theta = tg::nn::initialize<double>(sum(w), 1);
  CHECK(tg::io::save(here("no/such/folder"), tg::io::tensors("", theta)).error == here("no/such/folder") + ": cannot be written");
  if (std::filesystem::exists("/dev/full")) {  // a full disk
    const std::string file = here("model.safetensors");
    REQUIRE(tg::io::save(file, tg::io::tensors("", theta)).error.empty());
    const std::string before = bytes_of(file);
    std::filesystem::create_symlink("/dev/full", file + ".new");
    CHECK(tg::io::save(file, tg::io::tensors("", theta)).error == file + ": not all of it could be written; what was there stays");
    CHECK(bytes_of(file) == before);
  }
}

}  // namespace
