// SPDX-License-Identifier: BSL-1.0
#include <support/csv.hpp>
#include <support/options.hpp>
#include <support/text.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <limits>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

namespace support {

namespace {

[[noreturn]] void output_failed() { throw std::system_error(errno == 0 ? EIO : errno, std::generic_category(), "standard output"); }

/// One line for the user. Where standard error is lost as well the status still tells.
void complain(const std::string& line) { std::fputs((line + '\n').c_str(), stderr); }

template <class T>
void add_number(CLI::App& app, const std::string& flag, T& value, const std::string& help, T low, T high) {
  const auto read = [flag, low, high, &value](const std::string& text) {
    const auto number = number_in<T>(text);
    const char* kind = std::is_floating_point_v<T> ? "number" : "whole number";
    if (!number || !(*number >= low && *number <= high))  // as it stands it refuses NaN
      throw CLI::ValidationError(flag, fmt::format("expected a {} from {} to {}, found {}", kind, low, high, in_quotes(text)));
    value = *number;
  };
  const std::string range = high == std::numeric_limits<T>::max() ? "NUMBER" : fmt::format("NUMBER in [{} - {}]", low, high);
  app.add_option_function<std::string>(flag, read, help)->type_name(range)->default_str(fmt::format("{}", value));
}

}  // namespace

struct options::parser {
  parser(const std::string& description, const std::string& program) : app(description, program) {}
  CLI::App app;
};

options::options(const std::string& description, const std::string& program) : parser_(std::make_unique<parser>(description, program)) {}
options::~options() = default;

void options::number(const std::string& flag, int& value, const std::string& help, int low, int high) {
  add_number(parser_->app, flag, value, help, low, high);
}
void options::number(const std::string& flag, double& value, const std::string& help, double low, double high) {
  add_number(parser_->app, flag, value, help, low, high);
}
void options::seed(const std::string& flag, std::uint64_t& value, const std::string& help) {
  add_number(parser_->app, flag, value, help, std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max());
}
void options::text(const std::string& flag, std::string& value, const std::string& help) {
  const auto named = [](const std::string& text) { return text.empty() ? "expected a name, found ''" : ""; };
  parser_->app.add_option(flag, value, help)->check(named)->capture_default_str();
}
void options::choice(const std::string& flag, std::string& value, const std::string& help, std::vector<std::string> allowed) {
  parser_->app.add_option(flag, value, help)->check(CLI::IsMember(std::move(allowed)))->capture_default_str();
}
void options::flag(const std::string& flag, bool& value, const std::string& help) { parser_->app.add_flag(flag, value, help); }
void options::excludes(const std::string& flag, const std::string& other) { parser_->app.get_option(flag)->excludes(parser_->app.get_option(other)); }

int options::run(int argc, char** argv, const std::function<int()>& work) {
  const std::string name = parser_->app.get_name();
  std::signal(SIGXFSZ, SIG_IGN);  // a file over the limit is an error like that of a full disk
  if (::fcntl(STDOUT_FILENO, F_GETFD) < 0) {
    complain(name + ": standard output is closed");  // files would take its number, and its text
    return 1;
  }
  try {
    int status = 0;
    try {
      parser_->app.parse(argc, argv);
      status = work();
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() != 0) throw input_error(fmt::format("{}: {}", name, error.what()));
      fmt::print("{}", parser_->app.help());
    }
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) output_failed();
    return status;
  } catch (const input_error& error) {
    complain(error.what());
    return 2;
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) == 0) complain(name + ": " + error.what());
    else if (error.code().value() != EPIPE) complain(name + ": standard output: " + error.code().message());
    return 1;  // without a word where the reader has gone
  } catch (const std::exception& error) {
    complain(name + ": " + error.what());
    return 1;
  }
}

progress::progress(int interval) : interval_(interval), terminal_(::isatty(STDOUT_FILENO) != 0) {}

void progress::operator()(int step, const std::string& text, bool last) const {
  if (terminal_) fmt::print("\r\033[K{}{}", text, last ? "\n" : "");
  else if (step % interval_ == 0 || last) fmt::print("{}\n", text);
  if (std::fflush(stdout) != 0) output_failed();
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace support
