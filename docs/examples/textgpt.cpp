// SPDX-License-Identifier: BSL-1.0
// Trains a GPT over bytes on any text, then writes some of its own. The models are compiled in textgpt_small.cpp and textgpt_cpu.cpp.
#include "textgpt.hpp"

#include <support/options.hpp>
#include <support/plot.hpp>

int main(int argc, char** argv) {
  textgpt_options ask;
  std::string preset = "small";
  support::options options("Trains a GPT over bytes on a text, then writes some of its own.", "textgpt");
  options.choice("--preset", preset, "small: 4 layers, 64 channels, 32 positions; cpu: 4 layers, 128 channels, 64 positions", {"small", "cpu"});
  ask.data = "build/textgpt/text.txt";
  options.text("--data", ask.data, "any file; its last tenth is held out"), options.text("--out", ask.out, "folder for the picture of the loss");
  options.number("--steps", ask.steps, "training steps", 0, 10'000'000),
      options.number("--batch", ask.batch, "windows of the text in a step", 1, 4096);
  options.number("--every", ask.every, "steps between estimates of the held-out loss, samples and files", 1, 1'000'000);
  options.number("--rate", ask.rate, "highest learning rate; a tenth of it in the end", 1e-9, 1),
      options.number("--threads", ask.threads, "threads", 1, 256);
  options.number("--sample", ask.sample, "bytes to write in the end", 0, 1'000'000);
  options.number("--temperature", ask.temperature, "of the bytes", 0.01, 10), options.text("--prompt", ask.prompt, "how the text begins");
  options.seed("--seed", ask.seed, "of weights, windows and bytes");
  options.text("--save", ask.save, "file for the state, at each estimate"), options.text("--load", ask.load, "file to go on from");
  return options.run(argc, argv, [&] {
    if (ask.prompt.empty()) ask.prompt.push_back('\n');
    return preset == "small" ? train_small(ask) : train_cpu(ask);
  });
}
