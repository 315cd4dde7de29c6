// SPDX-License-Identifier: BSL-1.0
// The classic bug: gradients that are added to a buffer which nobody clears. Here a gradient is a value, so there is
// nothing to zero; the bug has to be written by hand, and this program does, to show what it does to training.
#include <support/options.hpp>
#include <support/plot.hpp>

#include <typegrad/typegrad.hpp>

namespace tg = typegrad;
using namespace tg::literals;

inline constexpr auto w = tg::parameter<"w">;
inline constexpr auto loss = square(w * 2_c - 6_c);  // the lesson's weight: input 2, target 6

struct record {
  double weight, loss, step;  // the step's gradient, or what the buffer holds instead
};

std::vector<record> train(int steps, bool forget) {
  std::vector<record> history;
  double weight = 1;
  double buffer = 0;  // the bug needs a place to pile gradients up in
  for (int k = 0; k < steps; ++k) {
    const auto now = tg::value_and_gradient(loss)(w = weight);  // a value: it is new in every step, and gone after it
    buffer += now.gradient[w];                                  // += and never = 0
    const double used = forget ? buffer : now.gradient[w];
    history.push_back({weight, now.value, used});
    weight -= 0.1 * used;
  }
  return history;
}

int main(int argc, char** argv) {
  support::options options("The forgot-to-zero bug, written by hand, beside the same training without it.", "forgot_to_zero");
  std::string folder = ".";
  options.text("--out", folder, "folder for the pictures forgot_to_zero.svg and .png");
  return options.run(argc, argv, [&] {
    support::require_writable(folder);
    constexpr int steps = 30;
    const auto right = train(steps, false), wrong = train(steps, true);
    fmt::print("      the gradient is a value            gradients pile up\n");
    fmt::print("step    weight        loss  gradient     weight      loss  'gradient'\n");
    for (std::size_t k = 0; k < steps; k += k < 10 ? 1 : 5)
      fmt::print("{:4}  {:8.5f}  {:10.4g}  {:8.2g}   {:8.5f}  {:8.4f}  {:10.4f}\n", k, right[k].weight, right[k].loss, right[k].step, wrong[k].weight,
                 wrong[k].loss, wrong[k].step);
    fmt::print(
        "\nWith the bug every old gradient pushes again in every later step: the weight runs through its best value, 3,\n"
        "at full speed and swings around it for ever.\n");

    support::plot picture(800, 480);
    picture("set title 'One weight, input 2, target 6, learning rate 0.1'\nset xlabel 'step'\nset ylabel 'weight'\nset grid\nset key top right");
    picture("set yrange [0:6.5]\nset arrow from graph 0,first 3 to graph 1,first 3 nohead dt 2 lc rgb 'gray40'");
    for (const auto& [name, history] : {std::pair{"right", &right}, std::pair{"wrong", &wrong}}) {
      picture("${} << EOD", name);
      for (std::size_t k = 0; k < history->size(); ++k) picture("{} {}", k, (*history)[k].weight);
      picture("EOD");
    }
    picture(
        "plot $wrong with linespoints lw 2 pt 7 ps 0.6 lc rgb '#d62728' title 'gradients pile up (forgot to zero)', "
        "$right with linespoints lw 2 pt 7 ps 0.6 lc rgb '#1f77b4' title 'the gradient is a value'");
    picture.write(folder, "forgot_to_zero");
    double wrong_best = 1e300;  // of the last ten steps: a swing, no convergence
    for (std::size_t k = steps - 10; k < steps; ++k) wrong_best = std::min(wrong_best, wrong[k].loss);
    return right.back().loss < 1e-20 && wrong_best > 1e-4 ? 0 : 1;
  });
}
