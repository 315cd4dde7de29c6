// SPDX-License-Identifier: BSL-1.0
// micrograd's demo: two interleaved half moons, a 2-16-16-1 network, full-batch gradient descent.
#include <support/csv.hpp>
#include <support/options.hpp>
#include <support/plot.hpp>

#include <typegrad/typegrad.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <set>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto x = tg::variable<"x", tg::vector<2>>;
inline constexpr auto y = tg::variable<"y", tg::vector<1>>;

struct samples {
  std::vector<std::array<double, 2>> x;
  std::vector<double> y;  // -1 or 1
};

/// Half circles of radius 1 around (0, 0), upper, and (1, 1/2), lower, with normal noise.
samples make_moons(int count, double noise, std::uint64_t seed) {
  tg::nn::generator next(seed);
  samples result;
  const int upper = count / 2;
  for (int i = 0; i < count; ++i) {
    const bool outer = i < upper;
    const int n = outer ? upper : count - upper, k = outer ? i : i - upper;
    const double t = 3.14159265358979324 * (n > 1 ? static_cast<double>(k) / (n - 1) : 0.5);
    const double px = outer ? tg::math::cos(t) : 1 - tg::math::cos(t), py = outer ? tg::math::sin(t) : 0.5 - tg::math::sin(t);
    const double dx = noise * next.normal(), dy = noise * next.normal();
    result.x.push_back({px + dx, py + dy});
    result.y.push_back(outer ? -1 : 1);
  }
  return result;
}

/// Two features and a class, 0 or 1 (or -1 or 1); features are moved and scaled to mean 0 and deviation 1.
samples read_samples(const std::string& file) {
  const auto table = support::read_csv(file, 3);
  samples result;
  std::set<double> classes;
  for (int i = 0; i < table.rows(); ++i) {
    const double label = table(i, 2);
    if (label != 0 && label != 1 && label != -1)
      throw support::input_error(fmt::format("{}:{}: expected the class 0 or 1 (or -1 or 1) in column 3, found '{}'", file, table.line_of(i), label));
    classes.insert(label);
    result.x.push_back({table(i, 0), table(i, 1)});
    result.y.push_back(label > 0 ? 1 : -1);
  }
  if (classes.contains(0) && classes.contains(-1))
    throw support::input_error(fmt::format("{}: expected classes 0 and 1, or -1 and 1, found both 0 and -1", file));
  for (std::size_t f = 0; f < 2; ++f) {
    double mean = 0, variance = 0;
    const auto n = static_cast<double>(result.x.size());
    for (const auto& p : result.x) mean += p[f] / n;
    for (const auto& p : result.x) variance += (p[f] - mean) * (p[f] - mean) / n;
    if (!std::isfinite(mean) || !std::isfinite(variance))
      throw support::input_error(fmt::format("{}: column {}: the numbers are too large", file, f + 1));
    if (variance == 0) throw support::input_error(fmt::format("{}: column {}: expected different values, all are {}", file, f + 1, mean));
    for (auto& p : result.x) p[f] = (p[f] - mean) / std::sqrt(variance);
  }
  return result;
}

struct settings {
  int steps = 100;
  std::uint64_t seed = 1337;
  std::string folder = ".";
  std::string title;
  double rate = 1;  // the learning rate falls from this to a tenth of it
};

double accuracy(const auto& prediction, const auto& theta, const samples& data) {
  int right = 0;
  for (std::size_t i = 0; i < data.x.size(); ++i) right += (tg::evaluate(prediction, theta, x = data.x[i])[0] > 0) == (data.y[i] > 0) ? 1 : 0;
  return static_cast<double>(right) / static_cast<double>(data.x.size());
}

void draw_boundary(const auto& prediction, const auto& theta, const samples& data, double final_accuracy, const settings& o) {
  double low[2] = {1e300, 1e300}, high[2] = {-1e300, -1e300};
  for (const auto& p : data.x)
    for (std::size_t f = 0; f < 2; ++f) low[f] = std::min(low[f], p[f]), high[f] = std::max(high[f], p[f]);
  for (std::size_t f = 0; f < 2; ++f) low[f] -= 0.4, high[f] += 0.4;
  support::plot picture(820, 640);
  picture("$score << EOD");
  constexpr int cells = 120;
  for (int j = 0; j <= cells; ++j) {
    for (int i = 0; i <= cells; ++i) {
      const std::array<double, 2> at{low[0] + (high[0] - low[0]) * i / cells, low[1] + (high[1] - low[1]) * j / cells};
      picture("{:.5g} {:.5g} {:.5g}", at[0], at[1], tg::evaluate(prediction, theta, x = at)[0]);
    }
    picture("");
  }
  picture("EOD");
  for (const int side : {-1, 1}) {
    picture("${} << EOD", side < 0 ? "negative" : "positive");
    for (std::size_t i = 0; i < data.x.size(); ++i)
      if (data.y[i] * side > 0) picture("{:.6g} {:.6g}", data.x[i][0], data.x[i][1]);
    picture("EOD");
  }
  picture("set title '{}: accuracy {:.1f} %'", o.title, 100 * final_accuracy);
  picture("set xrange [{}:{}]\nset yrange [{}:{}]\nset xlabel 'x1'\nset ylabel 'x2'", low[0], high[0], low[1], high[1]);
  picture("set palette defined (-1 '#5b8fd6', -0.02 '#dce8f7', 0.02 '#fbe3da', 1 '#e07b5a')\nset cbrange [-2:2]\nset cblabel 'score'");
  picture("set contour base\nset cntrparam levels discrete 0\nunset surface\nset table $boundary\nsplot $score\nunset table\nunset contour");
  picture(
      "plot $score with image notitle, $boundary with lines lw 2 lc rgb 'black' title 'decision boundary', "
      "$negative with points pt 7 ps 1.1 lc rgb '#1f4e9c' title 'class 0', $positive with points pt 5 ps 1.1 lc rgb '#a8321a' title 'class 1'");
  picture.write(o.folder, "moons_boundary");
}

void draw_loss(const std::vector<std::pair<double, double>>& history, const settings& o) {
  support::plot picture(820, 460);
  picture("$history << EOD");
  for (std::size_t k = 0; k < history.size(); ++k) picture("{} {} {}", k, history[k].first, 100 * history[k].second);
  picture("EOD\nset title '{}'\nset xlabel 'step'\nset ylabel 'loss'\nset y2label 'training accuracy, %'\nset ytics nomirror\nset y2tics", o.title);
  picture("set yrange [0:*]\nset y2range [0:105]\nset grid\nset key right center");
  picture(
      "plot $history using 1:2 with lines lw 2 lc rgb '#1f77b4' title 'loss', "
      "$history using 1:3 axes x1y2 with lines lw 2 lc rgb '#2ca02c' title 'accuracy'");
  picture.write(o.folder, "moons_loss");
}

template <class Model, class Loss>
int train(Model model, Loss, const samples& data, const settings& o) {
  constexpr auto prediction = Model{}(x);
  constexpr auto program = tg::value_and_gradient(Loss{});
  constexpr auto plan = program.template plan<double>(tg::rows(x, y));
  auto theta = tg::nn::initialize<double>(model, o.seed);
  tg::optim::sgd descend(tg::optim::linear_schedule{o.rate, 0.1 * o.rate, o.steps});
  fmt::print("{} samples, {} parameters; a step is {} kernels, {} operations for each sample\n", data.x.size(), Model::parameter_count,
             plan.kernel_count(), plan.operation_count());
  support::progress report(10);
  std::vector<std::pair<double, double>> history;
  double in_steps = 0;
  for (int k = 0; k < o.steps; ++k) {
    const double start = support::now();
    const auto step = program(theta, tg::batch(x = data.x, y = data.y));
    descend(theta, step.gradient);
    in_steps += support::now() - start;
    history.emplace_back(step.value, accuracy(prediction, theta, data));
    report(k, fmt::format("step {:3}  loss {:.6f}  accuracy {:5.1f} %", k, step.value, 100 * history.back().second), k + 1 == o.steps);
  }
  fmt::print("{} steps, {:.4f} ms per step\n", o.steps, 1e3 * in_steps / o.steps);
  draw_boundary(prediction, theta, data, history.back().second, o);
  draw_loss(history, o);
  fmt::print("pictures: {0}/moons_boundary.svg, .png and {0}/moons_loss.svg, .png\n", o.folder);
  return 0;
}

int main(int argc, char** argv) {
  support::options options("Trains a 2-16-16-1 network on two half moons, or on two features of your own.", "moons");
  settings o;
  int points = 100;
  double noise = 0.1;
  std::string loss = "max-margin", activation = "relu", data;
  options.choice("--loss", loss, "max-margin (with L2 penalty 1e-4) or mse", {"max-margin", "mse"});
  options.choice("--activation", activation, "of the hidden layers", {"relu", "tanh"});
  options.number("--steps", o.steps, "steps of gradient descent", 1, 1'000'000);
  options.seed("--seed", o.seed, "seed of the data's noise and of the starting weights");
  options.number("--points", points, "points of the moons", 2, 1'000'000);
  options.number("--noise", noise, "standard deviation of the moons' noise", 0.0, 10.0);
  options.text("--data", data, "a CSV file instead: two features and the class 0 or 1 in each line; a first line without any number is a header");
  options.excludes("--data", "--points");
  options.excludes("--data", "--noise");
  options.text("--out", o.folder, "folder for the pictures");
  return options.run(argc, argv, [&] {
    support::require_writable(o.folder);
    const samples s = data.empty() ? make_moons(points, noise, o.seed) : read_samples(data);
    const auto go = [&](auto activation_function) {
      using namespace tg::nn;
      using A = decltype(activation_function);
      o.title = fmt::format("{}, {}, {}", data.empty() ? "two half moons" : "own data", loss, activation);
      constexpr auto free = mlp<2, 16, 16, 1>{}.with(A{});                        // any score
      constexpr auto bounded = mlp<2, 16, 16, 1>{}.with(A{}, A{}, tg::nn::tanh);  // between the targets -1 and 1
      if (loss == "mse") return o.rate = 0.5, train(bounded, mean_squared_error(bounded(x), y), s, o);
      return train(free, max_margin(free(x), y) + l2(free, 0.0001_c), s, o);
    };
    return activation == "tanh" ? go(tg::nn::tanh) : go(tg::nn::relu);
  });
}
