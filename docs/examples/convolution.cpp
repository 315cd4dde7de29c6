// SPDX-License-Identifier: BSL-1.0
// Handwritten digits by a convolutional network of named axes: two 3x3 convolutions with pools, integer labels, a fifth held out.
#include <support/csv.hpp>
#include <support/options.hpp>

#include <typegrad/nn/loader.hpp>
#include <fmt/format.h>
#include <typegrad/typegrad.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace {

// [convolution]
namespace tg = typegrad;
using namespace tg::literals;

constexpr auto row = tg::axis<"row", 8>;
constexpr auto column = tg::axis<"column", 8>;
constexpr auto gray = tg::axis<"gray", 1>;
constexpr auto a = tg::axis<"a", 8>;
constexpr auto b = tg::axis<"b", 16>;
constexpr auto digit = tg::axis<"digit", 10>;
constexpr auto half_row = tg::axis<"row", 4>;
constexpr auto half_column = tg::axis<"column", 4>;
constexpr auto features = tg::axis<"features", 64>;

constexpr tg::nn::conv2d<"first", row, column, gray, a, 3> first;
constexpr tg::nn::conv2d<"second", half_row, half_column, a, b, 3> second;
constexpr tg::nn::affine<"last", features, digit> last;
constexpr auto image = tg::variable<"image", tg::axes<row, column, gray>>;
constexpr auto label = tg::index<"label", digit>;

constexpr auto quarter_row = tg::axis<"row", 2>;
constexpr auto quarter_column = tg::axis<"column", 2>;
constexpr auto once = tg::nn::max_pool<column, 2>(tg::nn::max_pool<row, 2>(relu(first(image))));
constexpr auto twice = tg::nn::max_pool<half_column, 2>(tg::nn::max_pool<half_row, 2>(relu(second(once))));
constexpr auto logits = last(tg::merge<b, quarter_row, quarter_column, features>(twice));
constexpr auto loss = tg::nn::softmax_cross_entropy(logits, label);
// [convolution]

struct samples {
  std::vector<float> pixels;
  std::vector<int> digits;
};

std::pair<samples, samples> read_digits(const std::string& file, std::uint64_t seed) {
  const auto table = support::read_csv(file, 65);
  std::vector<int> order(static_cast<std::size_t>(table.rows()));
  std::iota(order.begin(), order.end(), 0);
  tg::nn::generator next(seed);
  for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[next() % (i + 1)]);
  samples train, test;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const int line = order[i];
    const double is = table(line, 64);
    if (is < 0 || is > 9 || is != std::floor(is))
      throw support::input_error(fmt::format("{}:{}: expected a digit from 0 to 9 in column 65, found '{}'", file, table.line_of(line), is));
    samples& to = i < order.size() * 4 / 5 ? train : test;
    for (int k = 0; k < 64; ++k) to.pixels.push_back(static_cast<float>(table(line, k) / 16));
    to.digits.push_back(static_cast<int>(is));
  }
  return {train, test};
}

using parameters = decltype(tg::nn::initialize<float>(loss, 0, tg::nn::he{}));

/// Predictions of all images in one call.
double accuracy(const parameters& theta, const samples& data) {
  std::vector<float> scores(10 * data.digits.size());
  tg::evaluate(logits, theta, tg::each(image = data.pixels), tg::into(scores));
  int right = 0;
  for (std::size_t i = 0; i < data.digits.size(); ++i) {
    const auto start = scores.begin() + static_cast<std::ptrdiff_t>(10 * i);
    right += std::max_element(start, start + 10) - start == data.digits[i] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(data.digits.size());
}

}  // namespace

int main(int argc, char** argv) {
  support::options options("Learns to read handwritten digits by two 3x3 convolutions.", "convolution");
  std::string file = "docs/data/digits.csv";
  int epochs = 40;
  int batch = 32;
  std::uint64_t seed = 1337;
  double required = 0;
  options.text("--data", file, "CSV file: 64 pixels from 0 to 16 and the digit in each line; a first line without any number is a header");
  options.number("--epochs", epochs, "passes over the training images", 1, 100'000);
  options.number("--batch", batch, "images per step", 1, 1'000'000);
  options.seed("--seed", seed, "seed of the split, the order and the starting weights");
  options.number("--require", required, "exit with status 1 if the test accuracy is below this per cent", 0.0, 100.0);
  return options.run(argc, argv, [&] {
    auto [train, test] = read_digits(file, seed);
    auto theta = tg::nn::initialize<float>(loss, seed, tg::nn::he{});
    fmt::print("{} training and {} test images, {} parameters\n", train.digits.size(), test.digits.size(), theta.size());
    tg::nn::loader data(batch, seed + 1, image = train.pixels, label = train.digits);
    support::progress report(5);
    const double start = support::now();
    tg::optim::adam update(theta, tg::optim::linear_schedule{0.004, 0.0002, epochs * static_cast<int>(data.batches())});
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      double total = 0;
      for (const auto& rows : data) {
        const auto step = tg::value_and_gradient(loss)(theta, rows);
        update(theta, step.gradient);
        total += static_cast<double>(step.value);
      }
      report(epoch,
             fmt::format("epoch {:3}  loss {:.5f}  test accuracy {:.2f} %", epoch, total / static_cast<double>(data.batches()),
                         100 * accuracy(theta, test)),
             epoch == epochs);
    }
    const double reached = 100 * accuracy(theta, test);
    fmt::print("{:.1f} s; accuracy: training {:.2f} %, test {:.2f} %\n", support::now() - start, 100 * accuracy(theta, train), reached);
    if (reached < required) throw std::runtime_error(fmt::format("the test accuracy is {:.2f} %, and {:g} % are required", reached, required));
    return 0;
  });
}
