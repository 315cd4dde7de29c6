// SPDX-License-Identifier: BSL-1.0
// The training loop of all models of makemore, and what their formulas share.
#pragma once

#include "makemore.hpp"

#include <support/options.hpp>
#include <support/plot.hpp>

#include <typegrad/typegrad.hpp>

#include <boost/hana/for_each.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace makemore {

namespace tg = typegrad;
using namespace tg::literals;

constexpr auto v = tg::axis<"v", 27>;  // vocabulary: a to z, and the mark
template <int Count>
constexpr auto some = tg::axis<"n", Count>;  // rows of a training step: their number is known, so the lanes run along whatever suits
constexpr auto any = tg::axis<"n">;          // rows of run-time data

/// Batch normalisation of H along the axes Over: by the statistics of a training step, later by those that were seen.
template <tg::fixed_string Name, auto H, auto N, auto... Over>
struct normal {
  static constexpr auto gain = tg::parameter<tg::join_names<Name, ".gain">(), tg::axes<H>>;
  static constexpr auto bias = tg::parameter<tg::join_names<Name, ".bias">(), tg::axes<H>>;
  static constexpr auto mean = tg::variable<tg::join_names<Name, ".mean">(), tg::axes<H>>;
  static constexpr auto variance = tg::variable<tg::join_names<Name, ".variance">(), tg::axes<H>>;
  constexpr auto operator()(auto x) const {
    if constexpr (N.size > 0) return tg::nn::batch_norm<N, Over...>(x, gain, bias);
    else return tg::nn::normalize(x, mean, variance, gain, bias);
  }
};
/// Where the running averages of `tuple(mean, variance, ...)` are kept: in the order of the formulas.
template <auto... Symbol>
using averages = tg::point<float, std::remove_const_t<decltype(Symbol)>...>;

/// What a model has unless it says otherwise: plain descent, and no averages.
struct model {
  static constexpr int at_once = 32;  // rows
  using seen = tg::point<float>;
  static auto rule(const auto&, double rate, int steps) { return tg::optim::sgd{tg::optim::cosine_schedule{rate, rate / 100, steps}}; }
};

/// The total loss and the count of what was predicted, and logits, of rows of whole names: the means over the rows.
template <class Model, class Point>
const auto& judged(const Point& theta, const rows& r) {
  using judge = typename Model::template over<any>;
  const auto all = tg::batch(judge::token = r.token, judge::next = r.next);
  static auto memory = tg::storage(judge::judged, theta, all);
  return tg::evaluate(judge::judged, theta, all, tg::into(memory));
}

/// The loss of all rows.
template <class Model, class Point>
double loss_of(const Point& theta, const typename Model::seen& seen, const rows& r) {
  using judge = typename Model::template over<any>;
  if constexpr (Model::labels == 1) {
    static auto memory = tg::storage(judge::loss, theta, seen, judge::token = r.token, judge::next = r.next);
    return static_cast<double>(tg::evaluate(judge::loss, theta, seen, judge::token = r.token, judge::next = r.next, tg::into(memory)));
  } else {
    const auto& means = judged<Model>(theta, r);
    return static_cast<double>(means[boost::hana::size_c<0>] / means[boost::hana::size_c<1>]);
  }
}

/// The logits of what comes after some letters.
template <class Model, class Point>
std::vector<float> logits_after(const std::string& letters, const Point& theta, const typename Model::seen& seen) {
  using judge = typename Model::template over<any>;
  rows row{Model::width, Model::labels};
  row.add_after(letters, mark);
  std::vector<float> result(27);
  if constexpr (Model::labels == 1) {
    tg::evaluate(judge::logits, theta, seen, judge::token = row.token, tg::into(result));
  } else {
    const auto& all = judged<Model>(theta, row)[boost::hana::size_c<2>];
    for (std::size_t i = 0; i < 27; ++i) result[i] = all[i * Model::labels + letters.size()];
  }
  return result;
}

template <class Model>
int train(const settings& given) {
  using learn = typename Model::template over<some<Model::at_once>>;
  constexpr auto program = tg::value_and_gradient(learn::loss);
  const int steps = given.steps > 0 ? given.steps : Model::steps;
  const double rate = given.rate > 0 ? given.rate : Model::rate;
  const split names = read_names(given, Model::width, Model::labels);
  support::require_writable(given.out);

  static auto theta = tg::nn::initialize<float>(learn::loss, given.seed);
  static auto gradient = theta;
  tg::nn::generator random(given.seed);
  tg::for_each_parameter(theta, [&](std::string_view name, tg::extent shape, float* to) {
    const double spread = Model::spread(name, given.plain_start);
    for (int k = 0; k < shape.size(); ++k) to[k] = name.ends_with("gain") ? 1.0f : static_cast<float>(spread * random.normal());
  });
  auto update = Model::rule(theta, rate, steps);
  typename Model::seen seen;

  rows batch{Model::width, Model::labels};
  const auto draw = [&] {
    batch.clear();
    for (int k = 0; k < Model::at_once; ++k) batch.add(names.training, static_cast<int>(random() % static_cast<unsigned>(names.training.count())));
  };
  draw();
  static auto space = program.storage(theta, learn::token = batch.token, learn::next = batch.next);
  support::plot picture(800, 500);
  picture("set title 'makemore {}: {} parameters'; set xlabel 'step'; set ylabel 'loss'\n$loss << end", Model::name, theta.size());
  const int shown = std::max(1, steps / 1000), parts = given.batch / Model::at_once;
  const support::progress report(shown * std::max(1, steps / shown / 20));
  const double start = support::now();
  double mean = 0, recent = 0;
  for (int k = 0; k < steps; ++k) {
    double loss = 0;
    for (int part = 0; part < parts; ++part, draw()) {
      const auto& result = program(theta, learn::token = batch.token, learn::next = batch.next, tg::into(space));
      loss += static_cast<double>(result.value) / parts;
      if (part == 0) gradient = result.gradient;
      else gradient += result.gradient;
    }
    if (parts > 1) gradient *= 1 / static_cast<float>(parts);
    update(theta, gradient);
    if constexpr (Model::seen::size() > 0)
      if (k % 10 == 0) {  // running averages, of every tenth step
        static auto statistics = tg::storage(learn::statistics, theta, learn::token = batch.token);
        float* to = seen.data();
        const float part = std::max(0.02f, 10 / static_cast<float>(k + 10));
        boost::hana::for_each(tg::evaluate(learn::statistics, theta, learn::token = batch.token, tg::into(statistics)), [&](const auto& values) {
          for (const float one : values) *to += part * (one - *to), ++to;
        });
      }
    mean += loss / shown;
    if ((k + 1) % shown > 0 && k + 1 < steps) continue;
    recent = k < shown ? mean : 0.9 * recent + 0.1 * mean;
    picture("{} {} {}", k + 1, mean, recent), mean = 0;
    report(k + 1, fmt::format("step {:6}  loss {:.4f}", k + 1, recent), k + 1 == steps);
  }
  const double seconds = support::now() - start;
  picture("end\nplot $loss using 1:2 with dots title 'mean of {} steps', $loss using 1:3 with lines lw 2 title 'running mean'\n", shown)
      .write(given.out, Model::name);
  fmt::print("{}: {} parameters, {} steps in {:.1f} s, {:.0f} us each; picture: {}/{}.png\n", Model::name, theta.size(), steps, seconds,
             seconds / steps * 1e6, given.out, Model::name);
  fmt::print("loss: training {:.4f}, development {:.4f}, test {:.4f}\n", loss_of<Model>(theta, seen, names.training),
             loss_of<Model>(theta, seen, names.development), loss_of<Model>(theta, seen, names.test));

  const int longest = Model::labels > 1 ? Model::width - 1 : 30;
  for (int k = 0; k < given.samples; ++k)
    fmt::print("{}\n", make_up(random(), longest, [&](const std::string& letters) { return logits_after<Model>(letters, theta, seen); }));
  return 0;
}

}  // namespace makemore
