// SPDX-License-Identifier: BSL-1.0
// Real handwritten digits: a 64-32-10 network, softmax cross-entropy, a fifth of the data held out.
#include <support/csv.hpp>
#include <support/options.hpp>
#include <support/plot.hpp>

#include <typegrad/nn/loader.hpp>
#include <fmt/format.h>
#include <typegrad/typegrad.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

namespace tg = typegrad;

inline constexpr tg::nn::mlp<64, 32, 10> model{};
inline constexpr auto x = tg::variable<"x", tg::vector<64>>;
inline constexpr auto y = tg::variable<"y", tg::vector<10>>;
inline constexpr auto logits = model(x);
inline constexpr auto loss = tg::nn::softmax_cross_entropy(logits, y);

using image = std::array<float, 64>;
using one_hot = std::array<float, 10>;

struct samples {
  std::vector<image> x;
  std::vector<one_hot> y;
  std::vector<int> digit;

  std::size_t size() const { return x.size(); }
  void add(const image& pixels, int d) {
    x.push_back(pixels);
    y.push_back({});
    y.back()[static_cast<std::size_t>(d)] = 1;
    digit.push_back(d);
  }
};

/// All images of the file in an order that the seed decides; the last fifth is for testing.
std::pair<samples, samples> read_digits(const std::string& file, std::uint64_t seed) {
  const auto table = support::read_csv(file, 65);
  if (table.rows() < 10) throw support::input_error(fmt::format("{}: expected at least 10 images, found {}", file, table.rows()));
  std::vector<int> order(static_cast<std::size_t>(table.rows()));
  std::iota(order.begin(), order.end(), 0);
  tg::nn::generator next(seed);
  for (std::size_t i = order.size() - 1; i > 0; --i) std::swap(order[i], order[next() % (i + 1)]);
  samples train, test;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const int row = order[i], line = table.line_of(row);
    image pixels{};
    for (int c = 0; c < 64; ++c) {
      const double v = table(row, c);
      if (v < 0 || v > 16)
        throw support::input_error(fmt::format("{}:{}: expected pixels from 0 to 16, found {} in column {}", file, line, v, c + 1));
      pixels[static_cast<std::size_t>(c)] = static_cast<float>(v / 16);
    }
    const double label = table(row, 64);
    if (label < 0 || label > 9 || label != std::floor(label))
      throw support::input_error(fmt::format("{}:{}: expected a digit from 0 to 9 in column 65, found '{}'", file, line, label));
    (i < order.size() * 4 / 5 ? train : test).add(pixels, static_cast<int>(label));
  }
  return {train, test};
}

using parameters = decltype(tg::nn::initialize<float>(model, 0, tg::nn::xavier{}));

int predict(const parameters& theta, const image& pixels) {
  const auto z = tg::evaluate(logits, theta, x = pixels);
  return static_cast<int>(std::max_element(z.begin(), z.end()) - z.begin());
}

double accuracy(const parameters& theta, const samples& data) {
  int right = 0;
  for (std::size_t i = 0; i < data.size(); ++i) right += predict(theta, data.x[i]) == data.digit[i] ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(data.size());
}

void print_confusion(const parameters& theta, const samples& test) {
  int count[10][10] = {};
  for (std::size_t i = 0; i < test.size(); ++i) ++count[test.digit[i]][predict(theta, test.x[i])];
  fmt::print("\nconfusion matrix of the test images (row: the digit, column: the prediction)\n   ");
  for (int p = 0; p < 10; ++p) fmt::print("{:4}", p);
  for (int d = 0; d < 10; ++d) {
    fmt::print("\n{:3}", d);
    for (int p = 0; p < 10; ++p) fmt::print("{:>4}", count[d][p] == 0 ? std::string(".") : std::to_string(count[d][p]));
  }
  fmt::print("\n\n");
}

/// Forty test images, those that are predicted wrongly first.
void draw(const parameters& theta, const samples& test, const std::string& folder) {
  std::vector<std::size_t> chosen;
  for (const bool wrong : {true, false})
    for (std::size_t i = 0; i < test.size() && chosen.size() < 40; ++i)
      if ((predict(theta, test.x[i]) != test.digit[i]) == wrong) chosen.push_back(i);
  support::plot picture(900, 560);
  picture("set multiplot layout 5,8 title 'Test images and predictions (wrong ones in red, with the true digit)'");
  picture(
      "unset key\nunset tics\nunset colorbox\nset size square\nset palette gray negative\nset yrange [7.5:-0.5]\nset xrange [-0.5:7.5]\nset cbrange "
      "[0:1]\nset lmargin 0.5\nset rmargin 0.5\nset tmargin 1.3\nset bmargin 0.3");
  for (const std::size_t i : chosen) {
    const int p = predict(theta, test.x[i]);
    picture("$image << EOD");
    for (std::size_t row = 0; row < 8; ++row) picture("{}", fmt::join(std::span(test.x[i]).subspan(8 * row, 8), " "));
    picture("EOD");
    if (p == test.digit[i]) picture("set title '{}' tc rgb 'black' offset 0,-0.8", p);
    else picture("set title '{} (is {})' tc rgb '#d62728' offset 0,-0.8", p, test.digit[i]);
    picture("plot $image matrix with image");
  }
  picture("unset multiplot");
  picture.write(folder, "digits");
}

int main(int argc, char** argv) {
  support::options options("Learns to read handwritten digits, 8x8 pixels.", "digits");
  std::string file = "docs/data/digits.csv", folder = ".";
  int epochs = 60;
  int batch = 16;
  std::uint64_t seed = 1337;
  double required = 0;
  options.text("--data", file, "CSV file: 64 pixels from 0 to 16 and the digit in each line; a first line without any number is a header");
  options.number("--epochs", epochs, "passes over the training images", 1, 100'000);
  options.number("--batch", batch, "images per step", 1, 1'000'000);
  options.seed("--seed", seed, "seed of the split, the order and the starting weights");
  options.text("--out", folder, "folder for the picture");
  options.number("--require", required, "exit with status 1 if the test accuracy is below this per cent", 0.0, 100.0);
  return options.run(argc, argv, [&] {
    support::require_writable(folder);
    auto [train, test] = read_digits(file, seed);
    auto theta = tg::nn::initialize<float>(model, seed, tg::nn::xavier{});
    fmt::print("{} training and {} test images, {} parameters\n", train.size(), test.size(), model.parameter_count);
    tg::nn::loader data(batch, seed + 1, x = train.x, y = train.y);
    support::progress report(5);
    const double start = support::now();
    tg::optim::sgd descend(tg::optim::linear_schedule{0.2, 0.01, epochs * static_cast<int>(data.batches())});
    for (int epoch = 1; epoch <= epochs; ++epoch) {
      double total = 0;
      for (const auto& rows : data) {
        const auto step = tg::value_and_gradient(loss)(theta, rows);
        descend(theta, step.gradient);
        total += static_cast<double>(step.value);
      }
      report(epoch,
             fmt::format("epoch {:3}  loss {:.5f}  test accuracy {:.2f} %", epoch, total / static_cast<double>(data.batches()),
                         100 * accuracy(theta, test)),
             epoch == epochs);
    }
    const double reached = 100 * accuracy(theta, test);
    fmt::print("{:.1f} s; accuracy: training {:.2f} %, test {:.2f} %\n", support::now() - start, 100 * accuracy(theta, train), reached);
    print_confusion(theta, test);
    draw(theta, test, folder);
    fmt::print("pictures: {0}/digits.svg, {0}/digits.png\n", folder);
    if (reached < required) throw std::runtime_error(fmt::format("the test accuracy is {:.2f} %, and {:g} % are required", reached, required));
    return 0;
  });
}
