// SPDX-License-Identifier: BSL-1.0
// Training of the GPT of textgpt.hpp: AdamW with decay of matrices, a cosine with warm-up, clipped gradients. A model of a million parameters does
// not live on the stack: everything that grows with it is on the heap.
#pragma once

#include "textgpt.hpp"

#include <support/csv.hpp>
#include <support/options.hpp>
#include <support/plot.hpp>

#include <typegrad/eval/threads.hpp>
#include <typegrad/io/safetensors.hpp>

#include <fmt/format.h>

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// What f makes, made where it stays.
template <class F>
auto on_heap(F f) {
  return std::unique_ptr<decltype(f())>(new auto(f()));
}

/// What decays.
inline bool is_matrix(std::string_view name) { return !name.ends_with(".bias") && !name.ends_with(".gain"); }

/// Weights to start from: matrices small and random, gains 1, biases 0.
template <class Point>
void start(Point& theta, tg::nn::generator& random) {
  tg::for_each_parameter(theta, [&](std::string_view name, tg::extent shape, float* values) {
    for (int i = 0; i < shape.size(); ++i)
      values[i] = is_matrix(name) ? static_cast<float>(0.02 * random.normal()) : name.ends_with(".gain") ? 1.0f : 0.0f;
  });
}

/// A training step, with the decay that Adam leaves out: matrices shrink, gains and biases do not (Loshchilov and Hutter, 2019). The loss before it.
template <class Program, class Point, class Rows, class Memory, class Update>
double train(const Program& program, Point& theta, const Rows& rows, Memory& memory, Update& update, double rate) {
  program(theta, rows, tg::into(memory));
  auto& [value, gradient] = memory.result;
  tg::optim::clip_by_norm(gradient, 1.0f);
  update.learning_rate = rate;
  tg::for_each_parameter(theta, [part = static_cast<float>(rate * 0.1)](std::string_view name, tg::extent shape, float* values) {
    for (int i = 0; is_matrix(name) && i < shape.size(); ++i) values[i] -= part * values[i];
  });
  update(theta, gradient);
  return static_cast<double>(value);
}

template <class Model>
class trainer {
  static constexpr int block = Model::t.size, vocabulary = Model::v.size;
  using window = std::array<int, static_cast<std::size_t>(block)>;

 public:
  explicit trainer(const textgpt_options& ask)
      : ask_(ask),
        text_(support::read_bytes(ask.data)),
        random_(ask.seed),
        pool_(ask.threads),
        theta_(on_heap([&] { return tg::nn::initialize<float>(Model::loss, ask.seed); })) {
    if (text_.size() < 20u * block)
      throw support::input_error(fmt::format("{}: at least {} bytes expected, {} found", ask.data, 20 * block, text_.size()));
    support::require_writable(ask.out);
    held_out_ = text_.size() - text_.size() / 10;
    tokens_.resize(static_cast<std::size_t>(ask.batch)), next_.resize(tokens_.size());
    start(*theta_, random_);
  }

  int run() {
    const auto program = tg::value_and_gradient(Model::loss);
    const auto memory = on_heap([&] { return program.storage(*theta_, rows()); });
    const auto recipe = tg::optim::adam{.learning_rate = ask_.rate, .beta1 = 0.9, .beta2 = 0.99};
    const auto update = on_heap([&] { return recipe(*theta_); });
    const auto state = [&](auto act) {
      const auto outcome =
          act(tg::io::tensors("", *theta_), tg::io::tensors("adam.first.", update->first), tg::io::tensors("adam.second.", update->second),
              tg::io::number("adam.power1", update->power1), tg::io::number("adam.power2", update->power2), tg::io::number("adam.step", update->step),
              tg::io::number("generator", drawn_));
      if (!outcome) throw support::input_error(outcome.error);
    };
    if (!ask_.load.empty()) state([&](const auto&... part) { return tg::io::load(ask_.load, part...); }), random_ = tg::nn::generator(drawn_);
    const auto rate = tg::optim::warm_up{tg::optim::cosine_schedule{ask_.rate, ask_.rate / 10, ask_.steps}, std::min(100, ask_.steps)};
    support::plot picture(800, 500);
    picture("set title 'textgpt: {} parameters'; set xlabel 'step'; set ylabel 'loss of a byte'\n$loss << end\n", theta_->size());
    const support::progress report(50);
    const double start = support::now();
    double mean = 0, seconds = 0;
    for (int k = update->step; k < ask_.steps; ++k) {
      draw(0, held_out_);
      const double loss = train(program.on(pool_), *theta_, rows(), *memory, *update, rate(k));
      mean = mean > 0 ? 0.95 * mean + 0.05 * loss : loss;
      const bool last = k + 1 == ask_.steps;
      if (last || (k + 1) % ask_.every == 0) {
        seconds = support::now() - start;
        const double held_out = estimate(last ? 400 : 50);
        picture("{} {} {}\n", k + 1, mean, held_out);
        fmt::print("step {:5}  training loss {:.4f}  held-out loss {:.4f}  {:.1f} s\n", k + 1, mean, held_out, seconds);
        if (!last) fmt::print("{}\n", sample(std::min(ask_.sample, 120)));
        drawn_ = random_.state();
        if (!ask_.save.empty()) state([&](const auto&... part) { return tg::io::save(ask_.save, part...); });
      } else {
        report(k + 1, fmt::format("step {:5}  loss {:.4f}", k + 1, mean), false);
      }
    }
    if (mean > 0)
      picture("end\nplot $loss using 1:2 with lines lw 2 title 'training', $loss using 1:3 with lines lw 2 title 'held out'\n")
          .write(ask_.out, "loss");
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    fmt::print("{} parameters, {} steps, {:.1f} MB of memory at most\n{}\n", theta_->size(), update->step, static_cast<double>(used.ru_maxrss) / 1024,
               sample(ask_.sample));
    return 0;
  }

 private:
  auto rows() { return tg::batch(Model::token = tokens_, Model::next = next_); }
  window window_at(std::size_t first) const {
    window made;
    for (std::size_t i = 0; i < made.size(); ++i) made[i] = static_cast<unsigned char>(text_[first + i]);
    return made;
  }
  /// Windows of the text between two places, each with what comes one byte later.
  void draw(std::size_t first, std::size_t last) {
    for (std::size_t b = 0; b < tokens_.size(); ++b) {
      const std::size_t at = first + random_() % (last - first - block - 1);
      tokens_[b] = window_at(at), next_[b] = window_at(at + 1);
    }
  }
  /// The logits of each position of a window, bytes outside, positions inside.
  const auto& logits(const window& tokens) {
    if (!forward_) forward_ = on_heap([&] { return tg::storage(Model::logits, *theta_, Model::token = tokens); });
    return tg::evaluate(Model::logits, *theta_, Model::token = tokens, tg::into(*forward_));
  }
  /// The mean loss of a byte of the text that training does not see.
  double estimate(int windows) {
    tg::nn::generator random(ask_.seed + 1);
    double total = 0;
    for (int w = 0; w < windows; ++w) {
      const std::size_t at = held_out_ + random() % (text_.size() - held_out_ - block - 1);
      const auto& z = logits(window_at(at));
      const window next = window_at(at + 1);
      for (int i = 0; i < block; ++i) {
        double sum = 0, top = -1e300;
        for (int v = 0; v < vocabulary; ++v) top = std::max(top, double(z.data()[v * block + i]));
        for (int v = 0; v < vocabulary; ++v) sum += std::exp(double(z.data()[v * block + i]) - top);
        total += top + std::log(sum) - double(z.data()[next[static_cast<std::size_t>(i)] * block + i]);
      }
    }
    return total / (double(windows) * block);
  }
  std::string sample(int count) {
    std::string made = ask_.prompt;
    for (int k = 0; k < count; ++k) {
      const std::size_t known = std::min<std::size_t>(made.size(), block);
      window now{};
      for (std::size_t i = 0; i < known; ++i) now[i] = static_cast<unsigned char>(made[made.size() - known + i]);
      const float* const z = logits(now).data() + known - 1;
      std::array<double, static_cast<std::size_t>(vocabulary)> chance{};
      double total = 0, top = -1e300;
      for (int v = 0; v < vocabulary; ++v) top = std::max(top, double(z[v * block]));
      for (std::size_t v = 0; v < chance.size(); ++v) total += chance[v] = std::exp((double(z[v * block]) - top) / ask_.temperature);
      std::size_t picked = 0;
      for (double left = random_.uniform() * total; picked + 1 < chance.size() && (left -= chance[picked]) > 0;) ++picked;
      made += static_cast<char>(picked);
    }
    return made;
  }

  const textgpt_options& ask_;
  std::string text_;
  tg::nn::generator random_;
  tg::thread_pool pool_;
  std::unique_ptr<tg::parameter_point<float, std::remove_const_t<decltype(Model::loss)>>> theta_;
  using forward_storage = decltype(tg::storage(Model::logits, *theta_, Model::token = window{}));
  std::unique_ptr<forward_storage> forward_;
  std::size_t held_out_ = 0;
  std::uint64_t drawn_ = 0;  // the state of the generator, for the file
  std::vector<window> tokens_, next_;
};

}  // namespace
