// SPDX-License-Identifier: BSL-1.0
#include <support/csv.hpp>
#include <support/options.hpp>
#include <support/plot.hpp>

#include <CLI/CLI.hpp>

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <unistd.h>

namespace support {

namespace {

double parse_number(std::string_view field, const std::string& file, int line, int column) {
  auto text = field;
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    throw input_error(fmt::format("{}:{}:{}: expected a finite number, found '{}'", file, line, column, field));
  return value;
}

}  // namespace

table read_csv(const std::string& file, int columns) {
  std::ifstream in(file);
  if (!in) throw input_error(fmt::format("{}: cannot be opened for reading", file));
  table result{columns, {}, {}};
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    if (line == 1 && text.find_first_of("abcdfghijklmnopqrstuvwxyzABCDFGHIJKLMNOPQRSTUVWXYZ") != std::string::npos &&
        text.find("nan") == std::string::npos && text.find("inf") == std::string::npos)
      continue;
    std::size_t from = 0;
    int column = 1;
    for (; from <= text.size(); ++column) {
      const std::size_t comma = std::min(text.find(',', from), text.size());
      if (column > columns) throw input_error(fmt::format("{}:{}:{}: expected {} columns, found more: '{}'", file, line, from + 1, columns, text));
      result.values.push_back(parse_number(std::string_view(text).substr(from, comma - from), file, line, static_cast<int>(from) + 1));
      from = comma + 1;
    }
    if (column - 1 < columns)
      throw input_error(fmt::format("{}:{}:{}: expected {} columns, found {}: '{}'", file, line, text.size() + 1, columns, column - 1, text));
    result.lines.push_back(line);
  }
  if (in.bad()) throw input_error(fmt::format("{}: reading failed", file));
  if (result.lines.empty()) throw input_error(fmt::format("{}:1:1: expected rows of {} numbers, found none", file, columns));
  return result;
}

void require_writable(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || ::access(folder.c_str(), W_OK) != 0) throw input_error(fmt::format("{}: cannot be written to, expected a writable folder", folder));
}

void plot::add(fmt::string_view text, fmt::format_args arg) { program_ += fmt::vformat(text, arg) + '\n'; }

void plot::write(const std::string& folder, const std::string& name) const {
  const std::string base = (std::filesystem::path(folder) / name).string();
  run(base + ".svg", fmt::format("set terminal svg size {},{} font 'DejaVu Sans,13' background rgb 'white'", width_, height_));
  run(base + ".png", fmt::format("set terminal pngcairo size {},{} font 'DejaVu Sans,11'", width_, height_));
}

void plot::run(const std::string& target, const std::string& terminal) const {
  const std::string unfinished = target + ".part";
  std::string quoted;  // gnuplot writes a quote in a quoted text twice
  for (const char c : unfinished) quoted += std::string(c == '\'' ? 2 : 1, c);
  std::FILE* gnuplot = ::popen("gnuplot", "w");
  if (gnuplot == nullptr) throw std::runtime_error("gnuplot could not be started");
  fmt::print(gnuplot, "{}\nset output '{}'\n{}\nset output\n", terminal, quoted, program_);
  if (::pclose(gnuplot) != 0) {
    std::filesystem::remove(unfinished);
    throw std::runtime_error("gnuplot failed (is gnuplot-nox installed?)");
  }
  std::filesystem::rename(unfinished, target);
}

struct options::parser {
  parser(const std::string& description, const std::string& program) : app(description, program) {}
  CLI::App app;
};

options::options(const std::string& description, const std::string& program) : parser_(std::make_unique<parser>(description, program)) {}
options::~options() = default;

void options::number(const std::string& flag, int& value, const std::string& help, int low, int high) {
  parser_->app.add_option(flag, value, help)->check(CLI::Range(low, high))->capture_default_str();
}
void options::number(const std::string& flag, double& value, const std::string& help, double low, double high) {
  parser_->app.add_option(flag, value, help)->check(CLI::Range(low, high))->capture_default_str();
}
void options::seed(const std::string& flag, std::uint64_t& value, const std::string& help) {
  parser_->app.add_option(flag, value, help)->capture_default_str();
}
void options::text(const std::string& flag, std::string& value, const std::string& help) {
  parser_->app.add_option(flag, value, help)->capture_default_str();
}
void options::choice(const std::string& flag, std::string& value, const std::string& help, std::vector<std::string> allowed) {
  parser_->app.add_option(flag, value, help)->check(CLI::IsMember(std::move(allowed)))->capture_default_str();
}
void options::excludes(const std::string& flag, const std::string& other) { parser_->app.get_option(flag)->excludes(parser_->app.get_option(other)); }

int options::run(int argc, char** argv, const std::function<int()>& work) {
  try {
    parser_->app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return parser_->app.exit(error);
    fmt::print(stderr, "{}: {}\n", parser_->app.get_name(), error.what());
    return 2;
  }
  try {
    return work();
  } catch (const input_error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", parser_->app.get_name(), error.what());
    return 1;
  }
}

progress::progress(int interval) : interval_(interval), terminal_(::isatty(STDOUT_FILENO) != 0) {}

void progress::operator()(int step, const std::string& text, bool last) const {
  if (terminal_) fmt::print("\r\033[K{}{}", text, last ? "\n" : "");
  else if (step % interval_ == 0 || last) fmt::print("{}\n", text);
  std::fflush(stdout);
}

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace support
