// SPDX-License-Identifier: BSL-1.0
// What every example program does around its work: options, one-line errors, progress. (CLI11 behind a thin wall: its
// headers are compiled once.)
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace support {

class options {
 public:
  options(const std::string& description, const std::string& program);
  ~options();

  void number(const std::string& flag, int& value, const std::string& help, int low, int high);
  void number(const std::string& flag, double& value, const std::string& help, double low, double high);
  void seed(const std::string& flag, std::uint64_t& value, const std::string& help);
  void text(const std::string& flag, std::string& value, const std::string& help);
  void choice(const std::string& flag, std::string& value, const std::string& help, std::vector<std::string> allowed);
  void flag(const std::string& flag, bool& value, const std::string& help);
  void excludes(const std::string& flag, const std::string& other);

  /// Parses the options and runs the work. Bad options and input_error: one line and status 2; other failures, lost output too:
  /// status 1.
  int run(int argc, char** argv, const std::function<int()>& work);

 private:
  struct parser;
  std::unique_ptr<parser> parser_;
};

/// A line of progress: rewritten in place on a terminal, every `interval` steps as a line of its own when piped.
class progress {
 public:
  explicit progress(int interval);
  void operator()(int step, const std::string& text, bool last) const;

 private:
  int interval_;
  bool terminal_;
};

/// The time of a steady clock, in seconds.
double now();

}  // namespace support
